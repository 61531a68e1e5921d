/*
 * test_settings_value.c - each kind of value, at its borders, both ways; and
 * that the table itself is sound.
 */
#include "common/base.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_string.h"
#include "common/settings/settings_value.h"
#include "tests/unit/unit.h"

const char *const unit_name = "settings_value";

union field {
	bool yes;
	int64_t number;
	int mode;
	char *text;
	struct address address;
	struct port_range ports;
	uint32_t letters;
};

/* Parse with the row; "" when refused, else the value written again. */
static const char *
again(const struct settings_row *row, const char *text)
{
	static char storage[4096];
	struct buffer b;
	union field f;

	memset(&f, 0, sizeof(f));
	buffer_init(&b, storage, sizeof(storage));
	if (settings_value_parse(row, text, &f) < 0)
		return "(refused)";
	settings_format_value(row, &f, &b);
	if (settings_string_is(row))
		free(f.text);
	return buffer_text(&b);
}

struct pair {
	const char *text, *again;
};

static void
try_all(const struct settings_row *row, const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = again(row, pairs[i].text);
		CU_ASSERT_STRING_EQUAL(got, pairs[i].again);
		if (strcmp(got, pairs[i].again) != 0)
			printf("\n  \"%s\" gave \"%s\"", pairs[i].text, got);
	}
}

#define TRY(row, ...)                                                     \
	do {                                                              \
		static const struct pair pairs_[] = { __VA_ARGS__ };      \
		try_all(row, pairs_, ARRAY_SIZE(pairs_));                 \
	} while (0)

#define NO "(refused)"

static void
test_bool(void)
{
	const struct settings_row row = { .kind = SETTINGS_BOOL };

	TRY(&row, { "yes", "yes" }, { "NO", "no" }, { "On", "yes" },
	    { "off", "no" }, { "true", "yes" }, { "0", "no" }, { "1", "yes" },
	    { "", NO }, { "2", NO }, { "y", NO }, { "yes ", NO });
}

static void
test_number(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_NUMBER, .min = 1, .max = 65535,
	};

	TRY(&row, { "1", "1" }, { "65535", "65535" }, { "0021", "21" },
	    { "0", NO }, { "65536", NO }, { "", NO }, { "-1", NO },
	    { "+1", NO }, { "1k", NO }, { "0x10", NO }, { " 1", NO },
	    { "9223372036854775808", NO }, { "18446744073709551617", NO });
}

static void
test_seconds(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_SECONDS, .min = 1, .max = 172800,
	};

	TRY(&row, { "1", "1s" }, { "59s", "59s" }, { "60", "1m" },
	    { "90m", "90m" }, { "3600", "1h" }, { "2d", "2d" },
	    { "48h", "2d" }, { "172801", NO }, { "3d", NO }, { "0", NO },
	    { "s", NO }, { "", NO }, { "1w", NO }, { "1m1s", NO },
	    { "1.5h", NO }, { "1 h", NO }, { "-1s", NO }, { "1S", NO },
	    { "106751991167301d", NO }, { "213503982334601h", NO },
	    { "9223372036854775807m", NO }, { "9223372036854775808s", NO });

	const struct settings_row from_zero = {
		.kind = SETTINGS_SECONDS, .min = 0, .max = INT64_MAX,
	};
	TRY(&from_zero, { "0", "0" }, { "0d", "0" },
	    { "9223372036854775807", "9223372036854775807s" },
	    { "9223372036854775807d", NO });
}

static void
test_size(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_SIZE, .min = 1024, .max = 1 << 30,
	};
	TRY(&row, { "1024", "1k" }, { "1k", "1k" }, { "1G", "1G" },
	    { "1024M", "1G" }, { "1023", NO }, { "2G", NO }, { "0", NO },
	    { "", NO }, { "1g ", NO }, { "-1G", NO }, { "9999999T", NO });
}

static void
test_mode(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_MODE, .max = 0777, .unit = "pam",
	};

	TRY(&row, { "022", "022" }, { "22", "022" }, { "0", "000" },
	    { "0777", "777" }, { "pam", "pam" }, { "PAM", "pam" },
	    { "1000", NO }, { "8", NO }, { "", NO }, { "0o22", NO });

	const struct settings_row no_word = {
		.kind = SETTINGS_MODE, .max = 0777, .unit = "",
	};
	TRY(&no_word, { "7", "007" }, { "", NO });
}

static void
test_text(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_TEXT, .min = 1, .max = 5,
	};

	TRY(&row, { "a", "a" }, { "a b\tc", "a b\tc" }, { "", NO },
	    { "abcdef", NO }, { "a\nb", NO }, { "a\x1b", NO },
	    { "a\x7f", NO }, { "\xc3\xa4", "\xc3\xa4" });
}

