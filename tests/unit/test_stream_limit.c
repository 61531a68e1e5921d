/*
 * test_stream_limit.c - limits of the rate, while TLS has a record that it
 * could not send.
 */
#include "common/base.h"
#include "worker/stream.h"

#include "common/clock.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

#include <poll.h>

const char *const unit_name = "stream_limit";

#define LIMIT 1000	/* bytes a second: much less than a record */

static char zeros[65536];
static struct tls_server *server;
static struct rates rates = { .known = true };

static void
open_stream(struct tls_pair *p, struct stream *s)
{
	CU_ASSERT_TRUE_FATAL(tls_pair_opened(p, server, TLS_DATA, 0));
	*s = stream_plain(p->fds[0]);
	s->tls = p->server;
	s->rates = &rates;
	s->writing = &rates.down;
	p->server = NULL;
	p->fds[0] = -1;
	rate_set(&rates.down, 0);
}

/* Write until nothing more fits: the number of bytes, and in *last that of the
 * last write, of sizeof(zeros). */
static size_t
fill(struct stream *s, ssize_t *last)
{
	size_t sent = 0;

	while ((*last = stream_write(s, zeros, sizeof(zeros))) ==
	    (ssize_t)sizeof(zeros))
		sent += sizeof(zeros);
	return *last > 0 ? sent + (size_t)*last : sent;
}

static size_t
client_reads(struct tls_pair *p)
{
	static char bytes[65536];
	size_t all = 0;
	int n;

	while ((n = SSL_read(p->client, bytes, sizeof(bytes))) > 0)
		all += (size_t)n;
	return all;
}

/* The last write sent a part of its bytes; the next record of them is encrypted
 * already, and must be passed again as a whole, even if the limit is lower by
 * then (the master shares out a limit ten times a second). */
static void
test_lowered(void)
{
	struct tls_pair p;
	struct stream s;
	ssize_t last;

	open_stream(&p, &s);
	size_t sent = fill(&s, &last);
	CU_ASSERT_FATAL(last > 0);
	size_t left = sizeof(zeros) - (size_t)last;

	rate_set(&rates.down, LIMIT);
	rates.down.paid = clock_ns();
	CU_ASSERT_EQUAL(stream_write(&s, zeros, left), -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLOUT);
	CU_ASSERT_EQUAL(client_reads(&p), sent);
	CU_ASSERT_EQUAL(stream_write(&s, zeros, left), (ssize_t)left);
	CU_ASSERT_EQUAL(client_reads(&p), left);

	/* Other bytes wait for the limit. */
	CU_ASSERT_EQUAL(stream_write(&s, zeros, 1), -EAGAIN);
	CU_ASSERT_EQUAL(s.events, 0);
	CU_ASSERT(s.due > clock_ms());
	stream_close(&s);
	tls_pair_free(&p);
}

static void
begin(void)
{
	server = tls_pair_begin();
}

static void
end(void)
{
	tls_pair_end(server);
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made and loaded", begin},
	{"a lower limit does not cut a record", test_lowered},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
