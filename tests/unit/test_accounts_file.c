/*
 * test_accounts_file.c - accounts that exist for FTP only: read and checked.
 */
#include "common/base.h"
#include "common/accounts/accounts_file.h"

#include "common/accounts/account.h"
#include "common/accounts/backends.h"
#include "common/permissions.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "accounts_file";

#define HASH "$6$sureftpd$one"
#define OTHER "$6$sureftpd$two"

static struct file_account a;
static char reason_storage[512];
static struct buffer reason;

/* What comes of looking for this name in a file of this text. */
static int
find(const char *text, const char *name)
{
	buffer_init(&reason, reason_storage, sizeof(reason_storage));
	CU_ASSERT_FATAL(with_file(text, strlen(text)));
	int r = accounts_file_find(with_path, name, &a, &reason);
	with_no_file();
	CU_ASSERT_EQUAL(reason.len > 0, r < 0);
	return r;
}

static int
lines_in(const char *text)
{
	int count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

static void
test_found(void)
{
	static const char text[] = "# accounts\n[anna]\naccount = www\n"
	    "password_hash = " HASH "\nhome = /srv/anna\npermissions = elrw\n"
	    "allow_from = 10.0.0.0/8\nallow_from = ::1\n\n"
	    "[\"b c\"]\naccount = root\npassword_hash = " OTHER "\n"
	    "[dora]\naccount = www\n";

	CU_ASSERT_EQUAL(find(text, "anna"), 1);
	CU_ASSERT_STRING_EQUAL(a.account, "www");
	CU_ASSERT_STRING_EQUAL(a.hash, HASH);
	CU_ASSERT_STRING_EQUAL(a.settings.name, "anna");
	CU_ASSERT_STRING_EQUAL(a.settings.values.home, "/srv/anna");
	CU_ASSERT_EQUAL(a.settings.values.permissions, PERMISSION_enter |
	    PERMISSION_list | PERMISSION_retrieve | PERMISSION_store);
	CU_ASSERT_STRING_EQUAL(a.settings.values.allow_from, "10.0.0.0/8 ::1");
	CU_ASSERT_EQUAL(a.settings.origin.line[
	    SETTINGS_ROW_session_permissions], 6);
	CU_ASSERT_EQUAL(a.settings.origin.line[SETTINGS_ROW_session_umask], 0);
	file_account_clear(&a);
	CU_ASSERT_STRING_EQUAL(a.hash, "");
	CU_ASSERT_EQUAL(find(text, "b c"), 1);
	CU_ASSERT_STRING_EQUAL(a.hash, OTHER);
	file_account_clear(&a);
	/* Without a password it has none, whatever stands above. */
	CU_ASSERT_EQUAL(find(text, "dora"), 1);
	CU_ASSERT_STRING_EQUAL(a.hash, "");
	file_account_clear(&a);
	/* Nobody: the hash is an example. */
	CU_ASSERT_EQUAL(find(text, "Anna"), 0);
	CU_ASSERT_STRING_EQUAL(a.hash, HASH);
	CU_ASSERT_STRING_EQUAL(a.account, "");
	file_account_clear(&a);
	CU_ASSERT_EQUAL(find("", "anna"), 0);
	file_account_clear(&a);
}

/* What the sections of others contain does not matter, and is not taken for
 * something else. */
static void
test_others(void)
{
	static const char *const others[] = {
		"[x]\npassword_hash = " OTHER "\n",
		"[x]\npassword_hash = " OTHER "\nallow_from = ::1\n"
		    "  10.0.0.0/8\n",
		"[x]\npassword_hash = " OTHER "\n[y]\nhome = /y\n [anna]\n"
		    " account = bin\n",
		"[x]\npassword_hash = " OTHER "\nhome = /[anna]\nhome = [anna]"
		    "\nx=[anna]\naccount = bin\n",
		"[x]\npassword_hash = " OTHER "\nno = 1\nno : 1\nno\n= 1\n"
		    "\xff = 1\naccount = bin\n",
	};
	static const char anna[] = "[anna]\naccount = www\n"
	    "password_hash = " HASH "\nhome = /srv\n allow\n"
	    "permissions = elrw\n";
	char text[1024];

	for (size_t i = 0; i < 2 * ARRAY_SIZE(others); i++) {
		const char *other = others[i / 2];
		bool before = i % 2 == 0;
		snprintf(text, sizeof(text), "%s%s%s", before ? other : "",
		    anna, before ? "" : other);
		CU_ASSERT_EQUAL(find(text, "anna"), 1);
		CU_ASSERT_STRING_EQUAL(a.account, "www");
		CU_ASSERT_STRING_EQUAL(a.hash, HASH);
		CU_ASSERT_STRING_EQUAL(a.settings.values.home, "/srv allow");
		CU_ASSERT_EQUAL(a.settings.origin.line[
		    SETTINGS_ROW_session_permissions],
		    before ? lines_in(other) + 6 : 6);
		file_account_clear(&a);
	}
}

/* The account's own mistakes refuse it, those of others do not. */
static void
test_mistakes(void)
{
	static const char *const wrong[] = {
		"[anna]\naccount = www\nno_setting = 1\n",
		"[anna]\naccount = www\npermissions = x\n",
		"[anna]\naccount = www\npassword_hash = secret\n",
		"[anna]\naccount = www\nidle_timeout = 1\nidle_timeout = 2\n",
		"[anna]\naccount = www\naccount = bin\n",
		"[anna]\naccount = a/b\n",
		"[anna]\naccount =\n",
		"[anna]\naccount = www\nmax_clients = 1\n",
		"[anna]\naccount = www\nmsg_login_file = /etc/motd\n",
		"[anna]\naccount = www\nnonsense\n",
		"[anna]\npassword_hash = " HASH "\n",
		"[anna]\naccount = www\n[bert]\n[anna]\naccount = www\n",
	};
	char text[512];

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CU_ASSERT_EQUAL(find(wrong[i], "anna"), -EINVAL);
		CU_ASSERT_PTR_NULL(strstr(buffer_text(&reason), "secret"));
		snprintf(text, sizeof(text), "%s[carl]\naccount = www\n",
		    wrong[i]);
		CU_ASSERT_EQUAL(find(text, "carl"), 1);
		file_account_clear(&a);
	}
	/* The next heading is not the account's. */
	CU_ASSERT_EQUAL(find("[anna]\naccount = www\n[bert\naccount = bin\n",
	    "anna"), 1);
	CU_ASSERT_STRING_EQUAL(a.account, "www");
	file_account_clear(&a);
}

