/*
 * test_administrator.c - which accounts are administrators.
 */
#include "common/base.h"

#include "common/accounts/administrator.h"
#include "common/text.h"
#include "tests/unit/unit.h"

const char *const unit_name = "administrator";

static struct identity
account(enum identity_class class, const char *user, uid_t uid)
{
	struct identity identity = { .class = class, .uid = uid };

	CU_ASSERT_EQUAL(text_copy(identity.user, sizeof(identity.user), user),
		0);
	return identity;
}

static bool
is(char *list, enum identity_class class, const char *user, uid_t uid)
{
	const struct server_settings s = { .admin_users = list };
	struct identity identity = account(class, user, uid);

	return administrator_is(&s, &identity);
}

static void
test_names(void)
{
	char list[] = "anna 1002", none[] = "";

	CU_ASSERT_TRUE(is(list, IDENTITY_SYSTEM, "anna", 1001));
	CU_ASSERT_TRUE(is(list, IDENTITY_SYSTEM, "bert", 1002));
	CU_ASSERT_FALSE(is(list, IDENTITY_SYSTEM, "carl", 1003));
	CU_ASSERT_FALSE(is(list, IDENTITY_SYSTEM, "ann", 100));
	CU_ASSERT_FALSE(is(none, IDENTITY_SYSTEM, "anna", 0));
}

/* Accounts that only have the same name, or are mapped to an administrator. */
static void
test_other_accounts(void)
{
	char list[] = "anna 1001";

	CU_ASSERT_FALSE(is(list, IDENTITY_FILE, "anna", 1001));
	CU_ASSERT_FALSE(is(list, IDENTITY_ANONYMOUS, "anna", 1001));
	CU_ASSERT_FALSE(is(list, IDENTITY_GUEST, "anna", 1001));
	CU_ASSERT_FALSE(is(list, IDENTITY_RADIUS, "anna", 1001));
}

static void
test_setting(void)
{
	char list[] = "anna";
	struct server_settings s = { .admin_users = list };
	struct identity anna = account(IDENTITY_SYSTEM, "anna", 1001);
	struct identity bert = account(IDENTITY_SYSTEM, "bert", 1002);

	CU_ASSERT_FALSE(administrator_may_list(&s, &anna));
	s.allow_site_who = true;
	CU_ASSERT_TRUE(administrator_may_list(&s, &anna));
	CU_ASSERT_FALSE(administrator_may_list(&s, &bert));
}

CU_TestInfo unit_tests[] = {
	{ "names and numbers", test_names },
	{ "other accounts", test_other_accounts },
	{ "allow_site_who", test_setting },
	CU_TEST_INFO_NULL,
};
