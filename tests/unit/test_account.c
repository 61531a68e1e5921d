/*
 * test_account.c - the rules for accounts, and lookups in the name service.
 */
#include "common/base.h"
#include "common/accounts/account.h"
#include "common/accounts/account_rules.h"

#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <grp.h>

const char *const unit_name = "account";

static char reason_storage[200];
static struct buffer reason;

static void
fresh(void)
{
	buffer_init(&reason, reason_storage, sizeof(reason_storage));
}

static void
test_names(void)
{
	static const char *const good[] = { "alice", "a", "DOM\\alice",
		"alice@example.org", "Jo Doe", "machine$", "\xc3\xa9milie",
		"a.b", "..a" };
	static const char *const bad[] = { "", ".", "..", "-alice", "+",
		"+nis", "a/b", "../x", "a:b", "a\nb", "a\tb", "\x7f", "a\x01" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		CU_ASSERT(account_name_is_sane(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CU_ASSERT(!account_name_is_sane(bad[i]));
}

static void
test_find(void)
{
	struct identity who = { 0 };

	fresh();
	CU_ASSERT(account_find("root", &who, &reason));
	CU_ASSERT_STRING_EQUAL(who.user, "root");
	CU_ASSERT_EQUAL(who.uid, 0);
	CU_ASSERT_EQUAL(who.gid, 0);
	CU_ASSERT_EQUAL(who.home[0], '/');
	CU_ASSERT_EQUAL(reason.len, 0);
	CU_ASSERT(!account_find("no-such-account-here", &who, &reason));
	CU_ASSERT(reason.len > 0);
	CU_ASSERT_EQUAL(account_lookup("no-such-account-here"), -ENOENT);
	CU_ASSERT_EQUAL(account_lookup("root"), 0);
}

/* User, uid, given name, both lists, expectation. */
static void
test_lists(void)
{
	static const struct {
		const char *user;
		uid_t uid;
		const char *given, *rejected, *allowed;
		bool may;
	} rows[] = {
		{ "alice", 1000, "alice", "root", "", true },
		{ "alice", 1000, "alice", "", "", true },
		{ "root", 0, "root", "root", "", false },
		{ "root", 0, "root", "", "", true },
		{ "toor", 0, "toor", "root", "", false },
		{ "toor", 0, "toor", "root toor", "", false },
		{ "toor", 0, "toor", "bin", "", true },
		{ "alice", 1000, "alice", "root bob alice", "", false },
		{ "alice", 1000, "alice", "root", "bob", false },
		{ "alice", 1000, "alice", "root", "bob alice", true },
		{ "alice", 1000, "alice", "alice", "alice", false },
		/* a part of a name, another case: not the name */
		{ "alice", 1000, "alice", "alic alicex Alice", "", true },
		{ "alice", 1000, "alice", "", "alic", false },
		/* modules rewrote "guest1" to "alice" */
		{ "alice", 1000, "guest1", "guest1", "", false },
		{ "alice", 1000, "guest1", "alice", "", false },
		{ "alice", 1000, "guest1", "", "guest1", false },
		{ "alice", 1000, "guest1", "", "alice", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct identity who = { .uid = rows[i].uid };
		struct server_settings rules = { 0 };
		char rejected[64], allowed[64], none[] = "";

		(void)!snprintf(who.user, sizeof(who.user), "%s", rows[i].user);
		(void)!snprintf(rejected, sizeof(rejected), "%s",
			rows[i].rejected);
		(void)!snprintf(allowed, sizeof(allowed), "%s",
			rows[i].allowed);
		rules.rejected_users = rejected;
		rules.allowed_users = allowed;
		rules.allowed_groups = rules.rejected_groups = none;
		fresh();
		CU_ASSERT_EQUAL(account_is_listed(&rules, &who, rows[i].given,
			&reason), rows[i].may);
		CU_ASSERT_EQUAL(reason.len == 0, rows[i].may);
	}
}

/* Both names, in any letter case, are one anonymous login: name sent,
 * rejected_users, allowed_users, expectation. */
static void
test_anonymous_lists(void)
{
	static const struct {
		const char *given;
		char rejected[16], allowed[16];
		bool may;
	} rows[] = {
		{ "FTP", "ftp", "", false },
		{ "Anonymous", "ftp", "", false },
		{ "ftp", "anonymous", "", false },
		{ "FTP", "", "ftp", true },
		{ "FTP", "ftpd", "", true },
		{ "FTP", "", "alice", false },
	};
	struct identity who = { .uid = 99, .user = "anonymous",
		.class = IDENTITY_ANONYMOUS };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char rejected[16], allowed[16], none[] = "";
		struct server_settings rules = { .rejected_users = rejected,
			.allowed_users = allowed, .allowed_groups = none,
			.rejected_groups = none };

		memcpy(rejected, rows[i].rejected, sizeof(rejected));
		memcpy(allowed, rows[i].allowed, sizeof(allowed));
		fresh();
		CU_ASSERT_EQUAL(account_is_listed(&rules, &who, rows[i].given,
			&reason), rows[i].may);
	}
}

/* allow_from, deny_from, client, expectation. */
static void
test_networks(void)
{
	static const struct {
		const char *allow, *deny, *peer;
		bool may;
	} rows[] = {
		{ "", "", "192.0.2.7", true },
		{ "192.0.2.0/24", "", "192.0.2.7", true },
		{ "192.0.2.0/24", "", "192.0.3.7", false },
		{ "192.0.2.0/24 ::1", "", "::1", true },
		{ "192.0.2.0/24", "", "::1", false },
		{ "", "192.0.2.7", "192.0.2.7", false },
		{ "", "192.0.2.7", "192.0.2.8", true },
		/* in both: denied */
		{ "192.0.2.0/24", "192.0.2.7", "192.0.2.7", false },
		{ "192.0.2.7", "192.0.2.0/24", "192.0.2.7", false },
		/* what should not have been read refuses */
		{ "host", "", "192.0.2.7", false },
		{ "", "host", "192.0.2.7", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char allow[64], deny[64];
		struct user_settings rules = {
			.allow_from = allow, .deny_from = deny };
		struct address peer;

		(void)!snprintf(allow, sizeof(allow), "%s", rows[i].allow);
		(void)!snprintf(deny, sizeof(deny), "%s", rows[i].deny);
		CU_ASSERT_EQUAL(address_parse(&peer, rows[i].peer), 0);
		fresh();
		CU_ASSERT_EQUAL(account_may_come_from(&rules, &peer, &reason),
			rows[i].may);
		CU_ASSERT_EQUAL(reason.len == 0, rows[i].may);
	}
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static bool
valid(const char *shells, const char *shell)
{
	fresh();
	bool is = account_shell_is_valid(shells, shell, &reason);
	CU_ASSERT_EQUAL(reason.len == 0, is);
	return is;
}

static void
test_shells(void)
{
	char path[] = "/tmp/unit_account.XXXXXX";
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	write_file(path, "# shells\n/bin/sh\n  /bin/zsh # a comment\n"
		"/bin/tcsh\ttext\n#/bin/off\nbash\n\n/bin/last");
	CU_ASSERT(valid(path, "/bin/sh"));
	CU_ASSERT(valid(path, ""));
	CU_ASSERT(valid(path, "/bin/zsh"));
	CU_ASSERT(valid(path, "/bin/tcsh"));
	CU_ASSERT(valid(path, "/bin/last"));
	CU_ASSERT(!valid(path, "/bin/s"));
	CU_ASSERT(!valid(path, "/bin/shx"));
	CU_ASSERT(!valid(path, "/bin/off"));
	CU_ASSERT(!valid(path, "bash"));
	CU_ASSERT(!valid(path, "/usr/sbin/nologin"));
	write_file(path, "");
	CU_ASSERT(!valid(path, "/bin/sh"));
	unlink(path);
	/* No file, no rule; anything else that is wrong with it refuses. */
	CU_ASSERT(valid(path, "/bin/odd"));
	CU_ASSERT(!valid("/dev/null/shells", "/bin/sh"));
}

static void
take_groups(void)
{
	static const gid_t some[] = { 70001, 70002 };
	struct identity who = { 0 };

	fresh();
	CHILD_CHECK(setgroups(2, some) == 0);
	CHILD_CHECK(account_take_groups(&who, &reason));
	CHILD_CHECK(who.ngroups == 2 && who.groups[0] == 70001);
	CHILD_CHECK(setgroups(0, NULL) == 0);
	CHILD_CHECK(account_take_groups(&who, &reason));
	CHILD_CHECK(who.ngroups == 0 && who.groups != NULL);
}

static void
test_groups(void)
{
	if (!child_skip_without_root("groups"))
		CU_ASSERT_EQUAL(child_run(take_groups), 0);
}

static void
test_names_for_listings(void)
{
	static gid_t groups[] = { 0, 4000000 };
	struct names *names = names_load("/dev/null/x", "/dev/null/x");
	struct identity who = { .uid = 4711, .gid = 0, .groups = groups,
		.ngroups = ARRAY_SIZE(groups) };

	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	(void)!snprintf(who.account, sizeof(who.account), "zoe");
	account_add_names(names, &who);
	CU_ASSERT_STRING_EQUAL(names_user(names, 4711), "zoe");
	CU_ASSERT_STRING_EQUAL(names_group(names, 0), "root");
	CU_ASSERT_PTR_NULL(names_group(names, 4000000));
	names_free(names);
}

/* In place of the C library's: how many copies there is memory for; -1: any. */
static int copies_left = -1;

char *
strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = copies_left == 0 ? NULL : malloc(size);

	if (copies_left > 0)
		copies_left--;
	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static void
test_group_names(void)
{
	static const gid_t groups[] = { 0, 4000000, 0, 0 };
	static char name[] = "zoe";
	struct settings_override one = { .kind = OVERRIDE_USER, .name = name };
	struct settings settings = { .overrides = &one, .override_count = 1 };
	struct identity who = { .user = "root", .account = "root" };
	struct user_settings out;
	size_t named;

	char **names = account_group_names(groups, ARRAY_SIZE(groups), &named);
	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	CU_ASSERT_EQUAL(named, 3);
	CU_ASSERT_STRING_EQUAL(names[2], "root");
	account_free_group_names(names, named);

	copies_left = 2;
	names = account_group_names(groups, ARRAY_SIZE(groups), &named);
	CU_ASSERT_PTR_NULL(names);
	CU_ASSERT_EQUAL(named, 0);
	/* The name of its group is there, but not that of RADIUS. */
	fresh();
	copies_left = 1;
	(void)!snprintf(who.group, sizeof(who.group), "staff");
	CU_ASSERT(!account_settings(&settings, &who, NULL, &out, &reason));
	CU_ASSERT_STRING_EQUAL(buffer_text(&reason), "out of memory");
	copies_left = -1;
}

CU_TestInfo unit_tests[] = {
	{ "names no account can have", test_names },
	{ "the name service is asked", test_find },
	{ "allowed and rejected users", test_lists },
	{ "lists that contain names of anonymous logins",
		test_anonymous_lists },
	{ "networks that an account may come from", test_networks },
	{ "shells", test_shells },
	{ "groups as PAM left them", test_groups },
	{ "owners have names in listings", test_names_for_listings },
	{ "names of groups, also without memory for all", test_group_names },
	CU_TEST_INFO_NULL
};
