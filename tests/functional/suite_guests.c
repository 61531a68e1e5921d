/*
 * suite_guests.c - guests, which are known to PAM only, and names with a
 * domain.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/procs.h"

#include <sys/stat.h>

const char *const functional_name = "guests";

/* PAM accepts every name. */
#define GUESTS "auth.pam_service=" ACCOUNTS_PERMIT, "auth.guest_user=bert", \
	"auth.guest_home=/home/guests/%u"

/* Logged in, the session's directory and uid are these. */
static void
check_session(const char *user, const char *password, const char *home,
	uid_t uid)
{
	char quoted[128];
	struct proc p;
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	if (!CHECK_NUMBER(ftp_login(&c, user, password), 230)) {
		ftp_close(&c);
		return;
	}
	EXPECT(&c, 257, "PWD");
	snprintf(quoted, sizeof(quoted), "\"%s\"", home);
	CHECK_HAS(c.text, quoted);
	CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
	CHECK_NUMBER(p.uid[1], uid);
	ftp_close(&c);
}

static void
make_homes(void)
{
	files_mkdir_as("root", "/home/guests", 0755);
	files_mkdir_as("bert", "/home/guests/gustav", 0700);
	files_mkdir_as("bert", "/home/guests/greta", 0700);
}

/* S26: each in its own home directory, read-only. */
static void
test_guests(void)
{
	struct server s;
	struct ftp c;

	make_homes();
	if (!SERVER(&s, GUESTS, "user.greta.permissions=elrm",
		"user.greta.max_per_user=1"))
		return;
	check_session("gustav", "any", "/home/guests/gustav", 1002);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "gustav", "any"), 230);
	EXPECT(&c, 550, "MKD made");
	ftp_close(&c);
	/* Counted by the guest's name. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "greta", "any"), 230);
	EXPECT(&c, 257, "MKD made");
	CHECK_NUMBER(ftp_try_login("greta", "any"), 530);
	CHECK_NUMBER(ftp_try_login("gustav", "any"), 230);
	ftp_close(&c);
	/* Accounts of the host are not guests. */
	check_session("anna", "any", "/home/anna", 1001);
	check_refused("nohome", "any", "cannot enter the home directory "
		"/home/guests/nohome: No such file or directory");
	check_refused("..", "any", "invalid account name");
	server_stop(&s);
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT))
		return;
	check_refused("gustav", "any", "no such account");
	server_stop(&s);
}

/* guests = all: accounts of the host are guests, too. */
static void
test_everybody(void)
{
	struct server s;

	make_homes();
	files_mkdir_as("bert", "/home/guests/anna", 0700);
	if (!SERVER(&s, GUESTS, "auth.guests=all"))
		return;
	check_session("anna", "any", "/home/guests/anna", 1002);
	check_session("gustav", "any", "/home/guests/gustav", 1002);
	check_refused("jan", "any", "cannot enter the home directory "
		"/home/guests/jan: No such file or directory");
	check_refused("root", "any", "the account is in rejected_users");
	server_stop(&s);
}

/* guest_user_for: some run as another account. */
static void
test_accounts_of_guests(void)
{
	struct server s;

	make_homes();
	files_mkdir_as("anna", "/home/guests/olga", 0700);
	if (!SERVER(&s, GUESTS, "auth.guest_user_for=olga anna"))
		return;
	check_session("olga", "any", "/home/guests/olga", 1001);
	check_session("gustav", "any", "/home/guests/gustav", 1002);
	server_stop(&s);
	if (!SERVER(&s, GUESTS, "auth.guest_user_for=olga root"))
		return;
	check_refused("olga", "any", "a guest account cannot be mapped to "
		"uid 0");
	server_stop(&s);
}

static void
test_guests_refused(void)
{
	struct server s;

	make_homes();
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT,
		"auth.guest_user=root", "auth.rejected_users="))
		return;
	check_refused("gustav", "any", "a guest account cannot be mapped to "
		"uid 0");
	server_stop(&s);
	if (!SERVER(&s, GUESTS, "auth.rejected_users=gustav"))
		return;
	check_refused("gustav", "any", "the account is in rejected_users");
	CHECK_NUMBER(ftp_try_login("greta", "any"), 230);
	server_stop(&s);
	/* PAM must accept them. */
	if (!SERVER(&s, "auth.guest_user=bert"))
		return;
	check_refused("gustav", "any", NO_ACCOUNT);
	server_stop(&s);
}

/* S84: the domain is not part of the account's name. */
static void
test_strip(void)
{
	struct server s;

	if (!SERVER(&s, "auth.strip_domain=EXAMPLE example.org",
		"auth.rejected_users=root bert"))
		return;
	check_session("EXAMPLE\\anna", "anna-pass", "/home/anna", 1001);
	check_session("anna@Example.org", "anna-pass", "/home/anna", 1001);
	check_session("anna", "anna-pass", "/home/anna", 1001);
	check_refused("bert@example.org", "bert-pass", "the account is in "
		"rejected_users");
	check_refused("root@EXAMPLE", "rootpass", "the account is in "
		"rejected_users");
	check_refused("anna@other.org", "anna-pass", NO_ACCOUNT);
	check_refused("anna@example.org@example.org", "anna-pass", NO_ACCOUNT);
	server_stop(&s);
}

