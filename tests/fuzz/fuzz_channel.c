/*
 * fuzz_channel.c - any bytes at the gate: a message of exactly the table's
 * size, or a protocol violation.  The first byte chooses receiver, sender and
 * phase.
 */
#include "common/base.h"

#include "common/process/channel.h"
#include "common/log/event.h"

#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
drop(void *context, struct event *e UNUSED)
{
	unsigned *violations = context;

	(*violations)++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned violations = 0;
	enum phase phase;
	struct channel c;
	struct message m;
	int fds[2];

	if (size < 2)
		return 0;
	if (channel_pair(fds) < 0)
		abort();
	event_divert(drop, &violations);
	phase = (enum phase)(1 << data[0] / 36 % 4);
	channel_open(&c, fds[0], (enum party)(1 << data[0] % 6),
		(enum party)(1 << data[0] / 6 % 6), &phase);
	if (send(fds[1], data + 1, size - 1, MSG_NOSIGNAL) < 0)
		abort();
	int result = channel_recv(&c, &m);
	if (result == -EPROTO ? violations != 1 :
	    result != 1 || violations != 0)
		abort();
	if (m.fds[0] != -1)
		abort();
	channel_close(&c);
	close(fds[1]);
	return 0;
}
