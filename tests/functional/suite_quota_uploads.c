/*
 * suite_quota_uploads.c - quotas and uploads: what fits, what is refused, and
 * what counts afterwards.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"

#include <signal.h>
#include <unistd.h>

const char *const functional_name = "quota_uploads";

#define KIB   1024
#define JSON  "/var/log/quota.json"
#define ROOT  "/home/anna"
#define EXCEEDED "This operation would exceed your quota"

static void
test_counts(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 0 out of 102400 bytes of quota used.");
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&c), 10 * KIB);
	/* In place of the old content; appended; from the middle. */
	CHECK_NUMBER(quotas_put(&c, 3 * KIB, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&c), 3 * KIB);
	CHECK_NUMBER(quotas_put(&c, 5 * KIB, "APPE f"), 226);
	CHECK_NUMBER(quotas_used(&c), 8 * KIB);
	EXPECT(&c, 350, "REST 1024");
	CHECK_NUMBER(quotas_put(&c, 1 * KIB, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&c), 8 * KIB);
	CHECK_NUMBER(files_size(ROOT "/f"), 8 * KIB);
	EXPECT(&c, 350, "REST 7168");
	CHECK_NUMBER(quotas_put(&c, 3 * KIB, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&c), 10 * KIB);
	CHECK_NUMBER(quotas_put(&c, 7, "STOU"), 226);
	CHECK_NUMBER(quotas_used(&c), 10 * KIB + 7);
	EXPECT(&c, 250, "DELE f");
	CHECK_NUMBER(quotas_used(&c), 7);
	quotas_end(&s, &c);
}

static void
test_stops_at_the_limit(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR b"), 552);
	CHECK_HAS(c.text, EXCEEDED);
	/* To the last byte. */
	CHECK_NUMBER(files_size(ROOT "/b"), 40 * KIB);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	CHECK_FILE(SERVER_ERRORS, ": Quota exceeded (quota_bytes)");
	/* Now it is known in advance. */
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR c");
	CHECK_HAS(c.text, EXCEEDED);
	ftp_data_close(&c);
	CHECK(!files_exist(ROOT "/c"));
	/* The room of the old content can be used, but no more. */
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_put(&c, 61 * KIB, "STOR a"), 552);
	CHECK_NUMBER(quotas_put(&c, 1, "APPE b"), 552);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	CHECK_NUMBER(quotas_used(&c), quotas_recount(ROOT));
	EXPECT(&c, 250, "DELE b");
	CHECK_NUMBER(quotas_put(&c, 40 * KIB, "STOR c"), 226);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	quotas_end(&s, &c);
}

static void
test_message(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, "quota.quota_exceeded_message=Please pay",
		"log.json_file=" JSON))
		return;
	CHECK_NUMBER(quotas_put(&c, 101 * KIB, "STOR a"), 552);
	CHECK_TEXT(c.text, "552 Transfer failed: Please pay.");
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR b");
	CHECK_TEXT(c.text, "552 Please pay.");
	ftp_data_close(&c);
	CHECK_FILE(JSON, "\"over_quota\"");
	quotas_end(&s, &c);
}

static void
test_announced(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	EXPECT(&c, 552, "ALLO %d", 101 * KIB);
	CHECK_HAS(c.text, EXCEEDED);
	CHECK_NUMBER(quotas_put(&c, 40 * KIB, "STOR a"), 226);
	EXPECT(&c, 213, "AVBL");
	CHECK_TEXT(c.text, "213 61440");
	/* It fits at the ALLO, but no more at the STOR. */
	EXPECT(&c, 200, "ALLO %d", 60 * KIB);
	files_write_as("anna", ROOT "/old", "old", 3);
	struct ftp other;
	CHECK(ftp_enter(&other, "anna"));
	EXPECT(&other, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&other, 1, "STOR one"), 226);
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR new");
	ftp_data_close(&c);
	CHECK(!files_exist(ROOT "/new"));
	EXPECT(&c, 200, "ALLO %d", 60 * KIB - 1);
	CHECK_NUMBER(quotas_put(&c, 60 * KIB - 1, "STOR new"), 226);
	CHECK_NUMBER(quotas_used(&c), 100 * KIB);
	ftp_close(&other);
	quotas_end(&s, &c);
}

