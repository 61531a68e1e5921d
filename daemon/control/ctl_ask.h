/*
 * ctl_ask.h - a request to the server, and its answer.
 *
 * A failure is reported on standard error here, where its reason is known; what
 * is returned then is the status to exit with.
 */
#ifndef DAEMON_CONTROL_CTL_ASK_H
#define DAEMON_CONTROL_CTL_ASK_H

#include "common/base.h"
#include "common/process/channel.h"
#include "daemon/control/ctl.h"

/* Send `question` and wait for a message of type `wanted`.  EX_OK: *answer
 * holds it, with its descriptors; else another status. */
int ctl_ask(const struct ctl *c, const struct message *question,
	enum message_type wanted, struct message *answer) MUST_CHECK;

/* The server has another version than this program; version is "" when it is
 * not known.  The status. */
int ctl_ask_other_version(const struct ctl *c, const char *version);

#endif
