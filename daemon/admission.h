/*
 * admission.h - who may come in (rule R21).
 *
 * Policy only: counts in, a verdict out; no system call.
 */
#ifndef DAEMON_ADMISSION_H
#define DAEMON_ADMISSION_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

/* How things stand without the client that asks. */
struct admission_facts {
	size_t clients;		/* sessions at all */
	size_t from_there;	/* sessions of the same address prefix */
	size_t logging_in;	/* sessions that have not logged in yet */
	bool penalty;		/* the prefix is to be refused now */
	bool stopping;		/* the server is shutting down */
};

/* A limit of 0 is none.  Where several things speak against a client, the
 * one that says least about others is named. */
enum verdict admission_decide(const struct server_settings *rules,
	const struct admission_facts *facts);

/* May an account that has `sessions` of them open one more?  A limit of 0 is
 * none; a negative one, which no setting can produce, admits nobody. */
bool admission_account(int32_t limit, size_t sessions);

/* The reason as logs show it. */
const char *admission_reason(enum verdict verdict);

#endif
