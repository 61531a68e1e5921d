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
	char secret[16] = "";

	snprintf(s.text, sizeof(s.text), "%s", file);
	size_t n = radius_secrets_find(&s, server, secret, sizeof(secret));
	return n == strlen(expected) && strcmp(secret, expected) == 0;
}

static void
test_for_all_servers(void)
{
	CU_ASSERT_TRUE(finds("", "a", ""));
	CU_ASSERT_TRUE(finds("word", "a", "word"));
	CU_ASSERT_TRUE(finds("# mine\n\n\t word \r\nother\n", "a", "word"));
	CU_ASSERT_TRUE(finds("0123456789abcde\n", "a", "0123456789abcde"));
	CU_ASSERT_TRUE(finds("0123456789abcdef\n", "a", ""));
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
