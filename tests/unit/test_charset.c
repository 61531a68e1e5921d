/*
 * test_charset.c - names between UTF-8 and the character sets of old clients.
 */
#include "common/base.h"

#include "common/charset.h"
#include "common/settings/settings_table.h"
#include "tests/unit/unit.h"

const char *const unit_name = "charset";

static struct charset
open_set(const char *name)
{
	struct charset c = { .name = NULL };
	int which = 1;

	while (which < CHARSETS && strcmp(charset_name(which), name) != 0)
		which++;
	CU_ASSERT_FATAL(which < CHARSETS);
	CU_ASSERT_EQUAL_FATAL(charset_open(&c, which), 0);
	return c;
}

/* Both ways. */
static void
check_pair(const char *name, const char *bytes, const char *utf8)
{
	struct charset c = open_set(name);
	char text[64];
	ssize_t n = charset_decode(&c, bytes, strlen(bytes), text,
		sizeof(text) - 1);

	CU_ASSERT_EQUAL_FATAL(n, (ssize_t)strlen(utf8));
	text[n] = '\0';
	CU_ASSERT_STRING_EQUAL(text, utf8);
	text[charset_encode(&c, text, (size_t)n)] = '\0';
	CU_ASSERT_STRING_EQUAL(text, bytes);
	charset_close(&c);
}

static void
test_pairs(void)
{
	check_pair("iso-8859-1", "gr\xfc\xdf" "e", "gr\xc3\xbc\xc3\x9f" "e");
	check_pair("iso-8859-15", "\xa4", "\xe2\x82\xac");
	check_pair("windows-1252", "\x80", "\xe2\x82\xac");
	check_pair("iso-8859-2", "\xb3", "\xc5\x82");
	check_pair("windows-1250", "\xb3", "\xc5\x82");
	check_pair("windows-1251", "\xff", "\xd1\x8f");
	check_pair("iso-8859-5", "\xef", "\xd1\x8f");
	check_pair("koi8-r", "\xd1", "\xd1\x8f");
	/* The second byte of some is a backslash. */
	check_pair("shift_jis", "\x95\x5c/\xb1", "\xe8\xa1\xa8/\xef\xbd\xb1");
	check_pair("gbk", "\xd6\xd0", "\xe4\xb8\xad");
	check_pair("big5", "\xa4\xa4", "\xe4\xb8\xad");
	check_pair("euc-kr", "\xb0\xa1", "\xea\xb0\x80");
}

static void
check_decoded(const char *name, const char *bytes, size_t len, size_t size,
	ssize_t expected)
{
	struct charset c = open_set(name);
	char text[64];

	CU_ASSERT_EQUAL(charset_decode(&c, bytes, len, text, size), expected);
	charset_close(&c);
}

static void
test_invalid(void)
{
	/* Half a character, a byte that has no meaning. */
	check_decoded("shift_jis", "a\x95", 2, 64, -EILSEQ);
	check_decoded("shift_jis", "\x95\x0a", 2, 64, -EILSEQ);
	check_decoded("windows-1252", "\x81", 1, 64, -EILSEQ);
	check_decoded("gbk", "\xff\xff", 2, 64, -EILSEQ);
	check_decoded("iso-8859-1", "a\0b", 3, 64, -EILSEQ);
	check_decoded("iso-8859-1", "a\rb", 3, 64, -EILSEQ);
	/* No room: exactly none, and one byte too few. */
	check_decoded("iso-8859-1", "\xfc\xfc", 2, 3, -EMSGSIZE);
	check_decoded("iso-8859-1", "\xfc\xfc", 2, 4, 4);
	check_decoded("iso-8859-1", "", 0, 0, 0);
	/* An error leaves nothing for the next line. */
	struct charset c = open_set("shift_jis");
	char text[64];
	CU_ASSERT_EQUAL(charset_decode(&c, "\x95", 1, text, 64), -EILSEQ);
	CU_ASSERT_EQUAL(charset_decode(&c, "\x5c", 1, text, 64), 1);
	CU_ASSERT_EQUAL(text[0], '\\');
	charset_close(&c);
}

