/*
 * test_refused.c - commands that are known and refused, wholly or in a state.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "tests/unit/talk.h"

const char *const unit_name = "refused";

static void
test_refused(void)
{
	static const char *const lines[] = { "SMNT x", "LPRT 4,4", "LPSV",
		"MFCT 20200101000000 x", "SSCN ON", "CPSV", "PRET RETR x",
		"ADAT eA==", "MIC x", "CONF x", "ENC x" };
	struct talk t;

	talk_open(&t, true);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		CU_ASSERT_EQUAL(talk_code(&t, lines[i]), 502);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "lprt"),
		"502 LPRT is not supported; use EPRT.\r\n");
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "SMNT"),
		"502 SMNT is not supported; there is one tree of files.\r\n");
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "HELP LPSV"),
		"214 LPSV: not supported.\r\n");
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "HELP"), "LPSV"));
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "HELP"), "ADAT"));
	talk_close(&t);
}

static void
test_host(void)
{
	struct talk t;

	talk_open(&t, false);
	CU_ASSERT_EQUAL(talk_code(&t, "HOST"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "HOST a b"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "HOST ftp.example.org"), 220);
	CU_ASSERT_EQUAL(talk_code(&t, "HOST [2001:db8::1]"), 220);
	CU_ASSERT_EQUAL(talk_code(&t, "USER anna"), 331);
	CU_ASSERT_EQUAL(talk_code(&t, "HOST ftp.example.org"), 503);
	CU_ASSERT_STRING_EQUAL(t.session.login.user, "anna");
	talk_close(&t);
	talk_open(&t, true);
	CU_ASSERT_EQUAL(talk_code(&t, "HOST ftp.example.org"), 503);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "refusals give the reason", test_refused },
	{ "HOST is only accepted before USER", test_host },
	CU_TEST_INFO_NULL,
};
