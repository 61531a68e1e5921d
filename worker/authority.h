/*
 * authority.h - what a session may request from its monitor.
 *
 * In production that is the monitor, at the other end of a channel (remote.h);
 * unit tests and fuzzing answer in the same process.
 */
#ifndef WORKER_AUTHORITY_H
#define WORKER_AUTHORITY_H

#include "common/address.h"
#include "common/base.h"

struct message;		/* common/process/channel.h */

struct authority {
	void *context;		/* of all functions */

	/* Is this login right?  The question, "auth", or "answer" to a
	 * "prompt", is in *m.  The answer replaces it:
	 * "granted", "granted_tls", "denied" or "prompt".  False when there is
	 * no answer and the session is over. */
	bool (*log_in)(void *context, struct message *m);

	/* May this account log in without TLS?  1 or 0; -ECANCELED when there
	 * is no answer and the session is over. */
	int (*cleartext_login)(void *context, const char *user);

	/* A TCP socket on the listener's active_source_port, for a connection
	 * to this address.  The descriptor; -ECANCELED when the session is to
	 * end; another -errno. */
	int (*active_socket)(void *context, const struct address *to);

	/* Give this file, an upload of the session's user, to upload_user.  0;
	 * -ECANCELED when the session is to end; another -errno. */
	int (*give_upload)(void *context, int fd);

	/* Have this file, a complete upload with this path, checked by
	 * upload_check, and wait for so many seconds.  0 when it is accepted;
	 * -ECANCELED when the session is to end; another -errno. */
	int (*check_upload)(void *context, int fd, const char *path,
		int64_t seconds);
};

#endif
