/*
 * keeping.h - starts and replaces the keeper of the private keys
 * (daemon/keeper/keeper.h); there is one for each set of certificates.
 *
 * A keeper that dies is replaced on the same service socket: the key files are
 * opened again, and when the new keeper has read them, the monitors attach
 * their channels to it.  Handshakes wait for that.  After a change of the
 * certificates, the keeper of the old ones is not replaced any more, and ends
 * with the last session that uses them.
 */
#ifndef DAEMON_KEEPING_H
#define DAEMON_KEEPING_H

#include "common/base.h"
#include "common/tls/tls_server.h"
#include "daemon/loop.h"

struct keeping;

enum keeping_state {
	KEEPING_STARTING,	/* it is reading the keys */
	KEEPING_READY,
	KEEPING_FAILED,		/* the log has the reason */
};

/*
 * Open the key files and fork a keeper.  `tls`, which has certificates, and
 * `loop` must outlive it.  NULL after the reason was logged.
 */
struct keeping *keeping_new(struct loop *loop, struct tls_server *tls)
	MUST_CHECK;

/* Close the service socket.  Does nothing with NULL. */
void keeping_free(struct keeping *k);

enum keeping_state keeping_state(const struct keeping *k);

/* Kill it if it takes too long to start. */
void keeping_check_start(struct keeping *k, int64_t now);

/* Wait until it has started or failed; only before the master serves
 * clients. */
enum keeping_state keeping_wait(struct keeping *k);

/* The rest is for the keeper of the certificates in use. */

/* Distinguishes this keeper and its replacements from those of other
 * certificates; 0 for NULL. */
uint64_t keeping_number(const struct keeping *k);

/* Is there a keeper that has read its keys? */
bool keeping_serves(const struct keeping *k);

/* Use it for `tls` from now on, which has the same keys
 * (tls_server_same_keys()). */
void keeping_change(struct keeping *k, struct tls_server *tls);

/* The sending end of its service socket, for monitors; -1 for NULL. */
int keeping_service(const struct keeping *k);

/* Handle a result of waitpid(); true when it was the keeper. */
bool keeping_exited(struct keeping *k, pid_t pid, int status);

/* Reap it, if it has exited. */
void keeping_reap(struct keeping *k);

/* Replace it if it has died.  True when the replacement is ready, and the
 * monitors must attach to it. */
bool keeping_step(struct keeping *k, int64_t now) MUST_CHECK;

/* When keeping_step() is due; CLOCK_NEVER. */
int64_t keeping_due(const struct keeping *k, int64_t now);

/* The recorder was restarted: attach the keeper's log to it. */
void keeping_reattach(const struct keeping *k);

#endif
