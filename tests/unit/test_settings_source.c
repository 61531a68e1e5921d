/*
 * test_settings_source.c - where a setting of an account comes from.
 */
#include "common/base.h"
#include "common/settings/settings_source.h"

#include "common/settings/settings_table.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_source";

static const char text[] =
    "[limits]\n"
    "idle_timeout = 1\n"
    "max_per_user = 1\n"
    "[user anna]\n"
    "idle_timeout = 2\n"
    "[group team]\n"
    "idle_timeout = 3\n"
    "max_per_user = 3\n"
    "data_timeout = 3\n"
    "[group \"s t\"]\n"
    "data_timeout = 4\n";

static const char *const groups[] = { "team", "s t" };

/* The source as text, the file as "F". */
static bool
is(size_t row, const char *user, size_t ngroups, const char *want)
{
	BUFFER(b, 256);
	struct complaints c;
	struct settings *s = with_text(text, &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	s->path[0] = 'F';
	s->path[1] = '\0';
	const struct settings_of whose = { s, user, groups, ngroups, NULL };
	struct settings_source source = settings_source(&whose, row);
	settings_source_add(&whose, &source, &b);
	bool same = strcmp(buffer_text(&b), want) == 0;
	if (!same)
		printf("\n  got: %s, want: %s\n", buffer_text(&b), want);
	settings_free(s);
	return same;
}

static void
test_sources(void)
{
	const size_t idle = SETTINGS_ROW_limits_idle_timeout;
	const size_t data = SETTINGS_ROW_limits_data_timeout;
	const size_t most = SETTINGS_ROW_limits_max_per_user;

	CU_ASSERT(is(idle, "bert", 0, "F:2"));
	CU_ASSERT(is(idle, "bert", 1, "F:7 [group team]"));
	CU_ASSERT(is(idle, "anna", 0, "F:5 [user anna]"));
	/* The user's section wins, wherever it stands. */
	CU_ASSERT(is(idle, "anna", 2, "F:5 [user anna]"));
	CU_ASSERT(is(most, "anna", 2, "F:8 [group team]"));
	CU_ASSERT(is(data, "anna", 1, "F:9 [group team]"));
	/* The later of two groups. */
	CU_ASSERT(is(data, "anna", 2, "F:11 [group s t]"));
	CU_ASSERT(is(data, "team", 0, "default"));
	CU_ASSERT(is(SETTINGS_ROW_session_umask, "anna", 2, "default"));
}

/* The source is where the value comes from: for each row, what holds is what
 * that section says. */
static void
test_agrees_with_values(void)
{
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text(text, &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	const struct settings_of whose = { s, "anna", groups, 2, NULL };
	settings_for_user(s, "anna", groups, 2, &u);
	struct settings_source idle = settings_source(&whose,
	    SETTINGS_ROW_limits_idle_timeout);
	struct settings_source data = settings_source(&whose,
	    SETTINGS_ROW_limits_data_timeout);
	CU_ASSERT_PTR_NOT_NULL_FATAL(idle.section);
	CU_ASSERT_PTR_NOT_NULL_FATAL(data.section);
	CU_ASSERT_EQUAL(u.idle_timeout, idle.section->values.idle_timeout);
	CU_ASSERT_EQUAL(u.data_timeout, data.section->values.data_timeout);
	settings_free(s);
}

static void
test_print(void)
{
	char *printed = NULL;
	size_t len = 0;
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text(text, &c);
	FILE *out = open_memstream(&printed, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	settings_for_user(s, "anna", groups, 2, &u);
	const struct settings_of whose = { s, "anna", groups, 2, NULL };
	settings_source_print(&whose, &u, out);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, "[limits]\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, ":11 [group s t])\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, "umask = pam "));
	/* Only what holds per account. */
	CU_ASSERT_PTR_NULL(strstr(printed, "max_clients"));
	free(printed);
	settings_free(s);
}

CU_TestInfo unit_tests[] = {
	{ "for all, groups, users", test_sources },
	{ "they are what settings_for_user() takes", test_agrees_with_values },
	{ "all settings of an account are printed", test_print },
	CU_TEST_INFO_NULL
};
