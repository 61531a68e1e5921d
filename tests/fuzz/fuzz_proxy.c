/*
 * fuzz_proxy.c - any bytes as the begin of a connection from a proxy: the
 * header is read to its end and no further, and an address that it names is
 * the same after it was written and read again.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/fuzz/fuzz.h"
#include "worker/proxy.h"

#include <sys/socket.h>

#define LONGEST 4096
#define REST	"USER"		/* what follows the header */
#define HEAD_SIZE 16		/* of version 2, before the addresses */

const char *
fuzz_prepare(void)
{
	return NULL;
}

/* Nothing more will come. */
static int
no_more(UNUSED void *context, UNUSED int fd, UNUSED int64_t deadline)
{
	return -ETIMEDOUT;
}

/* How many bytes the header has, if it is right. */
static size_t
length_of(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);

	if (size >= 6 && memcmp(data, "PROXY ", 6) == 0)
		return end == NULL ? size : (size_t)(end - data) + 1;
	return HEAD_SIZE + ((size_t)data[14] << 8 | data[15]);
}

/* proxy_receive() of these bytes, with REST behind them. */
static int
receive(const void *data, size_t size, struct address *peer, bool *exact)
{
	char rest[sizeof(REST)];
	int fds[2];

	fuzz_must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
		SOCK_NONBLOCK, 0, fds) == 0, "socketpair");
	fuzz_must(send(fds[1], data, size, 0) == (ssize_t)size, "send");
	fuzz_must(send(fds[1], REST, strlen(REST), 0) == (ssize_t)strlen(REST),
		"send");
	address_clear(peer);
	int r = proxy_receive(fds[0], no_more, NULL, INT64_MAX, peer);
	*exact = recv(fds[0], rest, sizeof(rest), 0) == (ssize_t)strlen(REST) &&
		memcmp(rest, REST, strlen(REST)) == 0;
	close(fds[0]);
	close(fds[1]);
	return r;
}

static void
check_address(const struct address *peer)
{
	char host[ADDRESS_TEXT_SIZE];
	struct address again;
	BUFFER(line, 256);
	bool exact;

	if (!address_is_set(peer))
		fuzz_fail("no address");
	bool four = address_family(peer) == AF_INET;
	(void)address_text(peer, host);
	buffer_addf(&line, "PROXY TCP%d %s %s %u 21\r\n", four ? 4 : 6, host,
		four ? "192.0.2.1" : "2001:db8::1", address_port(peer));
	if (receive(line.data, line.len, &again, &exact) != 1 || !exact ||
	    !address_same_host(&again, peer) ||
	    address_port(&again) != address_port(peer))
		fuzz_fail("another address after %s", buffer_text(&line));
	struct address_prefix one = address_prefix(peer);
	struct address_prefix two = address_prefix(&again);
	if (!address_prefix_same(&one, &two))
		fuzz_fail("two clients: %s", buffer_text(&line));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct address peer;
	bool exact;

	if (size > LONGEST)
		return 0;
	int r = receive(data, size, &peer, &exact);
	if (r > 1)
		fuzz_fail("the result %d", r);
	if (r == 1)
		check_address(&peer);
	if (r >= 0 && length_of(data, size) == size && !exact)
		fuzz_fail("it has read too much or too little");
	return 0;
}
