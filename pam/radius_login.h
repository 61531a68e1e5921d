/*
 * radius_login.h - has a password checked by a RADIUS server, through the
 * process radius.
 */
#ifndef PAM_RADIUS_LOGIN_H
#define PAM_RADIUS_LOGIN_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/process/radius_request.h"
#include "pam/conversation.h"

/* Wait until fd is readable, while the monitor serves its channels.  0, or
 * -errno when the login is over. */
struct radius_patience {
	int (*wait)(void *context, int fd);
	void *context;
};

struct radius_login_case {
	int service;		/* -1: radius does not run */
	const struct address *peer, *local;
	const char *user;
	const char *password;
	int code_in_password;
	struct radius_patience patience;
	struct conversation_client client;	/* for challenges */
};

/* Ask the servers.  The verdict is RADIUS_ACCEPTED, RADIUS_REJECTED or
 * RADIUS_FAILED; unless it is accepted, the reason for the log is appended.
 * All texts in *answer are terminated. */
enum radius_verdict radius_login(const struct radius_login_case *c,
	struct radius_answer *answer, struct buffer *reason);

#endif
