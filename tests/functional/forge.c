/*
 * forge.c - makes a captured process send forged events.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/forge.h"

#include "common/clock.h"

#include <sys/socket.h>
#include <sys/syscall.h>

struct event
forge_event(enum event_type type)
{
	struct event e = event_new(type);

	e.session = 99;
	if (address_parse(&e.peer, FORGE_VICTIM) < 0)
		perror(FORGE_VICTIM);
	e.local = e.peer;
	e.user = "bert";
	e.role = "monitor";
	e.wall_ns = clock_wall_ns();
	e.level = LOG_LEVEL_WARNING;
	e.path = "/home/bert/forged";
	e.text = "unknown user";
	return e;
}

bool
forge_load(struct captive *c, const struct event *e, uint64_t args[6])
{
	static char data[EVENT_PACKED_MAX];
	size_t len = event_pack(e, data);
	const uint64_t send[6] = { LOG_DESCRIPTOR,
		inject_put(c, 0, data, len), len,
		MSG_DONTWAIT | MSG_NOSIGNAL };

	memcpy(args, send, sizeof(send));
	return len < 4096 && send[1] != 0;
}

long
forge_send(struct captive *c, const struct event *e)
{
	uint64_t args[6];

	if (!forge_load(c, e, args))
		return -ENOSYS;
	return inject_syscall(c, SYS_sendto, args);
}
