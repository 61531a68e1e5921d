/*
 * test_heap.c - holes of the heap are filled and released.
 */
#include "common/base.h"

#include "common/heap.h"
#include "tests/unit/unit.h"

#include <malloc.h>

const char *const unit_name = "heap";

#define PIECES 2000

static void *pieces[PIECES];

/* Every other one of many pieces of different sizes is free. */
static void
make_holes(void)
{
	for (size_t i = 0; i < PIECES; i++) {
		pieces[i] = malloc(16 + i * 7 % 3000);
		CU_ASSERT_PTR_NOT_NULL_FATAL(pieces[i]);
	}
	for (size_t i = 0; i < PIECES; i += 2)
		free(pieces[i]);
}

static void
free_rest(void)
{
	for (size_t i = 1; i < PIECES; i += 2)
		free(pieces[i]);
}

/* What is free and not at the heap's end. */
static size_t
holes(void)
{
	struct mallinfo2 now = mallinfo2();

	return now.fordblks - now.keepcost;
}

static void
test_holes(void)
{
	make_holes();
	size_t before = holes();
	void *last = pieces[PIECES - 1];

	heap_fill_holes();
#ifndef __SANITIZE_ADDRESS__	/* which has a malloc() of its own */
	CU_ASSERT_TRUE(before > 100000);
	CU_ASSERT_TRUE(holes() < before / 50);
	void *next = malloc(200);
	CU_ASSERT_TRUE((uintptr_t)next > (uintptr_t)last);
	free(next);
	heap_empty_holes();
	CU_ASSERT_TRUE(holes() > before / 2);
#else
	(void)before, (void)last;
	heap_empty_holes();
#endif
	free_rest();
}

/* As at each reload. */
static void
test_again(void)
{
	size_t first = 0;

	for (int i = 0; i < 20; i++) {
		make_holes();
		free_rest();
		heap_fill_holes();
		heap_empty_holes();
		uintptr_t end = (uintptr_t)sbrk(0);
		if (i == 1)
			first = end;
		CU_ASSERT_TRUE(i < 2 || end <= first + ((uintptr_t)1 << 20));
	}
}

/* Between two reloads the holes stay filled, a new configuration takes the
 * place of the old one, and what is allocated meanwhile is at the end. */
static void
test_reloads(void)
{
	void *old = NULL, *slot = NULL;
	uintptr_t settled = 0;

	heap_fill_holes();
	for (int i = 0; i < 200; i++) {
		heap_empty_holes();
		void *new = malloc(20000);
		free(old);
		old = new;
		heap_fill_holes();
		new = malloc(500);
		free(slot);
		slot = new;
		if (i == 50)
			settled = (uintptr_t)sbrk(0);
	}
	CU_ASSERT_TRUE((uintptr_t)sbrk(0) <=
		settled + ((uintptr_t)1 << 19));
	heap_empty_holes();
	free(slot);
	free(old);
}

CU_TestInfo unit_tests[] = {
	{ "what is allocated next lies behind all else", test_holes },
	{ "again and again, the heap does not grow", test_again },
	{ "nor does it with each reload", test_reloads },
	CU_TEST_INFO_NULL,
};
