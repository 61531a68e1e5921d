/*
 * test_password_hash.c - hashes of passwords, and passwords checked with them.
 */
#include "common/base.h"
#include "common/password_hash.h"

#include "common/accounts/password.h"
#include "tests/unit/unit.h"

const char *const unit_name = "password_hash";

/* All of "geheim 1"; made with other programs. */
#define MD5_HEX "{MD5}73f837f6cdfc75dba96284d032c5239a"
#define SHA256_HEX "{SHA256}41458863fcc3ccd05870b1c4732b67ea" \
	"8ae8111db84c5183dfa081faf3478129"

static void
test_kinds(void)
{
	static const struct {
		const char *hash;
		enum password_hash_kind kind;
	} rows[] = {
		{ "$y$j9T$abc$", PASSWORD_HASH_STRONG },
		{ "$6$abc$", PASSWORD_HASH_STRONG },
		{ "$5$abc$", PASSWORD_HASH_STRONG },
		{ "$2b$12$abcdefghijklmnopqrstuu", PASSWORD_HASH_STRONG },
		{ "$1$abc$", PASSWORD_HASH_LEGACY },
		{ "abFZSxKKdq5s2", PASSWORD_HASH_LEGACY },
		{ "ab", PASSWORD_HASH_INVALID },
		{ "abcdef", PASSWORD_HASH_INVALID },
		{ "abFZSxKKdq5s2x", PASSWORD_HASH_INVALID },
		{ MD5_HEX, PASSWORD_HASH_LEGACY },
		{ SHA256_HEX, PASSWORD_HASH_LEGACY },
		{ "{MD5}", PASSWORD_HASH_INVALID },
		{ "{MD5}0123456789abcdef0123456789abcdeg",
			PASSWORD_HASH_INVALID },
		{ "{MD5}0123456789abcdef0123456789abcdef0",
			PASSWORD_HASH_INVALID },
		{ "{SHA1}0123456789abcdef", PASSWORD_HASH_INVALID },
		{ "", PASSWORD_HASH_INVALID },
		{ "!", PASSWORD_HASH_INVALID },
		{ "*", PASSWORD_HASH_INVALID },
		{ "*0", PASSWORD_HASH_INVALID },
		{ "!$y$j9T$abc$", PASSWORD_HASH_INVALID },
		{ "$9$abc$", PASSWORD_HASH_INVALID },
		{ "geheim 1", PASSWORD_HASH_INVALID },
	};
	char longest[PASSWORD_HASH_SIZE + 1] = "$6$";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_EQUAL(password_hash_kind(rows[i].hash),
			rows[i].kind);
	memset(longest + 3, 'a', sizeof(longest) - 4);
	CU_ASSERT_EQUAL(password_hash_kind(longest), PASSWORD_HASH_INVALID);
}

static void
test_equal(void)
{
	CU_ASSERT(password_hash_equal("", ""));
	CU_ASSERT(password_hash_equal("abc", "abc"));
	CU_ASSERT(!password_hash_equal("abc", "abd"));
	CU_ASSERT(!password_hash_equal("abc", "xbc"));
	CU_ASSERT(!password_hash_equal("abc", "ab"));
	CU_ASSERT(!password_hash_equal("ab", "abc"));
	CU_ASSERT(!password_hash_equal("abab", "ab"));
	CU_ASSERT(!password_hash_equal("", "a"));
	CU_ASSERT(!password_hash_equal("a", ""));
}

static void
test_new(void)
{
	char hash[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];
	char longest[600];

	CU_ASSERT_EQUAL(password_hash_new("geheim 1", hash), 0);
	CU_ASSERT_EQUAL(password_hash_new("geheim 1", other), 0);
	CU_ASSERT_STRING_NOT_EQUAL(hash, other);
	CU_ASSERT_EQUAL(password_hash_kind(hash), PASSWORD_HASH_STRONG);
	CU_ASSERT(password_hash_matches(hash, "geheim 1"));
	CU_ASSERT(password_hash_matches(other, "geheim 1"));
	CU_ASSERT(!password_hash_matches(hash, "geheim 2"));
	CU_ASSERT(!password_hash_matches(hash, ""));
	CU_ASSERT_EQUAL(password_hash_new("", hash), -EINVAL);
	/* Longer than libcrypt takes. */
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CU_ASSERT(password_hash_new(longest, hash) < 0);
	/* A part of a hash is no hash. */
	hash[strlen(hash) - 1] = '\0';
	CU_ASSERT(!password_hash_matches(hash, "geheim 1"));
	CU_ASSERT(!password_hash_matches("$6$abc$", "geheim 1"));
	CU_ASSERT(!password_hash_matches("*0", "*0"));
}

static bool
right(const char *hash, const char *password, bool legacy)
{
	BUFFER(reason, 200);
	bool is = password_is_right(hash, password, legacy, &reason);

	CU_ASSERT_EQUAL(reason.len == 0, is);
	return is;
}

static void
test_password(void)
{
	char hash[PASSWORD_HASH_SIZE];

	CU_ASSERT_EQUAL(password_hash_new("geheim 1", hash), 0);
	CU_ASSERT(right(hash, "geheim 1", false));
	CU_ASSERT(right(hash, "geheim 1", true));
	CU_ASSERT(!right(hash, "geheim", true));
	CU_ASSERT(!right(hash, "", true));
	for (size_t i = 0; i < 3; i++) {
		static const char *const legacy[] = { MD5_HEX, SHA256_HEX,
			"{MD5}73F837F6CDFC75DBA96284D032C5239A" };
		CU_ASSERT(right(legacy[i], "geheim 1", true));
		CU_ASSERT(!right(legacy[i], "geheim 1", false));
		CU_ASSERT(!right(legacy[i], "geheim 2", true));
	}
	/* Of the empty text: an empty password never is right. */
	CU_ASSERT(!right("{MD5}d41d8cd98f00b204e9800998ecf8427e", "", true));
	CU_ASSERT(!right("!", "!", true));
	CU_ASSERT(!right("", "", true));
	CU_ASSERT(!right("{MD5}", "geheim 1", true));
}

CU_TestInfo unit_tests[] = {
	{ "kinds of hashes", test_kinds },
	{ "texts are compared as a whole", test_equal },
	{ "new hashes", test_new },
	{ "passwords and hashes, including legacy ones", test_password },
	CU_TEST_INFO_NULL
};
