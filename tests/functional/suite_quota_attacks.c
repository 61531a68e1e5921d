/*
 * suite_quota_attacks.c - ways around a quota, and what goes wrong around the
 * bookkeeper.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/zipped.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "quota_attacks";

#define KIB	  1024
#define MIB	  (1024 * KIB)
#define ROOT	  "/home/anna"
#define ELSEWHERE "/home/elsewhere"
#define LIMIT	  "quota.quota_bytes=100k"
#define FILE_	  "/var/lib/sureftpd/quota/%home%anna"

static bool
begin(struct server *s, struct ftp *c, const char *option, const char *more)
{
	return SERVER(s, QUOTAS_BYTES, option, more) &&
		ftp_enter(c, "anna") && EXPECT(c, 200, "TYPE I");
}

static void
end(struct server *s, struct ftp *c)
{
	ftp_close(c);
	server_stop(s);
}

static void
store(const char *path, size_t len)
{
	char *data = files_pattern(len);

	files_write_as("anna", path, data, len);
	free(data);
}

/* However it is stored, the limit is the same. */
static void
test_kinds_of_uploads(void)
{
	struct server s;
	struct ftp c;

	if (!begin(&s, &c, LIMIT, NULL))
		return;
	/* There are no sparse files. */
	EXPECT(&c, 350, "REST %d", 200 * KIB);
	CHECK_NUMBER(quotas_put(&c, 1, "STOR sparse"), 554);
	CHECK(!files_exist(ROOT "/sparse"));
	CHECK_NUMBER(quotas_used(&c), 0);
	CHECK_NUMBER(quotas_put(&c, 99 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_put(&c, 2 * KIB, "APPE a"), 552);
	CHECK_NUMBER(files_size(ROOT "/a"), 100 * KIB);
	EXPECT(&c, 250, "DELE a");
	CHECK_NUMBER(quotas_put(&c, 101 * KIB, "STOU"), 552);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	CHECK_NUMBER(quotas_recount(ROOT), 100 * KIB);
	end(&s, &c);
}

static void
test_decoded(void)
{
	struct server s;
	struct ftp c;
	char *zeros = calloc(1, 300 * KIB);

	if (!begin(&s, &c, LIMIT, NULL))
		return;
	/* Small on the wire. */
	EXPECT(&c, 200, "MODE Z");
	CHECK_NUMBER(zipped_put(&c, zeros, 300 * KIB, "STOR z"), 552);
	CHECK_NUMBER(files_size(ROOT "/z"), 100 * KIB);
	EXPECT(&c, 200, "MODE S");
	EXPECT(&c, 250, "DELE z");
	EXPECT(&c, 200, "TYPE A");
	memset(zeros, '\n', 200 * KIB);
	CHECK_NUMBER(ftp_put(&c, zeros, 200 * KIB, "STOR t"), 552);
	CHECK_NUMBER(files_size(ROOT "/t"), 100 * KIB);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	free(zeros);
	end(&s, &c);
}

/* What is left is exact, although sessions may create things unasked. */
static void
test_room_is_exact(void)
{
	struct server s;
	struct ftp c;

	if (!begin(&s, &c, "quota.quota_bytes=80M", NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 0);
	EXPECT(&c, 213, "AVBL");
	CHECK_TEXT(c.text, "213 83886080");
	EXPECT(&c, 200, "ALLO %d", 80 * MIB);
	CHECK_NUMBER(ftp_start(&c, "STOR a"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_NUMBER(quotas_used(&c), 5);
	EXPECT(&c, 213, "AVBL");
	CHECK_TEXT(c.text, "213 83886075");
	CHECK_NUMBER(quotas_put(&c, 80 * MIB - 5, "STOR b"), 226);
	EXPECT(&c, 213, "AVBL");
	CHECK_TEXT(c.text, "213 0");
	end(&s, &c);
}

/* A session that does nothing keeps nothing from others. */
static void
test_idle_sessions(void)
{
	struct server s;
	struct ftp c, others[3];

	if (!begin(&s, &c, "quota.quota_bytes=80M", NULL))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		CHECK(ftp_enter(&others[i], "anna"));
		CHECK_NUMBER(quotas_used(&others[i]), 0);
	}
	clock_sleep_until(clock_ms() + 2000);
	EXPECT(&c, 213, "AVBL");
	CHECK_TEXT(c.text, "213 83886080");
	CHECK_NUMBER(quotas_put(&c, 80 * MIB, "STOR a"), 226);
	EXPECT(&others[0], 552, "ALLO 1");
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		ftp_close(&others[i]);
	end(&s, &c);
}

/* One of its names leaves quota_root; the content does not. */
static void
test_linked_and_moved(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", ELSEWHERE, 0755);
	store(ROOT "/a", 60 * KIB);
	CHECK(link(ROOT "/a", ROOT "/b") == 0);
	if (!begin(&s, &c, LIMIT, NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 350, "RNFR a");
	EXPECT(&c, 250, "RNTO " ELSEWHERE "/a");
	CHECK(quotas_become(&c, 60 * KIB));
	CHECK_NUMBER(quotas_put(&c, 41 * KIB, "STOR c"), 552);
	EXPECT(&c, 250, "DELE c");
	/* And back. */
	EXPECT(&c, 350, "RNFR " ELSEWHERE "/a");
	(void)ftp_command(&c, "RNTO a");
	CHECK(quotas_become(&c, 60 * KIB));
	end(&s, &c);
}

/* What counts is where the file is, not how it is named. */
static void
test_symlinks(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", ELSEWHERE, 0755);
	store(ELSEWHERE "/f", 1);
	store(ROOT "/in", 1);
	CHECK(symlink(ELSEWHERE, ROOT "/out") == 0);
	CHECK(symlink(ELSEWHERE "/f", ROOT "/f") == 0);
	CHECK(symlink(ROOT, ELSEWHERE "/back") == 0);
	CHECK(symlink(ROOT "/in", ELSEWHERE "/in") == 0);
	if (!begin(&s, &c, LIMIT, NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 1);
	CHECK_NUMBER(quotas_put(&c, 200 * KIB, "STOR out/g"), 226);
	CHECK_NUMBER(quotas_used(&c), 1);
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR " ELSEWHERE "/back/h"),
		226);
	CHECK_NUMBER(quotas_used(&c), 10 * KIB + 1);
	(void)quotas_put(&c, 20 * KIB, "STOR " ELSEWHERE "/in");
	CHECK_NUMBER(quotas_used(&c), quotas_recount(ROOT));
	(void)quotas_put(&c, 20 * KIB, "STOR f");
	CHECK_NUMBER(quotas_used(&c), quotas_recount(ROOT));
	(void)ftp_command(&c, "DELE f");
	(void)ftp_command(&c, "DELE " ELSEWHERE "/in");
	CHECK_NUMBER(quotas_used(&c), quotas_recount(ROOT));
	end(&s, &c);
}

/* The account could put an old quota_file in the place of a newer one. */
static void
test_directories_above_the_file(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/hers", 0755);
	CHECK(mkdir("/home/hers/q", 0700) == 0);
	CHECK(chown("/home/hers/q", 905, 905) == 0);
	if (!begin(&s, &c, LIMIT, "quota.quota_file=/home/hers/q/%u"))
		return;
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	CHECK_FILE(SERVER_ERRORS, "cannot keep the quota of " ROOT " in "
		"/home/hers/q/anna: ");
	CHECK(!files_exist("/home/hers/q/anna"));
	end(&s, &c);
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

	if (!begin(&s, &c, LIMIT, NULL))
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

/* Uploads of accounts with a quota wait, and nothing else does. */
static void
test_stopped_bookkeeper(void)
{
	struct server s;
	struct ftp c, other;
	struct proc p;

	if (!begin(&s, &c, LIMIT, "quota.quota_cache=1"))
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
	end(&s, &c);
}

static void
test_message_text(void)
{
	struct server s;
	struct ftp c;

	if (!begin(&s, &c, LIMIT,
		    "quota.quota_exceeded_message=100%s %n full %"))
		return;
	CHECK_NUMBER(quotas_put(&c, 101 * KIB, "STOR a"), 552);
	CHECK_TEXT(c.text, "552 Transfer failed: 100%s %n full %.");
	end(&s, &c);
}

CU_TestInfo functional_tests[] = {
	{ "P28 REST, APPE, STOU: the same limit", test_kinds_of_uploads },
	{ "P28 MODE Z and ASCII count as stored", test_decoded },
	{ "P28 what is left is exact", test_room_is_exact },
	{ "P28 idle sessions keep nothing", test_idle_sessions },
	{ "P30 a link that leaves quota_root", test_linked_and_moved },
	{ "P14 symbolic links into quota_root and out", test_symlinks },
	{ "P9 a directory of the account's above quota_file",
	    test_directories_above_the_file },
	{ "P9 P10 other things in the place of quota_file", test_odd_files },
	{ "P7 a stopped bookkeeper", test_stopped_bookkeeper },
	{ "P8 characters of quota_exceeded_message", test_message_text },
	CU_TEST_INFO_NULL,
};
