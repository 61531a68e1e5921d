/*
 * test_secret.c - a password's pages: empty at first, not in children, not in
 * core dumps, wiped.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/process/secret.h"
#include "tests/unit/unit.h"

#include <sys/wait.h>

const char *const unit_name = "secret";

static void
test_starts_empty(void)
{
	char *s = secret_new(512);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	for (size_t i = 0; i < 512; i++)
		CU_ASSERT_EQUAL(s[i], 0);
	memset(s, 'x', 512);
	CU_ASSERT_EQUAL(s[511], 'x');
	secret_free(s, 512);
}

static void
test_child_sees_nothing(void)
{
	char *s = secret_new(512);
	int status = -1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	memset(s, 'x', 512);
	pid_t child = fork();
	if (child == 0)
		_exit(s[0] == 0 && s[511] == 0 ? 0 : 1);
	CU_ASSERT_TRUE_FATAL(child > 0);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(s[0], 'x');
	secret_free(s, 512);
}

/* The VmFlags of the mapping that begins at `at`, from /proc/self/smaps. */
static void
mapping_flags(const void *at, char *flags, size_t size)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	BUFFER(start, 32);
	char line[1024];
	bool found = false;

	flags[0] = '\0';
	CU_ASSERT_PTR_NOT_NULL_FATAL(maps);
	buffer_addf(&start, "%" PRIxPTR "-", (uintptr_t)at);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (strncmp(line, buffer_text(&start), start.len) == 0)
			found = true;
		if (!found || strncmp(line, "VmFlags:", 8) != 0)
			continue;
		snprintf(flags, size, "%s", line);
		break;
	}
	fclose(maps);
}

static void
test_kept_out_of_dumps(void)
{
	char flags[1024];
	char *s = secret_new(512);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	mapping_flags(s, flags, sizeof(flags));
	CU_ASSERT_PTR_NOT_NULL(strstr(flags, " dd"));	/* not dumped */
	CU_ASSERT_PTR_NOT_NULL(strstr(flags, " wf"));	/* wiped on fork */
#ifndef __SANITIZE_ADDRESS__	/* which makes mlock() do nothing */
	CU_ASSERT_PTR_NOT_NULL(strstr(flags, " lo"));
#endif
	secret_free(s, 512);
}

static void
test_wipe(void)
{
	char data[64];
	static const char zeros[64];

	memset(data, 'x', sizeof(data));
	secret_wipe(data, 32);
	CU_ASSERT_EQUAL(memcmp(data, zeros, 32), 0);
	CU_ASSERT_EQUAL(data[32], 'x');
	secret_wipe(data, 0);
	CU_ASSERT_EQUAL(data[32], 'x');
}

static void
test_free_of_nothing(void)
{
	secret_free(NULL, 512);
	CU_PASS("nothing happened");
}

static void
test_no_memory(void)
{
	CU_ASSERT_PTR_NULL(secret_new(SIZE_MAX - 65535));
}

CU_TestInfo unit_tests[] = {
	{ "new pages are empty and can be written", test_starts_empty },
	{ "a forked child sees zeros", test_child_sees_nothing },
	{ "pages are locked and stay out of core dumps",
		test_kept_out_of_dumps },
	{ "wipe leaves zeros, and only there", test_wipe },
	{ "freeing NULL is allowed", test_free_of_nothing },
	{ "out of memory is NULL", test_no_memory },
	CU_TEST_INFO_NULL,
};
