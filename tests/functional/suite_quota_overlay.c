/*
 * suite_quota_overlay.c - on an overlay of two file systems, files have other
 * device numbers than their directory; they count nevertheless.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/quotas.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "quota_overlay";

#define HOME  "/home/anna"
#define LOWER "/run/lower"
#define UPPER "/run/upper"
#define UPPER_DATA UPPER "/data"

/* False on a kernel without overlays, or with one that gives all files the
 * number of the directory. */
static bool
mount_overlay(void)
{
	static const char options[] = "lowerdir=" LOWER ",upperdir=" UPPER_DATA
		",workdir=" UPPER "/work,xino=off";
	struct stat directory, file;

	CHECK(mkdir(LOWER, 0755) == 0 && mkdir(UPPER, 0755) == 0);
	if (!CHECK(mount("none", LOWER, "tmpfs", 0, "mode=0755") == 0 &&
	    mount("none", UPPER, "tmpfs", 0, "mode=0755") == 0))
		return false;
	CHECK(mkdir(UPPER_DATA, 0755) == 0 && mkdir(UPPER "/work", 0755) == 0);
	CHECK(mkdir(UPPER_DATA "/d", 0755) == 0);
	files_write_text(LOWER "/old", "12345");
	files_write_text(UPPER_DATA "/d/new", "1234567");
	CHECK(chown(UPPER_DATA, 1001, 1001) == 0);
	return mount("none", HOME, "overlay", 0, options) == 0 &&
		stat(HOME, &directory) == 0 && stat(HOME "/old", &file) == 0 &&
		file.st_dev != directory.st_dev;
}

static void
unmount_overlay(void)
{
	CHECK(umount2(HOME, MNT_DETACH) == 0);
	CHECK(umount(UPPER) == 0 && rmdir(UPPER) == 0);
	CHECK(umount(LOWER) == 0 && rmdir(LOWER) == 0);
}

static void
test_counted(void)
{
	struct server s;
	struct ftp c;

	if (!mount_overlay()) {
		printf("\n  no overlay of two file systems ");
		return;
	}
	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=100k"))
		return;
	if (CHECK(ftp_enter(&c, "anna"))) {
		EXPECT(&c, 200, "TYPE I");
		CHECK(quotas_become(&c, 12));
		CHECK_NUMBER(quotas_put(&c, 20, "STOR more"), 226);
		CHECK(quotas_become(&c, 32));
		EXPECT(&c, 250, "DELE more");
		CHECK(quotas_become(&c, 12));
	}
	ftp_close(&c);
	server_stop(&s);
	unmount_overlay();
}

/* A directory that is moved to quota_root needs room for what is in it. */
static void
test_moved(void)
{
	struct server s;
	struct ftp c;

	if (!mount_overlay())
		return;
	CHECK(mkdir(HOME "/root", 0755) == 0);
	CHECK(chown(HOME "/root", 1001, 1001) == 0);
	CHECK(chown(HOME "/d", 1001, 1001) == 0);
	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=6",
	    "quota.quota_root=" HOME "/root"))
		return;
	if (CHECK(ftp_enter(&c, "anna"))) {
		CHECK(quotas_become(&c, 0));
		EXPECT(&c, 350, "RNFR d");
		EXPECT(&c, 552, "RNTO root/d");
	}
	ftp_close(&c);
	server_stop(&s);
	unmount_overlay();
}

CU_TestInfo functional_tests[] = {
	{ "files of both layers count", test_counted },
	{ "directories that are moved", test_moved },
	CU_TEST_INFO_NULL,
};
