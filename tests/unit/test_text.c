/*
 * test_text.c - numbers, letters, words and escaping, at their limits.
 */
#include "common/base.h"

#include "common/text.h"
#include "tests/unit/unit.h"

const char *const unit_name = "text";

static int
number(const char *text, int64_t *n)
{
	*n = -1;
	return text_number(text, strlen(text), n);
}

static void
test_numbers(void)
{
	int64_t n;

	CU_ASSERT_EQUAL(number("0", &n), 0);
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_EQUAL(number("00021", &n), 0);
	CU_ASSERT_EQUAL(n, 21);
	CU_ASSERT_EQUAL(number("9223372036854775807", &n), 0);
	CU_ASSERT_EQUAL(n, INT64_MAX);
	CU_ASSERT_EQUAL(text_number("123abc", 3, &n), 0);
	CU_ASSERT_EQUAL(n, 123);
}

static void
test_numbers_refused(void)
{
	static const char *const wrong[] = {
		"", " 1", "1 ", "+1", "-1", "0x10", "1e3", "1.0", "1,0",
		"\xd9\xa1", "-", "99999999999999999999x",
	};
	int64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CU_ASSERT_EQUAL(number(wrong[i], &n), -EINVAL);
		CU_ASSERT_EQUAL(n, -1);
	}
	CU_ASSERT_EQUAL(text_number("1\0002", 3, &n), -EINVAL);
}

static void
test_numbers_too_big(void)
{
	int64_t n;

	CU_ASSERT_EQUAL(number("9223372036854775808", &n), -ERANGE);
	CU_ASSERT_EQUAL(number("92233720368547758070", &n), -ERANGE);
	CU_ASSERT_EQUAL(number("18446744073709551617", &n), -ERANGE);
	CU_ASSERT_EQUAL(n, -1);
}

static void
test_octal(void)
{
	unsigned n = 1;

	CU_ASSERT_EQUAL(text_octal("0", 1, &n), 0);
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_EQUAL(text_octal("0644", 4, &n), 0);
	CU_ASSERT_EQUAL(n, 0644);
	CU_ASSERT_EQUAL(text_octal("07777", 5, &n), 0);
	CU_ASSERT_EQUAL(n, 07777);
	CU_ASSERT_EQUAL(text_octal("10000", 5, &n), -ERANGE);
	CU_ASSERT_EQUAL(text_octal("77777777777777777777", 20, &n), -ERANGE);
	CU_ASSERT_EQUAL(text_octal("", 0, &n), -EINVAL);
	CU_ASSERT_EQUAL(text_octal("8", 1, &n), -EINVAL);
	CU_ASSERT_EQUAL(text_octal("-1", 2, &n), -EINVAL);
	CU_ASSERT_EQUAL(n, 07777);
}

static void
test_letters(void)
{
	CU_ASSERT_TRUE(text_is_alpha('a') && text_is_alpha('z'));
	CU_ASSERT_TRUE(text_is_alpha('A') && text_is_alpha('Z'));
	CU_ASSERT_FALSE(text_is_alpha('@') || text_is_alpha('['));
	CU_ASSERT_FALSE(text_is_alpha('`') || text_is_alpha('{'));
	CU_ASSERT_FALSE(text_is_alpha((char)0xe4) || text_is_alpha('\0'));
	CU_ASSERT_TRUE(text_is_digit('0') && text_is_digit('9'));
	CU_ASSERT_FALSE(text_is_digit('/') || text_is_digit(':'));
	CU_ASSERT_TRUE(text_is_blank(' ') && text_is_blank('\t'));
	CU_ASSERT_FALSE(text_is_blank('\n') || text_is_blank('\v'));
	CU_ASSERT_FALSE(text_is_blank((char)0xa0));
	CU_ASSERT_EQUAL(text_upper('a'), 'A');
	CU_ASSERT_EQUAL(text_upper('z'), 'Z');
	CU_ASSERT_EQUAL(text_upper('{'), '{');
	CU_ASSERT_EQUAL(text_upper((char)0xe4), (char)0xe4);
}

