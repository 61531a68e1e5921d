/*
 * test_intake.c - which identities the recorder trusts, the order of events,
 * and when it exits.
 */
#include "common/base.h"

#include "tests/unit/played_log.h"
#include "tests/unit/scratch.h"

#include <signal.h>
#include <sys/signalfd.h>

const char *const unit_name = "intake";

/* An event that claims to be of session 9, of another client, of root. */
static struct event
forged(enum event_type type)
{
	struct event e = event_new(type);

	e.session = 9;
	CU_ASSERT_EQUAL(address_parse(&e.peer, "198.51.100.1"), 0);
	CU_ASSERT_EQUAL(address_parse(&e.local, "198.51.100.2"), 0);
	e.user = "victim";
	e.role = "monitor";
	e.text = "text";
	e.path = "/f";
	e.bytes = 12;
	e.pid = 1;
	e.wall_ns = 1;
	return e;
}

static void
test_identity(void)
{
	char address[ADDRESS_TEXT_SIZE];
	struct event forgery = forged(EVENT_upload);
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	CU_ASSERT_TRUE(child_sends(&c, &forgery));
	const struct event *e = next();
	CU_ASSERT_EQUAL(e->type, EVENT_upload);
	CU_ASSERT_EQUAL(e->session, 7);
	CU_ASSERT_STRING_EQUAL(e->user, "anna");
	CU_ASSERT_STRING_EQUAL(e->role, "session");
	CU_ASSERT_EQUAL(e->from, EVENT_FROM_SESSION);
	CU_ASSERT_STRING_EQUAL(address_text(&e->peer, address), "192.0.2.7");
	CU_ASSERT_STRING_EQUAL(address_text(&e->local, address),
		"192.0.2.254");
	CU_ASSERT_EQUAL(e->pid, getpid());
	CU_ASSERT_TRUE(llabs(e->wall_ns - clock_wall_ns()) < 5000000000);
	/* These are its own. */
	CU_ASSERT_STRING_EQUAL(e->path, "/f");
	CU_ASSERT_EQUAL(e->bytes, 12);
	child_close(&c);
	end();
}

/* By role, which types there is a line of. */
static void
test_types(void)
{
	static const enum event_type roots[] = { EVENT_connect, EVENT_refuse,
		EVENT_login, EVENT_login_failed, EVENT_logout, EVENT_limit,
		EVENT_disconnect, EVENT_ban, EVENT_unban, EVENT_reload,
		EVENT_crash };
	static const enum event_type sessions[] = { EVENT_download,
		EVENT_transfer_start, EVENT_upload, EVENT_delete, EVENT_mkdir,
		EVENT_rmdir, EVENT_rename, EVENT_chmod, EVENT_chgrp,
		EVENT_chown, EVENT_mtime, EVENT_symlink };
	static const enum event_type workers[] = { EVENT_command, EVENT_reply };

	for (int role = 0; role < LOG_SOURCE_ROLES; role++) {
		bool refused[EVENT_TYPES] = { false };
		struct child_log c;

		for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
			refused[roots[i]] = true;
		for (size_t i = 0; i < ARRAY_SIZE(sessions); i++)
			refused[sessions[i]] = role != LOG_SOURCE_SESSION;
		for (size_t i = 0; i < ARRAY_SIZE(workers); i++)
			refused[workers[i]] = role >= LOG_SOURCE_KEEPER;
		begin(0);
		child_open(&c, (enum log_source_role)role, 7, "");
		for (int type = 0; type < EVENT_TYPES; type++) {
			struct event e = forged((enum event_type)type);

			CU_ASSERT_TRUE(child_sends(&c, &e));
			const struct event *got = next();
			CU_ASSERT_EQUAL(got->type, refused[type] ?
				EVENT_violation : (enum event_type)type);
			CU_ASSERT_EQUAL(got->session, 7);
		}
		child_close(&c);
		end();
	}
}

