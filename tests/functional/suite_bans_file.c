/*
 * suite_bans_file.c - bans across restarts of the server.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "bans_file";

#define OFFICE "127.0.0.9"

static struct ctl_result r;

/* Fail to log in from there, in a connection of its own, with the n-th password
 * that nobody has. */
static void
fail(int n)
{
	char password[32];
	struct ftp c;

	snprintf(password, sizeof(password), "guess %d", n);
	if (ftp_connect_to(&c, FTP_HOST, OFFICE) == 220)
		CHECK_NUMBER(ftp_login(&c, "anna", password), 530);
	ftp_close(&c);
}

#define BANS_FILE "/run/world/bans"
#define OTHER_FILE BANS_FILE ".other"
#define WITH_FILE "limits.bans_file=" BANS_FILE, "limits.ban_after=2"

/* They are kept across a restart, and a crash. */
static void
test_restart(void)
{
	struct server s;

	unlink(BANS_FILE);
	if (!SERVER(&s, WITH_FILE))
		return;
	fail(1);
	fail(2);
	CHECK_LOGGED(0, "* banned " OFFICE " for 10m: too many failures");
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24", "7d", "why not"), EX_OK);
	server_stop(&s);
	CHECK(files_exist(BANS_FILE));
	if (!SERVER(&s, WITH_FILE))
		return;
	CHECK(!ftp_is_greeted(OFFICE));
	CHECK(!ftp_is_greeted("127.0.7.1"));
	CHECK_NUMBER(CTL(&r, "bans"), EX_OK);
	CHECK_HAS(ctl_line_with(r.out, "127.0.7.0/24"), "why not");
	CHECK_HAS(ctl_line_with(r.out, OFFICE), "server");
	CHECK_NUMBER(CTL(&r, "unban", OFFICE), EX_OK);
	server_stop(&s);
	if (!SERVER(&s, WITH_FILE))
		return;
	CHECK(ftp_is_greeted(OFFICE));
	CHECK(!ftp_is_greeted("127.0.7.1"));
	server_stop(&s);
}

/* What failed before a restart counts after it, and so do former bans. */
static void
test_failures_kept(void)
{
	struct server s;

	unlink(BANS_FILE);
	if (!SERVER(&s, WITH_FILE))
		return;
	fail(1);
	server_stop(&s);
	CHECK_FILE(BANS_FILE, OFFICE " failures 1000000 ");
	for (int i = 2; i < 4 && SERVER(&s, WITH_FILE, "limits.ban_time=1");
	    i++) {
		CHECK(ftp_is_greeted(OFFICE));
		fail(2 * i);
		fail(2 * i + 1);
		CHECK_LOGGED(0, "* banned " OFFICE " for %ds: *", i - 1);
		CHECK_LOGGED(0, "* ban of " OFFICE " lifted: expired");
		server_stop(&s);
	}
}

/* A running server writes the file by itself. */
static void
test_written(void)
{
	struct server s;

	unlink(BANS_FILE);
	if (!SERVER(&s, WITH_FILE))
		return;
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24"), EX_OK);
	for (int i = 0; i < 100 && !files_exist(BANS_FILE); i++)
		usleep(50000);
	CHECK(files_exist(BANS_FILE));
	server_stop(&s);
}

/* A reload or an upgrade sets another file: what that contains is in effect,
 * and after a restart all bans are. */
static void
set_other_file(const char *order)
{
	struct server s;

	unlink(BANS_FILE);
	CHECK(files_write_text(SERVER_CONFIG, "[limits]\n"
		"bans_file = " BANS_FILE "\n"));
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24"), EX_OK);
	CHECK_FILE(BANS_FILE, "127.0.7.0/24 never manual ");
	CHECK(files_write_text(OTHER_FILE, "# bans of sureftpd, version 1\n"
		"127.0.7.0/24 4000000000 automatic x\n"
		"127.0.8.1 never manual x\n"));
	CHECK(files_write_text(SERVER_CONFIG, "[limits]\n"
		"bans_file = " OTHER_FILE "\n"));
	CHECK_NUMBER(CTL(&r, order), EX_OK);
	CHECK(!ftp_is_greeted("127.0.8.1"));
	server_stop(&s);
	CHECK_FILE(OTHER_FILE, "127.0.7.0/24 never manual ");
	CHECK_FILE(OTHER_FILE, "127.0.8.1 never manual ");
	unlink(OTHER_FILE);
}

static void
test_other_file(void)
{
	set_other_file("reload");
	set_other_file("upgrade");
}

