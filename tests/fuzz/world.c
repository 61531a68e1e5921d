/*
 * world.c - see world.h.
 */
#include "common/base.h"

#include "tests/fuzz/world.h"

#include "tests/fuzz/fuzz.h"

#include <poll.h>
#include <sys/random.h>

#define BEGIN_MS   1000000
#define POLLS_MAX  100000	/* more in one input: it does not end */

static struct {
	bool (*act)(void *context);	/* NULL: no input runs */
	void *context;
	int64_t now;		/* ms */
	uint32_t polls;
	uint32_t random;
} world;

int __real_poll(struct pollfd *fds, nfds_t n, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __real_clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *when, struct timespec *rest);
int __wrap_clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *when, struct timespec *rest);
ssize_t __wrap_getrandom(void *data, size_t size, unsigned flags);
void __wrap__exit(int status) NORETURN;

void
world_begin(bool (*act)(void *context), void *context)
{
	world.act = act;
	world.context = context;
	world.now = BEGIN_MS;
	world.polls = 0;
	world.random = 1;
}

void
world_end(void)
{
	world.act = NULL;
}

void
world_pass(int64_t ms)
{
	world.now += ms;
}

int
__wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	if (world.act == NULL)
		return __real_poll(fds, n, timeout);
	if (++world.polls > POLLS_MAX)
		fuzz_fail("the server does not come to an end");
	for (;;) {
		int r = __real_poll(fds, n, 0);
		if (r != 0 || timeout == 0)
			return r;
		if (world.act(world.context))
			continue;
		if (timeout < 0)
			fuzz_fail("the server waits for ever");
		world_pass(timeout);
		return 0;
	}
}

int
__wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	if (world.act == NULL || clock != CLOCK_MONOTONIC)
		return __real_clock_gettime(clock, now);
	world_pass(1);
	*now = (struct timespec){
		.tv_sec = world.now / 1000,
		.tv_nsec = world.now % 1000 * 1000000,
	};
	return 0;
}

int
__wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *when,
	struct timespec *rest)
{
	if (world.act == NULL)
		return __real_clock_nanosleep(clock, flags, when, rest);
	world.now = when->tv_sec * 1000 + when->tv_nsec / 1000000 + 1;
	return 0;
}

/* Numbers that are the same for every input. */
ssize_t
__wrap_getrandom(void *data, size_t size, unsigned flags UNUSED)
{
	unsigned char *at = data;

	for (size_t i = 0; i < size; i++) {
		world.random = world.random * 1103515245 + 12345;
		at[i] = (unsigned char)(world.random >> 16);
	}
	return (ssize_t)size;
}

void
__wrap__exit(int status)
{
	fuzz_fail("the server ended its process with %d", status);
}
