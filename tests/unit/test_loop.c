/*
 * test_loop.c - the master's event loop: registering and deregistering at any
 * time.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/io.h"
#include "daemon/loop.h"

#include <sys/socket.h>

const char *const unit_name = "loop";

#define ENDS 8

/* One end of a socket pair that counts how often it was reported, and removes
 * others when it is. */
struct end {
	struct watch watch;
	int fd, other;
	unsigned calls;
	struct end *removes;	/* ENDS of them, or NULL */
};

static struct loop *loop;

static void
ready(void *context)
{
	struct end *e = context;
	char byte;

	e->calls++;
	CU_ASSERT_EQUAL(read(e->fd, &byte, 1), 1);
	for (size_t i = 0; e->removes != NULL && i < ENDS; i++)
		loop_unwatch(loop, &e->removes[i].watch);
}

static void
open_end(struct end *e)
{
	int fds[2];

	*e = (struct end){ .watch.fd = -1 };
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
		0, fds), 0);
	e->fd = fds[0];
	e->other = fds[1];
	CU_ASSERT_EQUAL(loop_watch(loop, &e->watch, e->fd, ready, e), 0);
}

static void
close_end(struct end *e)
{
	loop_unwatch(loop, &e->watch);
	io_close(&e->fd);
	io_close(&e->other);
}

static void
poke(const struct end *e)
{
	CU_ASSERT_EQUAL(write(e->other, "x", 1), 1);
}

static void
test_reports(void)
{
	struct end a, b;

	loop = loop_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(loop);
	open_end(&a);
	open_end(&b);
	poke(&a);
	loop_wait(loop, clock_ms());
	CU_ASSERT_EQUAL(a.calls, 1);
	CU_ASSERT_EQUAL(b.calls, 0);
	/* Nothing is ready: the deadline ends the wait. */
	int64_t deadline = clock_ms() + 30;
	loop_wait(loop, deadline);
	CU_ASSERT_TRUE(clock_passed(deadline));
	CU_ASSERT_EQUAL(a.calls, 1);
	/* Deregistered, and registered again. */
	loop_unwatch(loop, &a.watch);
	loop_unwatch(loop, &a.watch);
	poke(&a);
	loop_wait(loop, clock_ms());
	CU_ASSERT_EQUAL(a.calls, 1);
	CU_ASSERT_EQUAL(loop_watch(loop, &a.watch, a.fd, ready, &a), 0);
	loop_wait(loop, clock_ms());
	CU_ASSERT_EQUAL(a.calls, 2);
	close_end(&a);
	close_end(&b);
	loop_free(loop);
	loop_free(NULL);
}

/* All are ready at once, and the first that is called removes all of them,
 * itself included: no other may be called, though the kernel has reported
 * it. */
static void
test_removed_in_the_batch(void)
{
	struct end ends[ENDS];
	unsigned calls = 0;

	loop = loop_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(loop);
	for (size_t i = 0; i < ENDS; i++) {
		open_end(&ends[i]);
		ends[i].removes = ends;
		poke(&ends[i]);
	}
	loop_wait(loop, clock_ms());
	loop_wait(loop, clock_ms());
	for (size_t i = 0; i < ENDS; i++) {
		calls += ends[i].calls;
		CU_ASSERT_EQUAL(ends[i].watch.fd, -1);
		close_end(&ends[i]);
	}
	CU_ASSERT_EQUAL(calls, 1);
	loop_free(loop);
}

/* Another process may hold the descriptor: then closing it is not enough. */
static void
test_held_elsewhere(void)
{
	struct end e;

	loop = loop_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(loop);
	open_end(&e);
	int held = dup(e.fd);
	loop_unwatch(loop, &e.watch);
	io_close(&e.fd);
	poke(&e);
	loop_wait(loop, clock_ms());
	CU_ASSERT_EQUAL(e.calls, 0);
	close(held);
	close_end(&e);
	loop_free(loop);
}

static void
test_refused(void)
{
	struct watch w = { .fd = -1 };

	loop = loop_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(loop);
	CU_ASSERT_EQUAL(loop_watch(loop, &w, -1, ready, NULL), -EBADF);
	CU_ASSERT_EQUAL(w.fd, -1);
	loop_unwatch(loop, &w);
	loop_free(loop);
}

CU_TestInfo unit_tests[] = {
	{ "only ready descriptors are reported", test_reports },
	{ "a descriptor removed in the same round is not reported",
		test_removed_in_the_batch },
	{ "a descriptor that another process holds", test_held_elsewhere },
	{ "descriptors that cannot be watched", test_refused },
	CU_TEST_INFO_NULL,
};