/* A file that is not as it was written is ignored as a whole. */
static void
test_broken_file(void)
{
	static const char *const broken[] = {
		"", "127.0.0.1 never manual x\n",
		"# bans of sureftpd, version 2\n",
		"# bans of sureftpd, version 1\n127.0.0.1 never manual x",
		"# bans of sureftpd, version 1\n127.0.0.1 never manual x\n\n",
		"# bans of sureftpd, version 1\n127.0.0.1 never manual x\n"
		"127.0.0.1/8 never manual x\n",
		"# bans of sureftpd, version 1\n127.0.0.1 -1 manual x\n",
		"# bans of sureftpd, version 1\n127.0.0.1 never x y\n",
		"# bans of sureftpd, version 1\n"
		"127.0.0.1 99999999999999999999 manual x\n",
		"# bans of sureftpd, version 1\n127.0.0.1 never manual x\n"
		"127.0.0.1 failures 1 2 3\n",
	};
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		CHECK(files_write_text(BANS_FILE, broken[i]));
		if (!SERVER(&s, WITH_FILE))
			return;
		CHECK_LOGGED(0, "error bans_file " BANS_FILE ": line * is "
			"invalid; the file is ignored");
		CHECK(ftp_is_greeted("127.0.0.1"));
		server_stop(&s);
	}
	unlink(BANS_FILE);
	if (!SERVER(&s, "limits.bans_file=/run/world/nowhere/bans"))
		return;
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24"), EX_OK);
	CHECK_LOGGED(0, "error bans_file /run/world/nowhere/bans: cannot be "
		"written*");
	CHECK(!ftp_is_greeted("127.0.7.1"));
	/* The next attempt is at the end, if not before. */
	CHECK(mkdir("/run/world/nowhere", 0755) == 0);
	server_stop(&s);
	CHECK_FILE("/run/world/nowhere/bans", "127.0.7.0/24 never manual ");
}

/* Written while the clock was years ahead. */
static void
test_far_end(void)
{
	struct server s;

	CHECK(files_write_text(BANS_FILE, "# bans of sureftpd, version 1\n"
		OFFICE " 7000000000 automatic too many failures\n"
		"127.0.7.1 7000000000 manual for long\n"));
	if (!SERVER(&s, WITH_FILE, "limits.max_ban_time=1"))
		return;
	CHECK_LOGGED(0, "* ban of " OFFICE " lifted: expired");
	CHECK(ftp_is_greeted(OFFICE));
	CHECK(!ftp_is_greeted("127.0.7.1"));
	server_stop(&s);
}

/* As many as there may be: a further one ends the one that would end first, and
 * that is an event, for instance for a command that keeps a firewall's list. */
#define FULL 1024

static void
write_bans(int count, const char *kind)
{
	int64_t hour_from_now = clock_wall_ns() / 1000000000 + 3600;
	static char storage[2 * FULL * 64];
	struct buffer text;

	buffer_init(&text, storage, sizeof(storage));
	buffer_add_text(&text, "# bans of sureftpd, version 1\n");
	for (int i = 0; i < count; i++)
		buffer_addf(&text, "127.1.%d.%d %" PRId64 " %s too many "
			"failures\n", i / 256, i % 256, hour_from_now + i,
			kind);
	CHECK(files_write(BANS_FILE, text.data, text.len));
}

static void
test_full(void)
{
	struct server s;

	write_bans(FULL, "automatic");
	if (!SERVER(&s, WITH_FILE))
		return;
	CHECK(!ftp_is_greeted("127.1.0.0"));
	fail(1);
	fail(2);
	CHECK_LOGGED(0, "* banned " OFFICE " for *: too many failures");
	CHECK_LOGGED(0, "* ban of 127.1.0.0 lifted: too many bans");
	CHECK(ftp_is_greeted("127.1.0.0"));
	CHECK(!ftp_is_greeted("127.1.0.1"));
	/* One that is there already pushes none out. */
	CHECK_NUMBER(CTL(&r, "ban", "127.1.0.2"), EX_OK);
	CHECK(!ftp_is_greeted("127.1.0.1"));
	CHECK_NUMBER(logged_times(0, "* lifted: *"), 1);
	server_stop(&s);
}

/* Bans of administrators are not ended for others: those that have no room are
 * counted in the log. */
static void
test_full_of_manual(void)
{
	struct server s;

	write_bans(FULL + 2, "manual");
	if (!SERVER(&s, WITH_FILE))
		return;
	CHECK_LOGGED(0, "error bans_file " BANS_FILE ": too many bans, not "
		"added: 2");
	CHECK_NUMBER(logged_times(0, "*is invalid*"), 0);
	CHECK(!ftp_is_greeted("127.1.3.255"));
	CHECK(ftp_is_greeted("127.1.4.0"));
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "bans are kept across a restart", test_restart },
	{ "failures are kept as well", test_failures_kept },
	{ "the file is written by the running server", test_written },
	{ "another file after a reload or an upgrade", test_other_file },
	{ "a broken file is ignored", test_broken_file },
	{ "an end that is far away", test_far_end },
	{ "a full table", test_full },
	{ "a table full of bans by administrators", test_full_of_manual },
	CU_TEST_INFO_NULL,
};
