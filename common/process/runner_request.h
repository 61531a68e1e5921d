/*
 * runner_request.h - what the runner is asked to run.
 *
 * An event is one datagram: this head; the path that it is about and a NUL; the
 * environment, "NAME=VALUE" and a NUL each; the event as JSON.  An upload that
 * is to be checked is the same, attached to it a socket that has the file in
 * its queue and gets a `struct runner_verdict`.
 */
#ifndef COMMON_PROCESS_RUNNER_REQUEST_H
#define COMMON_PROCESS_RUNNER_REQUEST_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/log/event.h"
#include "common/settings/settings.h"

/* The number of upload_check, whose program is in the request, before the
 * path. */
#define RUNNER_CHECK UINT32_MAX

struct runner_request {
	uint64_t session;
	uint32_t hook;		/* of runner_request_hook(), or RUNNER_CHECK */
	uint32_t uid;		/* of the session, or EVENT_NO_UID */
	uint32_t env, json;	/* where they begin */
	uint32_t timeout;	/* of a check, in seconds */
	uint32_t unused;
};

/* Any event fits: its texts are there raw, escaped and as JSON. */
#define RUNNER_REQUEST_MAX (64 * EVENT_PATH_MAX)

struct runner_verdict {
	int32_t accepted;
};

/* Add "SUREFTPD_NAME=VALUE" and its NUL, the value escaped (text_escape). */
void runner_request_add(struct buffer *b, const char *name, const char *value);

/* The number of an event that has a command, by its label; or -1. */
int runner_request_hook(const struct server_settings *settings,
	const char *label, size_t len);

/* The command, "" for none, and label of an event; NULL for a wrong number. */
const char *runner_request_command(const struct server_settings *settings,
	uint32_t hook);
const char *runner_request_label(uint32_t hook);

/* Does any event or upload have one? */
bool runner_request_any(const struct settings *settings);

#endif
