/*
 * suite_tls_relay.c - the relay between a misbehaving client and a session that
 * can end at any time (design section 2; rule R30).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const functional_name = "tls_relay";

#define FILES 4000
#define FLOOD 24	/* listings: more than all buffers on the way hold */

/* A directory whose listing is about a megabyte. */
static void
make_long_directory(void)
{
	char path[512];

	CHECK(mkdir("/home/anna/many", 0755) == 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/home/anna/many/%0200d", i);
		files_write(path, "", 0);
	}
}

/* Session and relay, and how often in a row both were seen asleep. */
struct rest {
	pid_t session, relay;
	int seen;
};

static bool
is_asleep(pid_t pid)
{
	struct proc p;

	return procs_read(pid, &p) && p.state == 'S';
}

/* While there is room on the way one of the two has something to do, unless the
 * kernel has to be waited for. */
static bool
is_stuck(void *context)
{
	struct rest *r = context;

	r->seen = is_asleep(r->session) && is_asleep(r->relay) ? r->seen + 1
							       : 0;
	return r->seen == 80;
}

/* A client that requests much data and reads nothing, until all processes wait
 * for it. */
static bool
enter_and_flood(struct ftps *t, struct rest *r)
{
	struct proc p;

	ftps_init(t);
	if (!ftps_enter(t, "anna"))
		return false;
	if (!CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1))
		return false;
	*r = (struct rest){ .session = p.pid,
		.relay = procs_serving(PROCS_GREETER) };
	for (int i = 0; i < FLOOD; i++)
		CHECK(ftp_send_text(&t->c, "STAT many\r\n"));
	return CHECK(r->relay > 1) && CHECK(wait_until(is_stuck, r, 20000)) &&
		CHECK(procs_ticks(r->session) > 0);
}

/* Replies are kept until the client reads them. */
static void
test_late_reader(void)
{
	struct server s;
	struct ftps t;
	struct rest r;

	make_long_directory();
	if (!FTPS_SERVER(&s))
		return;
	if (!enter_and_flood(&t, &r))
		return;
	for (int i = 0; i < FLOOD; i++)
		if (!CHECK_SAYS(ftp_reply(&t.c) / 100 == 2,
			    "listing %d of %d: %d", i + 1, FLOOD, t.c.code))
			break;
	EXPECT(&t.c, 200, "NOOP");
	ftp_close(&t.c);
	server_stop(&s);
}

/* The session has exited and the client does not read: the relay waits without
 * using the processor, for a limited time. */
static void
test_no_reader(void)
{
	struct server s;
	struct ftps t;
	struct rest r;

	make_long_directory();
	if (!FTPS_SERVER(&s))
		return;
	if (!enter_and_flood(&t, &r))
		return;
	CHECK(kill(r.session, SIGKILL) == 0);
	CHECK(server_wait(r.session, 3000, NULL));
	/* How much it uses in a second: a rate takes time.  -1 when it could
	 * bring everything home after all, and has gone. */
	int64_t before = procs_ticks(r.relay);
	(void)server_wait(r.relay, 1000, NULL);
	int64_t used = procs_ticks(r.relay) - before;
	CHECK_SAYS(used < 10, "it used %lld ticks", (long long)used);
	CHECK(server_wait(r.relay, 6000, NULL));
	ftp_close(&t.c);
	server_stop(&s);
}

