/*
 * keeper.h - the only process with the server's private keys (design section
 * 2).  It signs TLS handshakes for greeters and sessions.
 *
 * Messages (common/process/messages.def): it reports keeper_ready or
 * keeper_failed to the master, once.  On its service socket, whose sending end
 * only root's processes hold, monitors attach a channel for their worker
 * (tls_keeper.h); on that it answers each `sign` by `signature` or
 * `sign_refused`, one at a time.  It signs TLS handshakes and nothing else
 * (tls_sign.h), and a budget bounds how many a worker gets (keeper_budget.h).
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
 * The service socket: fds[0] receives, fds[1] is for the monitors.  The master
 * keeps both, so that a new keeper can continue after one died.  0 or -errno.
 */
int keeper_pair(int fds[2]) MUST_CHECK;

/*
 * In a freshly forked child of the master, as root, with no other descriptors
 * than those above, the log and the empty root directory: enter the role, read
 * the keys, report, serve until the service socket and every channel have been
 * closed by the others, then exit with status 0.  Keys that cannot be used end
 * it at once, with OUTCOME_ERROR.
 */
void keeper_main(const struct keeper_start *start) NORETURN;

/* The part of keeper_main() that serves, for tests. */
void keeper_serve(int service_fd, struct tls_keys *keys);

#endif
