/*
 * test_settings.c - sections, defaults, the command line, accounts, and what
 * does not fit together.
 */
#include "common/base.h"
#include "common/settings/settings_check.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings";

static void
test_defaults(void)
{
	struct complaints c;
	struct settings *s = with_options(&c, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(s->server.max_clients, 512);
	CU_ASSERT_STRING_EQUAL(s->server.rejected_users, "root");
	CU_ASSERT_EQUAL(s->user.idle_timeout, 300);
	CU_ASSERT_EQUAL(s->user.umask, -1);
	CU_ASSERT_EQUAL(s->listener_count, 1);
	CU_ASSERT_STRING_EQUAL(s->listeners[0].name, "");
	CU_ASSERT_EQUAL(s->listeners[0].port, 21);
	CU_ASSERT_EQUAL(settings_warn(s, with_complaint, &c), 0);
	CU_ASSERT_EQUAL(c.count, 0);
	settings_free(s);
	settings_free(NULL);
}

static void
test_sections(void)
{
	struct complaints c;
	struct settings *s = with_text("[server]\nlist_times = local\n"
	    "[limits]\nidle_timeout = 10m\nmax_clients = 7\n"
	    "[session]\npermissions = el\numask = 027\n"
	    "[log]\nlevel = debug\n[server]\nbanner = x\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(s->server.list_times, LIST_TIMES_LOCAL);
	CU_ASSERT_EQUAL(s->user.idle_timeout, 600);
	CU_ASSERT_EQUAL(s->server.max_clients, 7);
	CU_ASSERT_EQUAL(s->user.permissions, 3);	/* e, l */
	CU_ASSERT_EQUAL(s->user.umask, 027);
	CU_ASSERT_EQUAL(s->server.level, 3);
	CU_ASSERT_STRING_EQUAL(s->server.banner, "x");
	settings_free(s);
}

static void
test_listeners(void)
{
	struct complaints c;
	struct settings *s = with_text("[listener]\nport = 2121\n"
	    "[listener lan]\naddress = 192.0.2.1\n"
	    "passive_ports = 50000-51000\n[listener six]\naddress = ::1\n",
	    &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL_FATAL(s->listener_count, 3);
	CU_ASSERT_EQUAL(s->listeners[0].port, 2121);
	CU_ASSERT_STRING_EQUAL(s->listeners[1].name, "lan");
	CU_ASSERT_EQUAL(s->listeners[1].port, 21);
	CU_ASSERT_EQUAL(s->listeners[1].passive_ports.to, 51000);
	CU_ASSERT_EQUAL(address_family(&s->listeners[2].address), AF_INET6);
	settings_free(s);

	/* a heading alone is a listener, and then there is no other */
	s = with_text("[listener lan]\n", &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(s->listener_count, 1);
	CU_ASSERT_STRING_EQUAL(s->listeners[0].name, "lan");
	settings_free(s);
}

static void
test_listeners_refused(void)
{
	char text[1024] = "";
	struct buffer b;

	CU_ASSERT(with_refusal("[listener]\n[listener]\nport = 2121\n",
	    "F:2: [listener] is already defined; further listeners need a "
	    "name: [listener NAME]\n"));
	CU_ASSERT(with_refusal("[listener a]\n[listener a]\n",
	    "F:2: [listener a] is already defined\n"));
	CU_ASSERT(with_refusal("[listener a.b]\n",
	    "F:1: invalid listener name \"a.b\"; use up to 64 letters, "
	    "digits, \"-\" and \"_\"\n"));
	buffer_init(&b, text, sizeof(text));
	for (int i = 1; i <= SETTINGS_MAX_LISTENERS + 1; i++)
		buffer_addf(&b, "[listener n%d]\nport = %d\n", i, 2000 + i);
	CU_ASSERT(with_refusal(text,
	    "F:33: too many listeners (at most 16): [listener n17]\n"));
}

static void
test_colliding_listeners(void)
{
	CU_ASSERT(with_refusal("[listener a]\n[listener b]\naddress = ::1\n"
	    "port = 21\n", "F:4: [listener b] has the same address and port "
	    "(21) as [listener a]\n"));
	CU_ASSERT(with_refusal("[listener]\naddress = 192.0.2.1\n"
	    "[listener b]\naddress = 192.0.2.1\n",
	    "F: [listener b] has the same address and port (21) as "
	    "[listener]\n"));

	struct complaints c;
	struct settings *s = with_text("[listener]\naddress = 192.0.2.1\n"
	    "[listener b]\naddress = 192.0.2.2\n[listener c]\nport = 22\n",
	    &c);
	CU_ASSERT_PTR_NOT_NULL(s);
	settings_free(s);
}

static void
test_unknown_names(void)
{
	CU_ASSERT(with_refusal("[sever]\nbanner = x\n[server]\nbaner = x\n"
	    "idle_timeout = 3\nzzzzzzzzz = 1\n[user \"a\"]\nport = 3\n",
	    "F:1: unknown section [sever]; did you mean [server]?\n"
	    "F:4: unknown setting \"baner\" in [server]; did you mean "
	    "banner?\n"
	    "F:5: unknown setting \"idle_timeout\" in [server]; it "
	    "belongs in [limits]\n"
	    "F:6: unknown setting \"zzzzzzzzz\" in [server]\n"
	    "F:8: unknown setting \"port\" in [user]; it belongs in "
	    "[listener]\n"));
}

static void
test_repeated_keys(void)
{
	struct complaints c;

	CU_ASSERT(with_refusal("[server]\nbanner = x\n[log]\n[server]\n"
	    "banner = x\n", "F:5: banner is already set on line 2\n"));
	CU_ASSERT(with_refusal("[user \"a\"]\npermissions = e\n[user \"a\"]\n"
	    "permissions = e\n",
	    "F:4: permissions is already set on line 2\n"));

	struct settings *s = with_text("[auth]\nrejected_users = anna\n"
	    "rejected_users = bert, carl\n  dora\n", &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_STRING_EQUAL(s->server.rejected_users,
	    "anna bert carl dora");
	settings_free(s);
}

static void
test_command_line(void)
{
	struct complaints c;
	struct settings *s = OPTIONS(&c, "server.banner= a=b.c ",
	    "listener.port=2121", "listener.lo.port=2122",
	    "limits.max_clients=5", "limits.max_clients=6",
	    "user \"a.b=c\".permissions=el", "auth.rejected_users=a,b",
	    "auth.rejected_users=c");

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_STRING_EQUAL(s->server.banner, "a=b.c");
	CU_ASSERT_EQUAL(s->listener_count, 2);
	CU_ASSERT_EQUAL(s->listeners[0].port, 2121);
	CU_ASSERT_STRING_EQUAL(s->listeners[1].name, "lo");
	CU_ASSERT_EQUAL(s->server.max_clients, 6);
	CU_ASSERT_STRING_EQUAL(s->server.rejected_users, "c");
	struct user_settings u;
	settings_for_user(s, "a.b=c", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.permissions, 3);
	settings_free(s);
}

static void
test_command_line_refused(void)
{
	static const char *const shapeless[] = {
		"", "=", "x", "server", "server.banner", "banner=x",
		"user \"a.umask=0", "user \"a\"umask=0", "user \"a\".umask",
	};
	char want[256];

	for (size_t i = 0; i < ARRAY_SIZE(shapeless); i++) {
		snprintf(want, sizeof(want), "-o %s: expected "
		    "SECTION.KEY=VALUE\n", shapeless[i]);
		CU_ASSERT(option_refused(shapeless[i], want));
	}
	CU_ASSERT(option_refused("listener.a.port=0",
	    "-o listener.a.port=0: port must be 1 to 65535, not \"0\"\n"));
	CU_ASSERT(option_refused("sever.banner=x", "-o sever.banner=x: "
	    "unknown section [sever]; did you mean [server]?\n"));
	CU_ASSERT(option_refused(".banner=x",
	    "-o .banner=x: unknown section []\n"));
	CU_ASSERT(option_refused("server.=x",
	    "-o server.=x: unknown setting \"\" in [server]\n"));
	CU_ASSERT(option_refused("user \"a\nb\".umask=0", "-o user \"a\\x0Ab\""
	    ".umask=0: invalid name in [user \"a\\x0Ab\"]; use [user NAME], or "
	    "[user \"NAME\"] if it contains blanks\n"));
	CU_ASSERT(option_refused("server.banner=a\nb", "-o server.banner=a\\x0A"
	    "b: banner must be a text of at most 1000 bytes, not "
	    "\"a\\x0Ab\"\n"));
}

static void
test_command_line_over_file(void)
{
	char option[] = "limits.idle_timeout=7", *options[] = { option };
	struct complaints c;

	with_no_complaints(&c);
	CU_ASSERT_FATAL(with_file("[limits]\nidle_timeout = 5\n", 26));
	struct settings *s = settings_load(with_path, false, options, 1,
	    with_complaint, &c);
	with_no_file();
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(s->user.idle_timeout, 7);
	settings_free(s);
}

static void
test_accounts(void)
{
	static const char *const groups[] = { "staff", "guests" };
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text("[limits]\nidle_timeout = 1\n"
	    "data_timeout = 1\n[user \"anna\"]\nidle_timeout = 4\n"
	    "[group \"guests\"]\nidle_timeout = 2\nmax_per_user = 2\n"
	    "msg_quit = guest\n[group \"staff\"]\nidle_timeout = 3\n"
	    "max_per_user = 3\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_for_user(s, "anna", groups, 2, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 4);	/* her own section */
	CU_ASSERT_EQUAL(u.max_per_user, 3);	/* the later group */
	CU_ASSERT_STRING_EQUAL(u.msg_quit, "guest");
	CU_ASSERT_EQUAL(u.data_timeout, 1);	/* everybody's */

	settings_for_user(s, "bert", groups + 1, 1, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 2);
	CU_ASSERT_EQUAL(u.max_per_user, 2);

	/* a group's name is no account's, letter case counts */
	settings_for_user(s, "guests", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 1);
	settings_for_user(s, "Anna", NULL, 0, &u);
	CU_ASSERT_EQUAL(u.idle_timeout, 1);
	CU_ASSERT_STRING_EQUAL(u.msg_quit, s->user.msg_quit);
	settings_free(s);
}

/* Every kind of field crosses from an override, and back to "empty". */
static void
test_overrides_of_every_kind(void)
{
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text("[user \"anna\"]\n"
	    "require_valid_shell = no\nallow_missing_home = yes\n"
	    "permissions =\numask = 077\nmsg_login =\n"
	    "incomplete_uploads = delete\n"
	    "max_list_depth = 64\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_for_user(s, "anna", NULL, 0, &u);
	CU_ASSERT_FALSE(u.require_valid_shell);
	CU_ASSERT_TRUE(u.allow_missing_home);
	CU_ASSERT_EQUAL(u.permissions, 0);
	CU_ASSERT_EQUAL(u.umask, 077);
	CU_ASSERT_STRING_EQUAL(u.msg_login, "");
	CU_ASSERT_EQUAL(u.incomplete_uploads, INCOMPLETE_DELETE);
	CU_ASSERT_EQUAL(u.max_list_depth, 64);
	settings_free(s);
}

static void
test_what_does_not_fit_together(void)
{
	CU_ASSERT(with_refusal("[server]\nmin_spare_workers = 11\n"
	    "max_workers = 10\n", "F:2: min_spare_workers (11) must not "
	    "exceed max_workers (10)\n"));
	CU_ASSERT(with_refusal("[server]\ngreeter_user = root\n"
	    "recorder_user = root\n[auth]\npam_service = ../x\n",
	    "F:2: greeter_user must not be root: it talks to clients that "
	    "are not logged in\n"
	    "F:3: recorder_user must not be root: it processes text that "
	    "clients sent\n"
	    "F:5: pam_service must be the name of a file in /etc/pam.d, "
	    "without \"/\"\n"));
	CU_ASSERT(with_refusal("[log]\nprotocol = /x\nvsftpd_file = /y\n"
	    "xferlog_file = /x\n",
	    "F:4: xferlog_file and protocol must not be the same file\n"));
	CU_ASSERT(with_refusal("[log]\njson_file = /x\ncustom_file = /x\n",
	    "F:3: custom_file and json_file must not be the same file\n"));
	CU_ASSERT(with_refusal("[log]\ncustom_format = %{user} %{bytse}\n"
	    "custom_events = sent recieved\n",
	    "F:2: custom_format: there is no such field; see "
	    "sureftpd-logs(7)\n"
	    "F:3: custom_events: there is no event \"recieved\"; see "
	    "sureftpd-logs(7)\n"));
}

static bool
warned(const char *option, const char *part)
{
	struct complaints c;
	struct settings *s = OPTIONS(&c, option);
	bool ok = s != NULL && settings_warn(s, with_complaint, &c) == 1 &&
	    strstr(buffer_text(&c.text), part) != NULL;

	if (!ok)
		printf("\n  %s: %s", option, buffer_text(&c.text));
	settings_free(s);
	return ok;
}

static void
test_warnings(void)
{
	CU_ASSERT(warned("auth.rejected_users=", "root can log in"));
	CU_ASSERT(warned("auth.failed_login_delay=0", "can be guessed"));
	CU_ASSERT(warned("listener.passive_ports=50000-50009",
	    "has 10 ports"));
	CU_ASSERT(warned("listener.passive_address=0.0.0.0", "no client"));
	CU_ASSERT(warned("listener.passive_address=127.0.0.1", "only clients"));
	CU_ASSERT(!warned("listener.passive_address=10.0.0.1", "client"));
	CU_ASSERT(warned("auth.allowed_users=anna /etc/ftpusers",
	    "allowed_users: /etc/ftpusers is not a name"));
	CU_ASSERT(warned("listener.allow_fxp=yes", "connect to other"));
	CU_ASSERT(warned("listener.allow_fxp=active", "connect to other"));
	CU_ASSERT(!warned("listener.allow_fxp=passive", "connect to other"));
	CU_ASSERT(warned("limits.max_clients=0", "max_workers (600)"));
	CU_ASSERT(warned("limits.max_per_group=2", "[group NAME]"));
	CU_ASSERT(warned("user.anna.max_per_group=2", "[group NAME]"));
	CU_ASSERT(!warned("group.web.max_per_group=2", "[group NAME]"));
	CU_ASSERT(warned("session.allow_chown=yes", "[user NAME]"));
	CU_ASSERT(warned("directory \"/h/%u\".permissions=el", "tokens such"));
	CU_ASSERT(warned("user.*.umask=022", "[user \"*\"]: patterns"));
	CU_ASSERT(warned("group.@web.umask=022", "[group \"@web\"]: patterns"));
	CU_ASSERT(!warned("client.clnt:a*.list_sort=none", "patterns"));
	CU_ASSERT(warned("client.listener:lan.list_sort=none",
	    "[client \"listener:lan\"]: there is no such listener"));
	CU_ASSERT(!warned("client.listener:.list_sort=none", "listener"));
	CU_ASSERT(warned("listener.proxy_from=192.0.2.1", "has no effect"));
	CU_ASSERT(warned("listener.proxy_protocol=require",
	    "proxy_protocol needs proxy_from"));
	CU_ASSERT(warned("session.deny_names={*.a,*.b}",
	    "deny_names: \"{\" is an ordinary"));
	CU_ASSERT(warned("user.anna.allow_names={a}", "allow_names: \"{\""));
	CU_ASSERT(!warned("session.deny_names=*.a *.b", "ordinary"));
	CU_ASSERT(warned("limits.max_clients=601", "max_workers (600)"));
	CU_ASSERT(warned("server.recorder_user=_sureftpd", "different"));
}

/* Settings that are good or bad together. */
static void
test_warnings_of_several(void)
{
	struct complaints c;
	struct settings *s = OPTIONS(&c, "auth.rejected_users=",
	    "auth.allowed_users=anna", "listener.passive_ports=50000-50511");
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(settings_warn(s, with_complaint, &c), 0);
	settings_free(s);

	s = OPTIONS(&c, "quota.quota_soft_bytes=6k", "quota.quota_bytes=5k",
	    "quota.quota_soft_files=6", "quota.quota_files=6");
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(settings_warn(s, with_complaint, &c), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.text),
	    "quota_soft_bytes is larger than quota_bytes"));
	settings_free(s);

	s = OPTIONS(&c, "listener.allow_passive=no",
	    "listener.allow_active=no");
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(settings_warn(s, with_complaint, &c), 1);
	settings_free(s);
}

CU_TestInfo unit_tests[] = {
	{ "defaults are complete and give no warning", test_defaults },
	{ "each section sets its part", test_sections },
	{ "listeners, named and unnamed", test_listeners },
	{ "invalid listeners", test_listeners_refused },
	{ "two listeners at one port", test_colliding_listeners },
	{ "unknown names get a hint", test_unknown_names },
	{ "a repeated key is reported, a list grows", test_repeated_keys },
	{ "-o sets anything", test_command_line },
	{ "-o is checked like a line", test_command_line_refused },
	{ "-o overrides the file", test_command_line_over_file },
	{ "group sections, then the user's", test_accounts },
	{ "overrides of every kind", test_overrides_of_every_kind },
	{ "conflicting settings are reported",
		test_what_does_not_fit_together },
	{ "unsafe combinations give a warning", test_warnings },
	{ "warnings of several settings", test_warnings_of_several },
	CU_TEST_INFO_NULL,
};
