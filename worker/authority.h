/*
 * authority.h - the requests of a session to its monitor.
 *
 * In production the functions send messages to the monitor
 * (authority_monitor.h); unit tests and fuzzers answer in the same process.
 */
#ifndef WORKER_AUTHORITY_H
#define WORKER_AUTHORITY_H

#include "common/address.h"
#include "common/base.h"

struct message;		/* common/process/channel.h */

struct authority {
	void *context;		/* first argument of all functions */

	/* Report the client that a proxy has named, or an empty address for
	 * the proxy itself; *m is replaced by "proxied_verdict".  False when
	 * there is no answer and the session has ended. */
	bool (*name_client)(void *context, const struct address *peer,
		struct message *m);

	/* Decide a login.  *m is the request, "auth", or "answer" to a
	 * "prompt"; it is replaced by the answer: "granted", "granted_tls",
	 * "denied" or "prompt". False when there is no answer and the session
	 * has ended. */
	bool (*log_in)(void *context, struct message *m);

	/* May this account log in without TLS?  1 or 0; -ECANCELED when there
	 * is no answer and the session has ended. */
	int (*cleartext_login)(void *context, const char *user);

	/* Get a TCP socket bound to the listener's active_source_port, for a
	 * connection to this address.  The descriptor; -ECANCELED when the
	 * session must end; or another -errno. */
	int (*active_socket)(void *context, const struct address *to);

	/* Make upload_user the owner of this file, an upload of the session's
	 * user. 0; -ECANCELED when the session must end; or another -errno. */
	int (*give_upload)(void *context, int fd);

	/* Change owner and group of this file or directory (common/process/
	 * change_owner.h).  0; -ECANCELED when the session must end; or another
	 * -errno or refusal. */
	int (*change_owner)(void *context, int fd, int64_t uid, int64_t gid);

	/* Have upload_check check this file, a complete upload to this path,
	 * and wait at most this many seconds.  0 if it is accepted; -ECANCELED
	 * if the session must end; or another -errno. */
	int (*check_upload)(void *context, int fd, const char *path,
		int64_t seconds);

	/* SITE WHO: the list of all sessions, as text.  The descriptor;
	 * -ECANCELED if the session must end; -EAGAIN if it asks too often; or
	 * another -errno. */
	int (*ask_who)(void *context);
};

#endif
