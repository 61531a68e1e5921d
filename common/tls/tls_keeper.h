/*
 * tls_keeper.h - the keeper (daemon/keeper.h) as a worker sees it: it signs for
 * greeter and session, over a channel that their monitor attaches to it.
 */
#ifndef COMMON_TLS_TLS_KEEPER_H
#define COMMON_TLS_TLS_KEEPER_H

#include "common/base.h"
#include "common/process/channel.h"

/* How long a handshake waits for its signature. */
#define TLS_KEEPER_WAIT_MS 5000

struct tls_keeper {
	struct channel channel;
	uint64_t number;	/* of the last request */
};

/*
 * In the monitor: give the keeper this end of a channel (channel_pair()); the
 * other one is for greeter and session.  The end stays the caller's, to be
 * attached again when the keeper was replaced: what was asked meanwhile is
 * then answered.  0 or -errno.
 */
int tls_keeper_attach(int service_fd, int end) MUST_CHECK;

/* Use this end of the channel, which is the keeper's from now on: closed by
 * tls_keeper_close(), and when the other end breaks the rules. */
void tls_keeper_open(struct tls_keeper *keeper, int fd);
void tls_keeper_close(struct tls_keeper *keeper);

/*
 * A tls_sign_function: asks, and waits for the answer.  -ETIMEDOUT after
 * TLS_KEEPER_WAIT_MS; a later request may be answered, because a keeper that
 * died is replaced and gets the same channel.  -EPIPE when no process holds
 * the other end any more.
 */
int tls_keeper_sign(void *keeper, const struct sign_request *request,
	uint8_t *signature, size_t size);

#endif
