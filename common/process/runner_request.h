/*
 * runner_request.h - requests to the runner.
 *
 * That of the recorder is one datagram: a header; the event's path and a NUL;
 * the environment, each "NAME=VALUE" and a NUL; the event as JSON.
 *
 * That of a monitor, to check an upload, is a `struct runner_check`, with a
 * socket attached in whose queue the file's descriptor is, with its size
 * (uint64_t); the runner sends a `struct runner_verdict` on it.  The runner
 * formats the event itself (daemon/runner/upload_check.h), so that the monitor,
 * which is root, need not.  Only the command takes the file: on a file system
 * that does not answer, whoever examines or closes a file waits, and all
 * accounts would wait with the runner.  The kernel closes what is left in a
 * queue without waiting.
 */
#ifndef COMMON_PROCESS_RUNNER_REQUEST_H
#define COMMON_PROCESS_RUNNER_REQUEST_H

#include "common/address.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/log/event.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

/* Instead of the number of an event: run upload_check, whose program is in the
 * request before the path. */
#define RUNNER_CHECK UINT32_MAX

struct runner_request {
	uint64_t session;
	uint32_t hook;		/* of runner_request_hook(), or RUNNER_CHECK */
	uint32_t uid;		/* of the session, or EVENT_NO_UID */
	uint32_t env, json;	/* where they begin */
	uint32_t timeout;	/* of a check, in seconds */
	uint32_t unused;
	uint64_t pass;		/* of an event: that this session has this uid
				 * (run_pass.h) */
};

/* Large enough for any event: each text appears raw, escaped and as JSON. */
#define RUNNER_REQUEST_MAX (64 * EVENT_PATH_MAX)

struct runner_check {
	uint64_t session;
	uint32_t uid;		/* of the session */
	uint32_t timeout;	/* in seconds */
	struct address peer;
	/* terminated */
	char user[IDENTITY_NAME_SIZE];
	char program[PATH_MAX];	/* upload_check */
	char jail[PATH_MAX];	/* or "" */
	char path[PATH_MAX];	/* of the file, as the client sees it */
};

struct runner_verdict {
	int32_t accepted;
};

/* Add "SUREFTPD_NAME=VALUE" and its NUL, the value escaped (text_escape). */
void runner_request_add(struct buffer *b, const char *name, const char *value);

/* Is it such a text? */
bool runner_request_is_variable(const char *text);

/* The number of the command for events with this label; -1 if there is none. */
int runner_request_hook(const struct server_settings *settings,
	const char *label, size_t len);

/* The command ("" for none) and the label for a number; NULL if the number is
 * invalid. */
const char *runner_request_command(const struct server_settings *settings,
	uint32_t hook);
const char *runner_request_label(uint32_t hook);

/* Is a command set for any event or for uploads? */
bool runner_request_any(const struct settings *settings);

#endif
