/*
 * test_facts_choice.c - OPTS MLST: which facts are chosen.
 */
#include "common/base.h"

#include "tests/unit/unit.h"
#include "worker/tree/facts.h"

const char *const unit_name = "facts_choice";

/* The facts chosen, or UINT32_MAX for what is no list. */
static uint32_t
parse(const char *text)
{
	uint32_t chosen;

	return facts_parse(text, strlen(text), &chosen) == 0 ? chosen
							     : UINT32_MAX;
}

static void
test_choice(void)
{
	uint32_t chosen = 0;

	CU_ASSERT_EQUAL(parse("type;size;"), FACT_TYPE | FACT_SIZE);
	CU_ASSERT_EQUAL(parse("TYPE;Size"), FACT_TYPE | FACT_SIZE);
	CU_ASSERT_EQUAL(parse("unix.mode;Unix.Owner;UNIX.GROUP;"),
		FACT_UNIX_MODE | FACT_UNIX_OWNER | FACT_UNIX_GROUP);
	CU_ASSERT_EQUAL(parse("media-type;type;x;"), FACT_TYPE);
	CU_ASSERT_EQUAL(parse("modify;modify;"), FACT_MODIFY);
	CU_ASSERT_EQUAL(parse("typ;types;"), 0);
	CU_ASSERT_EQUAL(parse(""), 0);
	CU_ASSERT_EQUAL(facts_parse("type;size", 7, &chosen), 0);
	CU_ASSERT_EQUAL(chosen, FACT_TYPE);
}

/* RFC 3659 7.5 and 7.8: names are tokens, each with its semicolon. */
static void
test_what_is_no_choice(void)
{
	static const char *const lists[] = { ";", ";;;perm", "type size",
		"unique type;", " type;", "type; ", "type;\tsize;", "type=1;",
		"t\xc3\xa4p;" };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		CU_ASSERT_EQUAL(parse(lists[i]), UINT32_MAX);
}

static void
test_choice_is_shown(void)
{
	BUFFER(b, 128);

	facts_add_feat(&b, FACT_TYPE | FACT_UNIX_MODE, FACT_TYPE);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "type*;UNIX.mode;");
	buffer_clear(&b);
	facts_add_feat(&b, FACTS_ALL, FACT_TYPE | FACT_UNIX_GROUP);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "type*;size;modify;perm;"
		"unique;UNIX.mode;UNIX.owner;UNIX.group*;UNIX.ownername;"
		"UNIX.groupname;create;");
	for (uint32_t chosen = 0; chosen <= FACTS_ALL; chosen++) {
		buffer_clear(&b);
		facts_add_chosen(&b, chosen);
		CU_ASSERT_EQUAL(parse(buffer_text(&b)), chosen);
	}
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "type;size;modify;perm;"
		"unique;UNIX.mode;UNIX.owner;UNIX.group;UNIX.ownername;"
		"UNIX.groupname;create;");
}

CU_TestInfo unit_tests[] = {
	{ "OPTS MLST selects facts by name", test_choice },
	{ "OPTS MLST refuses invalid lists", test_what_is_no_choice },
	{ "the choice is shown and read back", test_choice_is_shown },
	CU_TEST_INFO_NULL,
};
