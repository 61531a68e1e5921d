/*
 * test_title.c - process titles: escaped, truncated, never beyond their space.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/process/page.h"
#include "common/process/title.h"

#include <sys/wait.h>

const char *const unit_name = "title";

/* An area as the kernel makes it: arguments, then the environment, then
 * something else. */
static char area[256];
static char *arguments[3], *variables[2];
#define AREA_ARGUMENTS "sureftpd\0-x\0"
#define AREA_VARIABLES "HOME=/0123456789012345678901234567890123456789\0"
#define AREA_SIZE (sizeof(AREA_ARGUMENTS AREA_VARIABLES) - 1)

static void
lay_out(void)
{
	static const char text[] = AREA_ARGUMENTS AREA_VARIABLES "beyond";

	memcpy(area, text, sizeof(text));
	arguments[0] = area;
	arguments[1] = area + 9;
	variables[0] = area + 12;
}

/* What ps would print: to the first NUL, since the arguments are shorter. */
static const char *
shown(void)
{
	CU_ASSERT_STRING_EQUAL(area + AREA_SIZE, "beyond");
	CU_ASSERT_EQUAL(area[AREA_SIZE - 1], '\0');
	return area;
}

static void
begin(void)
{
	char **saved = environ;

	lay_out();
	environ = variables;
	char **copy = title_prepare(2, arguments);
	environ = saved;
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	title_enable(true);
	title_begin("x%s", "");
	CU_ASSERT_STRING_EQUAL(copy[0], "sureftpd");
	CU_ASSERT_STRING_EQUAL(copy[1], "-x");
	CU_ASSERT_PTR_NULL(copy[2]);
	for (int i = 0; i < 2; i++)
		free(copy[i]);
	free(copy);
}

static void
test_off(void)
{
	begin();
	title_enable(false);
	lay_out();
	title_begin("anna");
	title_rest("IDLE");
	title_rest_of("RETR", "/f", "");
	CU_ASSERT_EQUAL(memcmp(area, AREA_ARGUMENTS AREA_VARIABLES,
		AREA_SIZE), 0);
}

static void
test_parts(void)
{
	begin();
	title_begin("%s@%s", "anna", "192.0.2.7");
	CU_ASSERT_STRING_EQUAL(shown(), "sureftpd: anna@192.0.2.7");
	title_rest_of("RETR", "/a/file", " 43%");
	CU_ASSERT_STRING_EQUAL(shown(),
		"sureftpd: anna@192.0.2.7 RETR /a/file 43%");
	title_rest("NOOP");
	CU_ASSERT_STRING_EQUAL(shown(), "sureftpd: anna@192.0.2.7 NOOP");
	/* Nothing of the longer one is left behind it. */
	for (size_t i = strlen(area); i < AREA_SIZE; i++)
		CU_ASSERT_EQUAL(area[i], '\0');
}

static void
test_escaped(void)
{
	begin();
	title_begin("%s", "a\033[2J\n");
	title_rest_of("RETR", "/\xff", "");
	CU_ASSERT_STRING_EQUAL(shown(), "sureftpd: a\\x1B[2J\\x0A RETR /\\xFF");
}

static void
test_cut_off(void)
{
	begin();
	title_begin("anna");
	title_rest_of("STOR", "/0123456789012345678901234567890123456789"
		"0123456789", " 100%");
	CU_ASSERT_EQUAL(strncmp(shown(), "sureftpd: anna STOR /012345678901234",
		36), 0);
	CU_ASSERT_STRING_EQUAL(strrchr(area, ' '), " 100%");
	/* Even the fixed part may be too long. */
	title_begin("%s", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvw"
		"xyz");
	CU_ASSERT_EQUAL(strlen(shown()), AREA_SIZE - 1);
	title_rest_of("RETR", "/f", " 1%");
	title_rest("IDLE");
	CU_ASSERT_EQUAL(strlen(shown()), AREA_SIZE - 1);
}

static void
test_names_stay(void)
{
	begin();
	title_begin("anna");
	CU_ASSERT_PTR_NULL(strchr(program_invocation_short_name, ':'));
	CU_ASSERT_PTR_NULL(strchr(program_invocation_name, ':'));
}

CU_TestInfo unit_tests[] = {
	{ "parts and changes", test_parts },
	{ "switched off nothing is written", test_off },
	{ "texts are escaped", test_escaped },
	{ "what does not fit is cut off, the percentage stays", test_cut_off },
	{ "syslog still has the program's name", test_names_stay },
	CU_TEST_INFO_NULL,
};
