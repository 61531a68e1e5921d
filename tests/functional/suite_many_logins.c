/*
 * suite_many_logins.c - sessions that end in every way give back all that they
 * had: their places in the limits of account and group, their part of the rates
 * that are shared, and their places on the master's board.
 * The variable SUREFTPD_LOGINS sets another number of sessions.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "many_logins";

#define LOGINS 700	/* a leak of every second place fills the board */

/* Rates are shared as soon as two sessions are in them. */
static const char places[] = "[user anna]\nmax_per_user = 3\n"
			     "[group team]\nmax_per_group = 4\n"
			     "max_group_upload_rate = 50M\n";
#define PER_USER  3
#define PER_GROUP 4

static struct ctl_result r;

static void
kill_serving(const char *name)
{
	pid_t pid = procs_serving(name);

	if (CHECK_SAYS(pid > 1, "no %s serves", name))
		kill(pid, SIGKILL);
}

/* --- how a session ends */

static void
end_quit(struct ftp *c)
{
	EXPECT(c, 221, "QUIT");
}

static void
end_closed(struct ftp *c UNUSED)
{
}

static void
end_reset(struct ftp *c)
{
	ftp_reset(c);
}

static void
end_upload(struct ftp *c)
{
	CHECK_NUMBER(ftp_start(c, "STOR f"), 150);
	ftp_data_send(c, "x", 1);
	ftp_reset(c);
}

static void
end_kicked(struct ftp *c)
{
	CHECK_NUMBER(CTL(&r, "kick", "--all"), EX_OK);
	EXPECT_REPLY(c, 421);
}

static void
end_killed_session(struct ftp *c UNUSED)
{
	kill_serving(PROCS_SESSION);
}

static void
end_killed_monitor(struct ftp *c UNUSED)
{
	kill_serving(PROCS_MONITOR);
}

/* Their places and shares go to the next program, and are given back there. */
static void
end_after_upgrade(struct ftp *c)
{
	CHECK_NUMBER(CTL(&r, "upgrade"), EX_OK);
	EXPECT(c, 221, "QUIT");
}

static const struct {
	void (*end)(struct ftp *c);
	int64_t every;		/* logins; the last such row counts */
} ends[] = {
	{ end_quit, 1 },
	{ end_closed, 2 },
	{ end_reset, 3 },
	{ end_upload, 5 },
	{ end_kicked, 11 },
	{ end_killed_session, 13 },
	{ end_killed_monitor, 17 },
};

static bool
nobody_is_here(void *context UNUSED)
{
	return CTL(&r, "who", "--json") == EX_OK && r.out[0] == '\0' &&
	    procs_list(PROCS_SESSION, NULL, 0) == 0;
}

static void
visit(int64_t i, void (*end)(struct ftp *c))
{
	struct ftp c;

	for (size_t k = 0; k < ARRAY_SIZE(ends) && end == NULL; k++) {
		size_t last = ARRAY_SIZE(ends) - 1 - k;
		if (i % ends[last].every == 0)
			end = ends[last].end;
	}
	if (end != NULL && ftp_enter(&c, i / 2 % 2 == 0 ? "anna" : "bert"))
		end(&c);
	ftp_close(&c);
	/* So that the next one is alone, which kill_serving() needs. */
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
}

/* --- what is left */

static int64_t
shared_memory(pid_t pid)
{
	char path[64], target[64];
	int64_t sum = 0;
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);
	if (!CHECK(dir != NULL))
		return -1;
	for (const struct dirent *e = readdir(dir); e != NULL;
	    e = readdir(dir)) {
		ssize_t n = readlinkat(dirfd(dir), e->d_name, target,
			sizeof(target));
		if (n > 7 && strncmp(target, "/memfd:", 7) == 0 &&
		    fstatat(dirfd(dir), e->d_name, &st, 0) == 0)
			sum += st.st_size;
	}
	closedir(dir);
	return sum;
}

struct master {
	pid_t pid;
	int64_t sleeps;
};

/* No rate is shared out any more.  That nothing happens is told by time
 * alone: a round is due every 200 ms. */
static bool
rests(void *context)
{
	struct master *m = context;
	int64_t before = procs_sleeps(m->pid);

	wait_for_time(700);
	m->sleeps = procs_sleeps(m->pid) - before;
	return m->sleeps == 0;
}

static void
check_rests(pid_t pid)
{
	struct master m = { .pid = pid };
	bool good = wait_until(rests, &m, 5000);

	CHECK_SAYS(good, "the master woke up %" PRId64 " times", m.sleeps);
}

/* So many of this account, and no more. */
static void
check_places(const char *account, const char *password, int count)
{
	struct ftp c[PER_GROUP + 1];

	for (int i = 0; i < count; i++)
		CHECK(ftp_enter(&c[i], account));
	CHECK_NUMBER(ftp_try_login(account, password), 530);
	for (int i = 0; i < count; i++) {
		EXPECT(&c[i], 221, "QUIT");
		ftp_close(&c[i]);
	}
	CHECK(wait_until(nobody_is_here, NULL, 5000));
}

static int64_t
how_many(void)
{
	const char *text = getenv("SUREFTPD_LOGINS");
	int64_t number = LOGINS;

	if (text != NULL)
		CHECK(text_number(text, strlen(text), &number) == 0);
	return number;
}

static bool
start(struct server *s)
{
	server_configure(places);
	return SERVER(s, "limits.max_per_ip=0", "server.renew_after_crash=no",
		"limits.max_user_download_rate=50M",
		"limits.max_server_download_rate=50M");
}

static void
check_nothing_left(const struct server *s)
{
	CHECK(wait_until(nobody_is_here, NULL, 5000));
	check_rests(s->pid);
	check_places("anna", "anna-pass", PER_USER);
	check_places("bert", "bert-pass", PER_GROUP);
	check_rests(s->pid);
}

/* The board doubles when it is full, which the next program would hide: it
 * knows only the sessions that are there. */
static void
test_logins(void)
{
	int64_t number = how_many();
	struct server s;

	if (!start(&s))
		return;
	int64_t before = shared_memory(s.pid);
	CHECK(before > 0);
	for (int64_t i = 1; i <= number; i++)
		visit(i, NULL);
	CHECK_NUMBER(shared_memory(s.pid), before);
	check_nothing_left(&s);
	server_stop(&s);
}

static void
test_upgrades(void)
{
	int64_t number = how_many() / 40;
	struct server s;

	if (!start(&s))
		return;
	for (int64_t i = 0; i < number; i++)
		visit(i, end_after_upgrade);
	check_nothing_left(&s);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "hundreds of sessions that end in every way", test_logins },
	{ "sessions that end after an upgrade", test_upgrades },
	CU_TEST_INFO_NULL,
};
