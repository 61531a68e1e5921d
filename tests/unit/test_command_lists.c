/*
 * test_command_lists.c - commands_denied and commands_allowed.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "tests/unit/talk.h"

const char *const unit_name = "command_lists";

static void
deny(struct talk *t, const char *commands)
{
	static char denied[100];

	snprintf(denied, sizeof(denied), "%s", commands);
	t->limits.commands_denied = denied;
}

static void
test_denied_commands(void)
{
	struct talk t;

	talk_open(&t, true);
	char *saved = t.limits.commands_denied;
	deny(&t, "mkd XMKD SITE stat");
	CU_ASSERT_EQUAL(talk_code(&t, "MKD x"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "site help"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 644 x"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "STAT"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "STAT x"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "HELP MKD"), 501);
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "HELP"), "MKD"));
	CU_ASSERT_EQUAL(talk_code(&t, "RMD x"), 550);
	t.limits.commands_denied = saved;
	talk_close(&t);
}

/* The list counts after login only: it need not have USER. */
static void
test_allowed_commands(void)
{
	static char allowed[] = "list SITE_CHMOD QUIT";
	struct talk t;

	talk_open(&t, true);
	char *saved = t.limits.commands_allowed;
	t.limits.commands_allowed = allowed;
	CU_ASSERT_EQUAL(talk_code(&t, "NOOP"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE UMASK"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 755 ."), 200);
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "FEAT"), "MLST"));
	t.limits.commands_allowed = saved;
	talk_close(&t);
	talk_open(&t, false);
	saved = t.settings->user.commands_allowed;
	t.settings->user.commands_allowed = allowed;
	CU_ASSERT_EQUAL(talk_code(&t, "NOOP"), 200);
	t.settings->user.commands_allowed = saved;
	talk_close(&t);
}

/* One verb of SITE, and nothing else of it. */
static void
test_denied_site_command(void)
{
	struct talk t;

	talk_open(&t, true);
	char *saved = t.limits.commands_denied;
	deny(&t, "site_chmod SITE_X");
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 755 ."), 504);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE UMASK"), 200);
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "SITE HELP"), "CHMOD"));
	CU_ASSERT_PTR_NOT_NULL(strstr(talk_say(&t, "SITE HELP"), "UMASK"));
	CU_ASSERT_EQUAL(talk_code(&t, "HELP SITE CHMOD"), 501);
	deny(&t, "SITE_CHMODX SITE_CHMO");
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 755 ."), 200);
	t.limits.commands_denied = saved;
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "denied commands are unknown commands", test_denied_commands },
	{ "denied SITE commands are unknown commands",
		test_denied_site_command },
	{ "after login only commands_allowed are available",
		test_allowed_commands },
	CU_TEST_INFO_NULL,
};
