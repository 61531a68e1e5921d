/*
 * suite_radius_attributes.c - what the attributes of a RADIUS server's answer
 * do to a session.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/radius_world.h"

#include <sys/stat.h>

const char *const functional_name = "radius_attributes";

#define VIRT (&radius_users[RADIUS_VIRT])

/* P22: a missing home directory. */
static void
test_missing_home(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	check_refused("bert", "pw-3", "the RADIUS server's answer has no home "
		"directory (home_attribute)");
	server_stop(&s);
	if (!SERVER(&s, RADIUS_ON, "radius.require_home=no"))
		return;
	if (radius_enter(&c, "bert", "pw-3")) {
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "\"/home/bert\"");
	}
	ftp_close(&c);
	server_stop(&s);
	/* P21: another number: nothing has it. */
	if (!SERVER(&s, RADIUS_ON, "radius.home_attribute=583:1"))
		return;
	check_refused("virt", "pw-1", "the RADIUS server's answer has no home "
		"directory (home_attribute)");
	server_stop(&s);
	radius_stop(radius);
}

/* Home directories that no server should send. */
static void
test_bad_homes(void)
{
	static const struct { const char *home, *reason; } bad[] = {
		{ "home/virt", "the home directory in the RADIUS server's "
			"answer is not an absolute path without .." },
		{ "/home/virt/../anna", "the home directory in the RADIUS "
			"server's answer is not an absolute path without .." },
		{ "/home/virt/..", "the home directory in the RADIUS server's "
			"answer is not an absolute path without .." },
		{ "/home/\nvirt", "the RADIUS server's answer has an invalid "
			"home_attribute (control character)" },
		{ "/home/none", "cannot enter the home directory /home/none: "
			"No such file or directory" },
		{ "/root", "cannot enter the home directory /root: "
			"Permission denied" },
	};
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		radius_prepare();
		VIRT->len = 0;
		radius_text(VIRT, RADIUS_PWP, 1, bad[i].home);
		pid_t radius = radius_serve(1812, RADIUS_GOOD);
		if (!SERVER(&s, RADIUS_ON, "session.jail=no"))
			return;
		check_refused("virt", "pw-1", bad[i].reason);
		server_stop(&s);
		radius_stop(radius);
	}
}

/* P5: a part of the home directory, which nobody leaves. */
static void
test_subdirectory(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	mkdir("/home/virt/part", 0755);
	mkdir("/home/virt/part/virt", 0755);
	files_write_text("/home/virt/secret", "x");
	CHECK(symlink("/home/anna", "/home/virt/link") == 0);
	CHECK(symlink("part", "/home/virt/inside") == 0);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.root_subdir=part/%u",
		"session.jail=no"))
		return;
	if (radius_enter(&c, "virt", "pw-1")) {
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "\"/\"");
		EXPECT(&c, 550, "SIZE ../../secret");
		EXPECT(&c, 550, "CWD /home/virt");
		CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=virt "
			"login, home directory \"/home/virt/part/virt\", "
			"jail \"/home/virt/part/virt\"");
	}
	ftp_close(&c);
	server_stop(&s);
	static const struct { const char *option, *error; } bad[] = {
		{ "radius.root_subdir=link", "Too many levels of symbolic "
			"links" },
		{ "radius.root_subdir=inside", "Too many levels of symbolic "
			"links" },
		{ "radius.root_subdir=none", "No such file or directory" },
		{ "radius.root_subdir=secret", "Not a directory" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (!SERVER(&s, RADIUS_ON, bad[i].option))
			return;
		char reason[200];
		snprintf(reason, sizeof(reason), "cannot enter the jail "
			"/home/virt/%s: %s", strchr(bad[i].option, '=') + 1,
			bad[i].error);
		check_refused("virt", "pw-1", reason);
		server_stop(&s);
	}
	radius_stop(radius);
}

/* Session-Timeout, Idle-Timeout. */
static void
test_times(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	radius_number(VIRT, 0, 27, 2);
	radius_number(&radius_users[RADIUS_ANNA], 0, 28, 1);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	int64_t began = clock_ms();
	if (radius_enter(&c, "virt", "pw-1")) {
		EXPECT_REPLY(&c, 421);
		CHECK_HAS(c.text, "Session time limit reached.");
		CHECK(clock_ms() - began >= 1900 && clock_ms() - began < 4000);
	}
	ftp_close(&c);
	began = clock_ms();
	if (radius_enter(&c, "anna", "pw-2")) {
		EXPECT_REPLY(&c, 421);
		CHECK(clock_ms() - began >= 900 && clock_ms() - began < 3000);
	}
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* Filter-Id is the name of a [group]. */
static void
test_group(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	radius_text(VIRT, 0, 11, "readers");
	radius_text(&radius_users[RADIUS_ANNA], 0, 11, "no-such-group");
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "group.readers.permissions=elr",
		"group.readers.map_uid=7001"))
		return;
	if (radius_enter(&c, "virt", "pw-1"))
		EXPECT(&c, 550, "MKD made");
	ftp_close(&c);
	if (radius_enter(&c, "anna", "pw-2"))
		EXPECT(&c, 257, "MKD made");
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* P6: the quota of the answer, in units of 1,000,000 bytes, before that of the
 * settings. */
