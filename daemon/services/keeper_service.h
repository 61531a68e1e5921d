/*
 * keeper_service.h - starts and replaces the keeper of the private keys
 * (daemon/keeper/keeper.h); there is one for each set of certificates.
 *
 * A keeper that dies is replaced on the same service socket: the key files are
 * opened again, and when the new keeper has read them, the monitors attach
 * their channels to it.  Handshakes wait for that.  After a change of the
 * certificates, the keeper of the old ones is not replaced any more, and ends
 * with the last session that uses them.
 */
#ifndef DAEMON_KEEPER_SERVICE_H
#define DAEMON_KEEPER_SERVICE_H

#include "common/base.h"
#include "common/tls/tls_server.h"
#include "daemon/loop.h"

struct keeper_service;

enum keeper_service_state {
	KEEPER_STARTING,	/* it is reading the keys */
	KEEPER_READY,
	KEEPER_FAILED,		/* the log has the reason */
};

/*
 * Open the key files and fork a keeper.  `tls`, which has certificates, and
 * `loop` must outlive it.  NULL after the reason was logged.
 */
struct keeper_service *keeper_service_new(
	struct loop *loop, struct tls_server *tls) MUST_CHECK;

/* Close the service socket.  Does nothing with NULL. */
void keeper_service_free(struct keeper_service *k);

enum keeper_service_state keeper_service_state(const struct keeper_service *k);

/* Kill it if it takes too long to start. */
void keeper_service_check_start(struct keeper_service *k, int64_t now);

/* Wait until it has started or failed; only before the master serves
 * clients.  One that ends without a word is replaced, twice. */
enum keeper_service_state keeper_service_wait(struct keeper_service *k);

/* The rest is for the keeper of the certificates in use. */

/* Distinguishes this keeper and its replacements from those of other
 * certificates; 0 for NULL. */
uint64_t keeper_service_number(const struct keeper_service *k);

/* Is there a keeper that has read its keys? */
bool keeper_service_serves(const struct keeper_service *k);

/* Use it for `tls` from now on, which has the same keys
 * (tls_server_same_keys()). */
void keeper_service_change(struct keeper_service *k, struct tls_server *tls);

/* The sending end of its service socket, for monitors; -1 for NULL. */
int keeper_service_fd(const struct keeper_service *k);

/* Handle a result of waitpid(); true when it was the keeper. */
bool keeper_service_exited(struct keeper_service *k, pid_t pid, int status);

/* Reap it, if it has exited. */
void keeper_service_reap(struct keeper_service *k);

/* Replace it if it has died.  True when the replacement is ready, and the
 * monitors must attach to it. */
bool keeper_service_step(struct keeper_service *k, int64_t now) MUST_CHECK;

/* When keeper_service_step() is due; CLOCK_NEVER. */
int64_t keeper_service_due(const struct keeper_service *k, int64_t now);

/* The recorder was restarted: attach the keeper's log to it. */
void keeper_service_reattach(const struct keeper_service *k);

#endif