static void
test_same(void)
{
	CU_ASSERT_TRUE(text_is("Retr", "rETR"));
	CU_ASSERT_TRUE(text_is("", ""));
	CU_ASSERT_FALSE(text_is("RETR", "RETRO"));
	CU_ASSERT_FALSE(text_is("RETR", "RETS"));
	CU_ASSERT_FALSE(text_is("\xe4", "\xc4"));
	CU_ASSERT_FALSE(text_is("@", "`"));
	CU_ASSERT_TRUE(text_same("AbX", 2, "aBy", 2));
	CU_ASSERT_FALSE(text_same("a\0b", 3, "a\0c", 3));
}

/* What becomes of data[len] in a log line. */
static const char *
escaped(const char *data, size_t len)
{
	static char storage[256];
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	text_escape(&b, data, len);
	return buffer_text(&b);
}

static void
test_escape_keeps_what_is_plain(void)
{
	const char *plain = " ~!\"%&'()<>[]{}abcXYZ09";

	CU_ASSERT_STRING_EQUAL(escaped(plain, strlen(plain)), plain);
	CU_ASSERT_STRING_EQUAL(escaped("gr\u00fc\u00df \u65e5\u672c \U0001f600",
		18), "gr\u00fc\u00df \u65e5\u672c \U0001f600");
	CU_ASSERT_STRING_EQUAL(escaped("\u00a0\u2027\u202f\u2065\u206a", 14),
		"\u00a0\u2027\u202f\u2065\u206a");
}

static void
test_escape_controls(void)
{
	CU_ASSERT_STRING_EQUAL(escaped("a\r\nb\0c\x1b[2J\x7f", 11),
		"a\\x0D\\x0Ab\\x00c\\x1B[2J\\x7F");
	CU_ASSERT_STRING_EQUAL(escaped("\\x41", 4), "\\x5Cx41");
	CU_ASSERT_STRING_EQUAL(escaped("\xc2\x80\xc2\x9b", 4),
		"\\xC2\\x80\\xC2\\x9B");
}

static void
test_escape_malformed(void)
{
	CU_ASSERT_STRING_EQUAL(escaped("\xff\x80z", 3), "\\xFF\\x80z");
	CU_ASSERT_STRING_EQUAL(escaped("\xc3", 1), "\\xC3");
	CU_ASSERT_STRING_EQUAL(escaped("\xe2\x82z", 3), "\\xE2\\x82z");
	CU_ASSERT_STRING_EQUAL(escaped("\xc0\xaf", 2), "\\xC0\\xAF");
}

static void
test_escape_direction(void)
{
	static const char *const harmful[] = {
		"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
		"\u202e", "\u2066", "\u2069",
	};

	for (size_t i = 0; i < ARRAY_SIZE(harmful); i++)
		CU_ASSERT_EQUAL(escaped(harmful[i], strlen(harmful[i]))[0],
			'\\');
	CU_ASSERT_STRING_EQUAL(escaped("a\u202eb", 5), "a\\xE2\\x80\\xAEb");
}

static void
test_escape_stops_at_the_end_of_the_buffer(void)
{
	BUFFER(b, 6);

	text_escape(&b, "abc\ndef", 7);
	CU_ASSERT_TRUE(b.overflow);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "abc");
}

static void
test_utf8(void)
{
	CU_ASSERT_EQUAL(text_utf8("a", 1), 1);
	CU_ASSERT_EQUAL(text_utf8("\0", 1), 1);
	CU_ASSERT_EQUAL(text_utf8("\u00fcx", 3), 2);
	CU_ASSERT_EQUAL(text_utf8("\u20ac", 3), 3);
	CU_ASSERT_EQUAL(text_utf8("\U0001f600", 4), 4);
	CU_ASSERT_EQUAL(text_utf8("\xf4\x8f\xbf\xbf", 4), 4);
	CU_ASSERT_EQUAL(text_utf8("\xed\x9f\xbf", 3), 3);
}

