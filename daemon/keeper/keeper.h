/*
 * keeper.h - the only process with the server's private keys.  It signs TLS
 * handshakes for greeters and sessions.
 *
 * Messages (common/process/messages.def): it reports keeper_ready or
 * keeper_failed to the master, once.  Through its service socket, to which only
 * root's processes can send, monitors attach a channel for their worker
 * (tls_keeper.h).  On that channel it answers each `sign` with `signature` or
 * `sign_refused`, one at a time.  It signs only TLS handshakes (tls_sign.h),
 * within a budget for each worker (keeper_budget.h).
 */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include "common/base.h"
#include "common/tls/tls_keys.h"

struct keeper_start {
	int master_fd;		/* channel to the master, for the report */
	int service_fd;		/* receives keeper_attach */
	const int *key_fds;	/* tls_server_open_keys() */
	size_t key_count;
};

/*
 * Make the service socket: fds[0] receives, fds[1] is for the monitors.  The
 * master keeps both, so that a replacement can continue if the keeper dies. 0
 * or -errno.
 */
int keeper_pair(int fds[2]) MUST_CHECK;

/*
 * Run in a newly forked child of the master, as root, after child_begin(), with
 * no descriptors except those above, the log and the empty root directory:
 * enter the role, read the keys, report, serve until all others have closed the
 * service socket and the channels, then exit with status 0.  If the keys cannot
 * be used, exits at once with OUTCOME_ERROR.
 */
void keeper_main(const struct keeper_start *start) NORETURN;

/* The part of keeper_main() that serves, for tests. */
void keeper_serve(int service_fd, struct tls_keys *keys);

#endif
