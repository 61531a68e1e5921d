/*
 * fuzz_channel.c - any bytes as a message between processes: channel_recv()
 * must return a message of the size in the table, or a protocol violation.  The
 * first byte chooses receiver, sender and phase.
 */
#include "common/base.h"

#include "common/log/event.h"
#include "common/process/channel.h"
#include "tests/fuzz/fuzz.h"

#include <sys/socket.h>

static void
drop(void *context, struct event *e UNUSED)
{
	unsigned *violations = context;

	(*violations)++;
}

const char *
fuzz_prepare(void)
{
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned violations = 0;
	struct channel c;
	struct message m;
	int fds[2];

	if (size < 2)
		return 0;
	fuzz_must(channel_pair(fds) == 0, "channel_pair");
	event_divert(drop, &violations);
	const enum phase phase = (enum phase)(1 << data[0] / 64 % 4);
	channel_open(&c, fds[0], (enum party)(1 << data[0] % 8),
		(enum party)(1 << data[0] / 8 % 8), &phase);
	fuzz_must(send(fds[1], data + 1, size - 1, MSG_NOSIGNAL) >= 0, "send");
	int result = channel_recv(&c, &m);
	if (violations != (result == -EPROTO) ||
		(result != 1 && result != -EPROTO))
		fuzz_fail("%d with %u violations", result, violations);
	if (m.fds[0] != -1)
		fuzz_fail("a descriptor that nobody sent");
	channel_close(&c);
	close(fds[1]);
	return 0;
}