static void
test_atomic(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, "session.atomic_uploads=yes", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	/* Larger than what is free, but not than what it replaces. */
	CHECK_NUMBER(quotas_put(&c, 90 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_used(&c), 90 * KIB);
	CHECK_NUMBER(quotas_put(&c, 101 * KIB, "STOR a"), 552);
	CHECK_NUMBER(files_size(ROOT "/a"), 90 * KIB);
	CHECK_NUMBER(quotas_used(&c), 90 * KIB);
	CHECK_NUMBER(quotas_put(&c, 20 * KIB, "STOR b"), 552);
	CHECK(!files_exist(ROOT "/b"));
	CHECK_NUMBER(quotas_used(&c), 90 * KIB);
	CHECK_NUMBER(quotas_put(&c, 1 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_used(&c), 1 * KIB);
	quotas_end(&s, &c);
}

static void
test_incomplete(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, "session.incomplete_uploads=delete", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR b"), 552);
	CHECK(!files_exist(ROOT "/b"));
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	CHECK_NUMBER(ftp_start(&c, "STOR b"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_size(ROOT "/b", 5));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	quotas_end(&s, &c);
}

/* What the session has reserved is free again, and what it has stored
 * counts. */
static void
test_killed(void)
{
	struct server s;
	struct ftp c, other;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	EXPECT(&c, 200, "ALLO %d", 90 * KIB);
	CHECK_NUMBER(ftp_start(&c, "STOR a"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_size(ROOT "/a", 5));
	pid_t session = procs_serving(PROCS_SESSION);
	CHECK(ftp_enter(&other, "anna"));
	EXPECT(&other, 200, "TYPE I");
	EXPECT(&other, 552, "ALLO %d", 20 * KIB);
	CHECK(session > 0 && kill(session, SIGKILL) == 0);
	CHECK(quotas_become(&other, 5));
	EXPECT(&other, 200, "ALLO %d", 90 * KIB);
	CHECK_NUMBER(quotas_put(&other, 90 * KIB, "STOR b"), 226);
	CHECK_NUMBER(quotas_used(&other), 90 * KIB + 5);
	ftp_data_close(&c);
	ftp_close(&c);
	quotas_end(&s, &other);
}

static void
test_files(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "quota.quota_files=3") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD d");
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR d/a"), 226);
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 4097 bytes and 2 of 3 files used.");
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR b"), 226);
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 552, "STOR c");
	ftp_data_close(&c);
	EXPECT(&c, 552, "MKD e");
	CHECK_TEXT(c.text, "552 " EXCEEDED ".");
	/* What is there needs no room: clients go on after this reply. */
	EXPECT(&c, 550, "MKD d");
	CHECK_TEXT(c.text, "550 File exists.");
	EXPECT(&c, 550, "MKD b");
	CHECK_NUMBER(ftp_put(&c, "22", 2, "STOR b"), 226);
	EXPECT(&c, 250, "DELE b");
	EXPECT(&c, 257, "MKD e");
	EXPECT(&c, 250, "RMD e");
	CHECK_NUMBER(ftp_put(&c, "1", 1, "STOR c"), 226);
	quotas_end(&s, &c);
}

CU_TestInfo functional_tests[] = {
	{ "P2 P6 P29 bytes count, however they are stored", test_counts },
	{ "P28 an upload stops at the limit", test_stops_at_the_limit },
	{ "P8 quota_exceeded_message", test_message },
	{ "P28 an announced size is refused before a byte", test_announced },
	{ "P28 atomic_uploads: the old file stays", test_atomic },
	{ "P28 incomplete_uploads = delete", test_incomplete },
	{ "a killed session's reservation comes back", test_killed },
	{ "P6 P14 quota_files, with directories", test_files },
	CU_TEST_INFO_NULL,
};
