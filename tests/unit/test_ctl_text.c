/*
 * test_ctl_text.c - JSON, durations and numbers of bytes as sureftpctl writes
 * them.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "daemon/control/ctl_json.h"
#include "daemon/control/ctl_table.h"
#include "tests/unit/unit.h"

const char *const unit_name = "ctl_text";

/* What was printed; the next call frees it. */
static char *printed;

static FILE *
printing(void)
{
	static size_t size;

	free(printed);
	printed = NULL;
	FILE *out = open_memstream(&printed, &size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	return out;
}

static const char *
json_of(const char *text)
{
	FILE *out = printing();
	struct ctl_json j;

	ctl_json_begin(&j, out);
	ctl_json_text(&j, "k", text);
	ctl_json_end(&j);
	fclose(out);
	return printed;
}

static void
test_json_strings(void)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{ "", "" },
		{ "anna", "anna" },
		{ "a\"b\\c/d", "a\\\"b\\\\c/d" },
		{ "\n\033[2J\177\1", "\\u000a\\u001b[2J\\u007f\\u0001" },
		{ "m\xc3\xbcller", "m\\u00fcller" },
		{ "\xe2\x80\xae", "\\u202e" },		/* bidi override */
		{ "\xf0\x9f\x98\x80", "\\ud83d\\ude00" },
		{ "\xf4\x8f\xbf\xbf", "\\udbff\\udfff" },
		{ "\xc2\x9b", "\\u009b" },		/* C1 */
		{ "a\xff\xc3", "a\\ufffd\\ufffd" },
		{ "\xc0\xaf\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"
			"\\ufffd" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char wanted[128];
		(void)!snprintf(wanted, sizeof(wanted), "{\"k\":\"%s\"}\n",
			rows[i].json);
		CU_ASSERT_STRING_EQUAL(json_of(rows[i].text), wanted);
	}
}

static void
test_json_structure(void)
{
	FILE *out = printing();
	struct ctl_json j;

	ctl_json_begin(&j, out);
	ctl_json_number(&j, "n", -5);
	ctl_json_open(&j, "a", '[');
	ctl_json_close(&j, ']');
	ctl_json_open(&j, "b", '[');
	ctl_json_text(&j, NULL, "x");
	ctl_json_open(&j, NULL, '{');
	ctl_json_null(&j, "\"");
	ctl_json_close(&j, '}');
	ctl_json_close(&j, ']');
	ctl_json_bool(&j, "t", true);
	ctl_json_bool(&j, "f", false);
	ctl_json_end(&j);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(printed, "{\"n\":-5,\"a\":[],\"b\":[\"x\","
		"{\"\\\"\":null}],\"t\":true,\"f\":false}\n");
}

static void
test_durations(void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ -7, "0s" }, { 0, "0s" }, { 59999, "59s" },
		{ 60000, "1m00s" }, { 3599000, "59m59s" },
		{ 3600000, "1h00m" }, { 86399000, "23h59m" },
		{ 86400000, "1d00h" }, { 400 * 86400000LL, "400d00h" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(b, 32);
		ctl_table_duration(&b, rows[i].ms);
		CU_ASSERT_STRING_EQUAL(buffer_text(&b), rows[i].text);
	}
}

static void
test_bytes(void)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} rows[] = {
		{ -7, "0" }, { 0, "0" }, { 1023, "1023" }, { 1024, "1.0k" },
		{ 1536, "1.5k" }, { 10239, "9.9k" }, { 10240, "10k" },
		{ 1048575, "1023k" }, { 1048576, "1.0M" },
		{ INT64_MAX, "7.9E" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(b, 32);
		ctl_table_bytes(&b, rows[i].bytes);
		CU_ASSERT_STRING_EQUAL(buffer_text(&b), rows[i].text);
	}
}

CU_TestInfo unit_tests[] = {
	{ "JSON: strings of every kind of byte", test_json_strings },
	{ "JSON: structure", test_json_structure },
	{ "durations", test_durations },
	{ "numbers of bytes", test_bytes },
	CU_TEST_INFO_NULL,
};
