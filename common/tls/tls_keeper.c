/*
 * tls_keeper.c - requests signatures from the keeper.
 *
 * Runs in: greeter, session; monitor (attaches).
 */
#include "common/base.h"
#include "common/tls/tls_keeper.h"

#include "common/clock.h"
#include "common/io.h"

#include <poll.h>

int
tls_keeper_attach(int service_fd, int end)
{
	struct channel service;
	struct message m UNINITIALIZED;

	channel_open(&service, service_fd, PARTY_MONITOR, PARTY_KEEPER,
		&channel_any_phase);
	message_begin(&m, MESSAGE_keeper_attach);
	m.fds[0] = end;
	return channel_send(&service, &m);
}

void
tls_keeper_open(struct tls_keeper *k, int fd)
{
	channel_open(&k->channel, fd, PARTY_GREETER_SESSION, PARTY_KEEPER,
		&channel_any_phase);
	/* Greeter and session share the channel, and must not mistake each
	 * other's late answers for their own. */
	k->number = (uint64_t)getpid() << 32;
	(void)io_nonblocking(fd, true);
}

void
tls_keeper_close(struct tls_keeper *k)
{
	channel_close(&k->channel);
}

static int
ask(struct tls_keeper *k, const struct sign_request *request)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_sign);
	m.sign.number = ++k->number;
	m.sign.request = *request;
	int error = channel_send(&k->channel, &m);
	/* The queue is full of unanswered requests. */
	return error == -EAGAIN ? -ETIMEDOUT : error;
}

/* Receive the next answer into *m: 0, -ETIMEDOUT or -EPIPE. */
static int
receive(struct tls_keeper *k, struct message *m, int64_t deadline)
{
	struct pollfd fd = { .fd = k->channel.fd, .events = POLLIN };
	int n;

	do
		n = poll(&fd, 1, clock_poll(deadline));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return -ETIMEDOUT;
	n = n < 0 ? -errno : channel_recv(&k->channel, m);
	if (n == 1)
		return 0;
	if (n == -EAGAIN)
		return clock_passed(deadline) ? -ETIMEDOUT : -EAGAIN;
	channel_close(&k->channel);
	return -EPIPE;
}

/* The signature's length, an error, or -EAGAIN for the answer to an earlier
 * request. */
static int
read_answer(const struct tls_keeper *k, const struct message *m,
	uint8_t *signature, size_t size)
{
	if (m->type == MESSAGE_sign_refused)
		return m->sign_refused.number != k->number ? -EAGAIN :
			m->sign_refused.error == ENOKEY ? -ENOKEY : -EPERM;
	if (m->signature.number != k->number)
		return -EAGAIN;
	if (m->signature.len == 0 || m->signature.len > size ||
	    m->signature.len > sizeof(m->signature.data))
		return -EPERM;
	memcpy(signature, m->signature.data, m->signature.len);
	return m->signature.len;
}

int
tls_keeper_sign(void *keeper, const struct sign_request *request,
	uint8_t *signature, size_t size)
{
	struct tls_keeper *k = keeper;
	int64_t deadline = clock_ms() + TLS_KEEPER_WAIT_MS;
	struct message m UNINITIALIZED;

	if (k->channel.fd < 0)
		return -EPIPE;
	int result = ask(k, request);
	if (result < 0)
		return result;
	do {
		result = receive(k, &m, deadline);
		if (result == 0)
			result = read_answer(k, &m, signature, size);
	} while (result == -EAGAIN);
	return result;
}
