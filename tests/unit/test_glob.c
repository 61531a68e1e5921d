/*
 * test_glob.c - patterns from the network: correct, bounded, no access out of
 * bounds.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/glob.h"
#include "tests/unit/unit.h"

const char *const unit_name = "glob";

static bool
match(const char *pattern, const char *name)
{
	return glob_match(pattern, strlen(pattern), name, strlen(name));
}

static int
check(const char *pattern)
{
	return glob_check(pattern, strlen(pattern));
}

static void
test_plain(void)
{
	CU_ASSERT_TRUE(match("", ""));
	CU_ASSERT_TRUE(match("abc", "abc"));
	CU_ASSERT_FALSE(match("abc", "ab"));
	CU_ASSERT_FALSE(match("abc", "abcd"));
	CU_ASSERT_FALSE(match("abc", "ABC"));
	CU_ASSERT_FALSE(match("", "a"));
	CU_ASSERT_TRUE(match("{a,b}~\\", "{a,b}~\\"));
}

static void
test_star(void)
{
	CU_ASSERT_TRUE(match("*", ""));
	CU_ASSERT_TRUE(match("*", "anything"));
	CU_ASSERT_TRUE(match("***", ""));
	CU_ASSERT_TRUE(match("a*", "a"));
	CU_ASSERT_TRUE(match("*.txt", "notes.txt"));
	CU_ASSERT_TRUE(match("*.txt", ".txt"));
	CU_ASSERT_FALSE(match("*.txt", "notes.txt~"));
	CU_ASSERT_TRUE(match("a*b*c", "aXXbYYbZZc"));
	CU_ASSERT_FALSE(match("a*b*c", "aXXcYYbZZ"));
	CU_ASSERT_TRUE(match("*aab", "aaaaaab"));
	CU_ASSERT_FALSE(match("a*a", "a"));
	CU_ASSERT_TRUE(match("*a*a*", "aa"));
}

static void
test_question_mark(void)
{
	CU_ASSERT_TRUE(match("?", "a"));
	CU_ASSERT_FALSE(match("?", ""));
	CU_ASSERT_FALSE(match("?", "ab"));
	CU_ASSERT_TRUE(match("a?c", "abc"));
	CU_ASSERT_TRUE(match("?*", "abc"));
	CU_ASSERT_FALSE(match("?*?", "a"));
}

static void
test_bracket(void)
{
	CU_ASSERT_TRUE(match("[abc]", "b"));
	CU_ASSERT_FALSE(match("[abc]", "d"));
	CU_ASSERT_FALSE(match("[abc]", ""));
	CU_ASSERT_TRUE(match("[a-cx-z]", "y"));
	CU_ASSERT_TRUE(match("[a-c]", "a") && match("[a-c]", "c"));
	CU_ASSERT_FALSE(match("[a-c]", "d") || match("[a-c]", "-"));
	CU_ASSERT_FALSE(match("[c-a]", "b"));
	CU_ASSERT_TRUE(match("[!a-c]", "d"));
	CU_ASSERT_FALSE(match("[!a-c]", "b") || match("[!a-c]", ""));
	CU_ASSERT_TRUE(match("file[0-9][0-9].*", "file07.c"));
	CU_ASSERT_TRUE(match("*[0-9]", "a1b2"));
}

static void
test_bracket_oddities(void)
{
	CU_ASSERT_TRUE(match("[*]", "*") && match("[?]", "?"));
	CU_ASSERT_FALSE(match("[*]", "a") || match("[?]", "a"));
	CU_ASSERT_TRUE(match("[[]", "["));
	CU_ASSERT_TRUE(match("[]]", "]") && match("[]a]", "a"));
	CU_ASSERT_TRUE(match("[", "[") && match("[*", "[]b") &&
	    match("?[[b", "a[[b") && match("[!]", "[!]"));
	CU_ASSERT_FALSE(match("[", "]") || match("[a", "a"));
	CU_ASSERT_TRUE(match("[!]]", "a"));
	CU_ASSERT_FALSE(match("[!]]", "]"));
	CU_ASSERT_TRUE(match("[-a]", "-") && match("[a-]", "-"));
	CU_ASSERT_TRUE(match("[a!]", "!"));
	CU_ASSERT_TRUE(match("[!!]", "a"));
	CU_ASSERT_FALSE(match("[!!]", "!"));
}

static void
test_characters_not_bytes(void)
{
	CU_ASSERT_TRUE(match("?", "\u00fc"));
	CU_ASSERT_TRUE(match("???", "\u65e5\u672c\u8a9e"));
	CU_ASSERT_TRUE(match("[\u00e4\u00f6\u00fc]", "\u00f6"));
	CU_ASSERT_FALSE(match("[\u00e4\u00f6\u00fc]", "\u00e5"));
	CU_ASSERT_TRUE(match("[\u03b1-\u03c9]", "\u03bb"));
	CU_ASSERT_TRUE(match("*\u00fc", "gr\u00fc\u00fc"));
}

static void
test_stray_bytes(void)
{
	CU_ASSERT_TRUE(match("?", "\xfc"));
	CU_ASSERT_TRUE(match("\xfc*", "\xfc" "ber"));
	CU_ASSERT_FALSE(match("\xfc", "\xfd"));
	CU_ASSERT_FALSE(match("\u00fc", "\xfc"));
	CU_ASSERT_TRUE(match("??", "\xc3\x28"));
	CU_ASSERT_TRUE(match("*", "\xc3"));
	CU_ASSERT_TRUE(match("[\xfc]", "\xfc"));
}

static void
test_lengths_rule(void)
{
	CU_ASSERT_TRUE(glob_match("a*xx", 2, "abcyy", 3));
	CU_ASSERT_TRUE(glob_match("a?c", 3, "a\0c", 3));
	CU_ASSERT_FALSE(glob_match("a", 1, "a\0", 2));
	/* The name's last character may not be read beyond its end. */
	CU_ASSERT_TRUE(glob_match("?", 1, "\u00fc", 1));
	CU_ASSERT_FALSE(glob_match("[ab]", 2, "b", 1));
}

