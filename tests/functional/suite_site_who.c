/*
 * suite_site_who.c - SITE WHO, for administrators only.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/waiting.h"

const char *const functional_name = "site_who";

static void
check_none(struct ftp *c)
{
	EXPECT(c, 502, "SITE WHO");
	EXPECT(c, 214, "SITE HELP");
	CHECK_LACKS(c->text, "SITE WHO");
}

static void
test_off(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "server.admin_users=anna"))
		return;
	CHECK(ftp_enter(&c, "anna"));
	check_none(&c);
	ftp_close(&c);
	server_stop(&s);
}

static void
check_list(struct ftp *c)
{
	EXPECT(c, 211, "SITE WHO");
	CHECK_HAS(c->text, "\n anna 127.0.0.1 ");
	CHECK_HAS(c->text, " SITE");
	CHECK_HAS(c->text, "\n bert 127.0.0.1 ");
	CHECK_HAS(c->text, " idle\n");
	CHECK_LACKS(c->text, "carl");
}

/* By name and by number. */
static void
test_administrators(void)
{
	static const char *const options[] = {
		"server.admin_users=carl anna", "server.admin_users=1001",
	};
	struct server s;
	struct ftp a, b;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, "server.allow_site_who=yes", options[i]))
			return;
		CHECK(ftp_enter(&b, "bert"));
		CHECK(ftp_enter(&a, "anna"));
		EXPECT(&a, 214, "SITE HELP");
		CHECK_HAS(a.text, "SITE WHO - lists all sessions");
		check_list(&a);
		check_none(&b);
		/* The master is asked at most once per second. */
		EXPECT(&a, 450, "SITE WHO");
		wait_for_time(1100);
		check_list(&a);
		ftp_close(&b);
		ftp_close(&a);
		server_stop(&s);
	}
}

/* More lines than one piece of the list. */
static void
test_many(void)
{
	struct ftp crowd[120];
	struct server s;
	struct ftp c;
	size_t found = 0;

	if (!SERVER(&s, "server.allow_site_who=yes",
		    "server.admin_users=anna", "limits.max_per_ip=0",
		    "auth.pam_service=" ACCOUNTS_PERMIT))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(crowd); i++)
		CHECK(ftp_enter(&crowd[i], "bert"));
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 211, "SITE WHO");
	for (const char *at = c.text; (at = strstr(at, "\n bert 127.0.0.1 "));
	     at++)
		found++;
	CHECK_NUMBER(found, ARRAY_SIZE(crowd));
	CHECK_HAS(c.text, "\n anna ");
	ftp_close(&c);
	for (size_t i = 0; i < ARRAY_SIZE(crowd); i++)
		ftp_close(&crowd[i]);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "off by default", test_off },
	{ "for admin_users", test_administrators },
	{ "many sessions", test_many },
	CU_TEST_INFO_NULL,
};