static void
test_utf8_malformed(void)
{
	CU_ASSERT_EQUAL(text_utf8("", 0), 0);
	CU_ASSERT_EQUAL(text_utf8("\u00fc", 1), 0);	/* cut off */
	CU_ASSERT_EQUAL(text_utf8("\u20ac", 2), 0);
	CU_ASSERT_EQUAL(text_utf8("\U0001f600", 3), 0);
	CU_ASSERT_EQUAL(text_utf8("\x80", 1), 0);	/* no beginning */
	CU_ASSERT_EQUAL(text_utf8("\xc1\xbf", 2), 0);	/* overlong */
	CU_ASSERT_EQUAL(text_utf8("\xe0\x9f\xbf", 3), 0);
	CU_ASSERT_EQUAL(text_utf8("\xf0\x8f\xbf\xbf", 4), 0);
	CU_ASSERT_EQUAL(text_utf8("\xed\xa0\x80", 3), 0);	/* surrogate */
	CU_ASSERT_EQUAL(text_utf8("\xf4\x90\x80\x80", 4), 0);	/* too big */
	CU_ASSERT_EQUAL(text_utf8("\xf5\x80\x80\x80", 4), 0);
	CU_ASSERT_EQUAL(text_utf8("\xe2\x82\x20", 3), 0);
}

static void
test_words(void)
{
	const char *at = " ,\tone two,three,, \tfour ";
	const char *word;
	size_t len;

	word = text_word(&at, &len);
	CU_ASSERT_TRUE(len == 3 && memcmp(word, "one", 3) == 0);
	word = text_word(&at, &len);
	CU_ASSERT_TRUE(len == 3 && memcmp(word, "two", 3) == 0);
	word = text_word(&at, &len);
	CU_ASSERT_TRUE(len == 5 && memcmp(word, "three", 5) == 0);
	word = text_word(&at, &len);
	CU_ASSERT_TRUE(len == 4 && memcmp(word, "four", 4) == 0);
	CU_ASSERT_PTR_NULL(text_word(&at, &len));
	CU_ASSERT_PTR_NULL(text_word(&at, &len));
	at = "";
	CU_ASSERT_PTR_NULL(text_word(&at, &len));
}

static void
test_lists(void)
{
	CU_ASSERT_TRUE(text_list_has("root, ftp  www", "root"));
	CU_ASSERT_TRUE(text_list_has("root, ftp  www", "ftp"));
	CU_ASSERT_TRUE(text_list_has("root, ftp  www", "www"));
	CU_ASSERT_FALSE(text_list_has("root, ftp  www", "Root"));
	CU_ASSERT_FALSE(text_list_has("root, ftp  www", "roo"));
	CU_ASSERT_FALSE(text_list_has("root, ftp  www", "root,"));
	CU_ASSERT_FALSE(text_list_has("root", "rootx"));
	CU_ASSERT_FALSE(text_list_has("", "root"));
	CU_ASSERT_FALSE(text_list_has(" , ", ""));
}

static void
test_copy(void)
{
	char to[4] = "old";

	CU_ASSERT_EQUAL(text_copy(to, sizeof(to), "abc"), 0);
	CU_ASSERT_STRING_EQUAL(to, "abc");
	CU_ASSERT_EQUAL(text_copy(to, sizeof(to), "abcd"), -ENAMETOOLONG);
	CU_ASSERT_STRING_EQUAL(to, "");
	CU_ASSERT_EQUAL(text_copy(to, 1, ""), 0);
	CU_ASSERT_EQUAL(text_copy(to, 0, ""), -ENAMETOOLONG);
}

