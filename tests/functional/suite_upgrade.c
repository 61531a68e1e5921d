/*
 * suite_upgrade.c - the running program is replaced by another one; sessions
 * and counters go on.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

const char *const functional_name = "upgrade";

#define UPGRADED "info restarted in place, version *"
#define OTHER	 "/run/other"
#define BIG	 (8 << 20)

static struct ctl_result r;

/* By the administrator's program, which waits for the end. */
static bool
upgrade(const struct server *s)
{
	size_t mark = logged_mark();

	CTL(&r, "upgrade");
	return CHECK_SAYS(r.status == 0, "%s%s: %.600s", r.out, r.err,
		server_log()) && CHECK_HAS(r.out, "Upgraded; ") &&
	    CHECK_LOGGED(mark, UPGRADED) && CHECK(kill(s->pid, 0) == 0) &&
	    CHECK_NUMBER(procs_wait_for_count(PROCS_MASTER, 1, 3000), true);
}

/* The line of who about this session; valid until the next one. */
static const char *
who(const char *user)
{
	static char line[1024];

	CTL(&r, "who");
	snprintf(line, sizeof(line), "%s", ctl_line_with(r.out, user));
	return line;
}

/* The session number, the first word. */
static int
number_of(const char *line)
{
	int number = 0;

	for (line += strspn(line, " "); *line >= '0' && *line <= '9'; line++)
		number = 10 * number + (*line - '0');
	return number;
}

static bool
has_left(void *user)
{
	return *who((const char *)user) == '\0';
}

static void
test_idle_sessions(void)
{
	struct server s;
	struct ftp anna, bert, new;

	if (!SERVER(&s) || !ftp_enter(&anna, "anna") ||
	    !ftp_enter(&bert, "bert"))
		return;
	int first = number_of(who("anna")), second = number_of(who("bert"));
	CHECK(first > 0 && second > first);
	if (!upgrade(&s))
		return;
	CHECK_NUMBER(number_of(who("anna")), first);
	CHECK_NUMBER(number_of(who("bert")), second);
	EXPECT(&anna, 200, "NOOP");
	CHECK_NUMBER(ftp_put(&anna, "x", 1, "STOR f"), 226);
	EXPECT(&anna, 221, "QUIT");
	ftp_close(&anna);
	CHECK(wait_until(has_left, (void *)(uintptr_t)"anna",
		5000));
	CHECK(ftp_enter(&new, "anna"));
	CHECK_NUMBER(number_of(who("anna")), second + 1);
	ftp_close(&new);
	ftp_close(&bert);
	server_stop(&s);
}

/* One that has said USER only: its PASS is answered by the new program. */
static void
test_login_across(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER anna");
	CHECK(upgrade(&s));
	EXPECT(&c, 230, "PASS anna-pass");
	CHECK(number_of(who("anna")) > 0);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_transfers(void)
{
	struct server s;
	struct ftp down, up;
	char *data = files_pattern(BIG);
	char *got = calloc(1, BIG);

	if (!SERVER(&s) || !ftp_enter(&down, "anna") ||
	    !ftp_enter(&up, "bert"))
		return;
	CHECK(files_write_as("anna", "/home/anna/big", data, BIG));
	EXPECT(&down, 200, "TYPE I");
	EXPECT(&up, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&down, "RETR big"), 150);
	CHECK_NUMBER(ftp_start(&up, "STOR big"), 150);
	size_t read = ftp_data_read(&down, got, 65536);
	size_t sent = ftp_data_send(&up, data, BIG / 2);
	CHECK(upgrade(&s));
	while (read < BIG) {
		size_t n = ftp_data_read(&down, got + read, BIG - read);
		if (n == 0)
			break;
		read += n;
	}
	CHECK_NUMBER(ftp_finish(&down), 226);
	CHECK(read == BIG && memcmp(got, data, BIG) == 0);
	sent += ftp_data_send(&up, data + sent, BIG - sent);
	CHECK(sent == BIG && ftp_finish(&up) == 226);
	CHECK(files_same("/home/bert/big", data, BIG));
	ftp_close(&down);
	ftp_close(&up);
	server_stop(&s);
	free(data);
	free(got);
}

/* The session's greeter, its tickets and the new keeper. */
static void
test_tls(void)
{
	struct server s;
	struct ftps old, new;
	size_t len;

	ftps_init(&old);
	ftps_init(&new);
	if (!FTPS_SERVER(&s) || !ftps_enter(&old, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&old.c, "one", 3, "STOR f"), 226);
	CHECK(upgrade(&s));
	CHECK_NUMBER(ftp_put(&old.c, "two!", 4, "STOR f"), 226);
	CHECK(ftps_enter(&new, "anna"));
	char *text = ftp_get(&new.c, &len, "RETR f");
	CHECK(text != NULL && strcmp(text, "two!") == 0);
	free(text);
	EXPECT(&old.c, 221, "QUIT");
	ftp_close(&old.c);
	ftp_close(&new.c);
	server_stop(&s);
}

