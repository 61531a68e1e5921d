/*
 * test_certificate_map.c - accounts of certificates: all kinds of lines, and
 * files that must not be trusted.
 */
#include "common/base.h"
#include "common/settings/certificate_map.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "certificate_map";

/* What the text gives for a subject: the account, or what was returned. */
static const char *
find(const char *text, size_t len, const char *subject)
{
	static char account[16];
	static char code[16];
	int r = -EIO;

	if (with_file(text, len))
		r = certificate_map_find(with_path, subject, account,
		    sizeof(account));
	with_no_file();
	snprintf(code, sizeof(code), "%d", r);
	return r == 1 ? account : code;
}

#define FIND(text, subject) find((text), sizeof(text) - 1, (subject))

static void
test_lines(void)
{
	static const char text[] = "# people\n\n"
	    "CN=Anna Example,O=Org anna\n"
	    "  CN=Bert \t bert  \r\n"
	    "CN=Anna Example,O=Org other\n"
	    "# CN=Carl carl\n"
	    "CN=last dora";

	CU_ASSERT_STRING_EQUAL(FIND(text, "CN=Anna Example,O=Org"), "anna");
	CU_ASSERT_STRING_EQUAL(FIND(text, "CN=Bert"), "bert");
	CU_ASSERT_STRING_EQUAL(FIND(text, "CN=last"), "dora");
	CU_ASSERT_STRING_EQUAL(FIND(text, "CN=Carl"), "0");
	CU_ASSERT_STRING_EQUAL(FIND(text, "CN=Anna"), "0");
	CU_ASSERT_STRING_EQUAL(FIND(text, "cn=Bert"), "0");
	CU_ASSERT_STRING_EQUAL(FIND(text, ""), "0");
	CU_ASSERT_STRING_EQUAL(FIND("", "CN=Anna"), "0");
}

static void
test_odd_lines(void)
{
	CU_ASSERT_STRING_EQUAL(FIND("CN=a\nCN=a b\n", "CN=a"), "b");
	CU_ASSERT_STRING_EQUAL(FIND(" a\n", ""), "0");
	CU_ASSERT_STRING_EQUAL(FIND("CN=a\0 root\nCN=a b\n", "CN=a"), "b");
	/* an account of 15 bytes fits, one more does not */
	CU_ASSERT_STRING_EQUAL(FIND("s 123456789012345\n", "s"),
	    "123456789012345");
	CU_ASSERT_STRING_EQUAL(FIND("s 1234567890123456\n", "s"), "0");
}

static void
test_long_line(void)
{
	static char text[100000], subject[90000];

	memset(subject, 'x', sizeof(subject) - 1);
	snprintf(text, sizeof(text), "%s anna\nCN=b b\n", subject);
	CU_ASSERT_STRING_EQUAL(find(text, strlen(text), subject), "anna");
	CU_ASSERT_STRING_EQUAL(find(text, strlen(text), "CN=b"), "b");
}

static void
test_not_believed(void)
{
	struct complaints c;
	char account[8];

	CU_ASSERT_FATAL(with_file("s a\n", 4));
	CU_ASSERT_EQUAL(chmod(with_path, 0620), 0);
	CU_ASSERT_EQUAL(certificate_map_find(with_path, "s", account,
	    sizeof(account)), -EPERM);
	with_no_complaints(&c);
	CU_ASSERT_EQUAL(certificate_map_check(with_path, with_complaint, &c),
	    1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text), "F: the file must "
	    "not be writable by group or others (chmod go-w)\n");
	unlink(with_path);
	CU_ASSERT_EQUAL(certificate_map_find(with_path, "s", account,
	    sizeof(account)), -ENOENT);
	with_no_complaints(&c);
	CU_ASSERT_EQUAL(certificate_map_check(with_path, with_complaint, &c),
	    1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text),
	    "F: No such file or directory\n");
	with_no_file();
	CU_ASSERT_EQUAL(certificate_map_find("/tmp", "s", account,
	    sizeof(account)), -EPERM);
	CU_ASSERT_EQUAL(certificate_map_find("/dev/null", "s", account,
	    sizeof(account)), -EPERM);
}

static void
test_check(void)
{
	static const char text[] = "# fine\nCN=a a\n\nCN=b\n \t\nx\0 y\nc d\n";
	struct complaints c;

	CU_ASSERT_FATAL(with_file(text, sizeof(text) - 1));
	with_no_complaints(&c);
	CU_ASSERT_EQUAL(certificate_map_check(with_path, with_complaint, &c),
	    2);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text),
	    "F:4: expected SUBJECT ACCOUNT\n"
	    "F:6: expected SUBJECT ACCOUNT\n");
	with_no_file();
}

/* The path is the administrator's text, and goes to a terminal. */
static void
test_path_is_escaped(void)
{
	struct complaints c;

	with_no_complaints(&c);
	CU_ASSERT_EQUAL(certificate_map_check("/nowhere/\xbe\xc2\x85",
	    with_complaint, &c), 1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text),
	    "/nowhere/\\xBE\\xC2\\x85: No such file or directory\n");
}

CU_TestInfo unit_tests[] = {
	{ "a complaint shows the path escaped", test_path_is_escaped },
	{ "the last word is the account, the first line counts", test_lines },
	{ "invalid lines match no certificate", test_odd_lines },
	{ "lines of any length", test_long_line },
	{ "a file that others can write to is not trusted", test_not_believed },
	{ "every invalid line is reported", test_check },
	CU_TEST_INFO_NULL,
};
