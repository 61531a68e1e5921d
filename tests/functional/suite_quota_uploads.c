/*
 * suite_quota_uploads.c - quotas and uploads: what fits, what is refused, and
 * what counts afterwards.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "quota_uploads";

#define KIB  1024
#define ROOT "/home/anna"

/* What SITE QUOTA says is used; -1 if it says something else. */
static int64_t
used(struct ftp *c)
{
	int64_t bytes;

	if (ftp_command(c, "SITE QUOTA") != 200)
		return -1;
	return text_number(c->text + 4, strcspn(c->text + 4, " "),
		&bytes) == 0 ? bytes : -1;
}

#define PWP "quota.site_quota_wording=pwp", "quota.quota_count="

static int
put(struct ftp *c, size_t len, const char *command)
{
	char *data = files_pattern(len);
	int code = ftp_put(c, data, len, "%s", command);

	free(data);
	return code;
}

/* P2 P6 P29: bytes count, and the reply says how many. */
static void
test_counts(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, PWP, "quota.quota_bytes=100k") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_TEXT(c.text, "200 0 out of 102400 bytes of quota used.");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(put(&c, 10 * KIB, "STOR f"), 226);
	CHECK_NUMBER(used(&c), 10 * KIB);
	/* In place of the old content; appended; from the middle. */
	CHECK_NUMBER(put(&c, 3 * KIB, "STOR f"), 226);
	CHECK_NUMBER(used(&c), 3 * KIB);
	CHECK_NUMBER(put(&c, 5 * KIB, "APPE f"), 226);
	CHECK_NUMBER(used(&c), 8 * KIB);
	EXPECT(&c, 350, "REST 1024");
	CHECK_NUMBER(put(&c, 1 * KIB, "STOR f"), 226);
	CHECK_NUMBER(used(&c), 2 * KIB);
	CHECK_NUMBER(files_size(ROOT "/f"), 2 * KIB);
	EXPECT(&c, 250, "DELE f");
	CHECK_NUMBER(used(&c), 0);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "P2 P6 P29 bytes count, however they are stored", test_counts },
	CU_TEST_INFO_NULL,
};