static void
test_seconds(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
		const char *again;
	} rows[] = {
		{ "0", 0, "0" }, { "59", 59, "59s" }, { "60s", 60, "1m" },
		{ "90m", 5400, "90m" }, { "24h", 86400, "1d" },
		{ "9223372036854775807s", INT64_MAX, "9223372036854775807s" },
	};
	int64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(b, 32);
		CU_ASSERT_EQUAL(text_seconds(rows[i].text,
			strlen(rows[i].text), &n), 0);
		CU_ASSERT_EQUAL(n, rows[i].seconds);
		text_add_seconds(&b, n);
		CU_ASSERT_STRING_EQUAL(buffer_text(&b), rows[i].again);
	}
	CU_ASSERT_EQUAL(text_seconds("", 0, &n), -EINVAL);
	CU_ASSERT_EQUAL(text_seconds("h", 1, &n), -EINVAL);
	CU_ASSERT_EQUAL(text_seconds("1w", 2, &n), -EINVAL);
	CU_ASSERT_EQUAL(text_seconds("106751991167301d", 16, &n), -ERANGE);
}

static void
test_sizes(void)
{
	static const struct {
		const char *text;
		int64_t bytes;
		const char *again;
	} rows[] = {
		{ "0", 0, "0" }, { "0G", 0, "0" }, { "1023", 1023, "1023" },
		{ "1024", 1024, "1k" }, { "1k", 1024, "1k" },
		{ "1K", 1024, "1k" }, { "1536k", 1572864, "1536k" },
		{ "10m", 10485760, "10M" }, { "2048M", 2147483648, "2G" },
		{ "3g", 3221225472, "3G" }, { "1T", 1099511627776, "1T" },
		{ "9223372036854775807", INT64_MAX, "9223372036854775807" },
		{ "8388607T", INT64_C(8388607) << 40, "8388607T" },
	};
	static const char *const not[] = { "", "k", "1kB", "1 k", "-1k",
		"1.5G", "1P", "1kk" };
	int64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(b, 32);
		CU_ASSERT_EQUAL(text_size(rows[i].text, strlen(rows[i].text),
			&n), 0);
		CU_ASSERT_EQUAL(n, rows[i].bytes);
		text_add_size(&b, n);
		CU_ASSERT_STRING_EQUAL(buffer_text(&b), rows[i].again);
	}
	for (size_t i = 0; i < ARRAY_SIZE(not); i++)
		CU_ASSERT_EQUAL(text_size(not[i], strlen(not[i]), &n),
			-EINVAL);
	CU_ASSERT_EQUAL(text_size("8388608T", 8, &n), -ERANGE);
	CU_ASSERT_EQUAL(text_size("9223372036854775808", 19, &n), -ERANGE);
}

static void
test_trim(void)
{
	char full[] = " \t a b \r\n", bare[] = "a";
	char blank[] = " \n", empty[] = "";

	CU_ASSERT_STRING_EQUAL(text_trim(full), "a b");
	CU_ASSERT_STRING_EQUAL(text_trim(bare), "a");
	CU_ASSERT_STRING_EQUAL(text_trim(blank), "");
	CU_ASSERT_STRING_EQUAL(text_trim(empty), "");
}

CU_TestInfo unit_tests[] = {
	{ "decimal numbers up to 2^63-1", test_numbers },
	{ "anything but digits is no number", test_numbers_refused },
	{ "bigger numbers are refused", test_numbers_too_big },
	{ "octal numbers up to 07777", test_octal },
	{ "letters are ASCII letters", test_letters },
	{ "letter case does not count, bytes do", test_same },
	{ "escape keeps plain text and UTF-8",
		test_escape_keeps_what_is_plain },
	{ "escape shows control characters", test_escape_controls },
	{ "escape shows malformed UTF-8", test_escape_malformed },
	{ "escape shows characters that change the text direction",
		test_escape_direction },
	{ "escape stops where the buffer ends",
		test_escape_stops_at_the_end_of_the_buffer },
	{ "UTF-8 of one to four bytes", test_utf8 },
	{ "malformed UTF-8 is detected", test_utf8_malformed },
	{ "words between blanks and commas", test_words },
	{ "a list has its words and no others", test_lists },
	{ "a copy fits or is empty", test_copy },
	{ "lengths of time", test_seconds },
	{ "numbers of bytes", test_sizes },
	{ "blanks are cut off both ends", test_trim },
	CU_TEST_INFO_NULL,
};
