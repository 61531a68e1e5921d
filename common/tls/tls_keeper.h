/*
 * tls_keeper.h - the worker's side of the keeper (daemon/keeper/keeper.h),
 * which signs for greeter and session over a channel that their monitor
 * attaches to it.
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
 * In the monitor: send the keeper this end of a channel (channel_pair()); the
 * other end is for greeter and session.  The end remains the caller's, to be
 * attached again after the keeper was replaced; pending requests are then
 * answered.  0 or -errno.
 */
int tls_keeper_attach(int service_fd, int end) MUST_CHECK;

/* Use this end of the channel from now on.  It is closed by tls_keeper_close(),
 * and after a protocol violation. */
void tls_keeper_open(struct tls_keeper *keeper, int fd);
void tls_keeper_close(struct tls_keeper *keeper);

/*
 * A tls_sign_function: sends the request, and waits for the answer. -ETIMEDOUT
 * after TLS_KEEPER_WAIT_MS; a later request may be answered, because a keeper
 * that died is replaced and gets the same channel.  -EPIPE when no process has
 * the other end open any more.
 */
int tls_keeper_sign(void *keeper, const struct sign_request *request,
	uint8_t *signature, size_t size);

#endif
