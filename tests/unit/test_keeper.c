/*
 * test_keeper.c - the keeper with workers on its channels: good ones, bad ones
 * and dead ones.
 */
#include "common/base.h"
#include "daemon/keeper/keeper.h"

#include "common/clock.h"
#include "common/io.h"
#include "daemon/keeper/keeper_budget.h"
#include "tests/unit/keeper_child.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

const char *const unit_name = "keeper";

static void
begin(void)
{
	CU_ASSERT_EQUAL_FATAL(tls_pki_begin(), 0);
}

static void
test_two_workers(void)
{
	struct tls_keeper one, other;

	keeper_child_start();
	keeper_child_connect(&one, NULL);
	keeper_child_connect(&other, NULL);
	for (int i = 0; i < 20; i++) {
		CU_ASSERT_TRUE(keeper_child_signs(&one));
		CU_ASSERT_TRUE(keeper_child_signs(&other));
	}
	/* The service's end is not the workers'. */
	io_close(&keeper_child.service[0]);
	io_close(&keeper_child.service[1]);
	CU_ASSERT_TRUE(keeper_child_signs(&one));
	tls_keeper_close(&one);
	CU_ASSERT_TRUE(keeper_child_signs(&other));
	tls_keeper_close(&other);
	CU_ASSERT_EQUAL(keeper_child_ended(), 0);
}

/* It ends with the last who could attach a worker, too. */
static void
test_no_worker(void)
{
	keeper_child_start();
	keeper_child_stop();
}

static void
test_unknown_key(void)
{
	struct sign_request request = keeper_child_request();
	struct tls_keeper worker;

	keeper_child_start();
	keeper_child_connect(&worker, NULL);
	request.key[5] ^= 1;
	CU_ASSERT_EQUAL(keeper_child_try(&worker, &request), -ENOKEY);
	/* Not its fault: certificates change. */
	CU_ASSERT_TRUE(keeper_child_signs(&worker));
	tls_keeper_close(&worker);
	keeper_child_stop();
}

/* Whatever it is that is no TLS handshake: the worker has had its last
 * signature. */
static void
test_other_data(void)
{
	keeper_child_start();
	for (int i = 0; i < 5; i++) {
		struct sign_request request = keeper_child_request();
		struct tls_keeper bad, good;

		switch (i) {
		case 0:
			request.data[64] ^= 1;
			break;
		case 1:
			request.len--;
			break;
		case 2:
			request.len = UINT16_MAX;
			break;
		case 3:
			request.scheme = 0x0804;
			break;
		default:
			request.scheme = 0;
		}
		keeper_child_connect(&bad, NULL);
		keeper_child_connect(&good, NULL);
		CU_ASSERT_EQUAL(keeper_child_try(&bad, &request), -EPERM);
		CU_ASSERT_EQUAL(keeper_child_try(&bad, &request), -EPIPE);
		CU_ASSERT_TRUE(keeper_child_signs(&good));
		tls_keeper_close(&bad);
		tls_keeper_close(&good);
	}
	keeper_child_stop();
}

/* Bytes that are no message, and messages that are not the worker's. */
static void
test_malformed(void)
{
	struct tls_keeper bad, good;
	char byte;

	keeper_child_start();
	keeper_child_connect(&good, NULL);
	for (int i = 0; i < 4; i++) {
		uint32_t junk[300] = { 0 };
		size_t len = i == 3 ? sizeof(junk) : (size_t)i * 4 + 1;

		junk[0] = i == 2 ? MESSAGE_keeper_attach : MESSAGE_sign;
		keeper_child_connect(&bad, NULL);
		CU_ASSERT_EQUAL(send(bad.channel.fd, junk, len, MSG_NOSIGNAL),
			(ssize_t)len);
		/* The end, and no answer before it. */
		struct pollfd fd = { .fd = bad.channel.fd, .events = POLLIN };
		CU_ASSERT_EQUAL(poll(&fd, 1, 5000), 1);
		CU_ASSERT(recv(bad.channel.fd, &byte, 1, MSG_DONTWAIT) <= 0);
		tls_keeper_close(&bad);
		CU_ASSERT_TRUE(keeper_child_signs(&good));
	}
	/* On the service socket, from root's processes. */
	CU_ASSERT_EQUAL(send(keeper_child.service[1], "x", 1, 0), 1);
	CU_ASSERT_TRUE(keeper_child_signs(&good));
	keeper_child_connect(&bad, NULL);
	CU_ASSERT_TRUE(keeper_child_signs(&bad));
	tls_keeper_close(&bad);
	tls_keeper_close(&good);
	keeper_child_stop();
}

/* A worker that asks and dies, before or after the answer. */
static void
test_dead_worker(void)
{
	struct tls_keeper worker, good;
	struct message m;

	keeper_child_start();
	keeper_child_connect(&good, NULL);
	for (int i = 0; i < 200; i++) {
		keeper_child_connect(&worker, NULL);
		message_zero(&m);
		m.type = MESSAGE_sign;
		m.sign.request = keeper_child_request();
		CU_ASSERT_EQUAL(channel_send(&worker.channel, &m), 0);
		if (i % 3 == 0)
			CU_ASSERT_TRUE(keeper_child_signs(&good));
		tls_keeper_close(&worker);
	}
	CU_ASSERT_TRUE(keeper_child_signs(&good));
	tls_keeper_close(&good);
	keeper_child_stop();
}

