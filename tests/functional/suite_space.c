/*
 * suite_space.c - ALLO, and what becomes of uploads when the disk is full.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/world.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

const char *const functional_name = "space";

#define SMALL "/home/anna/small"
#define MIB   (1 << 20)

/* A file system of 4 MiB, in which the client is. */
static bool
enter_small(struct ftp *c)
{
	files_mkdir_as("anna", SMALL, 0700);
	CHECK(world_mount(SMALL, "size=4m,uid=1001,mode=700"));
	EXPECT(c, 200, "TYPE I");
	return EXPECT(c, 250, "CWD small");
}

static int64_t
free_space(void)
{
	struct statvfs fs;

	CHECK(statvfs(SMALL, &fs) == 0);
	return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
}

static bool
is_reserved(const char *path UNUSED, void *context UNUSED)
{
	return free_space() <= MIB;
}

/* While it runs the space is taken, and no longer. */
static void
test_reserve(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !enter_small(&c))
		return;
	int64_t before = free_space();
	EXPECT(&c, 200, "ALLO %d", 3 * MIB);
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_until(SMALL "/f", is_reserved, NULL, 5000));
	CHECK(files_size(SMALL "/f") <= 5);
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK(files_same(SMALL "/f", "hello", 5));
	CHECK(before - free_space() <= 65536);
	/* It was for one upload. */
	CHECK_NUMBER(ftp_start(&c, "STOR g"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_size(SMALL "/g", 5));
	CHECK(before - free_space() <= 65536);
	CHECK_NUMBER(ftp_finish(&c), 226);
	/* Also with an end by ABOR. */
	EXPECT(&c, 200, "ALLO %d", 3 * MIB);
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK(files_wait_until(SMALL "/f", is_reserved, NULL, 5000));
	EXPECT(&c, 426, "ABOR");
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	CHECK(before - free_space() <= 65536);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_off(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.reserve_uploads=no") ||
	    !ftp_enter(&c, "anna") || !enter_small(&c))
		return;
	EXPECT(&c, 200, "ALLO %d", 3 * MIB);
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_size(SMALL "/f", 5));
	CHECK(free_space() > 3 * MIB);
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_refused(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !enter_small(&c))
		return;
	EXPECT(&c, 552, "ALLO %d", 5 * MIB);
	CHECK_HAS(c.text, "Not enough space: ");
	/* What was announced when there was more is refused later, and the old
	 * file stays as it is. */
	files_write_as("anna", SMALL "/f", "old", 3);
	EXPECT(&c, 200, "ALLO %d", 3 * MIB);
	char *data = files_pattern(2 * MIB);
	files_write_as("anna", SMALL "/other", data, 2 * MIB);
	free(data);
	CHECK(ftp_prepare(&c));
	EXPECT(&c, 452, "STOR f");
	ftp_data_close(&c);
	CHECK(files_same(SMALL "/f", "old", 3));
	EXPECT(&c, 200, "ALLO %d", MIB);
	EXPECT(&c, 250, "CWD .");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 226);
	CHECK(files_same(SMALL "/f", "new", 3));
	ftp_close(&c);
	server_stop(&s);
}

/* Full before the end: atomic or not, in the clear and under TLS. */
static void
fill(struct ftp *c, bool atomic)
{
	char *data = files_pattern(5 * MIB);
	int64_t before;

	if (!enter_small(c))
		goto out;
	files_write_as("anna", SMALL "/f", "old", 3);
	before = free_space();
	CHECK_NUMBER(ftp_put(c, data, 5 * MIB, "STOR f"), 452);
	CHECK_HAS(c->text, "No space left on device");
	if (atomic) {
		CHECK(files_same(SMALL "/f", "old", 3));
		CHECK(free_space() == before);
	} else {
		CHECK(!files_exist(SMALL "/f"));
	}
	CHECK_NUMBER(ftp_put(c, "new", 3, "STOR f"), 226);
	CHECK(files_same(SMALL "/f", "new", 3));
out:
	free(data);
}

static void
test_full(void)
{
	static const char *const options[] = {
		"session.incomplete_uploads=delete",
		"session.atomic_uploads=yes",
	};
	struct server s;
	struct ftps t;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]) || !ftp_enter(&c, "anna"))
			return;
		fill(&c, i == 1);
		ftp_close(&c);
		server_stop(&s);
	}
	world_fresh();
	ftps_init(&t);
	if (!FTPS_SERVER(&s, options[1]) || !ftps_enter(&t, "anna"))
		return;
	fill(&t.c, true);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "ALLO reserves space for one upload", test_reserve },
	{ "reserve_uploads = no", test_off },
	{ "ALLO and STOR without enough space", test_refused },
	{ "a disk that fills up", test_full },
	CU_TEST_INFO_NULL,
};
