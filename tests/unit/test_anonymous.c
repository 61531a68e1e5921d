/*
 * test_anonymous.c - anonymous logins.
 */
#include "common/base.h"
#include "common/accounts/anonymous.h"

#include "common/accounts/account.h"
#include "common/accounts/backends.h"
#include "common/permissions.h"
#include "common/settings/settings_check.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "anonymous";

#define TO_READ (PERMISSION_enter | PERMISSION_list | PERMISSION_retrieve)

static void
test_names(void)
{
	static const char *const yes[] = { "anonymous", "ftp", "FTP",
		"Anonymous" };
	static const char *const no[] = { "", "anonymous ", "ftpd",
		"anonymou", "anna" };
	struct settings on = { .server.enabled = true }, off = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		CU_ASSERT(anonymous_is(&on, yes[i]));
		CU_ASSERT(!anonymous_is(&off, yes[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		CU_ASSERT(!anonymous_is(&on, no[i]));
}

static bool
holds(int rule, const char *password)
{
	char accepted[] = "guest\ntwo words", denied[] = "bad@x.org\nworse";
	const struct server_settings rules = { .password = rule,
		.accepted_passwords = accepted, .denied_passwords = denied };
	BUFFER(reason, 200);
	bool is = anonymous_password_holds(&rules, password, &reason);

	CU_ASSERT_EQUAL(reason.len == 0, is);
	return is;
}

/* A password, and the rules it meets: none, any, email, list. */
static void
test_passwords(void)
{
	static const struct {
		const char *password;
		bool holds[4];
	} rows[] = {
		{ "", { true, false, false, false } },
		{ "x", { true, true, false, false } },
		{ "me@example.org", { true, true, true, false } },
		{ "me@example", { true, true, false, false } },
		{ "@example.org", { true, true, false, false } },
		{ "me@.org", { true, true, false, false } },
		{ "me@example.", { true, true, false, false } },
		{ "me@a@b.org", { true, true, false, false } },
		{ "m e@example.org", { true, true, false, false } },
		{ "me@\x01.org", { true, true, false, false } },
		{ "guest", { true, true, false, true } },
		{ "two words", { true, true, false, true } },
		{ "Guest", { true, true, false, false } },
		{ "gues", { true, true, false, false } },
		{ "guest\ntwo words", { true, true, false, false } },
		{ "bad@x.org", { false, false, false, false } },
		{ "BAD@X.ORG", { false, false, false, false } },
		{ "worse", { false, false, false, false } },
		{ "bad@x.or", { true, true, true, false } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int rule = 0; rule < 4; rule++)
			CU_ASSERT_EQUAL(holds(rule, rows[i].password),
				rows[i].holds[rule]);
}

static void
test_section(void)
{
	struct complaints c;
	struct settings *s = with_text("[anonymous]\nenabled = yes\n"
	    "root = /srv\nidle_timeout = 7\nallow_from = ::1\n"
	    "allow_from = 10.0.0.1\n[limits]\nidle_timeout = 8\n", &c);

	if (s == NULL)
		printf("\n  %s", buffer_text(&c.text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT(s->server.enabled);
	CU_ASSERT_STRING_EQUAL(s->server.root, "/srv");
	CU_ASSERT_EQUAL(s->anonymous.values.idle_timeout, 7);
	CU_ASSERT_EQUAL(s->user.idle_timeout, 8);
	CU_ASSERT_STRING_EQUAL(s->anonymous.values.allow_from, "::1 10.0.0.1");
	settings_free(s);
	CU_ASSERT(with_refusal("[anonymous]\nidle_timeout = 7\n"
	    "idle_timeout = 8\n", "F:3: idle_timeout is already set on line "
	    "2\n"));
	CU_ASSERT(with_refusal("[anonymous]\nmax_clients = 7\n",
	    "F:2: unknown setting \"max_clients\" in [anonymous]; it belongs "
	    "in [limits]\n"));
	CU_ASSERT(with_refusal("[anonymous]\npassword_hash = $6$x$y\n",
	    "F:2: password_hash can only be set in [user NAME]\n"));
	CU_ASSERT(with_refusal("[anonymous]\npassword = list\n",
	    "F:2: password = list in [anonymous] needs "
	    "accepted_passwords\n"));
	CU_ASSERT(with_refusal("[user anna]\nenabled = yes\n",
	    "F:2: unknown setting \"enabled\" in [user]; it belongs in "
	    "[anonymous]\n"));
}

/* Only the names themselves: a domain account is not anonymous, even if its
 * domain is removed. */
static void
test_domain(void)
{
	static const struct {
		const char *given;
		enum identity_class class;
	} rows[] = {
		{ "FTP", IDENTITY_ANONYMOUS },
		{ "anonymous", IDENTITY_ANONYMOUS },
		{ "EX\\ftp", IDENTITY_SYSTEM },
		{ "anonymous@ex", IDENTITY_SYSTEM },
	};
	struct complaints c;
	struct settings *s = with_text("[anonymous]\nenabled = yes\n"
	    "[auth]\nstrip_domain = EX\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct account_choice choice;
		BUFFER(reason, 200);

		CU_ASSERT(backends_choose(s, rows[i].given, &choice, &reason));
		CU_ASSERT_EQUAL(choice.class, rows[i].class);
		backends_forget(&choice);
	}
	settings_free(s);
}

/* Letters that write bring a warning. */
static void
test_warning(void)
{
	struct complaints c;
	struct settings *s = with_text("[anonymous]\nenabled = yes\n"
	    "permissions = elrw\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_warn(s, with_complaint, &c);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text), "anonymous clients "
	    "can change files as the account ftp"));
	settings_free(s);
	s = with_text("[anonymous]\nenabled = yes\npermissions = el\n", &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_warn(s, with_complaint, &c);
	CU_ASSERT_PTR_NULL(strstr(buffer_text(&c.text), "everybody"));
	settings_free(s);
}

/* What holds for a session: the identity and its settings. */
static void
get(const char *text, struct identity *who, struct user_settings *u,
	struct settings **s)
{
	struct account_choice choice;
	struct complaints c;
	BUFFER(reason, 200);

	*s = with_text(text, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*s);
	CU_ASSERT(backends_choose(*s, "ftp", &choice, &reason));
	CU_ASSERT_EQUAL(choice.class, IDENTITY_ANONYMOUS);
	CU_ASSERT(backends_identity(*s, &choice, "ftp", who, &reason));
	CU_ASSERT(backends_settings(*s, &choice, who, u, &reason));
	backends_forget(&choice);
}

static void
test_session(void)
{
	struct identity who = { 0 }, daemon = { 0 };
	struct user_settings u;
	struct settings *s;
	BUFFER(reason, 200);

	CU_ASSERT(account_find("daemon", &daemon, &reason));
	get("[anonymous]\nenabled = yes\nuser = daemon\nroot = /srv/pub\n"
	    "max_per_user = 9\n", &who, &u, &s);
	CU_ASSERT_EQUAL(who.class, IDENTITY_ANONYMOUS);
	CU_ASSERT_STRING_EQUAL(who.user, "anonymous");
	CU_ASSERT_STRING_EQUAL(who.account, "daemon");
	CU_ASSERT_STRING_EQUAL(who.key, "anonymous");
	CU_ASSERT_STRING_EQUAL(who.home, "/srv/pub");
	CU_ASSERT_EQUAL(who.uid, daemon.uid);
	CU_ASSERT_EQUAL(u.permissions, TO_READ);
	CU_ASSERT(u.world_readable_only);
	CU_ASSERT_EQUAL(u.max_per_user, 9);
	settings_free(s);
	/* No general permission makes strangers write, their own does. */
	get("[anonymous]\nenabled = yes\nuser = daemon\n"
	    "world_readable_only = no\n[session]\npermissions = elrw\n", &who,
	    &u, &s);
	CU_ASSERT_STRING_EQUAL(who.home, daemon.home);
	CU_ASSERT_EQUAL(u.permissions, TO_READ);
	CU_ASSERT(!u.world_readable_only);
	settings_free(s);
	get("[anonymous]\nenabled = yes\nuser = daemon\n"
	    "permissions = elw\n", &who, &u, &s);
	CU_ASSERT_EQUAL(u.permissions, PERMISSION_enter | PERMISSION_list |
	    PERMISSION_store);
	settings_free(s);
}

static void
test_refused(void)
{
	char root[] = "root", gone[] = "no-such-account-here", none[] = "";
	struct settings s = { .server = { .user = root, .root = none } };
	struct identity who = { 0 };
	BUFFER(reason, 200);

	CU_ASSERT(!anonymous_identity(&s, &who, &reason));
	CU_ASSERT_STRING_EQUAL(buffer_text(&reason), "anonymous sessions "
	    "cannot have uid 0");
	s.server.user = gone;
	CU_ASSERT(!anonymous_identity(&s, &who, &reason));
}

CU_TestInfo unit_tests[] = {
	{ "two names, if they are allowed", test_names },
	{ "four rules for passwords", test_passwords },
	{ "the section holds its own settings and those of users",
		test_section },
	{ "accounts of domains are not anonymous", test_domain },
	{ "a warning of permissions that write", test_warning },
	{ "identity and settings of a session", test_session },
	{ "accounts that cannot be used", test_refused },
	CU_TEST_INFO_NULL
};
