/*
 * suite_top.c - sureftpctl top on a terminal: what it shows, its keys, and
 * escaping of names.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/terminal.h"

#include <signal.h>
#include <sysexits.h>

const char *const functional_name = "top";

#define FILE_SIZE (16 << 20)

static const char *const top[] = { "top", NULL };
static const char *const vt100[] = { "TERM=vt100", NULL };

static struct terminal t;
static struct ctl_result r;

static bool
start(const char *const *environment)
{
	return CHECK(terminal_prepare()) &&
		CHECK(terminal_start(&t, 24, 150, environment, top));
}

static void
quit(void)
{
	terminal_type(&t, "q");
	CHECK_NUMBER(terminal_end(&t), EX_OK);
	CHECK(!t.strange);
}

#define SHOWS(text) shows(__LINE__, (text))

static void
shows(int line, const char *text)
{
	CHECK_SAYS(terminal_shows(&t, text), "line %d: \"%s\" does not come; "
		"the screen begins with\n%.100s\n%.100s\n%.100s", line, text,
		t.screen[0], t.screen[2], t.screen[4]);
}

static void
read_part(struct ftp *c, size_t part)
{
	static char data[65536];

	for (size_t got = 0, n = 1; got < part && n > 0; got += n)
		n = ftp_data_read(c, data, sizeof(data));
}

static void
test_sessions(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s) || !ftp_enter(&a, "anna") || !start(vt100))
		return;
	SHOWS("sureftpd " PACKAGE_VERSION ", up ");
	SHOWS("1 sessions, 0 downloads, 0 uploads");
	SHOWS("SESSION ACCOUNT      CLIENT           FOR    RATE");
	SHOWS("anna         127.0.0.1");
	SHOWS("q quit  s sort");
	CHECK(terminal_shows_at(&t, "idle", 4));
	/* The next one comes by itself, and goes. */
	CHECK(ftp_enter(&b, "bert"));
	SHOWS("bert         127.0.0.1");
	SHOWS("2 sessions");
	ftp_close(&a);
	CHECK(terminal_lacks(&t, "anna"));
	ftp_close(&b);
	SHOWS("0 sessions");
	CHECK(!t.colours);
	quit();
	server_stop(&s);
}

static void
test_progress(void)
{
	struct server s;
	struct ftp down, up;
	char *data = files_pattern(FILE_SIZE);

	if (!SERVER(&s) || !ftp_enter(&down, "anna") ||
		!ftp_enter(&up, "bert") || !start(vt100))
		goto out;
	CHECK(files_write("/home/anna/big", data, FILE_SIZE));
	EXPECT(&down, 200, "TYPE I");
	EXPECT(&up, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&down, "RETR big"), 150);
	CHECK_NUMBER(ftp_start(&up, "STOR new"), 150);
	SHOWS("1 downloads, 1 uploads");
	for (int i = 0; i < 20 && terminal_find(&t, "/s ") < 4; i++) {
		read_part(&down, 400000);
		(void)ftp_data_send(&up, data, 200000);
		(void)terminal_shows(&t, "RETR /home/anna/big");
	}
	SHOWS("RETR /home/anna/big");
	SHOWS("STOR /home/bert/new");
	SHOWS("[#");
	SHOWS("%");
	read_part(&down, FILE_SIZE);
	CHECK_NUMBER(ftp_finish(&down), 226);
	CHECK_NUMBER(ftp_finish(&up), 226);
	SHOWS("0 downloads, 0 uploads");
	ftp_close(&down);
	ftp_close(&up);
	quit();
	server_stop(&s);
out:
	free(data);
}

static void
test_keys(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s) || !ftp_enter(&a, "bert") || !ftp_enter(&b, "anna") ||
		!start(vt100))
		return;
	SHOWS("sorted by rate");
	CHECK(terminal_shows_at(&t, "bert ", 4));
	CHECK(terminal_shows_at(&t, "anna ", 5));
	terminal_type(&t, "ss");
	SHOWS("sorted by account");
	CHECK(terminal_shows_at(&t, "anna ", 4));
	CHECK(terminal_shows_at(&t, "bert ", 5));
	terminal_type(&t, "/nobod\x7f\x7f\x7f\x7f\x7f" "ber\r");
	SHOWS("filter: ber");
	CHECK(terminal_lacks(&t, "anna "));
	CHECK(terminal_shows_at(&t, "bert ", 4));
	/* What is not confirmed is not done. */
	terminal_type(&t, "k");
	SHOWS("(y/n)");
	terminal_type(&t, "n");
	CHECK(terminal_lacks(&t, "(y/n)"));
	EXPECT(&a, 200, "NOOP");
	terminal_type(&t, "l");
	SHOWS("Bytes per second");
	terminal_type(&t, "64k\r");
	SHOWS("limit set");
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_HAS(ctl_line(r.out, 0), "\"download_rate\":65536,"
		"\"upload_rate\":65536");
	CHECK_HAS(ctl_line(r.out, 1), "\"download_rate\":0,");
	terminal_type(&t, "l");
	SHOWS("Bytes per second");
	terminal_type(&t, "much\r");
	SHOWS("much: not a number of bytes per second");
	terminal_type(&t, "k");
	SHOWS("(y/n)");
	terminal_type(&t, "y");
	SHOWS(": ended");
	EXPECT_REPLY(&a, 421);
	CHECK(terminal_lacks(&t, "bert "));
	EXPECT(&b, 200, "NOOP");
	quit();
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

