/*
 * suite_quota_read_only.c - the file system of quota_file becomes read-only, as
 * after an error of the disk, and writable again.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

const char *const functional_name = "quota_read_only";

#define ROOT  "/home/anna"
#define LIMIT "quota.quota_bytes=100k"
#define STATE "/var/lib/sureftpd/quota"
#define FILE_ STATE "/%home%anna"

static bool
set_read_only(bool on)
{
	return CHECK(mount(NULL, STATE, NULL, MS_REMOUNT |
		(on ? MS_RDONLY : 0UL), "uid=905,mode=700,size=64k") == 0);
}

static void
upload(const char *command, size_t len)
{
	struct ftp c;

	if (ftp_enter(&c, "anna") && EXPECT(&c, 200, "TYPE I"))
		CHECK_NUMBER(quotas_put(&c, len, command), 226);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
}

/* The file can neither be written nor removed for a while: afterwards the old
 * count in it is not believed. */
static void
test_read_only(void)
{
	struct server s;
	struct ftp c;

	CHECK(mkdir("/var/lib/sureftpd", 0711) == 0);
	CHECK(mkdir(STATE, 0700) == 0);
	CHECK(world_mount(STATE, "uid=905,mode=700,size=64k"));
	if (!SERVER(&s, QUOTAS_BYTES, LIMIT))
		return;
	upload("STOR f", 10);
	CHECK_FILE(FILE_, "bytes 10\n");
	CHECK_FILE(FILE_, "state closed\n");
	if (!set_read_only(true))
		return;
	upload("STOR g", 500);
	CHECK_LOGGED(0, "* cannot write the quota of " ROOT " to *: Read-only "
		"file system");
	upload("STOR h", 2000);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	CHECK(set_read_only(false));
	CHECK(ftp_enter(&c, "anna"));
	CHECK_NUMBER(quotas_used(&c), 2510);
	ftp_close(&c);
	CHECK_FILE(FILE_, "bytes 2510\n");
	CHECK_FILE(FILE_, "state closed\n");
	/* One that begins when nothing can be written counts again. */
	if (set_read_only(true)) {
		struct proc p;

		upload("STOR i", 40);
		CHECK(procs_list(QUOTAS_BOOKKEEPER, &p, 1) == 1 &&
			kill(p.pid, SIGKILL) == 0);
		CHECK(ftp_enter(&c, "anna"));
		CHECK(quotas_become(&c, 2550));
		CHECK(set_read_only(false));
		ftp_close(&c);
	}
	server_stop(&s);
	CHECK_FILE(FILE_, "bytes 2550\n");
	CHECK(umount(STATE) == 0);
}

CU_TestInfo functional_tests[] = {
	{ "an old count is not believed afterwards", test_read_only },
	CU_TEST_INFO_NULL,
};