static void
check_encoded(const char *name, const char *utf8, const char *expected)
{
	struct charset c = open_set(name);
	char text[64];

	snprintf(text, sizeof(text), "%s", utf8);
	text[charset_encode(&c, text, strlen(text))] = '\0';
	CU_ASSERT_STRING_EQUAL(text, expected);
	charset_close(&c);
}

static void
test_question_marks(void)
{
	check_encoded("iso-8859-1", "a\xe4\xb8\xad" "b", "a?b");
	check_encoded("iso-8859-1", "\xf0\x9f\x98\x80.txt", "?.txt");
	/* No UTF-8: a lone byte, an overlong one, a surrogate, an end that is
	 * missing. */
	check_encoded("iso-8859-1", "a\xfc" "b", "a?b");
	check_encoded("iso-8859-1", "\xc0\xaf", "?");
	check_encoded("iso-8859-1", "\xed\xa0\x80", "?");
	check_encoded("iso-8859-1", "a\xe4\xb8", "a?");
	check_encoded("shift_jis", "\xc3\xbc\xe8\xa1\xa8", "?\x95\x5c");
}

static size_t
put_utf8(uint32_t code, char *text)
{
	if (code < 0x80) {
		text[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		text[0] = (char)(0xc0 | code >> 6);
		text[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	text[0] = (char)(0xe0 | code >> 12);
	text[1] = (char)(0x80 | (code >> 6 & 0x3f));
	text[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

/* What another character than itself may become: in Shift-JIS, yen and overline
 * have the places of two ASCII characters. */
static bool
is_harmless(char c)
{
	return (unsigned char)c >= 0x80 || c == '?' || c == '\\' || c == '~';
}

/* Every character of 16 bits in every set: it never grows, and no slash or
 * control character comes out of another character. */
static void
check_all(int which)
{
	struct charset c = { .name = NULL };

	CU_ASSERT_EQUAL_FATAL(charset_open(&c, which), 0);
	for (uint32_t code = 1; code < 0x10000; code++) {
		char text[8], back[16];
		size_t len = put_utf8(code, text);
		size_t n = charset_encode(&c, text, len);

		CU_ASSERT_TRUE(n >= 1 && n <= len);
		if (code < 0x80) {
			CU_ASSERT_TRUE(n == 1 && text[0] == (char)code);
			continue;
		}
		CU_ASSERT_TRUE(is_harmless(text[0]));
		CU_ASSERT_TRUE(n < 2 || (unsigned char)text[1] >= 0x40);
		if (text[0] != '?')
			CU_ASSERT_TRUE(charset_decode(&c, text, n, back,
				sizeof(back)) > 0);
	}
	charset_close(&c);
}

static void
test_all(void)
{
	for (int which = 1; which < CHARSETS; which++)
		check_all(which);
}

/* Longer than the piece that is converted at once. */
static void
test_long(void)
{
	struct charset c = open_set("windows-1251");
	static char text[4000], back[4000];
	size_t len = 0;

	while (len + 2 < sizeof(text))
		len += put_utf8(0x430 + (uint32_t)(len % 32), text + len);
	memcpy(back, text, len);
	size_t n = charset_encode(&c, text, len);
	CU_ASSERT_EQUAL(n, len / 2);
	char again[4000];
	CU_ASSERT_EQUAL(charset_decode(&c, text, n, again, sizeof(again)),
		(ssize_t)len);
	CU_ASSERT_EQUAL(memcmp(again, back, len), 0);
	charset_close(&c);
}

/* The setting's words are the names, in the same order. */
static void
test_names(void)
{
	const char *words =
		settings_table[SETTINGS_ROW_session_filename_charset].unit;

	for (int which = 0; which < CHARSETS; which++) {
		size_t len = strcspn(words, "|");
		CU_ASSERT_EQUAL(strlen(charset_name(which)), len);
		CU_ASSERT_EQUAL(strncmp(charset_name(which), words, len), 0);
		words += len + (words[len] == '|');
	}
	CU_ASSERT_STRING_EQUAL(words, "");
}

CU_TestInfo unit_tests[] = {
	{ "names in each set, both ways", test_pairs },
	{ "bytes that are not valid", test_invalid },
	{ "characters that the set does not have", test_question_marks },
	{ "every character, in every set", test_all },
	{ "long texts", test_long },
	{ "the names of the setting", test_names },
	CU_TEST_INFO_NULL,
};
