/*
 * test_hash_file.c - checksums and hashes of files, and of parts of them.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/crc32.h"
#include "tests/unit/unit.h"
#include "worker/data/hash_cache.h"
#include "worker/data/hash_file.h"

#include <sys/mman.h>

const char *const unit_name = "hash_file";

#define CHECK_TEXT "123456789"

static void
test_crc32(void)
{
	static const char text[] =
		"The quick brown fox jumps over the lazy dog";

	CU_ASSERT_EQUAL(crc32_add(0, "", 0), 0);
	CU_ASSERT_EQUAL(crc32_add(0, CHECK_TEXT, 9), 0xcbf43926u);
	CU_ASSERT_EQUAL(crc32_add(0, text, sizeof(text) - 1), 0x414fa339u);
	/* in two pieces, cut anywhere */
	for (size_t i = 0; i < sizeof(text); i++)
		CU_ASSERT_EQUAL(crc32_add(crc32_add(0, text, i), text + i,
			sizeof(text) - 1 - i), 0x414fa339u);
}

static int
memory_file(const char *content, off_t size)
{
	int fd = memfd_create("test_hash_file", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, content, strlen(content)),
		(ssize_t)strlen(content));
	CU_ASSERT_EQUAL(ftruncate(fd, size), 0);
	return fd;
}

static enum transfer_end found;

static enum transfer_end
watch_control(void *context UNUSED, bool readable UNUSED)
{
	return found;
}

static enum transfer_end
watch_monitor(void *context UNUSED)
{
	return TRANSFER_STOPPED;
}

static struct watch watch = {
	.control_fd = -1,
	.monitor_fd = -1,
	.control_events = POLLIN,
	.control = watch_control,
	.monitor = watch_monitor,
};

static void
test_hashes(void)
{
	static const char *const wanted[HASH_KINDS] = {
		[HASH_SHA256] = "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c"
			"65fbc8c3312448eb225",
		[HASH_SHA512] = "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c"
			"29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499"
			"c95455b6b5bb503acf574fba8ffe85",
		[HASH_SHA1] = "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
		[HASH_MD5] = "25f9e794323b453885f5181f1b624d0b",
		[HASH_CRC32] = "cbf43926",
	};
	int fd = memory_file("x" CHECK_TEXT "y", 11);
	struct hash_part part = { .begin = 1, .end = 10 };

	for (int i = 0; i < HASH_KINDS; i++) {
		CU_ASSERT_EQUAL(hash_file(&watch, fd, (enum hash_kind)i,
			&part), TRANSFER_COMPLETE);
		CU_ASSERT_EQUAL(part.end, 10);
		CU_ASSERT_STRING_EQUAL(part.hex, wanted[i]);
	}
	/* nothing at all */
	part.begin = part.end = 5;
	CU_ASSERT_EQUAL(hash_file(&watch, fd, HASH_MD5, &part),
		TRANSFER_COMPLETE);
	CU_ASSERT_STRING_EQUAL(part.hex, "d41d8cd98f00b204e9800998ecf8427e");
	close(fd);
}

/* More than one piece; and the end of the file. */
static void
test_sizes(void)
{
	int fd = memory_file("", 1000000);
	static const int64_t ends[] = { 1000000, 1000001, INT64_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		struct hash_part part = { .end = ends[i] };
		CU_ASSERT_EQUAL(hash_file(&watch, fd, HASH_SHA1, &part),
			TRANSFER_COMPLETE);
		CU_ASSERT_EQUAL(part.end, 1000000);
		CU_ASSERT_STRING_EQUAL(part.hex,
			"bef3595266a65a2ff36b700a75e8ed95c68210b6");
	}
	close(fd);
}

/* ABOR, or the loss of the client, ends it after the piece at hand. */
static void
test_watched(void)
{
	int fd = memory_file("", INT64_C(1) << 40);
	struct hash_part part = { .end = INT64_C(1) << 40 };
	int64_t before = clock_ms();
	int ends[2];

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	CU_ASSERT_EQUAL(write(ends[1], "x", 1), 1);
	watch.control_fd = ends[0];
	found = TRANSFER_ABORTED;
	CU_ASSERT_EQUAL(hash_file(&watch, fd, HASH_SHA256, &part),
		TRANSFER_ABORTED);
	CU_ASSERT(clock_ms() - before < 5000);
	watch.control_fd = -1;
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

/* A hash that is known applies to no other file, and to no other content. */
static void
test_memory(void)
{
	const struct stat st = { .st_dev = 1, .st_ino = 2, .st_size = 3,
		.st_mtim = { 4, 5 } };
	struct stat others[] = { st, st, st, st, st };
	struct hash_cache m = { 0 };
	const char *known;

	others[0].st_dev++;
	others[1].st_ino++;
	others[2].st_size++;
	others[3].st_mtim.tv_sec++;
	others[4].st_mtim.tv_nsec++;
	CU_ASSERT_PTR_NULL(hash_cache_find(&m, &st, HASH_SHA256));
	hash_cache_add(&m, &st, HASH_SHA256, "old");
	hash_cache_add(&m, &st, HASH_SHA256, "new");
	known = hash_cache_find(&m, &st, HASH_SHA256);
	CU_ASSERT(known != NULL && strcmp(known, "new") == 0);
	CU_ASSERT_PTR_NULL(hash_cache_find(&m, &st, HASH_CRC32));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		CU_ASSERT_PTR_NULL(hash_cache_find(&m, &others[i],
			HASH_SHA256));
	/* The oldest is forgotten. */
	for (int i = 0; i < HASH_CACHE_MAX; i++)
		hash_cache_add(&m, &others[0], HASH_SHA256, "other");
	CU_ASSERT_PTR_NULL(hash_cache_find(&m, &st, HASH_SHA256));
}

CU_TestInfo unit_tests[] = {
	{ "CRC32", test_crc32 },
	{ "every hash, of a part of a file", test_hashes },
	{ "several pieces, and the end of the file", test_sizes },
	{ "the watch ends it", test_watched },
	{ "hashes of uploads are remembered", test_memory },
	CU_TEST_INFO_NULL,
};
