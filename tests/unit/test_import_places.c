/*
 * test_import_places.c - where the server listens and where sessions begin
 * after an import of vsftpd's configuration, and what a user's file says.
 */
#include "common/base.h"

#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <pwd.h>

const char *const unit_name = "import_places";

/* The verdict for a line; IMPORT_VERDICTS if there is none. */
static enum import_verdict
verdict_at(const struct import *i, const char *file, int line)
{
	for (size_t n = 0; n < i->report.count; n++) {
		const struct report_entry *e = &i->report.entries[n];
		if (e->line == line && strcmp(e->file, file) == 0)
			return e->verdict;
	}
	return IMPORT_VERDICTS;
}

/* vsftpd ignores a local_root that does not exist, unless it is the jail. */
static void
test_missing_root(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nlocal_root=/no/such/place\n");
	imported_expect(&i, "session", "start_dir", "/no/such/place");
	imported_expect(&i, "session", "allow_missing_start_dir", "yes");
	import_free(&i);
	imported(&i, "local_enable=YES\nlocal_root=/no/such/place\n"
		"chroot_local_user=YES\n");
	imported_expect(&i, "session", "jail", "/no/such/place");
	imported_expect(&i, "session", "start_dir", "/");
	import_free(&i);
	/* A percent sign is no token. */
	imported(&i, "local_enable=YES\nlocal_root=/no/such/%u\n"
		"user_sub_token=$USER\n");
	imported_expect(&i, "session", "start_dir", "/no/such/%%u");
	import_free(&i);
	scratch_close(&t);
}

/* local_root is no matter of anonymous sessions, which begin in anon_root. */
static void
test_root_of_local_users(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\nlocal_root=/usr\nanon_root=/srv\n");
	imported_expect(&i, "session", "start_dir", "/usr");
	imported_expect(&i, "anonymous", "start_dir", "");
	import_free(&i);
	scratch_close(&t);
}

/* vsftpd logs IPv4 clients of an IPv6 socket as ::ffff:192.0.2.7, which matters
 * where it serves both. */
static void
test_both_versions(void)
{
	static const struct {
		const char *text;
		enum import_verdict verdict;
	} rows[] = {
		{ "listen_ipv6=YES\n", IMPORT_CHANGED },
		{ "listen_ipv6=YES\nlisten_address6=::1\n", IMPORT_SAME },
		{ "listen_ipv6=NO\nlisten=YES\n", IMPORT_DEFAULT },
	};
	struct scratch t;
	struct import i;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(rows); n++) {
		imported(&i, rows[n].text);
		CU_ASSERT_EQUAL(imported_verdict(&i, "listen_ipv6"),
			rows[n].verdict);
		import_free(&i);
	}
	scratch_close(&t);
}

/* What a user's file repeats is not refused; what it changes for that user
 * alone is, if it can only be set for all. */
static void
test_repeated_for_a_user(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/anna", "guest_enable=YES\npasv_enable=NO\n"
		"pasv_min_port=6000\npasv_max_port=6999\n");
	imported(&i, "local_enable=YES\nguest_enable=YES\n"
		"guest_username=nobody\npasv_max_port=6999\n"
		"user_config_dir=users\n");
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 1), IMPORT_SAME);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 2), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 3), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/anna", 4), IMPORT_SAME);
	import_free(&i);
	scratch_close(&t);
}

/* A user's file may name another account for this guest, in whose home
 * directory it begins. */
static void
test_account_of_a_guest(void)
{
	static const char guests[] = "local_enable=YES\nguest_enable=YES\n"
		"guest_username=nobody\nuser_config_dir=users\n"
		"chroot_local_user=YES\nwrite_enable=YES\n";
	const struct passwd *pw = getpwnam("daemon");
	char home[PATH_MAX];
	struct scratch t;
	struct import i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pw);
	snprintf(home, sizeof(home), "%s", pw->pw_dir);
	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/gil", "guest_username=daemon\n");
	imported_write("users/gus", "guest_username=daemon\nlocal_root=web\n");
	imported_write("users/root", "guest_username=root\n");
	imported_write("users/same", "guest_username=nobody\n");
	imported(&i, guests);
	imported_expect(&i, "auth", "guest_user", "nobody");
	imported_expect(&i, "auth", "guest_user_for", "gil daemon\n"
		"gus daemon");
	imported_expect(&i, "user \"gil\"", "jail", home);
	imported_expect(&i, "user \"gil\"", "permissions", "elr");
	CU_ASSERT_EQUAL(verdict_at(&i, "users/gil", 1), IMPORT_SAME);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/root", 1), IMPORT_REFUSED);
	CU_ASSERT_EQUAL(verdict_at(&i, "users/same", 1), IMPORT_SAME);
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "user \"same\"", "jail"));
	import_free(&i);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "a local_root that does not exist", test_missing_root },
	{ "local_root is for local users", test_root_of_local_users },
	{ "IPv6 and IPv4", test_both_versions },
	{ "what users' files repeat", test_repeated_for_a_user },
	{ "accounts of guests", test_account_of_a_guest },
	CU_TEST_INFO_NULL,
};