/* S85: accounts with a domain in their name, as winbind and sssd have them. */
static void
test_domain(void)
{
	char hash[PASSWORD_HASH_SIZE], line[700];
	struct server s;

	CHECK_NUMBER(password_hash_new("pw", hash), 0);
	files_append_text("/etc/passwd",
		"EX\\dirk:x:1020:1001::/home/anna:/bin/bash\n"
		"emil@ex.org:x:1021:1001::/home/anna:/bin/bash\n");
	snprintf(line, sizeof(line), "EX\\dirk:%s:19000::::::\n", hash);
	files_append_text("/etc/shadow", line);
	snprintf(line, sizeof(line), "emil@ex.org:%s:19000::::::\n", hash);
	files_append_text("/etc/shadow", line);
	files_mkdir_as("root", "/home/EX", 0755);
	files_mkdir_as("root", "/home/EX/dirk", 0755);
	files_mkdir_as("root", "/home/ex.org", 0755);
	files_mkdir_as("root", "/home/ex.org/emil", 0755);
	if (!SERVER(&s, "auth.default_domain=EX\\",
		"auth.home_template=/home/%d/%u"))
		return;
	check_session("EX\\dirk", "pw", "/home/EX/dirk", 1020);
	check_session("dirk", "pw", "/home/EX/dirk", 1020);
	check_session("emil@ex.org", "pw", "/home/ex.org/emil", 1021);
	/* Accounts of the host are not affected. */
	check_session("anna", "anna-pass", "/home/anna", 1001);
	check_refused("emil", "pw", NO_ACCOUNT);
	server_stop(&s);
	if (!SERVER(&s, "auth.default_domain=@ex.org"))
		return;
	CHECK_NUMBER(ftp_try_login("dirk", "pw"), 530);
	/* Their own home directory, which belongs to another account. */
	check_refused("emil", "pw", "cannot enter the home directory "
		"/home/anna: Permission denied");
	server_stop(&s);
}

/* default_domain is added to unknown names only: not to those of the accounts
 * file or the anonymous ones. */
static void
test_domain_of_others(void)
{
	char hash[PASSWORD_HASH_SIZE];
	struct server s;

	CHECK_NUMBER(password_hash_new("pw", hash), 0);
	files_writef("/etc/sureftpd/accounts",
		"[carla]\naccount = anna\npassword_hash = %s\n"
		"[dirk@ex.org]\naccount = anna\npassword_hash = %s\n",
		hash, hash);
	chmod("/etc/sureftpd/accounts", 0600);
	if (!SERVER(&s, "auth.default_domain=@ex.org",
		"auth.backends=pam file", "anonymous.enabled=yes",
		"anonymous.user=anna"))
		return;
	check_session("anonymous", "x", "/", 1001);
	check_session("ftp", "x", "/", 1001);
	check_session("carla", "pw", "/home/anna", 1001);
	check_session("dirk", "pw", "/home/anna", 1001);
	check_session("anna", "anna-pass", "/home/anna", 1001);
	server_stop(&s);
}

/* A user name in a path template must not change the directory. */
static void
test_hostile_names(void)
{
	static const char *const refused[] = { "..", ".", "a/b", "../anna",
		"/home/anna", "-rf", "+", "a:b", "..\\gustav", ".\\gustav",
		"gustav@.." };
	static const char *const odd[] = { "%u", "%h", "%%", "a%n%s", "a b",
		("\xe2\x80\xae" "x"), "\xff", "$(id)", "`id`", "*", "~root" };
	/* Each directory could be entered if the name were used as a path. */
	static const char *const homes[] = { "/home/gustav", "/home/guests/a",
		"/home/guests/a/b", "/home/guests/-rf", "/home/guests/+",
		"/home/guests/a:b" };
	char longest[256], path[300];
	struct server s;

	make_homes();
	for (size_t i = 0; i < ARRAY_SIZE(homes); i++)
		files_mkdir_as("bert", homes[i], 0700);
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		snprintf(path, sizeof(path), "/home/guests/%s", odd[i]);
		files_mkdir_as("bert", path, 0700);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	snprintf(path, sizeof(path), "/home/guests/%s", longest);
	files_mkdir_as("bert", path, 0700);
	if (!SERVER(&s, GUESTS, "auth.failed_login_delay=0",
		"limits.ban_after=0"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		CHECK_SAYS(ftp_try_login(odd[i], "x") == 230, "%s", odd[i]);
	CHECK_NUMBER(ftp_try_login(longest, "x"), 230);
	server_stop(&s);
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT,
		"auth.guest_user=bert", "auth.home_template=/home/guests/%d/%u",
		"auth.guest_home=/home/guests/%u", "auth.failed_login_delay=0",
		"limits.ban_after=0"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		CHECK_SAYS(ftp_try_login(refused[i], "x") == 530, "%s",
			refused[i]);
	server_stop(&s);
}

/* home, for all and for one, with its tokens. */
static void
test_home(void)
{
	struct server s;

	files_mkdir_as("root", "/home/ftp", 0755);
	files_mkdir_as("anna", "/home/ftp/anna", 0700);
	files_mkdir_as("bert", "/home/bert/here", 0700);
	if (!SERVER(&s, "auth.home=/home/ftp/%u", "user.bert.home=%h/here"))
		return;
	CHECK_NUMBER(ftp_try_login("jan", accounts_find("jan")->password), 530);
	check_session("anna", "anna-pass", "/home/ftp/anna", 1001);
	check_session("bert", "bert-pass", "/home/bert/here", 1002);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "guests are users known to PAM only", test_guests },
	{ "guests = all", test_everybody },
	{ "guests with accounts of their own", test_accounts_of_guests },
	{ "guests that cannot log in", test_guests_refused },
	{ "domains are removed from names", test_strip },
	{ "names with a domain, and guest_home", test_domain },
	{ "the default domain is not added to known names",
		test_domain_of_others },
	{ "hostile user names", test_hostile_names },
	{ "home directories by setting", test_home },
	CU_TEST_INFO_NULL,
};
