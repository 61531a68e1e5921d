/*
 * suite_quota_changes.c - what is removed, renamed, copied and linked counts as
 * it should.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/quotas.h"

#include <unistd.h>

const char *const functional_name = "quota_changes";

#define KIB  1024
#define ROOT "/home/anna"

static void
test_deleted(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	EXPECT(&c, 257, "MKD d");
	EXPECT(&c, 257, "MKD d/e");
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR d/a"), 226);
	CHECK_NUMBER(quotas_put(&c, 20 * KIB, "STOR d/e/b"), 226);
	CHECK_NUMBER(quotas_put(&c, 30 * KIB, "STOR c"), 226);
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 250, "DELE c");
	CHECK_NUMBER(quotas_used(&c), 30 * KIB);
	EXPECT(&c, 550, "DELE c");
	EXPECT(&c, 550, "RMD d");
	CHECK_NUMBER(quotas_used(&c), 30 * KIB);
	EXPECT(&c, 250, "SITE RMDIR d");
	CHECK_NUMBER(quotas_used(&c), 0);
	quotas_end(&s, &c);
}

/* Not twice, although both have seen the file. */
static void
test_deleted_by_two(void)
{
	struct server s;
	struct ftp c, other;

	if (!quotas_begin(&s, &c, NULL, NULL) || !ftp_enter(&other, "anna"))
		return;
	CHECK_NUMBER(quotas_put(&c, 50 * KIB, "STOR keep"), 226);
	for (int i = 0; i < 50; i++) {
		CHECK_NUMBER(quotas_put(&c, 7 * KIB, "STOR f"), 226);
		/* Sent at once; then the replies. */
		ftp_send_text(&c, "DELE f\r\n");
		ftp_send_text(&other, "DELE f\r\n");
		int first = ftp_reply(&c), second = ftp_reply(&other);
		CHECK((first == 250) != (second == 250));
	}
	CHECK_NUMBER(quotas_used(&c), 50 * KIB);
	ftp_close(&other);
	quotas_end(&s, &c);
}

static void
test_renamed(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_put(&c, 30 * KIB, "STOR b"), 226);
	EXPECT(&c, 350, "RNFR a");
	EXPECT(&c, 250, "RNTO c");
	CHECK_NUMBER(quotas_used(&c), 40 * KIB);
	/* Over another file, and over itself. */
	EXPECT(&c, 350, "RNFR c");
	EXPECT(&c, 250, "RNTO b");
	CHECK_NUMBER(quotas_used(&c), 10 * KIB);
	EXPECT(&c, 350, "RNFR b");
	EXPECT(&c, 250, "RNTO b");
	CHECK_NUMBER(quotas_used(&c), 10 * KIB);
	quotas_end(&s, &c);
}

/* Into quota_root and out of it. */
static void
test_moved(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/elsewhere", 0755);
	files_mkdir_as("anna", "/home/elsewhere/d", 0755);
	char *data = files_pattern(60 * KIB);
	files_write_as("anna", "/home/elsewhere/f", data, 60 * KIB);
	files_write_as("anna", "/home/elsewhere/g", data, 60 * KIB);
	free(data);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	EXPECT(&c, 350, "RNFR /home/elsewhere/f");
	EXPECT(&c, 250, "RNTO f");
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 350, "RNFR /home/elsewhere/g");
	EXPECT(&c, 552, "RNTO g");
	CHECK(files_exist("/home/elsewhere/g"));
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	EXPECT(&c, 350, "RNFR f");
	EXPECT(&c, 250, "RNTO /home/elsewhere/f");
	CHECK_NUMBER(quotas_used(&c), 0);
	/* What is outside does not count. */
	CHECK_NUMBER(quotas_put(&c, 200 * KIB, "STOR /home/elsewhere/h"), 226);
	EXPECT(&c, 250, "DELE /home/elsewhere/g");
	CHECK_NUMBER(quotas_used(&c), 0);
	quotas_end(&s, &c);
}

