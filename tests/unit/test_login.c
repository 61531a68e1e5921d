/*
 * test_login.c - delays, partners, hand-overs and requests of the monitor.
 */
#include "common/base.h"
#include "pam/login.h"
#include "pam/monitor_requests.h"
#include "pam/partner.h"
#include "pam/session_start.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/process/role.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const unit_name = "login";

/* Rule R17: began, now, delay, failures, expected. */
static void
test_answer_time(void)
{
	static const int64_t rows[][5] = {
		{ 5000, 5000, 1, 1, 6000 },
		{ 5000, 5001, 1, 1, 6000 },
		{ 5000, 5999, 1, 1, 6000 },
		/* the check took longer: the next multiple */
		{ 5000, 6000, 1, 1, 7000 },
		{ 5000, 8100, 1, 1, 9000 },
		/* doubled with each failure */
		{ 5000, 5010, 1, 2, 7000 },
		{ 5000, 5010, 1, 3, 9000 },
		{ 5000, 9010, 1, 3, 13000 },
		{ 5000, 5010, 3, 2, 11000 },
		{ 0, 1, 60, 10, 60 * 512 * 1000 },
		{ 0, 1, 60, 1000000, 60 * 512 * 1000 },
		/* no delay */
		{ 5000, 5007, 0, 1, 5007 },
		{ 5000, 5007, 0, 3, 5007 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const int64_t *r = rows[i];
		CU_ASSERT_EQUAL(login_answer_time(r[0], r[1], r[2], (int)r[3],
			0), r[4]);
		CU_ASSERT_EQUAL(login_answer_time(r[0], r[1], r[2], (int)r[3],
			77), r[4] + (r[2] == 0 ? 0 : 77));
	}
}

static void
test_outcomes(void)
{
	for (int code = 0; code < OUTCOMES; code++)
		CU_ASSERT_EQUAL(partner_outcome(W_EXITCODE(code, 0)),
			(enum outcome)code);
	CU_ASSERT_EQUAL(partner_outcome(W_EXITCODE(OUTCOMES, 0)),
		OUTCOME_ERROR);
	CU_ASSERT_EQUAL(partner_outcome(W_EXITCODE(255, 0)), OUTCOME_ERROR);
	CU_ASSERT_EQUAL(partner_outcome(W_EXITCODE(0, SIGSEGV)),
		OUTCOME_CRASH);
	CU_ASSERT_EQUAL(partner_outcome(W_EXITCODE(0, SIGKILL)),
		OUTCOME_CRASH);
	CU_ASSERT_EQUAL(partner_outcome(W_EXITCODE(0, SIGTERM)),
		OUTCOME_STOPPED);
}

/* A partner that ends when its channel closes, or does not. */
static enum outcome
bury(bool stubborn, int64_t patience)
{
	struct monitor m = { 0 };
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	m.partner_pid = fork();
	if (m.partner_pid == 0) {
		char c;
		close(fds[0]);
		(void)!read(fds[1], &c, 1);
		if (stubborn)
			pause();
		_exit(OUTCOME_IDLE);
	}
	close(fds[1]);
	channel_open(&m.partner, fds[0], PARTY_MONITOR, PARTY_SESSION,
		PHASE_SESSION);
	enum outcome outcome = partner_bury(&m, patience);
	CU_ASSERT_EQUAL(m.partner.fd, -1);
	CU_ASSERT_EQUAL(m.partner_pid, 0);
	/* A second time does no harm. */
	CU_ASSERT_EQUAL(partner_bury(&m, 0), OUTCOME_ERROR);
	return outcome;
}

static void
test_burying(void)
{
	CU_ASSERT_EQUAL(bury(false, 5000), OUTCOME_IDLE);
	int64_t began = clock_ms();
	CU_ASSERT_EQUAL(bury(true, 50), OUTCOME_CRASH);
	CU_ASSERT(clock_ms() - began >= 50);
	CU_ASSERT(clock_ms() - began < 5000);
	CU_ASSERT_EQUAL(partner_bury_pid(getpid(), 0), OUTCOME_ERROR);
}

static bool
sound(void (*spoil)(struct message_handover *h), int fd)
{
	struct message_handover h = {
		.type = 'I', .prot = 'C', .utf8 = 1 };

	if (spoil != NULL)
		spoil(&h);
	return session_start_is_sound(&h, fd);
}

static void bad_type(struct message_handover *h) { h->type = 'E'; }
static void bad_utf8(struct message_handover *h) { h->utf8 = 2; }
static void bad_epsv(struct message_handover *h) { h->epsv_all = -1; }
static void no_end(struct message_handover *h)
{
	memset(h->client, 'x', sizeof(h->client));
}
static void too_long(struct message_handover *h)
{
	h->leftover_len = sizeof(h->leftover) + 1;
}
static void just_fits(struct message_handover *h)
{
	h->leftover_len = sizeof(h->leftover);
}

static void
test_handover(void)
{
	int stream[2], datagram[2];
	int file = open("/dev/null", O_RDWR | O_CLOEXEC);

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
		0, stream), 0);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC,
		0, datagram), 0);
	CU_ASSERT(sound(NULL, stream[0]));
	CU_ASSERT(sound(just_fits, stream[0]));
	CU_ASSERT(!sound(NULL, datagram[0]));
	CU_ASSERT(!sound(NULL, file));
	CU_ASSERT(!sound(NULL, -1));
	CU_ASSERT(!sound(bad_type, stream[0]));
	CU_ASSERT(!sound(bad_utf8, stream[0]));
	CU_ASSERT(!sound(bad_epsv, stream[0]));
	CU_ASSERT(!sound(no_end, stream[0]));
	CU_ASSERT(!sound(too_long, stream[0]));
	close(file);
	for (int i = 0; i < 2; i++) {
		close(stream[i]);
		close(datagram[i]);
	}
}