static void
test_has_wildcard(void)
{
	CU_ASSERT_FALSE(glob_has_wildcard("plain]!-", 8));
	CU_ASSERT_FALSE(glob_has_wildcard("", 0));
	CU_ASSERT_TRUE(glob_has_wildcard("a*", 2));
	CU_ASSERT_TRUE(glob_has_wildcard("?", 1));
	CU_ASSERT_TRUE(glob_has_wildcard("[a]", 3));
	CU_ASSERT_FALSE(glob_has_wildcard("[", 1));
	CU_ASSERT_FALSE(glob_has_wildcard("[a]", 2));
	CU_ASSERT_TRUE(glob_has_wildcard("[a?", 3));
	CU_ASSERT_FALSE(glob_has_wildcard("a*", 1));
}

static void
test_check(void)
{
	CU_ASSERT_EQUAL(check(""), 0);
	CU_ASSERT_EQUAL(check("plain"), 0);
	CU_ASSERT_EQUAL(check("*?[a]*?[b]*?"), 0);
	CU_ASSERT_EQUAL(check("*?[a]*?[b]*??"), -E2BIG);
	CU_ASSERT_EQUAL(check("[***************]"), 0);
	CU_ASSERT_EQUAL(check("[]]"), 0);
	CU_ASSERT_EQUAL(check("]"), 0);
	CU_ASSERT_EQUAL(check("["), -EINVAL);
	CU_ASSERT_EQUAL(check("[!"), -EINVAL);
	CU_ASSERT_EQUAL(check("[]"), -EINVAL);
	CU_ASSERT_EQUAL(check("[!]"), -EINVAL);
	CU_ASSERT_EQUAL(check("a[b"), -EINVAL);
	CU_ASSERT_EQUAL(glob_check("[a]", 2), -EINVAL);
	CU_ASSERT_EQUAL(check("[*?*?*?*?"), -EINVAL);
	CU_ASSERT_EQUAL(check("[*?*?*?*?*"), -E2BIG);
	CU_ASSERT_EQUAL(check("[[[[[[[[["), -EINVAL);
	CU_ASSERT_EQUAL(check("[[[[[[[[[*"), -EINVAL);
}

static bool
next_is(const char **at, const char *word)
{
	size_t len = 0;
	const char *found = glob_word(at, &len);

	return found != NULL && len == strlen(word) &&
	    memcmp(found, word, len) == 0;
}

static void
test_words(void)
{
	const char *at = "  a*\tb,c [ ]*.mp3 x[,]y [!] ][a] [] ] [! e";

	CU_ASSERT_TRUE(next_is(&at, "a*"));
	CU_ASSERT_TRUE(next_is(&at, "b"));
	CU_ASSERT_TRUE(next_is(&at, "c"));
	CU_ASSERT_TRUE(next_is(&at, "[ ]*.mp3"));
	CU_ASSERT_TRUE(next_is(&at, "x[,]y"));
	CU_ASSERT_TRUE(next_is(&at, "[!] ][a]"));
	CU_ASSERT_TRUE(next_is(&at, "[] ]"));
	CU_ASSERT_TRUE(next_is(&at, "[!"));	/* not closed */
	CU_ASSERT_TRUE(next_is(&at, "e"));
	CU_ASSERT_FALSE(next_is(&at, ""));
	at = "[";
	CU_ASSERT_TRUE(next_is(&at, "["));
	at = "[!";
	CU_ASSERT_TRUE(next_is(&at, "[!"));
	CU_ASSERT_TRUE(match("[ ]*.mp3", " a.mp3"));
	CU_ASSERT_FALSE(match("[ ]*.mp3", "a.mp3"));
}

/* A matcher that tries all ways would need ages for this one. */
static void
test_no_explosion(void)
{
	static char name[4096];
	int64_t start = clock_ms();

	memset(name, 'a', sizeof(name));
	for (int i = 0; i < 100; i++)
		CU_ASSERT_FALSE(glob_match("*a*a*a*a*a*a*a*b", 16, name,
			sizeof(name)));
	CU_ASSERT_TRUE(clock_ms() - start < 5000);
}

CU_TestInfo unit_tests[] = {
	{ "plain names match themselves", test_plain },
	{ "* stands for any text", test_star },
	{ "? stands for one character", test_question_mark },
	{ "brackets list characters and ranges", test_bracket },
	{ "brackets make wildcards plain", test_bracket_oddities },
	{ "a character may have several bytes", test_characters_not_bytes },
	{ "stray bytes are characters too", test_stray_bytes },
	{ "lengths rule, not NUL bytes", test_lengths_rule },
	{ "wildcards are detected", test_has_wildcard },
	{ "too many wildcards and open brackets are refused", test_check },
	{ "blanks within brackets separate no patterns", test_words },
	{ "many stars take bounded time", test_no_explosion },
	CU_TEST_INFO_NULL,
};
