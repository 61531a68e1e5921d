/*
 * test_settings_client.c - [client NAME]: which clients it is about, what can
 * be set there, and what comes first.
 */
#include "common/base.h"
#include "common/settings/settings_client.h"

#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_client";

static bool
apply(const struct settings *s, const char *peer, const char *listener,
	const char *clnt, struct user_settings *u)
{
	struct address address;
	const struct settings_client client = { &address, listener, clnt };

	CU_ASSERT_EQUAL(address_parse(&address, peer), 0);
	*u = s->user;
	return settings_client_apply(s, &client, u);
}

static void
test_names(void)
{
	static const struct {
		const char *name;
		bool valid;
	} rows[] = {
		{ "192.0.2.1", true }, { "192.0.2.0/24", true },
		{ "2001:db8::/32", true }, { "listener:old", true },
		{ "listener:", true }, { "clnt:Scan*", true },
		{ "clnt:", false }, { "clnt:[", false },
		{ "192.0.2.1/24", false }, { "host", false },
		{ "clnt", false }, { "clnt:*********", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_EQUAL(settings_client_is_name(rows[i].name),
			rows[i].valid);
}

static void
test_fits(void)
{
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text("[session]\nlist_sort = none\n"
	    "[client \"192.0.2.0/24\"]\nidle_timeout = 1\n"
	    "[client \"listener:old\"]\nidle_timeout = 2\n"
	    "[client \"clnt:Scan*\"]\nidle_timeout = 3\n"
	    "ascii_upload = refuse\n"
	    "[client \"192.0.2.0/24\"]\nascii_download = pretend\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_FALSE(apply(s, "192.0.3.1", "", "", &u));
	CU_ASSERT_EQUAL(u.idle_timeout, 300);
	CU_ASSERT_TRUE(apply(s, "192.0.2.9", "", "", &u));
	CU_ASSERT_EQUAL(u.idle_timeout, 1);
	CU_ASSERT_EQUAL(u.ascii_download, ASCII_PRETEND);
	CU_ASSERT_EQUAL(u.ascii_upload, ASCII_CONVERT);
	CU_ASSERT_EQUAL(u.list_sort, LIST_SORT_NONE);
	CU_ASSERT_TRUE(apply(s, "192.0.2.9", "old", "", &u));
	CU_ASSERT_EQUAL(u.idle_timeout, 2);
	CU_ASSERT_TRUE(apply(s, "192.0.2.9", "old", "Scanner 1", &u));
	CU_ASSERT_EQUAL(u.idle_timeout, 3);
	CU_ASSERT_EQUAL(u.ascii_upload, ASCII_REFUSE);
	CU_ASSERT_FALSE(apply(s, "::1", "older", "My Scanner", &u));
	/* No account's. */
	settings_for_user(s, "192.0.2.0/24", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 300);
	settings_free(s);
}

static void
check_refused(const char *text, const char *sentence)
{
	struct complaints c;
	struct settings *s = with_text(text, &c);

	CU_ASSERT_PTR_NULL(s);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), sentence));
	if (s != NULL)
		settings_free(s);
}

static void
test_refused(void)
{
	check_refused("[client host]\nidle_timeout = 1\n",
	    "F:1: [client \"host\"] must name a network, listener:NAME or "
	    "clnt:PATTERN\n");
	check_refused("[client \"::1\"]\nidle_timeout = 1\npermissions = e\n",
	    "F:3: permissions cannot be set in [client NAME]\n");
	check_refused("[client \"::1\"]\nrequire_tls = no\n",
	    "F:2: require_tls cannot be set in [client NAME]\n");
	check_refused("[client \"::1\"]\njail = no\n",
	    "F:2: jail cannot be set in [client NAME]\n");
	check_refused("[client \"::1\"]\npasword = no\n",
	    "F:2: unknown setting \"pasword\" in [client]");
	check_refused("[client]\nidle_timeout = 1\n", "F:1: missing name in "
	    "[client]");
}

CU_TestInfo unit_tests[] = {
	{ "names", test_names },
	{ "matching clients", test_fits },
	{ "what cannot be set", test_refused },
	CU_TEST_INFO_NULL,
};
