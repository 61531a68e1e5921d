/*
 * test_radius_secrets.c - which secret belongs to a RADIUS server.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/radius/secrets.h"

const char *const unit_name = "radius_secrets";

static bool
finds(const char *file, const char *server, const char *expected)
{
	struct radius_secrets s;
	struct radius_secret secret;

	snprintf(s.text, sizeof(s.text), "%s", file);
	if (!radius_secrets_find(&s, server, &secret))
		return *expected == '\0';
	return secret.len == strlen(expected) &&
		strcmp(secret.text, expected) == 0;
}

static void
test_for_all_servers(void)
{
	char longest[RADIUS_SECRET_MAX + 2];

	CU_ASSERT_TRUE(finds("", "a", ""));
	CU_ASSERT_TRUE(finds("word", "a", "word"));
	CU_ASSERT_TRUE(finds("# mine\n\n\t word \r\nother\n", "a", "word"));
	memset(longest, 'x', sizeof(longest));
	longest[RADIUS_SECRET_MAX] = '\0';
	CU_ASSERT_TRUE(finds(longest, "a", longest));
	longest[RADIUS_SECRET_MAX] = 'x';
	longest[RADIUS_SECRET_MAX + 1] = '\0';
	CU_ASSERT_TRUE(finds(longest, "a", ""));
}

static void
test_for_one_server(void)
{
	static const char file[] = "word\na:1812  two words\nb\tother\n";

	CU_ASSERT_TRUE(finds(file, "a:1812", "two words"));
	CU_ASSERT_TRUE(finds(file, "b", "other"));
	CU_ASSERT_TRUE(finds(file, "a", "word"));
	CU_ASSERT_TRUE(finds("b other\n", "a", ""));
	CU_ASSERT_TRUE(finds("# a comment\na word\n", "a", "word"));
}

/* Only at the start of a line, a number sign begins a comment. */
static void
test_number_signs(void)
{
	CU_ASSERT_TRUE(finds("word\na #1\n", "a", "#1"));
	CU_ASSERT_TRUE(finds("word#1\n", "a", "word#1"));
	CU_ASSERT_TRUE(finds("#word\n", "a", ""));
}

CU_TestInfo unit_tests[] = {
	{ "the secret for all servers", test_for_all_servers },
	{ "the secret of one server", test_for_one_server },
	{ "secrets with number signs", test_number_signs },
	CU_TEST_INFO_NULL,
};
