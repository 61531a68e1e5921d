/*
 * test_names.c - owners' names from passwd and group files of every kind.
 */
#include "common/base.h"

#include "common/names.h"
#include "tests/unit/unit.h"

const char *const unit_name = "names";

static char directory[] = "/tmp/sureftpd-names-XXXXXX";
static char passwd_path[64], group_path[64];

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

/* Names from files with these contents. */
static struct names *
load(const char *passwd, const char *group)
{
	char pattern[] = "/tmp/sureftpd-names-XXXXXX";

	memcpy(directory, pattern, sizeof(pattern));
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(passwd_path, sizeof(passwd_path), "%s/passwd", directory);
	snprintf(group_path, sizeof(group_path), "%s/group", directory);
	write_file(passwd_path, passwd);
	write_file(group_path, group);
	struct names *names = names_load(passwd_path, group_path);
	unlink(passwd_path);
	unlink(group_path);
	rmdir(directory);
	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	return names;
}

/* CU_ASSERT_STRING_EQUAL for an answer that may be NULL. */
static void
expect(const char *name, const char *expected)
{
	CU_ASSERT_PTR_NOT_NULL(name);
	if (name != NULL)
		CU_ASSERT_STRING_EQUAL(name, expected);
}

static void
test_load(void)
{
	struct names *names = load(
		"root:x:0:0:root:/root:/bin/sh\n"
		"zoe:x:1002:1000:Zoe:/home/zoe:/bin/sh\n"
		"adam:x:1001:1000::/home/adam:/bin/sh\n"
		"last:x:4294967294:0:::",
		"root:x:0:\nusers:x:100:adam,zoe\n");

	expect(names_user(names, 0), "root");
	expect(names_user(names, 1001), "adam");
	expect(names_user(names, 1002), "zoe");
	expect(names_user(names, 4294967294u), "last");
	CU_ASSERT_PTR_NULL(names_user(names, 100));
	expect(names_group(names, 100), "users");
	CU_ASSERT_PTR_NULL(names_group(names, 1001));
	CU_ASSERT_PTR_NULL(names_user(names, (uid_t)-1));
	names_free(names);
}

static void
test_first_name_counts(void)
{
	struct names *names = load(
		"toor:x:0:0::/:\nroot:x:0:0::/:\n", "a:x:5:\nb:x:5:\n");

	expect(names_user(names, 0), "toor");
	expect(names_group(names, 5), "a");
	names_free(names);
}

static void
test_odd_lines(void)
{
	struct names *names = load(
		"\n"
		"# comment\n"
		"no colon\n"
		"one:colon\n"
		"cut:x:7\n"
		":x:8:0:::\n"
		"minus:x:-9:0:::\n"
		"huge:x:4294967295:0:::\n"
		"wrap:x:18446744073709551617:0:::\n"
		"word:x:ten:0:::\n"
		"none:x::0:::\n"
		"+::::::\n"
		"+nis:x:11:0:::\n"
		"-nis:x:12:0:::\n"
		"good:x:13:0:::\n", "");

	for (uid_t uid = 0; uid < 13; uid++)
		CU_ASSERT_PTR_NULL(names_user(names, uid));
	CU_ASSERT_PTR_NULL(names_user(names, (uid_t)-1));
	expect(names_user(names, 13), "good");
	names_free(names);
}

static void
test_missing_files(void)
{
	struct names *names = names_load("/nonexistent/passwd",
		"/nonexistent/group");

	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	CU_ASSERT_PTR_NULL(names_user(names, 0));
	CU_ASSERT_PTR_NULL(names_group(names, 0));
	names_free(names);
}

static void
test_add(void)
{
	struct names *names = load("www:x:33:33::/:\n", "www:x:33:\n");

	CU_ASSERT_EQUAL(names_add_user(names, 5000, "ldap.user"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, 5001, "ldap.group"), 0);
	expect(names_user(names, 5000), "ldap.user");
	expect(names_group(names, 5001), "ldap.group");
	CU_ASSERT_PTR_NULL(names_group(names, 5000));
	expect(names_user(names, 33), "www");
	/* Who logged in sees the own name, whoever shares the number. */
	CU_ASSERT_EQUAL(names_add_user(names, 33, "webmaster"), 0);
	expect(names_user(names, 33), "webmaster");
	expect(names_group(names, 33), "www");
	names_free(names);
}

static void
test_add_many(void)
{
	struct names *names = load("", "");
	char name[16];

	for (int i = 999; i >= 0; i--) {
		snprintf(name, sizeof(name), "g%d", i);
		CU_ASSERT_EQUAL(names_add_group(names, (gid_t)i * 3, name), 0);
	}
	expect(names_group(names, 0), "g0");
	expect(names_group(names, 999 * 3), "g999");
	expect(names_group(names, 500 * 3), "g500");
	CU_ASSERT_PTR_NULL(names_group(names, 1));
	names_free(names);
}

static void
test_bounded(void)
{
	size_t size = (NAMES_MAX + 10) * 24;
	char *passwd = malloc(size);
	size_t len = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(passwd);
	for (int i = 0; i < NAMES_MAX + 10; i++)
		len += (size_t)snprintf(passwd + len, size - len,
			"u%d:x:%d:0:::\n", i, i);
	struct names *names = load(passwd, "");
	free(passwd);
	expect(names_user(names, NAMES_MAX - 1), "u8191");
	CU_ASSERT_PTR_NULL(names_user(names, NAMES_MAX));
	CU_ASSERT_EQUAL(names_add_user(names, NAMES_MAX, "me"), 0);
	expect(names_user(names, NAMES_MAX), "me");
	names_free(names);
}

static void
test_find(void)
{
	struct names *names = load("zoe:x:1002:1000:Zoe:/home/zoe:/bin/sh\n",
		"team:x:2000:\n");
	uint32_t id = 7;

	CU_ASSERT_EQUAL(names_add_user(names, 5, "me"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, 6, "mine"), 0);
	CU_ASSERT_TRUE(names_find_user(names, "zoe,", 3, &id));
	CU_ASSERT_EQUAL(id, 1002);
	CU_ASSERT_TRUE(names_find_user(names, "me", 2, &id));
	CU_ASSERT_EQUAL(id, 5);
	CU_ASSERT_TRUE(names_find_group(names, "team", 4, &id));
	CU_ASSERT_EQUAL(id, 2000);
	CU_ASSERT_TRUE(names_find_group(names, "mine", 4, &id));
	CU_ASSERT_EQUAL(id, 6);
	CU_ASSERT_FALSE(names_find_user(names, "zo", 2, &id));
	CU_ASSERT_FALSE(names_find_user(names, "team", 4, &id));
	CU_ASSERT_FALSE(names_find_group(names, "", 0, &id));
	CU_ASSERT_EQUAL(id, 6);
	names_free(names);
}

CU_TestInfo unit_tests[] = {
	{ "users and groups of the host have names", test_load },
	{ "the first name of a number is used", test_first_name_counts },
	{ "invalid lines are ignored", test_odd_lines },
	{ "missing files leave numbers", test_missing_files },
	{ "the account that logged in is known", test_add },
	{ "an account in many groups", test_add_many },
	{ "huge files are read up to a limit", test_bounded },
	{ "an id by its name", test_find },
	CU_TEST_INFO_NULL,
};
