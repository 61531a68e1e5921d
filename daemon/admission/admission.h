/*
 * admission.h - which clients are accepted.
 *
 * Policy only: takes counts, returns a verdict; makes no system calls.
 */
#ifndef DAEMON_ADMISSION_H
#define DAEMON_ADMISSION_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

/* The counts, without the new client. */
struct admission_facts {
	size_t clients;		/* all sessions */
	size_t from_address;	/* sessions from the same address prefix */
	size_t from_network;	/* sessions from the same network */
	size_t logging_in;	/* sessions that have not logged in yet */
	bool banned;		/* the address, or its network */
	bool denied;		/* the listener does not allow its address */
	bool too_fast;		/* its prefix connects too often */
	bool draining;		/* sureftpctl drain: all are refused */
};

/* A limit of 0 means no limit.  If several limits are reached, the verdict is
 * the one that reveals least about other clients. */
enum verdict admission_decide(const struct server_settings *rules,
	const struct admission_facts *facts);

/* May an account with this number of sessions open one more?  A limit of 0
 * means no limit; a negative one, which is not a valid setting, admits no
 * session. */
bool admission_account(int32_t limit, size_t sessions);

/* The reason, for the log. */
const char *admission_reason(enum verdict verdict);

#endif