/* Bytes after QUIT must not prevent the 221 or close_notify. */
static void
test_bytes_behind_quit(void)
{
	static char junk[65536];
	struct server s;
	struct ftps t;

	memset(junk, 'x', sizeof(junk));
	memcpy(junk, "QUIT\r\n", 6);
	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 10; i++) {
		ftps_init(&t);
		if (!ftps_enter(&t, "anna"))
			return;
		(void)ftp_send(&t.c, junk, sizeof(junk));
		EXPECT_REPLY(&t.c, 221);
		CHECK_NUMBER(ftp_reply(&t.c), 0);
		CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_idle(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "limits.idle_timeout=1"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT_REPLY(&t.c, 421);
	CHECK_HAS(t.c.text, "Idle timeout");
	CHECK_NUMBER(ftp_reply(&t.c), 0);
	CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
	ftp_close(&t.c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	server_stop(&s);
}

/* An upload with QUIT behind it, and the end of the sending half without
 * close_notify. */
static bool
half_close(struct ftps *t, int version)
{
	ftps_init(t);
	t->version = version;
	if (!ftps_enter(t, "anna"))
		return false;
	EXPECT(&t->c, 200, "TYPE I");
	CHECK_NUMBER(ftps_start_raw(t, "STOR up"), 150);
	CHECK(ftp_send_text(&t->c, "QUIT\r\n"));
	CHECK(shutdown(t->c.fd, SHUT_WR) == 0);
	CHECK(ftps_data_handshake(t));
	CHECK_NUMBER(ftp_data_send(&t->c, "123", 3), 3);
	return CHECK(files_wait_for_size("/home/anna/up", 3));
}

/* QUIT was received over TLS, so it is authentic. */
static void
test_half_closed_after_quit(void)
{
	static const int versions[] = { TLS1_3_VERSION, TLS1_2_VERSION };
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		if (!half_close(&t, versions[i]))
			return;
		CHECK_NUMBER(ftp_data_send(&t.c, "45", 2), 2);
		CHECK_NUMBER(ftp_finish(&t.c), 226);
		EXPECT_REPLY(&t.c, 221);
		CHECK_NUMBER(ftp_reply(&t.c), 0);
		CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
		CHECK(files_same("/home/anna/up", "12345", 5));
		ftp_close(&t.c);
		unlink("/home/anna/up");
	}
	server_stop(&s);
}

static void
test_reset_after_quit(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) || !half_close(&t, 0))
		return;
	network_reset(t.c.fd);
	t.c.fd = -1;
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/up\" failed after 3 bytes in * s: control "
		"connection lost");
	ftp_close(&t.c);
	server_stop(&s);
}

static bool
is_recorded(void *context UNUSED)
{
	return logged_times(0, "* upload of *") > 0;
}

/* A client that dies in an upload: the end of its data connection arrives at
 * the session before that of the control connection has passed the relay. */
static void
test_lost_before_the_relay(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	pid_t relay = procs_serving(PROCS_GREETER);
	EXPECT(&t.c, 200, "PROT C");
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftps_start_raw(&t, "STOR part"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, "123", 3), 3);
	CHECK(files_wait_for_size("/home/anna/part", 3));
	CHECK(relay > 1 && kill(relay, SIGSTOP) == 0);
	ftp_send_text(&t.c, "NOOP\r\n");
	close(t.c.fd);
	t.c.fd = -1;
	ftp_data_close(&t.c);
	CHECK(!wait_until(is_recorded, NULL, 500));
	CHECK(kill(relay, SIGCONT) == 0);
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/part\" failed after 3 bytes in * s: control "
		"connection lost");
	ftp_close(&t.c);
	server_stop(&s);
}

/* A client that cancels an upload may end its data in order, after ABOR. */
static void
test_abort_before_the_relay(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "session.atomic_uploads=yes"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	pid_t relay = procs_serving(PROCS_GREETER);
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&t.c, "STOR part"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, "123", 3), 3);
	CHECK(relay > 1 && kill(relay, SIGSTOP) == 0);
	ftp_send_text(&t.c, "ABOR\r\n");
	ftp_data_close(&t.c);
	CHECK(!wait_until(is_recorded, NULL, 500));
	CHECK(kill(relay, SIGCONT) == 0);
	EXPECT_REPLY(&t.c, 426);
	EXPECT_REPLY(&t.c, 226);
	CHECK(!files_exist("/home/anna/part"));
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a client that reads late gets everything", test_late_reader },
	{ "a client that never reads costs no processor time", test_no_reader },
	{ "bytes after QUIT do not lose the replies", test_bytes_behind_quit },
	{ "QUIT and a half-close wait for the end of the upload",
		test_half_closed_after_quit },
	{ "a reset ends the upload", test_reset_after_quit },
	{ "an upload of a client that dies is not complete",
		test_lost_before_the_relay },
	{ "an upload that is cancelled is not complete",
		test_abort_before_the_relay },
	{ "the idle timeout gets a reply and close_notify", test_idle },
	CU_TEST_INFO_NULL,
};
