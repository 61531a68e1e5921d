/*
 * test_import_report.c - the exit status that the verdicts of an import give.
 */
#include "common/base.h"

#include "daemon/import/report.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_report";

static void
test_status(void)
{
	struct report r = { .server = "vsftpd" };

	CU_ASSERT_EQUAL(report_status(&r), 0);
	report_add(&r, IMPORT_SAME, "f", 1, "listen", "YES", "address");
	report_add(&r, IMPORT_DEFAULT, NULL, 0, "anon_umask", "077", "umask");
	report_add(&r, IMPORT_NOT_NEEDED, "f", 2, "tcp_wrappers", "NO", "none");
	report_general(&r, "replies", "", "other numbers");
	CU_ASSERT_EQUAL(report_count(&r, IMPORT_CHANGED), 1);
	CU_ASSERT_EQUAL(report_status(&r), 0);
	report_add(&r, IMPORT_CHANGED, "f", 3, "ssl_sslv2", "YES", "not here");
	CU_ASSERT_EQUAL(report_status(&r), 1);
	report_fault(&r, "f", 4, "bad option");
	CU_ASSERT_EQUAL(report_status(&r), 2);
	CU_ASSERT_FALSE(r.failed);
	report_free(&r);
}

static void
test_refused(void)
{
	struct report r = { .server = "vsftpd" };

	report_add(&r, IMPORT_REFUSED, "f", 1, "one_process_model", "YES",
		"never");
	CU_ASSERT_EQUAL(report_status(&r), 1);
	report_free(&r);
}

/* Bytes that Markdown would take for its own. */
static void
test_markdown(void)
{
	struct report r = { .server = "vsftpd" };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	report_add(&r, IMPORT_SAME, "a|b", 1, "c|d", "e|f", "g|h");
	report_fault(&r, "<b>", 2, "*bad*");
	report_print(&r, REPORT_MARKDOWN, out);
	CU_ASSERT_EQUAL(fclose(out), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text,
		"| same | a\\|b:1 | c\\|d | e\\|f | g\\|h |\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "- \\<b\\>:2: \\*bad\\*\n"));
	free(text);
	report_free(&r);
}

CU_TestInfo unit_tests[] = {
	{ "Markdown of hostile bytes", test_markdown },
	{ "0, 1 and 2", test_status },
	{ "a refused option is a change", test_refused },
	CU_TEST_INFO_NULL,
};
