/*
 * test_settings_guests.c - the account that a guest's sessions run as.
 */
#include "common/base.h"

#include "common/settings/settings_guests.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_guests";

static void
test_account(void)
{
	static const struct {
		const char *guest, *account;
	} rows[] = {
		{ "gus", "web" }, { "gil", "mail" }, { "gu", "ftp" },
		{ "guss", "ftp" }, { "", "ftp" }, { "web", "ftp" },
	};
	char all[] = "ftp", some[] = "gus web\ngil\t mail\ngus late";
	const struct server_settings server = {
		.guest_user = all, .guest_user_for = some,
	};
	char account[SETTINGS_GUEST_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		settings_guest_user(&server, rows[i].guest, account);
		CU_ASSERT_STRING_EQUAL(account, rows[i].account);
	}
}

static void
test_lines(void)
{
	CU_ASSERT(with_refusal("[auth]\nguest_user = ftp\n"
	    "guest_user_for = gus\nguest_user_for = gus web mail\n"
	    "guest_user_for = gil web\n",
	    "F:5: guest_user_for: \"gus\" must be the name of a guest, "
	    "followed by an account of the host\n"
	    "F:5: guest_user_for: \"gus web mail\" must be the name of a "
	    "guest, followed by an account of the host\n"));
	CU_ASSERT(with_refusal("[auth]\nguest_user_for = gus web\n",
	    "F:2: guest_user_for needs guest_user, without which there are "
	    "no guests\n"));
}

CU_TestInfo unit_tests[] = {
	{ "the account of a guest", test_account },
	{ "lines that are wrong", test_lines },
	CU_TEST_INFO_NULL,
};
