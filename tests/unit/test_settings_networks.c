/*
 * test_settings_networks.c - values of the kind NETWORKS.
 */
#include "common/base.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_value.h"

#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_networks";

static const struct settings_row row = {
	.kind = SETTINGS_NETWORKS, .unit = "no|yes", .min = 0, .max = 30,
};

static void
test_values(void)
{
	static const struct {
		const char *text, *value;	/* NULL: refused */
	} rows[] = {
		{ "", "" },
		{ " , ", "" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.0/24,::1", "192.0.2.0/24 ::1" },
		{ "2001:db8::/32\t::", "2001:db8::/32 ::" },
		{ "192.0.2.1/24", NULL },
		{ "host", NULL },
		{ "::1 host", NULL },
		{ "10.0.0.0/33", NULL },
		{ "10.0.0.1 10.0.0.2 10.0.0.3 ::1", "10.0.0.1 10.0.0.2 "
			"10.0.0.3 ::1" },
		{ "10.0.0.1 10.0.0.2 10.0.0.3 ::11", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *field = NULL;
		int r = settings_value_parse(&row, rows[i].text, &field);

		CU_ASSERT_EQUAL(r, rows[i].value != NULL ? 0 : -EINVAL);
		if (rows[i].value == NULL)
			CU_ASSERT_PTR_NULL(field)
		else if (r == 0)
			CU_ASSERT_STRING_EQUAL(field, rows[i].value);
		free(field);
	}
}

static void
test_grows(void)
{
	char *field = NULL;

	CU_ASSERT_EQUAL(settings_value_parse(&row, "::1", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "10.0.0.0/8", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "host", &field), -EINVAL);
	CU_ASSERT_STRING_EQUAL(field, "::1 10.0.0.0/8");
	free(field);
}

/* A group's networks cross, and a user's empty list clears them again. */
static void
test_for_a_user(void)
{
	static const char *const groups[] = { "team" };
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text("[auth]\ndeny_from = 192.0.2.1\n"
	    "[group team]\nallow_from = 10.0.0.0/8\nallow_from = ::1\n"
	    "[user anna]\nallow_from =\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_for_user(s, "bert", groups, 1, &u);
	CU_ASSERT_STRING_EQUAL(u.allow_from, "10.0.0.0/8 ::1");
	CU_ASSERT_STRING_EQUAL(u.deny_from, "192.0.2.1");
	settings_for_user(s, "anna", groups, 1, &u);
	CU_ASSERT_STRING_EQUAL(u.allow_from, "");
	CU_ASSERT_STRING_EQUAL(u.deny_from, "192.0.2.1");
	settings_free(s);
	CU_ASSERT(with_refusal("[user anna]\nallow_from = 10.1.0.0/8\n",
	    "F:2: allow_from must be addresses and networks such as "
	    "192.0.2.0/24 or 2001:db8::/32, not \"10.1.0.0/8\"; the bits "
	    "after the prefix must be 0\n"));
}

/* allow_fxp is one of its words, or networks. */
static void
test_words(void)
{
	char *value = NULL;

	CU_ASSERT_EQUAL(settings_value_parse(&row, "YES", &value), 0);
	CU_ASSERT_STRING_EQUAL(value, "yes");
	CU_ASSERT_EQUAL(settings_value_parse(&row, "no 192.0.2.1", &value),
	    -EINVAL);
	CU_ASSERT_STRING_EQUAL(value, "yes");
	free(value);
}

static void
test_passive_addresses(void)
{
	CU_ASSERT(with_refusal("[listener]\npassive_address = ::1\n",
	    "F:2: passive_address must be an IPv4 address or a host name\n"));
	CU_ASSERT(with_refusal("[listener]\n"
	    "passive_address_for = 10.0.0.0/8 local\n"
	    "passive_address_for = 10.0.0.0/8\n",
	    "F:3: passive_address_for: \"10.0.0.0/8\" must be an address or "
	    "network, followed by an IPv4 address, a host name or local\n"));
	CU_ASSERT(with_refusal("[listener]\n"
	    "passive_address_map = 10.0.0.1 ::1\n",
	    "F:2: passive_address_map: \"10.0.0.1 ::1\" must be an address "
	    "or network, followed by an IPv4 address, a host name or "
	    "local\n"));
}

CU_TestInfo unit_tests[] = {
	{ "addresses and networks, and nothing else", test_values },
	{ "a repeated key adds to the list", test_grows },
	{ "a word can stand for all networks", test_words },
	{ "addresses to announce are checked", test_passive_addresses },
	{ "groups and users set and clear them", test_for_a_user },
	CU_TEST_INFO_NULL
};
