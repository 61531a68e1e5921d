/*
 * test_import_verify.c - values that are left out of a converted configuration
 * let nobody in.
 */
#include "common/base.h"

#include "daemon/import/import_verify.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_verify";

static bool
has(const struct draft *d, const char *section, const char *key,
	const char *value)
{
	const char *found = draft_get(d, section, key);

	return value == NULL ? found == NULL : found != NULL &&
		strcmp(found, value) == 0;
}

static void
test_networks(void)
{
	static const char *const keys[] = { "allow_from", "deny_from" };

	/* In both orders, and each alone. */
	for (size_t i = 0; i < 4; i++) {
		struct draft d = { .server = "vsftpd" };
		struct report r = { .server = "vsftpd" };

		draft_set(&d, "listener", keys[i % 2], "192.0.2.1/64", true);
		if (i < 2)
			draft_set(&d, "listener", keys[1 - i % 2],
				"192.0.2.2/64", true);
		CU_ASSERT_EQUAL(import_verify(&d, &r), 0);
		CU_ASSERT_TRUE(has(&d, "listener", "allow_from",
			DRAFT_NOBODY));
		CU_ASSERT_TRUE(has(&d, "listener", "deny_from", NULL));
		CU_ASSERT_EQUAL(report_count(&r, IMPORT_REFUSED),
			i < 2 ? 2 : 1);
		draft_free(&d);
		report_free(&r);
	}
}

/* A list of commands that is too long for the setting. */
static void
test_commands(void)
{
	static const char *const keys[] = { "commands_allowed",
		"commands_denied" };
	char list[2100];

	for (size_t i = 0; i < sizeof(list); i++)
		list[i] = "RETR "[i % 5];
	list[sizeof(list) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct draft d = { .server = "vsftpd" };
		struct report r = { .server = "vsftpd" };

		draft_set(&d, "session", keys[i], list, true);
		CU_ASSERT_EQUAL(import_verify(&d, &r), 0);
		CU_ASSERT_TRUE(has(&d, "session", "commands_allowed", "QUIT"));
		CU_ASSERT_TRUE(has(&d, "session", "commands_denied", NULL));
		draft_free(&d);
		report_free(&r);
	}
}

CU_TestInfo unit_tests[] = {
	{ "networks that are left out", test_networks },
	{ "commands that are left out", test_commands },
	CU_TEST_INFO_NULL,
};