/* Rule R10: it is the user who looks, not root. */
static void
test_home(void)
{
	char path[] = "/tmp/unit_home.XXXXXX";
	struct identity who = { .uid = 65534, .gid = 65534 };

	if (child_skip_without_root("entering the home directory"))
		return;
	CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody", "nobody"), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(path));
	(void)!snprintf(who.home, sizeof(who.home), "%s", path);
	CU_ASSERT(!session_start_may_enter(&who));
	who.uid = 0;
	who.gid = 0;
	CU_ASSERT(session_start_may_enter(&who));
	who.uid = 65534;
	CU_ASSERT_EQUAL(chmod(path, 0755), 0);
	CU_ASSERT(session_start_may_enter(&who));
	rmdir(path);
	CU_ASSERT(!session_start_may_enter(&who));
	who.home[0] = '\0';
	CU_ASSERT(!session_start_may_enter(&who));
	(void)!snprintf(who.home, sizeof(who.home), "tmp");
	CU_ASSERT(!session_start_may_enter(&who));
}

static const struct listener_settings strict = { .allow_active = true };

/* What monitor_requests_bind() says to a client from 127.0.0.1. */
static int
bind_for(const struct listener_settings *rules, const char *to, uint16_t port)
{
	struct message_client client = { 0 };
	struct address target;

	CU_ASSERT_EQUAL(address_parse(&client.peer, "127.0.0.1"), 0);
	CU_ASSERT_EQUAL(address_parse(&client.local, "127.0.0.1"), 0);
	address_set_port(&client.local, 21);
	CU_ASSERT_EQUAL(address_parse(&target, to), 0);
	address_set_port(&target, port);
	return monitor_requests_bind(&client, rules, &target);
}

/* Rule R12. */
static void
test_active_refused(void)
{
	struct listener_settings off = { .allow_active = false };
	struct listener_settings loose = { .allow_active = true,
		.allow_fxp = true, .allow_privileged_ports = true };
	int fd;

	CU_ASSERT_EQUAL(bind_for(&off, "127.0.0.1", 5000), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.2", 5000), -EPERM);
	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.1", 1023), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&strict, "127.0.0.1", 0), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&loose, "127.0.0.1", 0), -EACCES);
	CU_ASSERT_EQUAL(bind_for(&strict, "::1", 5000), -EAFNOSUPPORT);
	CU_ASSERT((fd = bind_for(&loose, "127.0.0.2", 80)) >= 0);
	io_close(&fd);
	struct address none;
	struct message_client client = { 0 };
	address_clear(&none);
	CU_ASSERT_EQUAL(monitor_requests_bind(&client, &strict, &none),
		-EAFNOSUPPORT);
}

static uint16_t
free_port(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&any, size), 0);
	CU_ASSERT_EQUAL(getsockname(fd, (struct sockaddr *)&any, &size), 0);
	close(fd);
	return ntohs(any.sin_port);
}

/* Two sessions have a connection from the port at a time. */
static void
test_active_bound(void)
{
	struct listener_settings rules = { .allow_active = true };
	struct sockaddr_in name;
	socklen_t size = sizeof(name);

	rules.active_source_port = free_port();
	int one = bind_for(&rules, "127.0.0.1", 5000);
	int two = bind_for(&rules, "127.0.0.1", 5001);
	CU_ASSERT_FATAL(one >= 0 && two >= 0);
	CU_ASSERT_EQUAL(getsockname(one, (struct sockaddr *)&name, &size), 0);
	CU_ASSERT_EQUAL(ntohs(name.sin_port), rules.active_source_port);
	CU_ASSERT_EQUAL(ntohl(name.sin_addr.s_addr), INADDR_LOOPBACK);
	CU_ASSERT_EQUAL(fcntl(one, F_GETFD), FD_CLOEXEC);
	CU_ASSERT(fcntl(one, F_GETFL) & O_NONBLOCK);
	close(one);
	close(two);
}

CU_TestInfo unit_tests[] = {
	{ "when a failure is answered", test_answer_time },
	{ "how a partner ended", test_outcomes },
	{ "a partner that does not go is killed", test_burying },
	{ "hand-overs that make no sense", test_handover },
	{ "the account itself looks at its home", test_home },
	{ "active connections that are refused", test_active_refused },
	{ "active connections from the source port", test_active_bound },
	CU_TEST_INFO_NULL
};
