/*
 * test_stack.c - unused memory of the stack is released, and memory in use is
 * kept.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/process/stack.h"

#include <sys/mman.h>

const char *const unit_name = "stack";

#define DEEP ((size_t)128 << 10)

/* Use much of the stack, return where the deepest of it is. */
static uintptr_t __attribute__((noinline, no_sanitize("address")))
use_much(void)
{
	char data[DEEP];
	uintptr_t deepest = (uintptr_t)data;

	memset(data, 'x', sizeof(data));
	/* Keeps the compiler from leaving it out. */
	__asm__ volatile("" : "+r"(deepest) : "r"(data) : "memory");
	return deepest;
}

static bool
is_resident(uintptr_t address)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	unsigned char resident = 0;

	CU_ASSERT_EQUAL(mincore((void *)(address / size * size), size,
		&resident), 0);
	return resident & 1;
}

static void
test_release(void)
{
	char mine[3 * 4096];
	uintptr_t deep = use_much();

	memset(mine, 'm', sizeof(mine));
	CU_ASSERT_TRUE(is_resident(deep));
	stack_release();
	CU_ASSERT_FALSE(is_resident(deep));
	for (size_t i = 0; i < sizeof(mine); i++)
		if (mine[i] != 'm')
			CU_FAIL("the stack in use was given back");
	/* It can be used again. */
	CU_ASSERT_EQUAL(use_much(), deep);
}

CU_TestInfo unit_tests[] = {
	{ "the stack's memory", test_release },
	CU_TEST_INFO_NULL,
};