static void
test_trust(void)
{
	static const char text[] = "[anna]\naccount = www\n";

	buffer_init(&reason, reason_storage, sizeof(reason_storage));
	CU_ASSERT_EQUAL(accounts_file_find("/nonexistent/x", "anna", &a,
	    &reason), 0);
	file_account_clear(&a);
	CU_ASSERT_FATAL(with_file(text, strlen(text)));
	CU_ASSERT_EQUAL(chmod(with_path, 0622), 0);
	CU_ASSERT_EQUAL(accounts_file_find(with_path, "anna", &a, &reason),
	    -EPERM);
	CU_ASSERT(reason.len > 0);
	with_no_file();
}

static bool
complains(const char *text, const char *want)
{
	struct settings s = { .server.accounts_file = with_path };
	struct complaints c;

	with_no_complaints(&c);
	CU_ASSERT_FATAL(with_file(text, strlen(text)));
	size_t count = accounts_file_check(&s, with_complaint, &c);
	with_no_file();
	CU_ASSERT_EQUAL(count, c.count);
	bool same = strcmp(buffer_text(&c.text), want) == 0;
	if (!same)
		printf("\n  got:  %s  want: %s", buffer_text(&c.text), want);
	return same;
}

static void
test_check(void)
{
	struct settings s = { 0 };
	struct complaints c;
	char missing[] = "/nonexistent/x";

	CU_ASSERT(complains("", ""));
	CU_ASSERT(complains("[anna]\naccount = daemon\npassword_hash = " HASH
	    "\n[\"b c\"]\naccount = daemon\n", ""));
	CU_ASSERT(complains("[anna]\n[b c]\naccount = daemon\n"
	    "[carl]\naccount = no-such-account-here\n"
	    "[dora]\naccount = root\nx = 1\npassword_hash = $1$abc$def\n"
	    "[anna]\naccount = daemon\numask = 9\n",
	    "F:1: the account has no line account = NAME\n"
	    "F:2: use [NAME], or [\"NAME\"] if it contains blanks\n"
	    "F:4: the host has no account no-such-account-here\n"
	    "F:8: x is not a setting of accounts\n"
	    "F:6: the account must not have uid 0\n"
	    "F:6: this kind of password_hash can be guessed fast; replace it, "
	    "or set allow_legacy_hashes\n"
	    "F:12: umask must be octal, 000 to 777, or pam\n"
	    "F: anna is defined twice\n"));
	CU_ASSERT(complains("account = daemon\n[anna]\naccount = daemon\n",
	    "F:1: no account has this line; write [NAME] above it\n"));
	CU_ASSERT(complains("[bert\naccount = daemon\n[carl] x\n",
	    "F:1: missing \"]\" at the end of the heading\n"
	    "F:3: unexpected text after \"]\"\n"));
	with_no_complaints(&c);
	s.server.accounts_file = missing;
	CU_ASSERT_EQUAL(accounts_file_check(&s, with_complaint, &c), 0);
}

