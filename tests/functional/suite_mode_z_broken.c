/*
 * suite_mode_z_broken.c - MODE Z: uploads that are no zlib streams, or too much
 * of one.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/world.h"
#include "tests/functional/zipped.h"

const char *const functional_name = "mode_z_broken";

#define F "/home/anna/f"

/* Each ends in 426, and the upload is none. */
static void
refuse_broken(struct ftp *c, bool atomic)
{
	size_t len = 200000, zipped_len;
	char *data = files_pattern(len);
	char *zipped = zipped_make(data, len, &zipped_len);
	char *longer = malloc(zipped_len + 1);
	size_t mark = logged_mark();

	memcpy(longer, zipped, zipped_len);
	longer[zipped_len] = 'x';
	files_write_as("anna", F, "old", 3);
	/* cut at its end, in its middle, after its first byte */
	CHECK_NUMBER(ftp_put(c, zipped, zipped_len - 1, "STOR f"), 426);
	CHECK_HAS(c->text, "compressed data is corrupt or incomplete");
	CHECK_NUMBER(ftp_put(c, zipped, zipped_len / 2, "STOR f"), 426);
	CHECK_NUMBER(ftp_put(c, zipped, 1, "STOR f"), 426);
	CHECK_NUMBER(ftp_put(c, longer, zipped_len + 1, "STOR f"), 426);
	CHECK_NUMBER(ftp_put(c, "no stream", 9, "STOR f"), 426);
	zipped[zipped_len / 2] ^= 0x55;
	CHECK_NUMBER(ftp_put(c, zipped, zipped_len, "STOR f"), 426);
	CHECK_LOGGED(mark, "*compressed data (MODE Z) is corrupt or "
		"incomplete*");
	if (atomic)
		CHECK(files_same(F, "old", 3));
	else
		CHECK(!files_exist(F));
	EXPECT(c, 200, "NOOP");
	free(longer);
	free(zipped);
	free(data);
}

static void
test_broken_streams(void)
{
	static const char *const options[] = {
		"session.incomplete_uploads=delete",
		"session.atomic_uploads=yes",
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]) || !ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 200, "MODE Z");
		refuse_broken(&c, i == 1);
		ftp_close(&c);
		server_stop(&s);
	}
}

/* 64 MiB of zeros, in 64 KiB. */
static char *
make_bomb(size_t *len)
{
	size_t size = (size_t)64 << 20;
	char *zeros = calloc(1, size);
	char *bomb = zipped_make(zeros, size, len);

	free(zeros);
	CHECK(*len < 100000);
	return bomb;
}

static void
test_bomb(void)
{
	size_t len;
	char *bomb = make_bomb(&len);
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_upload_size=1M") || !ftp_enter(&c, "anna"))
		goto out;
	EXPECT(&c, 200, "MODE Z");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, bomb, len, "STOR f"), 552);
	CHECK_HAS(c.text, "max_upload_size");
	CHECK_NUMBER(files_size(F), 1 << 20);
	ftp_close(&c);
	server_stop(&s);

	/* A full disk leaves the old file as it is. */
	if (!SERVER(&s, "session.atomic_uploads=yes") || !ftp_enter(&c, "anna"))
		goto out;
	files_mkdir_as("anna", "/home/anna/small", 0700);
	CHECK(world_mount("/home/anna/small", "size=1m,uid=1001,mode=700"));
	files_write_as("anna", "/home/anna/small/f", "old", 3);
	EXPECT(&c, 200, "MODE Z");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, bomb, len, "STOR small/f"), 452);
	CHECK(files_same("/home/anna/small/f", "old", 3));
	ftp_close(&c);
	server_stop(&s);
out:
	free(bomb);
}

/* Blocks without content, without end: no progress, however many come. */
static void
test_nothing_compressed(void)
{
	char blocks[2 + 5 * 1000] = { 0x78, 0x01 };
	struct server s;
	struct ftp c;

	for (size_t i = 2; i + 5 <= sizeof(blocks); i += 5)
		memcpy(blocks + i, "\0\0\0\xff\xff", 5);
	if (!SERVER(&s, "limits.data_timeout=1") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "MODE Z");
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&c, blocks, sizeof(blocks)),
		sizeof(blocks));
	EXPECT(&c, 200, "NOOP");
	EXPECT_REPLY(&c, 426);
	CHECK_HAS(c.text, "data_timeout");
	ftp_data_close(&c);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "corrupt, truncated and overlong streams", test_broken_streams },
	{ "limits apply to a decompression bomb", test_bomb },
	{ "an endless stream without content", test_nothing_compressed },
	CU_TEST_INFO_NULL,
};