/* One that asks for more and more and reads nothing. */
static void
test_deaf_worker(void)
{
	struct tls_keeper worker, good;
	struct message m;
	int sent = 0;

	keeper_child_start();
	keeper_child_connect(&good, NULL);
	keeper_child_connect(&worker, NULL);
	message_zero(&m);
	m.type = MESSAGE_sign;
	m.sign.request = keeper_child_request();
	for (int i = 0; i < 2000 && sent < 450; i++) {
		if (channel_send(&worker.channel, &m) == 0)
			sent++;
		else
			unit_await(worker.channel.fd, POLLOUT);
	}
	CU_ASSERT_TRUE(keeper_child_signs(&good));
	tls_keeper_close(&worker);
	CU_ASSERT_TRUE(keeper_child_signs(&good));
	tls_keeper_close(&good);
	keeper_child_stop();
}

/* Who has used up its budget is served on, more slowly; nobody else is. */
static void
test_budget(void)
{
	struct tls_keeper greedy, other;

	keeper_child_start();
	keeper_child_connect(&greedy, NULL);
	keeper_child_connect(&other, NULL);
	int64_t began = clock_ms();
	for (int i = 0; i < KEEPER_BURST; i++)
		CU_ASSERT_TRUE(keeper_child_signs(&greedy));
	int64_t slow = clock_ms();
	/* What the burst itself took has filled the budget again. */
	const int more = 50 + (int)((slow - began) / KEEPER_INTERVAL_MS);
	for (int i = 0; i < more; i++)
		CU_ASSERT_TRUE(keeper_child_signs(&greedy));
	int64_t took = clock_ms() - slow, in_all = clock_ms() - began;
	CU_ASSERT(in_all >= (more - 1) * KEEPER_INTERVAL_MS);
	printf("(%d signatures in %d ms, %d more in %d ms) ", KEEPER_BURST,
		(int)(slow - began), more, (int)took);
	began = clock_ms();
	for (int i = 0; i < 20; i++)
		CU_ASSERT_TRUE(keeper_child_signs(&other));
	CU_ASSERT(clock_ms() - began < 1000);
	tls_keeper_close(&greedy);
	tls_keeper_close(&other);
	keeper_child_stop();
}

/* With nobody at the other end there is no point in waiting. */
static void
test_killed_keeper(void)
{
	struct tls_keeper worker;
	int64_t began;

	keeper_child_start();
	keeper_child_connect(&worker, NULL);
	CU_ASSERT_TRUE(keeper_child_signs(&worker));
	kill(keeper_child.pid, SIGKILL);
	CU_ASSERT_NOT_EQUAL(keeper_child_ended(), 0);
	began = clock_ms();
	CU_ASSERT_FALSE(keeper_child_signs(&worker));
	CU_ASSERT(clock_ms() - began < 1000);
	const struct sign_request request = keeper_child_request();
	CU_ASSERT_EQUAL(keeper_child_try(&worker, &request), -EPIPE);
	tls_keeper_close(&worker);
	io_close(&keeper_child.service[0]);
	io_close(&keeper_child.service[1]);
}

/* A monitor keeps the keeper's end, and gives it to the next one: what is asked
 * meanwhile waits, for so long. */
static void
test_replaced_keeper(void)
{
	struct tls_keeper worker;
	const struct sign_request request = keeper_child_request();
	int end;

	keeper_child_start();
	keeper_child_connect(&worker, &end);
	CU_ASSERT_TRUE(keeper_child_signs(&worker));
	kill(keeper_child.pid, SIGKILL);
	CU_ASSERT_NOT_EQUAL(keeper_child_ended(), 0);
	int64_t began = clock_ms();
	CU_ASSERT_EQUAL(keeper_child_try(&worker, &request), -ETIMEDOUT);
	CU_ASSERT(clock_ms() - began >= TLS_KEEPER_WAIT_MS);
	CU_ASSERT(clock_ms() - began < TLS_KEEPER_WAIT_MS + 1000);
	keeper_child_fork();
	CU_ASSERT_EQUAL(tls_keeper_attach(keeper_child.service[1], end), 0);
	/* The late answer to the first is not taken for the second's. */
	for (int i = 0; i < 3; i++)
		CU_ASSERT_TRUE(keeper_child_signs(&worker));
	close(end);
	tls_keeper_close(&worker);
	keeper_child_stop();
}

static void
end(void)
{
	tls_pki_end();
}

CU_TestInfo unit_tests[] = {
	{ "keys and certificates are made", begin },
	{ "the keeper exits after the last of two workers", test_two_workers },
	{ "the keeper exits without a worker", test_no_worker },
	{ "a key that is not there", test_unknown_key },
	{ "only TLS handshakes are signed", test_other_data },
	{ "malformed messages end their channel", test_malformed },
	{ "a worker that dies while it waits", test_dead_worker },
	{ "a worker that takes no answers", test_deaf_worker },
	{ "a budget slows down, and only its own worker", test_budget },
	{ "a keeper that was killed", test_killed_keeper },
	{ "a keeper that was replaced", test_replaced_keeper },
	{ "the files are removed", end },
	CU_TEST_INFO_NULL,
};