/* The order of the backends decides; a name that nobody knows is the first's,
 * and PAM's wherever PAM is asked at all. */
static void
test_backends(void)
{
	static const struct {
		const char *backends, *name;
		enum identity_class class;
		bool known;
	} rows[] = {
		{ "pam", "root", IDENTITY_SYSTEM, false },
		{ "pam", "anna", IDENTITY_SYSTEM, false },
		{ "pam file", "root", IDENTITY_SYSTEM, true },
		{ "pam file", "no-such-anna", IDENTITY_FILE, true },
		{ "pam file", "no-such", IDENTITY_SYSTEM, false },
		{ "file pam", "root", IDENTITY_FILE, true },
		{ "file pam", "daemon", IDENTITY_SYSTEM, true },
		{ "file pam", "no-such", IDENTITY_SYSTEM, false },
		{ "file", "root", IDENTITY_FILE, true },
		{ "file", "daemon", IDENTITY_FILE, false },
	};
	static const char text[] = "[root]\naccount = daemon\n"
	    "[no-such-anna]\naccount = daemon\npassword_hash = " HASH "\n";
	struct account_choice choice;

	CU_ASSERT_FATAL(with_file(text, strlen(text)));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char backends[16];
		char none[] = "";
		struct settings s = { .server = {
			.accounts_file = with_path, .backends = backends,
			.guest_user = none, .strip_domain = none,
			.default_domain = none } };
		snprintf(backends, sizeof(backends), "%s", rows[i].backends);
		buffer_init(&reason, reason_storage, sizeof(reason_storage));
		CU_ASSERT(backends_choose(&s, rows[i].name, &choice, &reason));
		CU_ASSERT_EQUAL(choice.class, rows[i].class);
		CU_ASSERT_EQUAL(choice.known, rows[i].known);
		backends_forget(&choice);
	}
	with_no_file();
}

static void
test_identity(void)
{
	static const char text[] = "[anna]\naccount = daemon\n[toor]\n"
	    "account = root\n[gone]\naccount = no-such-account-here\n";
	char none[] = "";
	const struct settings settings = { .server = { .home_template = none,
		.guest_user = none } };
	struct account_choice choice = { .class = IDENTITY_FILE,
		.known = true };
	struct identity who = { 0 }, daemon = { 0 };

	CU_ASSERT_EQUAL(find(text, "anna"), 1);
	choice.file = a;
	CU_ASSERT(account_find("daemon", &daemon, &reason));
	CU_ASSERT(backends_identity(&settings, &choice, "anna", &who, &reason));
	CU_ASSERT_STRING_EQUAL(who.user, "anna");
	CU_ASSERT_STRING_EQUAL(who.account, "daemon");
	CU_ASSERT_STRING_EQUAL(who.key, "file anna");
	CU_ASSERT_EQUAL(who.class, IDENTITY_FILE);
	CU_ASSERT_EQUAL(who.uid, daemon.uid);
	CU_ASSERT_EQUAL(who.gid, daemon.gid);
	backends_forget(&choice);
	static const char *const bad[][2] = { { "toor", "uid 0" },
		{ "gone", "no such account" } };
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CU_ASSERT_EQUAL(find(text, bad[i][0]), 1);
		choice = (struct account_choice){ .class = IDENTITY_FILE,
			.known = true, .file = a };
		CU_ASSERT(!backends_identity(&settings, &choice, bad[i][0],
		    &who, &reason));
		CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&reason),
		    bad[i][1]));
		backends_forget(&choice);
	}
}

CU_TestInfo unit_tests[] = {
	{ "accounts are found, with what they set", test_found },
	{ "sections of others", test_others },
	{ "an error in a section refuses that account only", test_mistakes },
	{ "a file that others can write to is refused", test_trust },
	{ "the whole file is checked", test_check },
	{ "backends are asked in order", test_backends },
	{ "an account works as one of the host", test_identity },
	CU_TEST_INFO_NULL
};
