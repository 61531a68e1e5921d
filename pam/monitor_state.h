/*
 * monitor_state.h - what a monitor knows: one struct for one session, shared
 * by the rooms of pam/ that carry out its parts.
 */
#ifndef PAM_MONITOR_STATE_H
#define PAM_MONITOR_STATE_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/log/event.h"
#include "common/identity.h"
#include "common/names.h"
#include "common/settings/settings.h"
#include "common/tls/tls_binding.h"
#include "pam/pam_session.h"

enum stage {
	STAGE_SPARE,	/* waiting for a client */
	STAGE_LOGIN,	/* the greeter may ask */
	STAGE_DELAY,	/* a failure's answer is held back */
	STAGE_LIMITS,	/* the master is asked about max_per_user */
	STAGE_GRANTED,	/* the greeter is to hand the client over */
	STAGE_SESSION,
	STAGE_REFUSED,	/* the greeter says good-bye */
};

struct monitor {
	const struct settings *settings;
	struct tls_server *tls;
	struct names *names;
	enum stage stage;

	struct channel master;
	struct channel partner;		/* the greeter, then the session */
	pid_t partner_pid;
	pid_t relay_pid;		/* the greeter of a TLS session; or 0 */
	struct tls_binding binding;
	struct tls_facts control_tls;	/* of the control connection */
	struct tls_saved control_saved;
	struct message *inbox;		/* in a secret page */
	bool told_to_leave;
	int64_t kill_at;		/* when a partner that was told to go
					 * at once must be gone */

	struct message_client client;
	struct identity identity;
	struct pam_session pam;
	int64_t started;		/* clock_ms() of the client's coming */

	/* login.c */
	char given[MESSAGE_USER_SIZE];	/* the user's name as the client says */
	int attempts;
	int failures;
	int64_t auth_began;
	enum auth_result answer;	/* STAGE_DELAY: this, */
	int64_t answer_at;		/* then */
	bool counted;			/* the master counts this session as */
	uid_t counted_uid;		/* one of this account */

	int given_back;			/* REIN: the client's socket, or -1 */
	bool greeted;			/* the client has had its 220 */

	bool over;			/* end the loop with this outcome */
	enum outcome outcome;
};

/* End the loop; the first outcome stays. */
void monitor_end(struct monitor *m, enum outcome outcome);

/* End the loop, and then let the client go on in another worker: takes the
 * socket over. */
void monitor_give_back(struct monitor *m, int fd, bool greeted,
	enum outcome outcome);

/* The partner did what the gate cannot see to be wrong: log, and end. */
void monitor_breach(struct monitor *m, const char *what);

#endif
