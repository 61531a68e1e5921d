/*
 * suite_endurance.c - many clients, reloads and upgrades: memory, descriptors
 * and processes stay as they are; and reload, upgrade and the death of the
 * recorder lose and double nothing.  `make check-soak` makes it longer.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/sandbox.h"
#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "endurance";

/* Without the variables SUREFTPD_CONNECTS and SUREFTPD_CHANGES. */
#define CONNECTS  3000
#define CHANGES	  6
#define WARM_UP	  500	/* until all tables have been used */
#define ALLOWANCE 128	/* KiB */

struct size {
	int64_t master, recorder;	/* KiB */
	size_t master_files, recorder_files;
};

/* Memory of its own in KiB: what is shared depends on the number of children
 * that happen to run. */
static int64_t
memory(pid_t pid)
{
	char path[64], text[4096];
	int64_t number = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	ssize_t n = files_read(path, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	const char *at = strstr(text, "\nRssAnon:");
	at = at == NULL ? "" : at + strcspn(at, "0123456789");
	CHECK(text_number(at, strcspn(at, " "), &number) == 0);
	return number;
}

static struct size
measure(const struct server *s)
{
	struct proc recorder = { 0 };

	CHECK(procs_settle());
	(void)logged_mark();
	CHECK_NUMBER(procs_list(PROCS_RECORDER, &recorder, 1), 1);
	return (struct size){
		.master = memory(s->pid),
		.recorder = memory(recorder.pid),
		.master_files = procs_open(s->pid),
		.recorder_files = procs_open(recorder.pid),
	};
}

static int64_t
how_many(const char *variable, int64_t number)
{
	const char *text = getenv(variable);

	if (text != NULL)
		CHECK(text_number(text, strlen(text), &number) == 0);
	return number;
}

/* Each with a login that fails, so that every table is used. */
static bool
visit(int64_t i)
{
	struct ftp c;
	bool good = ftp_connect(&c) == 220;

	if (good && i % 16 == 0)
		good = ftp_command(&c, "USER nobody%d", (int)i) == 331 &&
		    ftp_command(&c, "PASS x") == 530;
	good = good && ftp_command(&c, "QUIT") == 221;
	ftp_close(&c);
	return good;
}

static void
test_connects(void)
{
	int64_t number = how_many("SUREFTPD_CONNECTS", CONNECTS), good = 0;
	struct size before = { 0 }, after;
	struct server s;

	if (!SERVER(&s, "limits.max_per_ip=0", "limits.max_unauthenticated=0",
	    "limits.ban_after=100000", "limits.ban_network_after=100000"))
		return;
	for (int64_t i = 0; i < number; i++) {
		if (i == WARM_UP)
			before = measure(&s);
		good += visit(i);
	}
	after = measure(&s);
	CHECK_NUMBER(good, number);
	printf("%" PRId64 " connections: master %" PRId64 " to %" PRId64
		" KiB, recorder %" PRId64 " to %" PRId64 " KiB\n", number,
		before.master, after.master, before.recorder, after.recorder);
#ifndef SANDBOX_SANITIZED	/* whose allocator keeps what is freed */
	CHECK(after.master <= before.master + ALLOWANCE);
	CHECK(after.recorder <= before.recorder + ALLOWANCE);
#endif
	CHECK(after.master_files <= before.master_files + 1);
	CHECK(after.recorder_files <= before.recorder_files + 1);
	server_stop(&s);
}

#define SESSIONS 50

static void
upgrade(const struct server *s)
{
	struct ctl_result r;

	CHECK_NUMBER(CTL(&r, "upgrade"), 0);
	CHECK(kill(s->pid, 0) == 0);
}

/* Exactly one is there; two or none for a moment while it is replaced. */
static bool
find_recorder(void *context)
{
	struct proc *p = context, list[2];

	if (procs_list(PROCS_RECORDER, list, 2) != 1)
		return false;
	*p = list[0];
	return true;
}

/* Everything that an administrator may do, during 50 uploads. */
static void
disturb(const struct server *s)
{
	struct ctl_result r;
	struct proc p;

	CHECK_NUMBER(CTL(&r, "reload"), 0);
	upgrade(s);
	if (CHECK(wait_until(find_recorder, &p, 5000)))
		kill(p.pid, SIGKILL);
	CHECK_NUMBER(CTL(&r, "reload"), 0);
	upgrade(s);
}

static bool
have_ended(void *sessions)
{
	return logged_times(0, "* session ended: quit *") >=
		*(const size_t *)sessions;
}

/* A session's end is logged by its monitor, when the client is gone already. */
static void
check_ended(size_t sessions)
{
	CHECK(wait_until(have_ended, &sessions, 10000));
	CHECK_NUMBER(logged_times(0, "* session ended: quit *"), sessions);
}

static void
test_transfers(void)
{
	static struct ftp c[SESSIONS];
	struct server s;
	char text[64];

	if (!SERVER(&s, "limits.max_per_ip=0"))
		return;
	for (int i = 0; i < SESSIONS; i++) {
		ftp_enter(&c[i], i % 2 == 0 ? "anna" : "bert");
		CHECK_NUMBER(ftp_start(&c[i], "STOR f%d", i), 150);
		CHECK_NUMBER(ftp_data_send(&c[i], "before ", 7), 7);
	}
	disturb(&s);
	for (int i = 0; i < SESSIONS; i++) {
		int len = snprintf(text, sizeof(text), "after %d", i);
		CHECK_NUMBER(ftp_data_send(&c[i], text, (size_t)len), len);
		CHECK_NUMBER(ftp_finish(&c[i]), 226);
		EXPECT(&c[i], 221, "QUIT");
		ftp_close(&c[i]);
	}
	for (int i = 0; i < SESSIONS; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/home/%s/f%d",
			i % 2 == 0 ? "anna" : "bert", i);
		int len = snprintf(text, sizeof(text), "before after %d", i);
		CHECK_SAYS(files_same(path, text, (size_t)len), "%s", path);
		CHECK_NUMBER(logged_times(0, "* upload of \"%s\" as ASCII "
			"complete, %d bytes *", path, len), 1);
	}
	check_ended(SESSIONS);
	server_stop(&s);
}

