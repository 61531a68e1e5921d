/*
 * ctl_ask.h - a request to the server, and its answer.
 *
 * Failures are reported on standard error here, where the reason is known.
 * Functions return the exit status.
 */
#ifndef DAEMON_CONTROL_CTL_ASK_H
#define DAEMON_CONTROL_CTL_ASK_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/control/ctl.h"

/* Send `question` and wait for a message of type `wanted`.  EX_OK with *answer
 * and its descriptors; else another status. */
int ctl_ask(const struct ctl *c, const struct message *question,
	enum message_type wanted, struct message *answer) MUST_CHECK;

/* Report that the server has another version than this program; version is ""
 * if unknown.  Returns the status. */
int ctl_ask_other_version(const struct ctl *c, const char *version);

#endif
