/*
 * suite_forms.c - replies whose format is defined by RFCs, as parsed by strict
 * clients.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

const char *const functional_name = "forms";

/* Every line of the last reply: none ends with a blank, and the last one has
 * code and text. */
static void
check_lines(const struct ftp *c, const char *last)
{
	const char *at = c->text;

	for (const char *end; *at != '\0'; at = end + (*end != '\0')) {
		end = strchrnul(at, '\n');
		CHECK_SAYS(end == at || end[-1] != ' ',
			"\"%s\": a line ends with a blank: %s", c->sent,
			c->text);
		if (*end == '\0')
			CHECK_SAYS(strcmp(at, last) == 0, "\"%s\" ends "
				"with \"%s\", not \"%s\"", c->sent, at, last);
	}
}

static void
test_several_lines(void)
{
	static const struct {
		const char *line;
		int code;
		const char *last;
	} rows[] = {
		{ "FEAT", 211, "211 End" },	/* RFC 2389 3.2 */
		{ "HELP", 214, "214 End" },
		{ "HELP SITE", 214, "214 End" },
		{ "HELP STAT", 214, "214 End" },
		{ "HELP MDTM", 214, "214 End" },
		{ "SITE HELP", 214, "214 End" },
		{ "STAT", 211, "211 End" },
		{ "STAT /home", 213, "213 End" },
		{ "MLST /home", 250, "250 End" },	/* RFC 3659 7.2 */
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT(&c, rows[i].code, "%s", rows[i].line);
		check_lines(&c, rows[i].last);
	}
	/* RFC 2389 3.2: one blank before each feature. */
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "211-Features:\n ");
	CHECK_LACKS(c.text, "\n  ");
	ftp_close(&c);
	server_stop(&s);
}

/* RFC 3659 7.8 and 7.9. */
static void
test_opts_mlst(void)
{
	static const char *const bad[] = { "unique type;", "type; size;", ";",
		"type;;size;", "type=1;" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "OPTS MLST type;unknown;size;");
	CHECK_TEXT(c.text, "200 MLST OPTS type;size;");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT(&c, 501, "OPTS MLST %s", bad[i]);
		EXPECT(&c, 250, "MLST /");
		CHECK_HAS(c.text, "\n type=dir; /");
	}
	EXPECT(&c, 200, "OPTS MLST");
	CHECK_TEXT(c.text, "200 MLST OPTS");
	EXPECT(&c, 250, "MLST /");
	CHECK_HAS(c.text, "\n  /\n");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_single_lines(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "12345", 5);
	EXPECT(&c, 215, "SYST");
	CHECK_TEXT(c.text, "215 UNIX Type: L8");
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 5");
	EXPECT(&c, 213, "MFMT 20010203040506 f");
	CHECK_TEXT(c.text, "213 Modify=20010203040506; f");
	EXPECT(&c, 213, "MDTM f");
	CHECK_TEXT(c.text, "213 20010203040506");
	EXPECT(&c, 522, "EPSV 2");
	CHECK_HAS(c.text, "use (1)");
	EXPECT(&c, 229, "EPSV");
	CHECK_HAS(c.text, "229 Entering Extended Passive Mode (|||");
	EXPECT(&c, 200, "OPTS UTF8 ON");
	EXPECT(&c, 200, "OPTS UTF8");
	EXPECT(&c, 200, "CLNT a client");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "replies of several lines", test_several_lines },
	{ "OPTS MLST answers with its list, or changes nothing",
		test_opts_mlst },
	{ "replies that programs read", test_single_lines },
	CU_TEST_INFO_NULL,
};
