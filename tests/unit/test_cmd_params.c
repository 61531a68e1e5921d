/*
 * test_cmd_params.c - TYPE, MODE, OPTS and similar commands; PASV and PORT as
 * far as the control connection sees them; FEAT, HELP and STAT.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "common/settings/settings_table.h"
#include "common/settings/settings_value.h"
#include "tests/unit/talk.h"

const char *const unit_name = "cmd_params";

struct line_code {
	const char *line;
	int code;
};

static void
check(struct talk *t, const struct line_code *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int code = talk_code(t, cases[i].line);
		if (code != cases[i].code)
			printf("%s: %d, not %d\n", cases[i].line, code,
				cases[i].code);
		CU_ASSERT_EQUAL(code, cases[i].code);
	}
}

static void
test_parameters(void)
{
	static const struct line_code cases[] = {
		{ "TYPE A", 200 }, { "TYPE A N", 200 }, { "type i", 200 },
		{ "TYPE L 8", 200 }, { "TYPE L 7", 504 }, { "TYPE E", 504 },
		{ "TYPE A T", 200 }, { "TYPE A C", 504 }, { "TYPE X", 501 },
		{ "TYPE", 501 },
		{ "MODE S", 200 }, { "MODE B", 504 }, { "MODE z", 200 },
		{ "MODE s", 200 }, { "MODE C", 504 },
		{ "MODE SS", 501 }, { "STRU F", 200 }, { "STRU R", 504 },
		{ "STRU X", 501 }, { "ALLO 5", 200 }, { "ALLO 5 R 80", 200 },
		{ "ALLO x", 501 }, { "ALLO -1", 501 },
		{ "OPTS UTF8 ON", 200 }, { "OPTS utf8", 200 },
		{ "OPTS UTF8 OFF", 200 }, { "OPTS HASH x", 501 },
		{ "OPTS HASH", 200 }, { "OPTS HASH crc32", 200 },
		{ "OPTS HASH  crc32", 200 },
		{ "CLNT some client", 200 }, { "CLNT", 501 },
		{ "CSID Name=x;", 200 }, { "CSID", 501 }, { "LANG", 200 },
		{ "LANG EN", 200 }, { "LANG en-US", 200 }, { "LANG DE", 504 },
		{ "LANG ENG", 504 }, { "LANG e_n", 501 }, { "LANG -", 501 },
	};
	struct talk t;

	talk_open(&t, true);
	check(&t, cases, ARRAY_SIZE(cases));
	talk_close(&t);
}

static void
test_rest(void)
{
	static const struct line_code cases[] = {
		{ "REST 0", 350 }, { "REST 1", 504 }, { "TYPE I", 200 },
		{ "REST 1", 350 }, { "REST 9223372036854775807", 350 },
		{ "REST 9223372036854775808", 501 }, { "REST -1", 501 },
		{ "REST +1", 501 }, { "REST 0x10", 501 }, { "REST 1 ", 350 },
		{ "REST 1 2", 501 },
	};
	struct talk t;

	talk_open(&t, true);
	check(&t, cases, ARRAY_SIZE(cases));
	talk_close(&t);
}

static void
test_opts_mlst(void)
{
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "OPTS MLST size;type;nonsense;"),
		"200 MLST OPTS type;size;\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(talk_say(&t, "FEAT"),
		" MLST type*;size*;modify;"));
	const char *answer = talk_say(&t, "MLST");
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "type=dir;"));
	CU_ASSERT_PTR_NULL(strstr(answer, "modify="));
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "OPTS MLST"),
		"200 MLST OPTS\r\n");
	/* RFC 3659 7.8: no list, no change */
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "OPTS MLST perm;"),
		"200 MLST OPTS perm;\r\n");
	CU_ASSERT_EQUAL(talk_code(&t, "OPTS MLST unique type;"), 501);
	CU_ASSERT_PTR_NOT_NULL(strstr(talk_say(&t, "FEAT"), ";perm*;unique;"));
	talk_close(&t);
}

static void
test_data_set_up(void)
{
	static const struct line_code cases[] = {
		{ "PORT 127,0,0,1,200,1", 200 },
		{ "PORT 127,0,0,1,200", 501 },
		{ "PORT 127,0,0,1,256,1", 501 },
		{ "PORT 127,0,0,2,200,1", 504 },
		{ "PORT 127,0,0,1,3,255", 504 },
		{ "EPRT |1|127.0.0.1|5000|", 200 },
		{ "EPRT |1|127.0.0.1|80|", 504 },
		{ "EPRT |1|192.0.2.1|5000|", 504 },
		{ "EPRT |3|127.0.0.1|5000|", 522 },
		{ "EPRT |1|localhost|5000|", 501 },
		{ "PASV", 227 }, { "P@SW", 227 },
		{ "EPSV", 229 }, { "EPSV 1", 229 },
		{ "EPSV 2", 522 }, { "EPSV 3", 522 }, { "EPSV x", 501 },
		{ "EPSV ALL", 200 }, { "PASV", 503 }, { "P@SW", 503 },
		{ "PORT 127,0,0,1,200,1", 503 },
		{ "EPRT |1|127.0.0.1|5000|", 503 }, { "EPSV", 229 },
	};
	struct talk t;

	talk_open(&t, true);
	check(&t, cases, ARRAY_SIZE(cases));
	talk_close(&t);
}