/* Other certificates need another keeper. */
static void
configure(int64_t i)
{
	char text[512];

	snprintf(text, sizeof(text), "[auth]\nfailed_login_delay = 0\n"
		"[limits]\nban_after = 0\nbans_file =\nidle_timeout = %d\n"
		"[server]\nmin_spare_workers = 2\n"
		"[tls]\ncertificate = " CERTS "%s.pem\n",
		300 + (int)(i % 7), i % 4 < 2 ? "ec" : "rsa");
	CHECK(files_write_text(SERVER_CONFIG, text));
}

struct master {
	pid_t pid;
	size_t most;		/* descriptors */
};

static bool
has_closed_the_rest(void *context)
{
	const struct master *m = context;

	return procs_open(m->pid) <= m->most;
}

/* One process of each kind, and the spare workers. */
static void
settle(void)
{
	static const struct {
		const char *name;
		size_t count;
	} kinds[] = {
		{ PROCS_RECORDER, 1 }, { PROCS_KEEPER, 1 },
		{ "sureftpd-run", 1 }, { "sureftpd-quota", 1 },
		{ PROCS_GREETER, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		CHECK_SAYS(procs_wait_for_count(kinds[i].name, kinds[i].count,
			10000), "%zu processes %s", procs_list(kinds[i].name,
			NULL, 0), kinds[i].name);
	CHECK(procs_settle());
}

/* A worker that has just ended may still have a descriptor. */
static void
check_wear(struct master *m, int64_t before)
{
	settle();
	CHECK_SAYS(wait_until(has_closed_the_rest, m, 5000),
		"%zu descriptors, not %zu", procs_open(m->pid), m->most);
	int64_t after = memory(m->pid);
	printf("master: at most %zu descriptors, %" PRId64 " to %" PRId64
		" KiB\n", m->most, before, after);
#ifndef SANDBOX_SANITIZED
	CHECK(after <= before + ALLOWANCE);
#endif
}

static void
change(const struct server *s, int64_t i)
{
	struct ctl_result r;

	configure(i / 2);
	if (i % 2 == 0)
		CHECK_NUMBER(CTL(&r, "reload"), 0);
	else
		upgrade(s);
}

/* One session stays through all changes; others come and go. */
static void
test_changes(void)
{
	int64_t number = how_many("SUREFTPD_CHANGES", CHANGES);
	struct ftp stays, visitor;
	struct server s;

	ftps_certs_write();
	configure(0);
	if (!SERVER(&s, "limits.max_per_ip=0", "events.on_login=/bin/true",
	    "quota.quota_bytes=100M"))
		return;
	/* The first reload and upgrade touch what was not touched before. */
	for (int64_t i = 0; i < 4; i++)
		change(&s, i);
	settle();
	struct master master = { s.pid, procs_open(s.pid) + 1 };
	int64_t before = memory(s.pid);
	ftp_enter(&stays, "anna");
	for (int64_t i = 0; i < number; i++) {
		change(&s, i);
		if (ftp_enter(&visitor, "bert"))
			CHECK_NUMBER(ftp_put(&visitor, "x", 1, "STOR f"), 226);
		EXPECT(&visitor, 221, "QUIT");
		ftp_close(&visitor);
		CHECK_NUMBER(ftp_put(&stays, "y", 1, "STOR g"), 226);
	}
	EXPECT(&stays, 221, "QUIT");
	ftp_close(&stays);
	check_wear(&master, before);
	check_ended((size_t)number + 1);
	CHECK_NUMBER(logged_times(0, "* user=anna upload of *"), number);
	CHECK_NUMBER(logged_times(0, "* user=bert upload of *"), number);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "thousands of connections", test_connects },
	{ "reload, upgrade and a killed recorder during 50 transfers",
		test_transfers },
	{ "many reloads and upgrades", test_changes },
	CU_TEST_INFO_NULL,
};
