/*
 * radius_session.h - reports a session to the accounting servers: its start,
 * its progress, and its end.
 */
#ifndef PAM_RADIUS_SESSION_H
#define PAM_RADIUS_SESSION_H

#include "common/accounts/radius_account.h"
#include "common/base.h"
#include "common/process/message.h"
#include "common/process/radius_request.h"
#include "common/settings/settings.h"

struct radius_session {
	bool begun;		/* it is reported */
	int service;
	int64_t began;		/* clock_ms() */
	int64_t interval;	/* seconds; 0: no report until its end */
	int64_t next;		/* CLOCK_NEVER */
	struct radius_accounting report;
};

struct radius_session_start {
	int service;		/* -1: radius does not run */
	const struct server_settings *settings;
	const struct radius_account *account;	/* NULL: of another backend */
	const char *user;
	const struct message_client *client;
};

/* A session begins; nothing is reported without accounting servers, or for an
 * account of another backend. */
void radius_session_begin(struct radius_session *r,
	const struct radius_session_start *start);

/* When radius_session_step() is due; CLOCK_NEVER. */
int64_t radius_session_due(const struct radius_session *r);
void radius_session_step(struct radius_session *r);

/* It has ended.  `expired`: by max_session_time. */
void radius_session_end(struct radius_session *r, enum outcome outcome,
	bool expired);

#endif
