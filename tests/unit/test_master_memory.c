/*
 * test_master_memory.c - memory that a child does not inherit.
 */
#include "common/base.h"

#include "common/process/sandbox_filter.h"
#include "daemon/master_memory.h"
#include "tests/unit/unit.h"

#include <sys/wait.h>

const char *const unit_name = "master_memory";

#define BLOCKS 3000

static bool
is_zero(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static size_t
size_of(size_t i)
{
	return i % 100 == 0 ? 5000 + i * 7 : 1 + i * 13 % 4096;
}

/* Blocks of all sizes are zeroed and do not overlap, the second time also. */
static void
test_blocks(void)
{
	static unsigned char *blocks[BLOCKS];

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < BLOCKS; i++) {
			blocks[i] = master_memory_new(size_of(i));
			CU_ASSERT_PTR_NOT_NULL_FATAL(blocks[i]);
			CU_ASSERT(is_zero(blocks[i], size_of(i)));
			CU_ASSERT((uintptr_t)blocks[i] %
				_Alignof(max_align_t) == 0);
			memset(blocks[i], (int)i % 255 + 1, size_of(i));
		}
		for (size_t i = 0; i < BLOCKS; i++) {
			CU_ASSERT(blocks[i][0] == i % 255 + 1 &&
				blocks[i][size_of(i) - 1] == i % 255 + 1);
			master_memory_free(blocks[i]);
		}
	}
	master_memory_free(NULL);
#ifndef SANDBOX_SANITIZED	/* which ends the program instead */
	CU_ASSERT_PTR_NULL(master_memory_new(SIZE_MAX - 8));
#endif
}

static void
test_text(void)
{
	char *text = master_memory_text("anna");

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_STRING_EQUAL(text, "anna");
	master_memory_free(text);
}

/* What a child finds there. */
static int
read_in_child(const volatile char *memory)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(memory[0]);
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_fork(void)
{
	char *text = master_memory_text("anna");
#ifdef SANDBOX_SANITIZED	/* where it is malloc()'s memory */
	const int seen = 'a';
#else
	const int seen = 0;
#endif

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL(read_in_child(text), seen);
	CU_ASSERT_STRING_EQUAL(text, "anna");
	master_memory_free(text);
}

CU_TestInfo unit_tests[] = {
	{ "blocks of all sizes, used and freed", test_blocks },
	{ "a text", test_text },
	{ "a child does not inherit it", test_fork },
	CU_TEST_INFO_NULL,
};