static void
test_modes_switched_off(void)
{
	static const struct line_code cases[] = {
		{ "PASV", 502 }, { "EPSV", 502 },
		{ "PORT 127,0,0,1,200,1", 502 },
		{ "EPRT |1|127.0.0.1|5000|", 502 },
		{ "LIST", 425 },
	};
	struct talk t;

	talk_open(&t, true);
	t.settings->listeners[0].allow_active = false;
	t.settings->listeners[0].allow_passive = false;
	check(&t, cases, ARRAY_SIZE(cases));
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "HELP"), " PORT "));
	CU_ASSERT_EQUAL(talk_code(&t, "HELP PORT"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "HELP P@SW"), 501);
	t.settings->listeners[0].allow_passive = true;
	const char *commands = talk_say(&t, "HELP");
	CU_ASSERT_PTR_NOT_NULL(strstr(commands, "EPSV"));
	CU_ASSERT_PTR_NULL(strstr(commands, "EPRT"));
	talk_close(&t);
}

static void
test_help_without_switched_off_forms(void)
{
	struct talk t;

	talk_open(&t, true);
	t.limits.max_compression_level = 0;
	t.limits.hash_commands = false;
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "HELP OPTS"),
		"214 OPTS UTF8 ON | UTF8 OFF | MLST <fact>;...: "
		"sets options of another command.\r\n");
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "MODE"),
		"501 MODE needs an argument: MODE S\r\n");
	t.limits.max_compression_level = 9;
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "OPTS"),
		"501 OPTS needs an argument: OPTS UTF8 ON | UTF8 OFF | "
		"MLST <fact>;... | MODE Z LEVEL <level>\r\n");
	talk_close(&t);
}

static void
test_passive_address(void)
{
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_EQUAL(settings_value_parse(
		&settings_table[SETTINGS_ROW_listener_passive_address],
		"198.51.100.7", &t.settings->listeners[0].passive_address), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(talk_say(&t, "PASV"),
		"(198,51,100,7,"));
	/* the data connection still needs the place that was prepared */
	CU_ASSERT_EQUAL(t.session.data.mode, DATA_PASSIVE);
	CU_ASSERT_EQUAL(talk_code(&t, "PORT 1,2,3"), 501);
	CU_ASSERT_EQUAL(t.session.data.mode, DATA_NONE);
	talk_close(&t);
}

static void
test_status(void)
{
	struct talk t;

	talk_open(&t, true);
	const char *answer = talk_say(&t, "STAT");
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "Logged in as anna."));
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "Connected from 127.0.0.1"));
	CU_ASSERT_EQUAL(talk_code(&t, "SYST"), 215);
	CU_ASSERT_EQUAL(talk_code(&t, "HELP"), 214);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "HELP retr"),
		"214 RETR <path>: downloads a file.\r\n");
	CU_ASSERT_EQUAL(talk_code(&t, "HELP nothing"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "ABOR"), 226);
	CU_ASSERT_EQUAL(talk_code(&t, "STAT /nonexistent"), 550);
	talk_close(&t);
}

static void
test_texts_of_several_lines(void)
{
	char text[] = "Good-bye,\\nand thanks.";
	struct talk t;

	talk_open(&t, true);
	t.limits.msg_quit = text;
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "QUIT"),
		"221-Good-bye,\r\n221 and thanks.\r\n");
	CU_ASSERT(t.session.stage == SESSION_OVER);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_QUIT);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "TYPE MODE STRU ALLO OPTS CLNT", test_parameters },
	{ "REST takes exact numbers, in TYPE I", test_rest },
	{ "OPTS MLST chooses facts", test_opts_mlst },
	{ "PASV EPSV PORT EPRT", test_data_set_up },
	{ "active and passive mode can be switched off",
		test_modes_switched_off },
	{ "HELP shows no forms that are switched off",
		test_help_without_switched_off_forms },
	{ "PASV names the outer address", test_passive_address },
	{ "STAT SYST HELP ABOR", test_status },
	{ "texts of several lines", test_texts_of_several_lines },
	CU_TEST_INFO_NULL,
};
