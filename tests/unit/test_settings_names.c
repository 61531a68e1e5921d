/*
 * test_settings_names.c - headings with a name, in the file and in -o; names
 * that are refused with a hint.
 */
#include "common/base.h"
#include "common/permissions.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_names";

/* [listener NAME], [tls NAME], [user NAME] and [group NAME] take their names
 * with quotes and without. */
static void
test_names_with_and_without_quotes(void)
{
	static const char *const groups[] = { "web-dev" };
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text("[tls]\ncertificate = /a\n"
	    "[listener \"lan\"]\nport = 2121\n"
	    "[listener six]\nport = 2122\n"
	    "[tls \"a.example\"]\ncertificate = /b\n"
	    "[tls B.example]\ncertificate = /c\n"
	    "[user anna]\nidle_timeout = 7\n"
	    "[user \"anna\"]\ndata_timeout = 8\n"
	    "[user \"a b\"]\nidle_timeout = 9\n"
	    "[group web-dev]\numask = 077\n", &c);

	if (s == NULL)
		printf("\n  %s", buffer_text(&c.text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL_FATAL(s->listener_count, 2);
	CU_ASSERT_STRING_EQUAL(s->listeners[0].name, "lan");
	CU_ASSERT_STRING_EQUAL(s->listeners[1].name, "six");
	CU_ASSERT_EQUAL_FATAL(s->tls_count, 3);
	CU_ASSERT_STRING_EQUAL(s->tls[1].name, "a.example");
	CU_ASSERT_STRING_EQUAL(s->tls[2].name, "B.example");
	settings_for_user(s, "anna", groups, 1, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 7);
	CU_ASSERT_EQUAL(u.data_timeout, 8);
	CU_ASSERT_EQUAL(u.umask, 077);
	settings_for_user(s, "a b", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 9);
	settings_free(s);
}

static void
test_names_on_the_command_line(void)
{
	struct user_settings u;
	struct complaints c;
	struct settings *s = OPTIONS(&c, "tls.certificate=/a",
	    "listener.a.port=2001", "listener \"b\".port=2002",
	    "listener.\"c\".port=2003", "listener d.port=2004",
	    "tls.ftp.example.org.certificate=/b",
	    "tls \"ftp.example.net\".certificate=/c",
	    "user.anna.m.idle_timeout=7", "user bert.idle_timeout=8",
	    "user.\"x=y.z\".idle_timeout=9", "group.web.umask=077");

	if (s == NULL)
		printf("\n  %s", buffer_text(&c.text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL_FATAL(s->listener_count, 4);
	for (size_t i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(s->listeners[i].name[0], "abcd"[i]);
		CU_ASSERT_EQUAL(s->listeners[i].port, 2001 + (int)i);
	}
	CU_ASSERT_EQUAL_FATAL(s->tls_count, 3);
	CU_ASSERT_STRING_EQUAL(s->tls[1].name, "ftp.example.org");
	CU_ASSERT_STRING_EQUAL(s->tls[2].name, "ftp.example.net");
	settings_for_user(s, "anna.m", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 7);
	settings_for_user(s, "bert", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 8);
	settings_for_user(s, "x=y.z", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 9);
	settings_free(s);
}

/* What was written is shown as it was written, once. */
static void
test_names_refused(void)
{
	CU_ASSERT(with_refusal("[group \"\"]\n[user \"a\"b\"]\n"
	    "[user a b]\n[listener \"x]\n[user]\n[group ]\n",
	    "F:1: invalid name in [group \"\"]; use [group NAME], or "
	    "[group \"NAME\"] if it contains blanks\n"
	    "F:2: invalid name in [user \"a\"b\"]; use [user NAME], or "
	    "[user \"NAME\"] if it contains blanks\n"
	    "F:3: invalid name in [user a b]; use [user NAME], or "
	    "[user \"NAME\"] if it contains blanks\n"
	    "F:4: invalid name in [listener \"x]; use [listener NAME], or "
	    "[listener \"NAME\"] if it contains blanks\n"
	    "F:5: missing name in [user]\n"
	    "F:6: missing name in [group]\n"));
	CU_ASSERT(option_refused("user.umask=0",
	    "-o user.umask=0: missing name in [user]\n"));
}

static void
test_directories(void)
{
	struct complaints c;
	struct settings *s = with_text("[directory /srv]\npermissions = elr\n"
	    "recursive = yes\nusers = anna\nusers = bert\n"
	    "[directory \"/srv\"]\npermissions =\ngroups = web-dev, ops\n"
	    "[directory \"/a [b] \xc3\xa9\"]\npermissions = e\n", &c);

	if (s == NULL)
		printf("\n  %s", buffer_text(&c.text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL_FATAL(s->directory_count, 3);
	const struct settings_directory *d = s->directories;
	CU_ASSERT_STRING_EQUAL(d[0].path, "/srv");
	CU_ASSERT_EQUAL(d[0].values.permissions, PERMISSIONS_TO_READ);
	CU_ASSERT_TRUE(d[0].values.recursive);
	CU_ASSERT_STRING_EQUAL(d[0].values.users, "anna bert");
	CU_ASSERT_STRING_EQUAL(d[1].path, "/srv");
	CU_ASSERT_EQUAL(d[1].values.permissions, 0);
	CU_ASSERT_FALSE(d[1].values.recursive);
	CU_ASSERT_STRING_EQUAL(d[1].values.groups, "web-dev ops");
	CU_ASSERT_STRING_EQUAL(d[2].path, "/a [b] \xc3\xa9");
	settings_free(s);
	s = OPTIONS(&c, "directory \"/a.b\".permissions=e",
	    "directory \"/a.b\".recursive=yes");
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(s->directory_count, 1);
	settings_free(s);
}

static void
test_directories_refused(void)
{
	CU_ASSERT(with_refusal("[directory]\n[directory srv]\n"
	    "[directory \"/srv\"]\numask = 0\n",
	    "F:1: missing name in [directory]\n"
	    "F:2: [directory \"srv\"] is not an absolute path\n"
	    "F:4: unknown setting \"umask\" in [directory]; it belongs in "
	    "[session]\n"));
	CU_ASSERT(with_refusal("[directory \"/srv\"]\nrecursive = yes\n",
	    "F:2: [directory \"/srv\"] does not set permissions\n"));
}

static void
test_names_of_vsftpd(void)
{
	CU_ASSERT(with_refusal("anonymous_enable=YES\nnopriv_user=x\n"
	    "zzz=x\n[tls]\nrsa_cert_file = /x\n",
	    "F:1: setting before the first [section]; sureftpd "
	    "--import-vsftpd converts a file of vsftpd\n"
	    "F:2: setting before the first [section]; sureftpd "
	    "--import-vsftpd converts a file of vsftpd\n"
	    "F:3: setting before the first [section]\n"
	    "F:5: unknown setting \"rsa_cert_file\" in [tls]; vsftpd's "
	    "rsa_cert_file is certificate in [tls]\n"));
}

static void
test_root_refused(void)
{
	CU_ASSERT(with_refusal("[server]\nradius_user = root\n[quota]\n"
	    "quota_user = root\n[events]\nrunner_user = root\n",
	    "F:2: radius_user must not be root\n"
	    "F:4: quota_user must not be root\n"
	    "F:6: runner_user must not be root\n"));
}

CU_TestInfo unit_tests[] = {
	{ "names with and without quotes", test_names_with_and_without_quotes },
	{ "names on the command line", test_names_on_the_command_line },
	{ "invalid names", test_names_refused },
	{ "directories, some with the same path", test_directories },
	{ "invalid directories", test_directories_refused },
	{ "options of vsftpd are explained", test_names_of_vsftpd },
	{ "no process of the server is root's", test_root_refused },
	CU_TEST_INFO_NULL,
};