/* They are weighed before they enter; what has left is found by a scan. */
static void
test_moved_directories(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/elsewhere", 0755);
	files_mkdir_as("anna", "/home/elsewhere/d", 0755);
	files_mkdir_as("anna", "/home/elsewhere/d/e", 0755);
	char *data = files_pattern(60 * KIB);
	files_write_as("anna", "/home/elsewhere/d/f", data, 20 * KIB);
	files_write_as("anna", "/home/elsewhere/d/e/f", data, 40 * KIB);
	free(data);
	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 41 * KIB, "STOR g"), 226);
	EXPECT(&c, 350, "RNFR /home/elsewhere/d");
	EXPECT(&c, 552, "RNTO d");
	CHECK(files_exist("/home/elsewhere/d/f"));
	CHECK_NUMBER(quotas_used(&c), 41 * KIB);
	EXPECT(&c, 250, "DELE g");
	EXPECT(&c, 350, "RNFR /home/elsewhere/d");
	EXPECT(&c, 250, "RNTO d");
	CHECK_NUMBER(quotas_used(&c), 60 * KIB);
	CHECK_NUMBER(quotas_put(&c, 41 * KIB, "STOR g"), 552);
	EXPECT(&c, 250, "DELE g");
	EXPECT(&c, 350, "RNFR d");
	EXPECT(&c, 250, "RNTO /home/elsewhere/back");
	CHECK(quotas_become(&c, 0));
	CHECK_NUMBER(quotas_put(&c, 100 * KIB, "STOR g"), 226);
	quotas_end(&s, &c);
}

static void
test_linked(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 10 * KIB, "STOR a"), 226);
	CHECK(link(ROOT "/a", ROOT "/b") == 0);
	EXPECT(&c, 250, "DELE a");
	CHECK_NUMBER(quotas_used(&c), 10 * KIB);
	/* The other name is of the same content. */
	CHECK_NUMBER(quotas_put(&c, 3 * KIB, "STOR b"), 226);
	CHECK_NUMBER(quotas_used(&c), 3 * KIB);
	EXPECT(&c, 250, "DELE b");
	CHECK_NUMBER(quotas_used(&c), 0);
	quotas_end(&s, &c);
}

static void
test_copied(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, NULL, NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 40 * KIB, "STOR a"), 226);
	EXPECT(&c, 250, "SITE COPY a b");
	CHECK_NUMBER(quotas_used(&c), 80 * KIB);
	EXPECT(&c, 552, "SITE COPY a c");
	CHECK_TEXT(c.text, "552 This operation would exceed your quota.");
	CHECK(!files_exist(ROOT "/c"));
	EXPECT(&c, 250, "SITE COPY a b");
	CHECK_NUMBER(quotas_used(&c), 80 * KIB);
	CHECK_NUMBER(quotas_used(&c), quotas_recount(ROOT));
	quotas_end(&s, &c);
}

static void
test_small_things(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "quota.quota_bytes=10000",
		    "session.allow_site_symlink=yes") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE SYMLINK target link");
	EXPECT(&c, 200, "SITE MKDIR d/e");
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 8198 of 10000 bytes and 3 files used.");
	EXPECT(&c, 552, "MKD f");
	EXPECT(&c, 250, "DELE link");
	EXPECT(&c, 250, "RMD d/e");
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 4096 of 10000 bytes and 1 files used.");
	quotas_end(&s, &c);
}

/* Deleted while it is uploaded: when the upload ends, nothing is left. */
static void
test_deleted_during_upload(void)
{
	struct server s;
	struct ftp c, other;

	if (!quotas_begin(&s, &c, NULL, NULL) || !ftp_enter(&other, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_size(ROOT "/f", 5));
	EXPECT(&other, 250, "DELE f");
	ftp_data_send(&c, "hello", 5);
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_NUMBER(quotas_used(&c), 0);
	CHECK_NUMBER(quotas_put(&c, 7, "STOR f"), 226);
	EXPECT(&c, 250, "DELE f");
	CHECK_NUMBER(quotas_used(&c), 0);
	ftp_close(&other);
	quotas_end(&s, &c);
}

/* In a jail, where paths are others. */
static void
test_jailed(void)
{
	struct server s;
	struct ftp c;

	if (!quotas_begin(&s, &c, "session.jail=home", NULL))
		return;
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR /f"), 226);
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR /g"), 552);
	EXPECT(&c, 250, "DELE /f");
	CHECK_NUMBER(quotas_used(&c), 40 * KIB);
	quotas_end(&s, &c);
}

CU_TestInfo functional_tests[] = {
	{ "P30 a deleted file's bytes come back", test_deleted },
	{ "P31 a file deleted by two sessions counts once",
	    test_deleted_by_two },
	{ "P30 RNTO over a file", test_renamed },
	{ "files that are moved into quota_root and out", test_moved },
	{ "directories that are moved into quota_root and out",
		test_moved_directories },
	{ "P30 hard links count once", test_linked },
	{ "SITE COPY", test_copied },
	{ "P14 directories and links", test_small_things },
	{ "P31 deleted during its upload", test_deleted_during_upload },
	{ "P23 P26 in a jail", test_jailed },
	CU_TEST_INFO_NULL,
};
