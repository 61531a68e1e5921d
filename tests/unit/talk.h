/*
 * talk.h - a whole session in one process: the commands of worker/cmd_*.c
 * over a socket pair, with this process's own rights and no monitor behind
 * the channel.
 */
#ifndef TESTS_UNIT_TALK_H
#define TESTS_UNIT_TALK_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "worker/session.h"

struct talk {
	int client;		/* the client's end of the control connection */
	int monitor;		/* the monitor's end of the channel */
	char home[64];		/* temporary, the working directory */
	struct settings *settings;
	struct names *names;
	struct tls_server *tls;
	struct identity identity;
	struct user_settings limits;	/* the identity's */
	struct session session;
};

/* Logged in (or, with false, before login) in a fresh directory. */
void talk_open(struct talk *t, bool logged_in);

/* Leave, and remove the directory with all that is in it. */
void talk_close(struct talk *t);

/* Send one line to the session and return its answer, all lines of it;
 * valid until the next call.  "" when the session said nothing. */
const char *talk_say(struct talk *t, const char *line);

/* The code of the answer to a line. */
int talk_code(struct talk *t, const char *line);

#endif
