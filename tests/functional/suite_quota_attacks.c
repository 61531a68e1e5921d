/*
 * suite_quota_attacks.c - ways around a quota.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/quotas.h"
#include "tests/functional/waiting.h"
#include "tests/functional/world.h"
#include "tests/functional/zipped.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "quota_attacks";

#define KIB	  1024
#define MIB	  (1024 * KIB)
#define ROOT	  "/home/anna"
#define ELSEWHERE "/home/elsewhere"

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

	if (!quotas_begin(&s, &c, NULL, NULL))
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
	quotas_end(&s, &c);
}

static void
test_decoded(void)
{
	struct server s;
	struct ftp c;
	char *zeros = calloc(1, 300 * KIB);

	if (!quotas_begin(&s, &c, NULL, NULL))
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
	quotas_end(&s, &c);
}

/* What is left is exact, although sessions may store a little without
 * asking. */
static void
test_room_is_exact(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin_with(&s, &c, "quota.quota_bytes=80M"))
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
	quotas_end(&s, &c);
}

static bool
all_is_free(void *context)
{
	struct ftp *c = context;

	return EXPECT(c, 213, "AVBL") && strcmp(c->text, "213 83886080") == 0;
}

/* A session that does nothing keeps nothing from others. */
static void
test_idle_sessions(void)
{
	struct server s;
	struct ftp c, others[3];

	if (!quotas_begin_with(&s, &c, "quota.quota_bytes=80M"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		CHECK(ftp_enter(&others[i], "anna"));
		CHECK_NUMBER(quotas_used(&others[i]), 0);
	}
	CHECK(wait_until(all_is_free, &c, 10000));
	CHECK_NUMBER(quotas_put(&c, 80 * MIB, "STOR a"), 226);
	EXPECT(&others[0], 552, "ALLO 1");
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		ftp_close(&others[i]);
	quotas_end(&s, &c);
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
	if (!quotas_begin(&s, &c, NULL, NULL))
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
	quotas_end(&s, &c);
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
	if (!quotas_begin(&s, &c, NULL, NULL))
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
	quotas_end(&s, &c);
}

/* Another file system below quota_root does not count, neither by a scan nor by
 * what sessions do there. */
static void
test_mounted(void)
{
	struct server s;
	struct ftp c;

	CHECK(mkdir(ROOT "/m", 0755) == 0);
	CHECK(world_mount(ROOT "/m", "uid=1001,mode=755"));
	store(ROOT "/m/f", 50 * KIB);
	/* A single file of it. */
	store(ROOT "/one", 0);
	CHECK(mount(ROOT "/m/f", ROOT "/one", NULL, MS_BIND, NULL) == 0);
	store(ROOT "/a", 60 * KIB);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 250, "DELE m/f");
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	CHECK_NUMBER(quotas_put(&c, 200 * KIB, "STOR m/g"), 226);
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	quotas_end(&s, &c);
	if (!quotas_begin(&s, &c, "session.jail=home", NULL))
		return;
	EXPECT(&c, 250, "DELE m/g");
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	quotas_end(&s, &c);
	CHECK(umount(ROOT "/one") == 0);
	CHECK(umount(ROOT "/m") == 0);
}

/* The smallest file takes a block. */
static void
test_blocks(void)
{
	struct server s;
	struct ftp c;
	char line[32];
	int stored = 0;

	if (!SERVER(&s, "quota.site_quota_wording=pwp",
		    "quota.quota_count=blocks", QUOTAS_LIMIT) ||
		!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (int i = 0; i < 40; i++) {
		snprintf(line, sizeof(line), "STOR f%d", i);
		stored += ftp_put(&c, "x", 1, "%s", line) == 226;
	}
	CHECK_NUMBER(stored, 25);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	quotas_end(&s, &c);
}

static void
test_message_text(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c,
		    "quota.quota_exceeded_message=100%s %n full %", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 101 * KIB, "STOR a"), 552);
	CHECK_TEXT(c.text, "552 Transfer failed: 100%s %n full %.");
	quotas_end(&s, &c);
}

static void
check_sentence(const char *option, const char *text)
{
	char line[80];
	struct server s;
	struct ftp c;

	world_fresh();
	if (!quotas_begin(&s, &c, option, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 101 * KIB, "STOR a"), 552);
	snprintf(line, sizeof(line), "552 Transfer failed: %s", text);
	CHECK_TEXT(c.text, line);
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR b");
	snprintf(line, sizeof(line), "552 %s", text);
	CHECK_TEXT(c.text, line);
	ftp_data_close(&c);
	quotas_end(&s, &c);
}

/* A text that ends a sentence gets no second period. */
static void
test_message_sentence(void)
{
	check_sentence("quota.quota_exceeded_message=Full. Call us.",
		"Full. Call us.");
	check_sentence("quota.quota_exceeded_message=Full!", "Full!");
	check_sentence("quota.quota_exceeded_message=Full", "Full.");
}

CU_TestInfo functional_tests[] = {
	{ "P28 REST, APPE, STOU: the same limit", test_kinds_of_uploads },
	{ "P28 MODE Z and ASCII count as stored", test_decoded },
	{ "P28 what is left is exact", test_room_is_exact },
	{ "P28 idle sessions keep nothing", test_idle_sessions },
	{ "P30 a link that leaves quota_root", test_linked_and_moved },
	{ "P14 symbolic links into quota_root and out", test_symlinks },
	{ "a file system mounted below quota_root", test_mounted },
	{ "P14 blocks count", test_blocks },
	{ "P8 characters of quota_exceeded_message", test_message_text },
	{ "P8 quota_exceeded_message that ends with a period",
		test_message_sentence },
	CU_TEST_INFO_NULL,
};