static void
test_list(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_LIST, .min = 0, .max = 7, .unit = "",
	};

	TRY(&row, { "", "" }, { " , ,", "" }, { "a", "a" },
	    { "a,b\tc ,d", "a b c d" }, { "abcdefg", "abcdefg" },
	    { "abcdefgh", NO }, { "a,,,,,,,,b", "a b" });
}

static void
test_lines(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_LINES, .min = 0, .max = 7,
	};
	char *field = NULL;

	TRY(&row, { "", "" }, { "a, b", "a, b" }, { "abcdefgh", NO },
	    { "a\nb", NO });
	CU_ASSERT_EQUAL(settings_value_parse(&row, "", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "a b", &field), 0);
	CU_ASSERT_STRING_EQUAL(field, "a b");
	CU_ASSERT_EQUAL(settings_value_add(&row, "", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "c,d", &field), 0);
	CU_ASSERT_STRING_EQUAL(field, "a b\nc,d");
	/* too long, or a line that would be two: nothing changes */
	CU_ASSERT_EQUAL(settings_value_add(&row, "e", &field), -EINVAL);
	CU_ASSERT_EQUAL(settings_value_parse(&row, "a", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "b\nc", &field), -EINVAL);
	CU_ASSERT_STRING_EQUAL(field, "a");
	free(field);
}

static void
test_list_grows(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_LIST, .min = 0, .max = 5, .unit = "",
	};
	char *field = NULL;

	CU_ASSERT_EQUAL(settings_value_parse(&row, "", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, " a,b ", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "", &field), 0);
	CU_ASSERT_EQUAL(settings_value_add(&row, "c", &field), 0);
	CU_ASSERT_STRING_EQUAL(field, "a b c");
	CU_ASSERT_EQUAL(settings_value_add(&row, "d", &field), -EINVAL);
	CU_ASSERT_STRING_EQUAL(field, "a b c");
	free(field);
}

static void
test_path(void)
{
	const struct settings_row row = { .kind = SETTINGS_PATH, .unit = "" };
	char longest[PATH_MAX + 1];

	TRY(&row, { "", "" }, { "/", "/" }, { "/var/log/x", "/var/log/x" },
	    { "var", NO }, { "./x", NO }, { "~/x", NO });
	memset(longest, '/', PATH_MAX);
	longest[PATH_MAX] = '\0';
	CU_ASSERT_STRING_EQUAL(again(&row, longest), NO);
	longest[PATH_MAX - 1] = '\0';
	CU_ASSERT_STRING_EQUAL(again(&row, longest), longest);
}

static void
test_choice(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_CHOICE, .unit = "error|warning|info",
	};

	TRY(&row, { "error", "error" }, { "Info", "info" },
	    { "warning", "warning" }, { "", NO }, { "warn", NO },
	    { "error|warning", NO }, { "|", NO }, { "infos", NO });
}

static void
test_address(void)
{
	const struct settings_row any = {
		.kind = SETTINGS_ADDRESS, .unit = "",
	};
	const struct settings_row four = {
		.kind = SETTINGS_ADDRESS, .unit = "IPv4",
	};

	TRY(&any, { "", "" }, { "192.0.2.1", "192.0.2.1" },
	    { "2001:DB8::1", "2001:db8::1" }, { "::", "::" },
	    { "192.0.2", NO }, { "ftp.example.org", NO }, { "[::1]", NO },
	    { "192.0.2.1:21", NO });
	TRY(&four, { "", "" }, { "192.0.2.1", "192.0.2.1" }, { "::1", NO });
}

static void
test_ports(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_PORTS, .min = 1024, .max = 65535,
	};

	TRY(&row, { "", "" }, { "50000-50100", "50000-50100" },
	    { "1024-65535", "1024-65535" }, { "5000-5000", "5000-5000" },
	    { "1023-5000", NO }, { "5000-65536", NO }, { "5001-5000", NO },
	    { "5000", NO }, { "-", NO }, { "5000-", NO }, { "-5000", NO },
	    { "5000--6000", NO }, { "5000-6000-7000", NO },
	    { "5000 - 6000", NO });
}

static void
test_letters(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_LETTERS, .unit = "elradfmwMT",
	};

	TRY(&row, { "", "" }, { "el", "el" }, { "TMwmfdarle", "elradfmwMT" },
	    { "eee", "e" }, { "m", "m" }, { "M", "M" }, { "x", NO },
	    { "e l", NO }, { "E", NO });
}

static void
test_refusal_keeps_the_value(void)
{
	const struct settings_row row = {
		.kind = SETTINGS_LIST, .min = 0, .max = 3, .unit = "",
	};
	char *field = NULL;

	CU_ASSERT_EQUAL(settings_value_parse(&row, "abc", &field), 0);
	CU_ASSERT_EQUAL(settings_value_parse(&row, "abcd", &field), -EINVAL);
	CU_ASSERT_STRING_EQUAL(field, "abc");
	CU_ASSERT_EQUAL(settings_value_parse(&row, "d", &field), 0);
	CU_ASSERT_STRING_EQUAL(field, "d");
	free(field);
}