static void
test_ban(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter_to(&c, FTP_HOST, "127.0.0.9", "anna") ||
		!start(vt100))
		return;
	SHOWS("anna ");
	terminal_type(&t, "b");
	SHOWS("Ban 127.0.0.9 for");
	terminal_type(&t, "\x1b");
	CHECK(terminal_lacks(&t, "Ban 127.0.0.9 for"));
	EXPECT(&c, 200, "NOOP");
	terminal_type(&t, "b");
	SHOWS("Ban 127.0.0.9 for");
	terminal_type(&t, "\x7f\x7f" "5m\r");
	SHOWS("127.0.0.9 is banned; sessions ended: 1");
	EXPECT_REPLY(&c, 421);
	CHECK_LOGGED(0, "warning banned 127.0.0.9 for 5m: sureftpctl ban");
	quit();
	ftp_close(&c);
	server_stop(&s);
}

static void
test_resize(void)
{
	static struct ftp c[12];
	struct server s;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		CHECK(ftp_enter(&c[i], "anna"));
	if (!start(vt100))
		return;
	SHOWS("12 sessions");
	SHOWS("12      anna ");
	CHECK(terminal_shows_at(&t, "anna ", 4));
	CHECK(strstr(t.screen[15], "anna ") != NULL);
	/* So few lines that not all of them fit; and a few columns. */
	terminal_resize(&t, 8, 40);
	SHOWS("sureftpd");
	CHECK(terminal_shows(&t, "anna "));
	CHECK(terminal_lacks(&t, "COMMAND"));
	for (int y = 8; y < 20; y++)
		CHECK(strspn(t.screen[y], " ") == TERMINAL_COLS);
	for (int y = 0; y < 8; y++)
		CHECK(strspn(t.screen[y] + 40, " ") == TERMINAL_COLS - 40);
	/* The selected one stays on the screen. */
	for (int i = 0; i < 11; i++)
		terminal_type(&t, "\033OB");
	SHOWS("12      anna");
	terminal_resize(&t, 2, 10);
	terminal_resize(&t, 30, 120);
	SHOWS("COMMAND");
	quit();
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		ftp_close(&c[i]);
	server_stop(&s);
}

/* A file's name that is a command to a terminal, in an upload. */
static void
test_hostile(void)
{
	static const char *const utf8[] = { "TERM=vt100", "LC_ALL=C.UTF-8",
		NULL };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 2; i++) {
		CHECK_NUMBER(ftp_start(&c, "STOR \033[2J\033]0;x\a\xc2\x9b"
			"31m\xc3\xbc\xe2\x80\xae"), 150);
		if (!start(i == 0 ? vt100 : utf8))
			return;
		SHOWS("STOR /home/anna/\\x1B[2J\\x1B]0;x\\x07\\xC2\\x9B31m");
		quit();
		CHECK_NUMBER(ftp_finish(&c), 226);
	}
	ftp_close(&c);
	server_stop(&s);
}

static void
test_colours(void)
{
	static const char *const linux_[] = { "TERM=linux", NULL };
	static const char *const without[] = { "TERM=linux", "NO_COLOR=1",
		NULL };
	struct server s;

	if (!SERVER(&s))
		return;
	if (start(linux_)) {
		SHOWS("SESSION");
		CHECK(t.colours);
		terminal_type(&t, "q");
		CHECK_NUMBER(terminal_end(&t), EX_OK);
	}
	if (start(without)) {
		SHOWS("SESSION");
		CHECK(!t.colours);
		terminal_type(&t, "q");
		CHECK_NUMBER(terminal_end(&t), EX_OK);
	}
	server_stop(&s);
}

static void
test_failures(void)
{
	/* ncurses forgets memory when it does not know the terminal. */
	static const char *const unknown[] = { "TERM=nonsense",
		"ASAN_OPTIONS=detect_leaks=0", NULL };
	struct server s;

	CHECK_NUMBER(CTL(&r, "top"), EX_UNAVAILABLE);
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "top"), EX_USAGE);
	CHECK_HAS(r.err, "top needs a terminal");
	if (start(unknown))
		CHECK_NUMBER(terminal_end(&t), EX_USAGE);
	/* The server exits: top reports it, and restores the terminal. */
	if (!start(vt100))
		return;
	SHOWS("SESSION");
	server_stop(&s);
	CHECK_NUMBER(terminal_end(&t), EX_UNAVAILABLE);
	CHECK(terminal_find(&t, "cannot connect to") >= 0);
}

CU_TestInfo functional_tests[] = {
	{ "sessions appear and disappear", test_sessions },
	{ "rates and progress of transfers", test_progress },
	{ "keys: sort, filter, limit, kick", test_keys },
	{ "keys: ban", test_ban },
	{ "a terminal that is resized", test_resize },
	{ "hostile names", test_hostile },
	{ "colours, and NO_COLOR", test_colours },
	{ "no terminal, no server", test_failures },
	CU_TEST_INFO_NULL,
};