static void
test_violations(void)
{
	struct event e = forged(EVENT_login_failed);
	size_t before = scratch_descriptors();
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_GREETER, 7, "");
	child_sends(&c, &e);
	EXPECT_TEXT("event login_failed from the greeter: not from this "
		"sender");
	CU_ASSERT_EQUAL(send(c.fd, "junk", 4, 0), 4);
	const struct event *got = next();
	CU_ASSERT_STRING_EQUAL(got->text, "event from the greeter: malformed");
	CU_ASSERT_STRING_EQUAL(got->role, "recorder");
	CU_ASSERT_EQUAL(got->from, EVENT_FROM_ROOT);
	CU_ASSERT_EQUAL(got->level, LOG_LEVEL_ERROR);
	CU_ASSERT_EQUAL(got->session, 7);
	/* A datagram of nothing is no end; what root may send is none here. */
	CU_ASSERT_EQUAL(send(c.fd, "", 0, 0), 0);
	EXPECT_TEXT("event from the greeter: malformed");
	CU_ASSERT_EQUAL(service_socket_send(c.fd, &c.source.identity,
		sizeof(c.source.identity), c.fd, 0), 0);
	EXPECT_TEXT("event from the greeter: malformed");
	child_says(&c, "goes on");
	EXPECT_TEXT("goes on");
	child_close(&c);
	end();
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
}

/* What a monitor says is known before a line that its child sent after it,
 * whichever socket is read first. */
static void
test_identity_is_never_late(void)
{
	struct child_log c[20];

	begin(0);
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 20; i++) {
			if (round == 0)
				child_open(&c[i], LOG_SOURCE_GREETER, 0 + 1,
					"");
			c[i].source.identity.session = 100 * round + i + 1;
			(void)!snprintf(c[i].source.identity.user,
				EVENT_USER_MAX, "user%u", i);
			log_source_attach(&c[i].source);
			CU_ASSERT_TRUE(child_says(&c[i], "line"));
		}
		for (unsigned i = 0; i < 20; i++) {
			const struct event *e = next();
			unsigned n = (unsigned)(e->session - 1) % 100;
			char user[32];

			CU_ASSERT_EQUAL(e->session - 1 - n, 100 * round);
			(void)!snprintf(user, sizeof(user), "user%u", n);
			CU_ASSERT_STRING_EQUAL(e->user, user);
		}
	}
	for (unsigned i = 0; i < 20; i++)
		child_close(&c[i]);
	end();
}

static void
monitor_says(const char *text)
{
	log_info("%s", text);
}

/* Between root's socket and the others the times decide. */
static void
test_order(void)
{
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	child_says(&c, "attached");
	EXPECT_TEXT("attached");
	for (int round = 0; round < 3; round++) {
		monitor_says("login");
		child_says(&c, "works");
		child_says(&c, "works more");
		monitor_says("session ended");
	}
	for (int round = 0; round < 3; round++) {
		EXPECT_TEXT("login");
		EXPECT_TEXT("works");
		EXPECT_TEXT("works more");
		EXPECT_TEXT("session ended");
	}
	child_close(&c);
	end();
}

/* Whatever was sent, and however far behind the recorder is: the end of a
 * session comes after the lines of its processes. */
static void
test_end_of_session(void)
{
	struct event ended = event_new(EVENT_disconnect);
	struct child_log c, greeter;
	int lines = 0;

	begin(0);
	child_open(&greeter, LOG_SOURCE_GREETER, 7, "");
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	while (child_says(&c, "works") && child_says(&greeter, "greets"))
		lines += 2;
	CU_ASSERT_TRUE(lines > 100);
	child_close(&greeter);
	child_close(&c);
	ended.session = 7;
	event_send(&ended);
	for (int i = 0; i < lines; i++)
		CU_ASSERT_EQUAL_FATAL(next()->type, EVENT_message);
	const struct event *e = next();
	if (e->type == EVENT_message)
		e = next();
	CU_ASSERT_EQUAL(e->type, EVENT_disconnect);
	end();
}

