/*
 * suite_quota_trouble.c - what goes wrong around the bookkeeper and quota_file.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "quota_trouble";

#define KIB	  1024
#define MIB	  (1024 * KIB)
#define ROOT	  "/home/anna"
#define FILE_	  "/var/lib/sureftpd/quota/%home%anna"

/* The account could put an old quota_file in the place of a newer one. */
static void
test_directories_above_the_file(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/hers", 0755);
	CHECK(mkdir("/home/hers/q", 0700) == 0);
	CHECK(chown("/home/hers/q", 905, 905) == 0);
	if (!quotas_begin(&s, &c, "quota.quota_file=/home/hers/q/%u", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	CHECK_FILE(SERVER_ERRORS, "cannot keep the quota of " ROOT " in "
		"/home/hers/q/anna: ");
	CHECK(!files_exist("/home/hers/q/anna"));
	quotas_end(&s, &c);
}

static bool
is_plain(const char *path, UNUSED void *context)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size < MIB;
}

/* What is in the place of quota_file is never followed, nor waited for. */
static void
check_odd_file(const char *name)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	CHECK(quotas_become(&c, 10));
	ftp_close(&c);
	CHECK(files_wait_until(FILE_, is_plain, NULL, 5000));
	CHECK_FILE(FILE_, "state closed\n");
	CHECK_TEXT(files_text("/etc/victim"), "as it was");
	server_stop(&s);
	(void)unlink(name);
	(void)rmdir(name);
	(void)unlink(FILE_);
}

static void
test_odd_files(void)
{
	static const char *const names[] = { FILE_, FILE_ ".new" };
	char *huge = calloc(1, 4 * MIB);

	CHECK(mkdir("/var/lib/sureftpd", 0711) == 0);
	CHECK(mkdir("/var/lib/sureftpd/quota", 0700) == 0);
	CHECK(chown("/var/lib/sureftpd/quota", 905, 905) == 0);
	files_write_text("/etc/victim", "as it was");
	CHECK(chown("/etc/victim", 905, 905) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK(mkfifo(names[i], 0666) == 0);
		CHECK(chown(names[i], 905, 905) == 0);
		check_odd_file(names[i]);
		CHECK(symlink("/etc/victim", names[i]) == 0);
		check_odd_file(names[i]);
		files_write(names[i], huge, 4 * MIB);
		CHECK(chown(names[i], 905, 905) == 0);
		check_odd_file(names[i]);
	}
	free(huge);
}

/* All that several accounts store in their directory, chunk by chunk at the
 * same time. */
static void
test_shared_at_once(void)
{
	static const char *const accounts[] = { "anna", "bert", "anna",
		"bert" };
	struct ftp c[ARRAY_SIZE(accounts)];
	struct server s;
	char *data = files_pattern(KIB);

	files_mkdir_as("anna", "/home/all", 0777);
	CHECK(chmod("/home/all", 0777) == 0);
	if (!SERVER(&s, QUOTAS_BYTES, QUOTAS_LIMIT,
		    "quota.quota_root=/home/all"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++) {
		CHECK(ftp_enter(&c[i], accounts[i]));
		EXPECT(&c[i], 200, "TYPE I");
		CHECK_NUMBER(ftp_start(&c[i], "STOR /home/all/%zu", i), 150);
	}
	for (int chunk = 0; chunk < 60; chunk++)
		for (size_t i = 0; i < ARRAY_SIZE(accounts); i++)
			(void)ftp_data_send(&c[i], data, KIB);
	size_t refused = 0;
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++)
		refused += ftp_finish(&c[i]) == 552;
	CHECK(refused > 0);
	CHECK(quotas_recount("/home/all") <= 100 * KIB);
	CHECK_NUMBER(quotas_used(&c[0]), quotas_recount("/home/all"));
	/* What the refused ones did not use is there for the next. */
	int64_t left = 100 * KIB - quotas_used(&c[1]);
	if (left > 0)
		CHECK_NUMBER(quotas_put(&c[1], (size_t)left,
			"STOR /home/all/rest"), 226);
	CHECK(ftp_prepare(&c[2]));
	EXPECT(&c[2], 552, "STOR /home/all/more");
	CHECK_NUMBER(quotas_recount("/home/all"), 100 * KIB);
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++)
		ftp_close(&c[i]);
	server_stop(&s);
	free(data);
}

/* quota_file cannot be written: quotas go on, and the next bookkeeper counts
 * again. */
static void
test_full_disk(void)
{
	struct server s;
	struct ftp c;
	char *data = files_pattern(64 * KIB);

	CHECK(mkdir("/var/lib/sureftpd", 0711) == 0);
	CHECK(mkdir("/var/lib/sureftpd/quota", 0700) == 0);
	CHECK(world_mount("/var/lib/sureftpd/quota",
		"uid=905,mode=700,size=64k"));
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	ftp_close(&c);
	CHECK_FILE(FILE_, "state closed\n");
	(void)files_write("/var/lib/sureftpd/quota/fill", data, 64 * KIB);
	CHECK(ftp_enter(&c, "anna"));
	CHECK_NUMBER(ftp_put(&c, data, 20 * KIB, "STOR g"), 226);
	CHECK(quotas_used(&c) >= 20 * KIB);
	CHECK_FILE(SERVER_ERRORS, "cannot write the quota of " ROOT);
	ftp_close(&c);
	server_stop(&s);
	CHECK(unlink("/var/lib/sureftpd/quota/fill") == 0);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK(quotas_become(&c, quotas_recount(ROOT)));
	quotas_end(&s, &c);
	CHECK(umount("/var/lib/sureftpd/quota") == 0);
	free(data);
}