static void
test_quota(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	radius_number(VIRT, RADIUS_PWP, 5, 1);
	radius_number(&radius_users[RADIUS_ANNA], RADIUS_PWP, 5, 0);
	radius_number(&radius_users[RADIUS_BERT], RADIUS_PWP, 5, 600000);
	radius_text(&radius_users[RADIUS_BERT], RADIUS_PWP, 1, "/home/bert");
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	char *data = files_pattern(600000);
	if (!SERVER(&s, RADIUS_ON, "quota.quota_bytes=500000",
		"quota.quota_count="))
		return;
	if (radius_enter(&c, "virt", "pw-1")) {
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_put(&c, data, 600000, "STOR a"), 226);
		CHECK_NUMBER(ftp_put(&c, data, 600000, "STOR b"), 552);
		CHECK_NUMBER(ftp_put(&c, data, 400000, "STOR b"), 226);
	}
	ftp_close(&c);
	/* 0 is none. */
	if (radius_enter(&c, "anna", "pw-2")) {
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_put(&c, data, 600000, "STOR a"), 226);
		CHECK_NUMBER(ftp_put(&c, data, 600000, "STOR b"), 226);
	}
	ftp_close(&c);
	server_stop(&s);
	/* In bytes. */
	if (!SERVER(&s, RADIUS_ON, "radius.quota_unit=1", "quota.quota_count="))
		return;
	if (radius_enter(&c, "bert", "pw-3")) {
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_put(&c, data, 599999, "STOR a"), 226);
		CHECK_NUMBER(ftp_put(&c, data, 600001, "STOR a"), 552);
	}
	ftp_close(&c);
	free(data);
	server_stop(&s);
	radius_stop(radius);
}

/* Rates, by the attributes that WISPr defines. */
static void
test_rates(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	radius_prepare();
	radius_number(VIRT, 14122, 8, 8 * 100 * 1024);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	char *data = files_pattern(200 * 1024);
	files_write("/home/virt/f", data, 200 * 1024);
	CHECK(chmod("/home/virt/f", 0644) == 0);
	if (!SERVER(&s, RADIUS_ON, "radius.download_rate_attribute=14122:8"))
		return;
	if (radius_enter(&c, "virt", "pw-1")) {
		EXPECT(&c, 200, "TYPE I");
		int64_t began = clock_ms();
		char *got = ftp_get(&c, &len, "RETR f");
		CHECK_NUMBER(c.code, 226);
		CHECK_NUMBER(len, 200 * 1024);
		/* The bucket may be full at first. */
		CHECK(clock_ms() - began > 900 && clock_ms() - began < 6000);
		free(got);
	}
	ftp_close(&c);
	free(data);
	server_stop(&s);
	radius_stop(radius);
}

/* An attribute of the wrong form refuses the login; unknown ones do not. */
static void
test_malformed(void)
{
	static const struct { uint32_t vendor; uint8_t type; const char *name; }
	    numbers[] = { { 0, 27, "Session-Timeout" },
		{ 0, 28, "Idle-Timeout" }, { RADIUS_PWP, 5, "quota_attribute" },
		{ 0, 85, "Acct-Interim-Interval" } };
	struct server s;
	char reason[200];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		radius_prepare();
		radius_text(VIRT, numbers[i].vendor, numbers[i].type, "123");
		radius_text(&radius_users[RADIUS_ANNA], 9, numbers[i].type,
			"123");
		radius_text(&radius_users[RADIUS_ANNA], 0, 250, "123");
		radius_add(&radius_users[RADIUS_ANNA], 0, 26, "abc", 3);
		pid_t radius = radius_serve(1812, RADIUS_GOOD);
		if (!SERVER(&s, RADIUS_ON))
			return;
		snprintf(reason, sizeof(reason), "the RADIUS server's answer "
			"has an invalid %s (not a number)", numbers[i].name);
		check_refused("virt", "pw-1", reason);
		CHECK_NUMBER(ftp_try_login("anna", "pw-2"), 230);
		server_stop(&s);
		radius_stop(radius);
	}
}

/* The server's message in the 530; it is escaped, and no line of it can be
 * another reply. */
static void
test_reject_message(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	pid_t radius = radius_start("127.0.0.1", 1812, RADIUS_GOOD,
		radius_users, RADIUS_USERS, "Your account\r\n230 is \x1b[1m"
		"closed.");
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "virt", "wrong"), 530);
	CHECK_TEXT(c.text, "530-Your account\n530 230 is \\x1B[1mclosed.");
	/* Not of the attempt before. */
	CHECK_NUMBER(ftp_login(&c, "virt", ""), 530);
	CHECK_TEXT(c.text, "530 Login incorrect.");
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

CU_TestInfo functional_tests[] = {
	{ "P22: a missing home directory is refused", test_missing_home },
	{ "home directories that are refused", test_bad_homes },
	{ "P5: root_subdir", test_subdirectory },
	{ "Session-Timeout, Idle-Timeout", test_times },
	{ "Filter-Id is a group", test_group },
	{ "P6: the quota", test_quota },
	{ "rates", test_rates },
	{ "attributes of the wrong form", test_malformed },
	{ "Reply-Message in the 530", test_reject_message },
	CU_TEST_INFO_NULL,
};