/* More of root's lines than there are sockets. */
static void
test_many_of_root(void)
{
	struct child_log c;
	unsigned roots = 0, children = 0;

	begin(0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	for (int i = 0; i < 500; i++)
		monitor_says("root");
	c.source.identity.session = 8;
	log_source_attach(&c.source);
	child_says(&c, "child");
	while (roots + children < 501) {
		const struct event *e = next();

		if (e->session == 0) {
			roots++;
			continue;
		}
		children++;
		/* It waited until all that root had to say was read. */
		CU_ASSERT_EQUAL(e->session, 8);
	}
	CU_ASSERT_EQUAL(children, 1);
	child_close(&c);
	end();
}

/* One that closes its socket, in whatever way, is not missed by others. */
static void
test_ends_alone(void)
{
	struct child_log c, other;

	begin(0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	child_open(&other, LOG_SOURCE_SESSION, 8, "bert");
	child_says(&c, "last");
	CU_ASSERT_EQUAL(shutdown(c.fd, SHUT_RDWR), 0);
	EXPECT_TEXT("last");
	child_says(&other, "first");
	EXPECT_TEXT("first");
	CU_ASSERT_FALSE(child_says(&c, "lost"));
	child_close(&c);
	child_says(&other, "second");
	EXPECT_TEXT("second");
	child_close(&other);
	log_connect(-1);
	io_close(&service[1]);
	CU_ASSERT_PTR_NULL(next());
	end();
}

/* Everything closed at once: what waits is read first. */
static void
test_end(void)
{
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	child_says(&c, "one");
	child_says(&c, "two");
	/* The monitor has exited as well. */
	child_close(&c);
	log_connect(-1);
	io_close(&service[1]);
	EXPECT_TEXT("one");
	EXPECT_TEXT("two");
	CU_ASSERT_PTR_NULL(next());
	end();
}

static int
finish_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CU_ASSERT_EQUAL(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Told to finish, it reads what was sent, and leaves the rest to the next one,
 * which knows who sent it. */
static void
test_next_recorder(void)
{
	int signals = finish_signal();
	struct child_log c, gone;

	begin(0);
	intake_free(intake);
	intake = intake_new(service[0], signals, geteuid(), 0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	child_open(&gone, LOG_SOURCE_SESSION, 8, "bert");
	child_says(&c, "before");
	EXPECT_TEXT("before");
	child_says(&gone, "of one that has exited");
	child_close(&gone);
	raise(SIGUSR1);
	EXPECT_TEXT("of one that has exited");
	CU_ASSERT_PTR_NULL(next());
	child_says(&c, "between");
	monitor_says("root");
	intake_free(intake);

	intake = intake_new(service[0], -1, geteuid(), 0);
	log_source_attach(&c.source);
	EXPECT_TEXT("root");
	EXPECT_TEXT("between");
	child_says(&c, "after");
	const struct event *e = next();
	CU_ASSERT_STRING_EQUAL(e->text, "after");
	CU_ASSERT_EQUAL(e->session, 7);
	CU_ASSERT_STRING_EQUAL(e->user, "anna");
	child_close(&c);
	end();
	close(signals);
}

/* A child and its monitor exit while there is no recorder. */
static void
test_exit_without_recorder(void)
{
	struct child_log c;

	begin(0);
	child_open(&c, LOG_SOURCE_SESSION, 7, "anna");
	child_says(&c, "one");
	EXPECT_TEXT("one");
	intake_free(intake);
	child_says(&c, "two");
	child_close(&c);
	intake = intake_new(service[0], -1, geteuid(), 0);
	const struct event *e = next();
	CU_ASSERT_STRING_EQUAL(e->text, "two");
	CU_ASSERT_EQUAL(e->session, 7);
	CU_ASSERT_STRING_EQUAL(e->user, "anna");
	end();
}

CU_TestInfo unit_tests[] = {
	{ "the identity of a line comes from root", test_identity },
	{ "each role has its types of events", test_types },
	{ "refused events are reported, with their session", test_violations },
	{ "identity before lines", test_identity_is_never_late },
	{ "lines are sorted by time", test_order },
	{ "a session's end is its last line", test_end_of_session },
	{ "many lines of root", test_many_of_root },
	{ "a socket that closes does not affect others", test_ends_alone },
	{ "the end comes after the last line", test_end },
	{ "a new recorder continues after the last", test_next_recorder },
	{ "events sent without a recorder are not lost",
		test_exit_without_recorder },
	CU_TEST_INFO_NULL,
};