/* Uploads of accounts with a quota wait, and nothing else does. */
static void
test_stopped_bookkeeper(void)
{
	struct server s;
	struct ftp c, other;
	struct proc p;

	if (!quotas_begin(&s, &c, "quota.quota_cache=1", NULL))
		return;
	server_configure("[user bert]\nquota_bytes = -1\n");
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_FILE(SERVER_ERRORS, "configuration reloaded");
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	CHECK_NUMBER(procs_list(QUOTAS_BOOKKEEPER, &p, 1), 1);
	CHECK(kill(p.pid, SIGSTOP) == 0);
	CHECK(ftp_enter(&other, "bert"));
	CHECK_NUMBER(ftp_put(&other, "hello", 5, "STOR f"), 226);
	ftp_close(&other);
	int64_t since = clock_ms();
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 452, "STOR g");
	ftp_data_close(&c);
	CHECK(clock_ms() - since < 9000);
	EXPECT(&c, 250, "DELE f");
	EXPECT(&c, 200, "NOOP");
	CHECK(kill(p.pid, SIGCONT) == 0);
	CHECK(quotas_become(&c, 0));
	CHECK_NUMBER(quotas_put(&c, 20, "STOR g"), 226);
	CHECK_NUMBER(quotas_used(&c), 20);
	quotas_end(&s, &c);
}

/* Sessions that are left when the master was killed go on being counted, and
 * the next server knows what they have stored. */
static void
test_killed_master(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR a"), 226);
	CHECK(kill(s.pid, SIGKILL) == 0);
	CHECK(server_wait(s.pid, 5000, NULL));
	if (ftp_prepare(&c) && ftp_command(&c, "STOR b") == 150) {
		ftp_data_send(&c, "hello", 5);
		CHECK(ftp_finish(&c) == 226 || c.code == 421);
	}
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 10000));
	CHECK(procs_wait_for_count(QUOTAS_BOOKKEEPER, 0, 10000));
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK(quotas_become(&c, quotas_recount(ROOT)));
	quotas_end(&s, &c);
}

/* A directory for each group. */
static void
test_group_directory(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/team", 0777);
	CHECK(chmod("/home/team", 0777) == 0);
	files_mkdir_as("anna", "/home/team/anna", 0777);
	if (!SERVER(&s, QUOTAS_BYTES, QUOTAS_LIMIT, "session.jail=/home/team",
		    "quota.quota_root=/home/team/%g"))
		return;
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&c, 50 * KIB, "STOR /f"), 226);
	CHECK_NUMBER(quotas_used(&c), 0);
	CHECK_NUMBER(quotas_put(&c, 50 * KIB, "STOR /anna/f"), 226);
	CHECK_NUMBER(quotas_used(&c), 50 * KIB);
	CHECK_NUMBER(quotas_put(&c, 51 * KIB, "STOR /anna/g"), 552);
	/* Renamed, it is still the same directory. */
	EXPECT(&c, 250, "DELE /anna/g");
	EXPECT(&c, 350, "RNFR /anna");
	if (ftp_command(&c, "RNTO /other") == 250) {
		CHECK_NUMBER(quotas_put(&c, 51 * KIB, "STOR /other/g"), 552);
		EXPECT(&c, 250, "DELE /other/g");
	}
	quotas_end(&s, &c);
}

/* A quota_root that is missing at the login, and made afterwards. */
static void
test_missing_root(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", ROOT "/q", 0755);
	if (!quotas_begin(&s, &c, "quota.quota_root=/home/anna/q", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR q/a"), 226);
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 350, "RNFR q");
	EXPECT(&c, 250, "RNTO away");
	ftp_close(&c);
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 257, "MKD q");
	CHECK(quotas_put(&c, 200 * KIB, "STOR q/b") / 100 != 2);
	CHECK(quotas_recount(ROOT "/q") <= 100 * KIB);
	ftp_close(&c);
	CHECK(ftp_enter(&c, "anna"));
	CHECK(quotas_become(&c, quotas_recount(ROOT "/q")));
	quotas_end(&s, &c);
}

/* Also when the new limit is below what there is. */
static void
test_lower_limit(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR a"), 226);
	quotas_end(&s, &c);
	if (!quotas_begin_with(&s, &c, "quota.quota_bytes=10k"))
		return;
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 213, "AVBL");
	CHECK_TEXT(c.text, "213 0");
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR b");
	ftp_data_close(&c);
	/* It can become less. */
	CHECK_NUMBER(quotas_put(&c, 5 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_used(&c), 5 * KIB);
	CHECK_NUMBER(quotas_put(&c, 6 * KIB, "STOR b"), 552);
	CHECK_NUMBER(quotas_used(&c), 10 * KIB);
	quotas_end(&s, &c);
}

CU_TestInfo functional_tests[] = {
	{ "P9 a directory of the account's above quota_file",
	    test_directories_above_the_file },
	{ "P9 P10 other things in the place of quota_file", test_odd_files },
	{ "P28 several accounts upload at once", test_shared_at_once },
	{ "P10 no space for quota_file", test_full_disk },
	{ "P7 a stopped bookkeeper", test_stopped_bookkeeper },
	{ "the master is killed", test_killed_master },
	{ "quota_root of a group", test_group_directory },
	{ "quota_root is missing", test_missing_root },
	{ "P6 a limit below what there is", test_lower_limit },
	CU_TEST_INFO_NULL,
};