static void
test_limits(void)
{
	struct server s;
	struct ftp c[2], more;

	if (!SERVER(&s, "limits.max_per_ip=2") || !ftp_enter(&c[0], "bert") ||
	    !ftp_enter(&c[1], "anna"))
		return;
	CHECK_NUMBER(ftp_connect(&more), 421);
	ftp_close(&more);
	CHECK(upgrade(&s));
	CHECK_NUMBER(ftp_connect(&more), 421);
	ftp_close(&more);
	EXPECT(&c[0], 221, "QUIT");
	ftp_close(&c[0]);
	CHECK(wait_until(has_left, (void *)(uintptr_t)"bert", 5000));
	CHECK(ftp_enter(&more, "bert"));
	ftp_close(&more);
	ftp_close(&c[1]);
	server_stop(&s);
}

/* Failures from before count, and so do bans. */
static void
test_bans(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.ban_after=3"))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "wrong"), 530);
	CHECK_NUMBER(ftp_try_login("anna", "bad"), 530);
	CHECK(upgrade(&s));
	CHECK_NUMBER(ftp_try_login("anna", "false"), 530);
	CHECK_LOGGED(0, "* banned 127.0.0.1 for *");
	for (int i = 0; i < 2; i++) {
		CHECK(ftp_connect(&c) != 220);
		ftp_close(&c);
		CHECK(upgrade(&s));
	}
	server_stop(&s);
}

static void
test_signal(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	struct proc all[32];
	size_t mark = logged_mark(), count = procs_list(NULL, all, 32);
	/* As a service manager sends it to all processes of a service. */
	while (count-- > 0)
		CHECK(kill(all[count].pid, SIGUSR2) == 0);
	CHECK_LOGGED(mark, UPGRADED);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* The program at the path is this one now. */
static bool
install(const char *path)
{
	return CHECK(mount(path, WORLD_SERVER, NULL, MS_BIND, NULL) == 0);
}

static void
uninstall(void)
{
	CHECK(umount2(WORLD_SERVER, MNT_DETACH) == 0);
}

static void
write_program(const char *text, mode_t mode)
{
	unlink(OTHER);
	CHECK(files_write_text(OTHER, text));
	CHECK(chmod(OTHER, mode) == 0);
}

/* The upgrade fails for this reason, and everything continues. */
static void
check_kept(const struct server *s, struct ftp *c, const char *reason)
{
	size_t mark = logged_mark();

	CTL(&r, "upgrade");
	CHECK_SAYS(r.status == 78, "%d: %s", r.status, r.err);
	CHECK_HAS(r.err, "upgrade failed, continuing");
	CHECK_LOGGED(mark, "error cannot upgrade to " WORLD_SERVER "%s",
		reason);
	CHECK_NUMBER(logged_times(mark, UPGRADED), 0);
	CHECK(kill(s->pid, 0) == 0);
	EXPECT(c, 200, "NOOP");
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
}

static void
test_bad_programs(void)
{
	static const struct {
		const char *path;
		mode_t mode;
		const char *reason;
	} rows[] = {
		{ OTHER, 0755, "*Exec format error" },
		{ OTHER, 0644, "*Permission denied" },
		{ OTHER, 0777, ": it must be a file that is owned by root and "
			"writable by root only" },
		{ "/bin/true", 0, "*it does not report that it can continue" },
		{ "/bin/false", 0, "*it does not report that it can continue" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].mode != 0)
			write_program("This is no program.\n", rows[i].mode);
		if (install(rows[i].path))
			check_kept(&s, &c, rows[i].reason);
		uninstall();
	}
	CHECK(upgrade(&s));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_bad_settings(void)
{
	struct server s;
	struct ftp c;

	files_write_text(SERVER_CONFIG, "[limits]\nmax_clients = 10\n");
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_text(SERVER_CONFIG, "[limits]\nmax_clients = many\n");
	check_kept(&s, &c, "*max_clients must be *");
	files_write_text(SERVER_CONFIG, "[limits]\nmax_clients = 10\n");
	CHECK(upgrade(&s));
	ftp_close(&c);
	server_stop(&s);
}

/* Another program's state. */
static void
test_other_format(void)
{
	static const char *const arguments[] = { "--continue-from", "0/1",
		NULL };

	ctl_run_program(&r, WORLD_SERVER, NULL, arguments);
	CHECK(r.status == 70);
	CHECK_HAS(r.out, "it cannot continue from the state of the running "
		"program");
}

struct open {
	pid_t pid;
	size_t count;
};

static bool
has_as_many(void *context)
{
	const struct open *o = context;

	return procs_open(o->pid) == o->count;
}

static void
test_again_and_again(void)
{
	struct open first = { 0 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	int number = number_of(who("anna"));
	for (int i = 0; i < 20 && upgrade(&s); i++) {
		EXPECT(&c, 200, "NOOP");
		CHECK(procs_settle());
		if (i == 0)
			first = (struct open){ s.pid, procs_open(s.pid) };
	}
	CHECK_SAYS(wait_until(has_as_many, &first, 5000),
		"%zu descriptors, not %zu", procs_open(s.pid), first.count);
	CHECK_NUMBER(number_of(who("anna")), number);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "idle sessions continue", test_idle_sessions },
	{ "a login continues", test_login_across },
	{ "transfers continue", test_transfers },
	{ "sessions with TLS continue", test_tls },
	{ "sessions are still counted", test_limits },
	{ "failures and bans stay", test_bans },
	{ "SIGUSR2", test_signal },
	{ "what is no server is not started", test_bad_programs },
	{ "nor one that its settings would stop", test_bad_settings },
	{ "nor one with another state", test_other_format },
	{ "twenty times", test_again_and_again },
	CU_TEST_INFO_NULL,
};