static void
test_rules_in_words(void)
{
	static const struct {
		struct settings_row row;
		const char *rule;
	} rules[] = {
		{ { .kind = SETTINGS_NUMBER, .min = 0, .max = 9,
		    .unit = "sessions" }, "0 to 9 sessions" },
		{ { .kind = SETTINGS_SECONDS, .min = 1, .max = 3600 },
		    "1s to 1h, in seconds or with s, m, h or d" },
		{ { .kind = SETTINGS_SIZE, .max = 1 << 30 },
		    "0 to 1G, in bytes or with k, M, G or T" },
		{ { .kind = SETTINGS_MODE, .max = 0777, .unit = "pam" },
		    "octal, 000 to 777, or pam" },
		{ { .kind = SETTINGS_CHOICE, .unit = "a|b|c" },
		    "a, b or c" },
		{ { .kind = SETTINGS_CHOICE, .unit = "a|b" }, "a or b" },
		{ { .kind = SETTINGS_ADDRESS, .unit = "IPv4" },
		    "a numeric IPv4 address, or empty" },
		{ { .kind = SETTINGS_PORTS, .min = 1024, .max = 2048 },
		    "FROM-TO within 1024-2048, or empty" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		BUFFER(b, SETTINGS_FORMAT_SIZE);
		settings_format_rule(&rules[i].row, &b);
		CU_ASSERT_STRING_EQUAL(buffer_text(&b), rules[i].rule);
	}
}

/* What the program relies on when it reads settings.def. */
static void
test_table(void)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		BUFFER(rule, SETTINGS_FORMAT_SIZE);

		CU_ASSERT_STRING_NOT_EQUAL(again(row, row->default_text), NO);
		settings_format_rule(row, &rule);
		CU_ASSERT(!rule.overflow && rule.len > 0);
		CU_ASSERT(strlen(row->key) < 40);	/* inih: below 50 */
		CU_ASSERT(strlen(row->description) > 10);
		CU_ASSERT(strchr(row->description, '\0')[-1] == '.');
		CU_ASSERT(row->kind != SETTINGS_LETTERS ||
		    strlen(row->unit) <= 32);
		CU_ASSERT_PTR_EQUAL(settings_table_find(row->section,
		    row->key), row);
		/* [user] names no section: the key alone must tell the row */
		if (row->scope == SETTINGS_USER)
			CU_ASSERT_PTR_EQUAL(settings_table_find(NULL,
			    row->key), row);
	}
}

static void
test_sections_stand_together(void)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		for (size_t k = i + 1; k < SETTINGS_ROWS; k++)
			if (settings_table_begins_section(k))
				CU_ASSERT_STRING_NOT_EQUAL(
				    settings_table[k].section,
				    settings_table[i].section);
}

static void
test_nearest(void)
{
	CU_ASSERT_STRING_EQUAL(settings_table_nearest_key("listener", "prot"),
	    "port");
	CU_ASSERT_STRING_EQUAL(settings_table_nearest_key("server",
	    "bannner"), "banner");
	CU_ASSERT_STRING_EQUAL(settings_table_nearest_key(NULL, "idletimeout"),
	    "idle_timeout");
	CU_ASSERT_PTR_NULL(settings_table_nearest_key("server", "zzzzzzzz"));
	CU_ASSERT_PTR_NULL(settings_table_nearest_key(NULL, "banner"));
	CU_ASSERT_STRING_EQUAL(settings_table_nearest_section("lisener tls"),
	    "listener");
	CU_ASSERT_STRING_EQUAL(settings_table_nearest_section("usr \"a\""),
	    "user");
	CU_ASSERT_PTR_NULL(settings_table_nearest_section("completely"));
	CU_ASSERT_PTR_NULL(settings_table_nearest_section(
	    "a-heading-that-is-longer-than-any-name-could-be"));
}

CU_TestInfo unit_tests[] = {
	{ "yes and no", test_bool },
	{ "numbers", test_number },
	{ "seconds, with units and without overflow", test_seconds },
	{ "numbers of bytes, with units", test_size },
	{ "octal modes", test_mode },
	{ "texts", test_text },
	{ "lists of words", test_list },
	{ "lines", test_lines },
	{ "lists that grow", test_list_grows },
	{ "absolute paths", test_path },
	{ "choices", test_choice },
	{ "addresses", test_address },
	{ "port ranges", test_ports },
	{ "permission letters", test_letters },
	{ "a refused value changes nothing", test_refusal_keeps_the_value },
	{ "rules in words", test_rules_in_words },
	{ "every row of settings.def is sound", test_table },
	{ "a section's rows stand together", test_sections_stand_together },
	{ "a similar name is suggested for a mistyped one", test_nearest },
	CU_TEST_INFO_NULL,
};
