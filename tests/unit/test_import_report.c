/*
 * test_import_report.c - the report of an import: the exit status that verdicts
 * give, and what is said of logs and not said of passwords.
 */
#include "common/base.h"

#include "daemon/import/report.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_report";

static void
test_status(void)
{
	struct report r = { .server = "vsftpd" };

	CU_ASSERT_EQUAL(report_status(&r), 0);
	report_add(&r, &(struct report_line){ .file = "f", .line = 1,
		.key = "listen", .value = "YES" },
		IMPORT_SAME, "address");
	report_add(&r, &(struct report_line){ .file = NULL, .line = 0,
		.key = "anon_umask", .value = "077" },
		IMPORT_DEFAULT, "umask");
	report_add(&r, &(struct report_line){ .file = "f", .line = 2,
		.key = "tcp_wrappers", .value = "NO" },
		IMPORT_NOT_NEEDED, "none");
	report_general(&r, "replies", "", "other numbers");
	CU_ASSERT_EQUAL(report_count(&r, IMPORT_CHANGED), 1);
	CU_ASSERT_EQUAL(report_status(&r), 0);
	report_add(&r, &(struct report_line){ .file = "f", .line = 3,
		.key = "ssl_sslv2", .value = "YES" },
		IMPORT_CHANGED, "not here");
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

	report_add(&r, &(struct report_line){ .file = "f", .line = 1,
		.key = "one_process_model", .value = "YES" }, IMPORT_REFUSED,
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

	report_add(&r, &(struct report_line){ .file = "a|b", .line = 1,
		.key = "c|d", .value = "e|f" },
		IMPORT_SAME, "g|h");
	report_fault(&r, "<b>", 2, "*bad*");
	report_print(&r, REPORT_MARKDOWN, out);
	CU_ASSERT_EQUAL(fclose(out), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text,
		"| same | a\\|b:1 | c\\|d | e\\|f | g\\|h |\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "- \\<b\\>:2: \\*bad\\*\n"));
	free(text);
	report_free(&r);
}

static const struct report_entry *
entry_of(const struct import *i, const char *option)
{
	for (size_t n = 0; n < i->report.count; n++)
		if (strcmp(i->report.entries[n].option, option) == 0)
			return &i->report.entries[n];
	return NULL;
}

/* A list of names and passwords in user_config_dir, as it is made for
 * pam_userdb: it does not get into the report. */
static void
check_hidden(const char *content, const char *secret)
{
	const struct report_entry *e;
	struct scratch t;
	struct import i;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("users/list", content);
	imported(&i, "local_enable=YES\nuser_config_dir=users\n");
	for (size_t n = 0; n < i.report.count; n++) {
		CU_ASSERT_PTR_NULL(strstr(i.report.entries[n].option, secret));
		CU_ASSERT_PTR_NULL(strstr(i.report.entries[n].value, secret));
	}
	e = entry_of(&i, "(no option)");
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->line, 1);
	CU_ASSERT_PTR_NULL(strstr(e->sentence, secret));
	import_free(&i);
	scratch_close(&t);
}

static void
test_passwords_hidden(void)
{
	check_hidden("anna\nswordfish\n", "swordfish");
	check_hidden("anna:$5$rounds=1000$salt$swordfish:19000:0:::\n",
		"swordfish");
	check_hidden("MIIE/Swordfish==\n", "wordfish");
}

/* vsftpd writes two formats into one file if both options name it. */
static void
test_one_log(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "local_enable=YES\ndual_log_enable=YES\n"
		"xferlog_file=/var/log/vsftpd.log\n");
	imported_expect(&i, "log", "vsftpd_file", "/var/log/vsftpd.log");
	CU_ASSERT_PTR_NULL(draft_get(&i.draft, "log", "xferlog_file"));
	CU_ASSERT_EQUAL(imported_verdict(&i, "xferlog_file"), IMPORT_CHANGED);
	import_free(&i);
	scratch_close(&t);
}

/* Without a leading 0 the number is decimal, and may have special bits. */
static void
test_modes(void)
{
	struct scratch t;
	struct import i;

	scratch_open(&t);
	imported(&i, "file_open_mode=0640\n");
	imported_expect(&i, "session", "file_mode", "640");
	CU_ASSERT_EQUAL(imported_verdict(&i, "file_open_mode"), IMPORT_SAME);
	import_free(&i);
	imported(&i, "file_open_mode=777\n");
	imported_expect(&i, "session", "file_mode", "411");
	CU_ASSERT_EQUAL(imported_verdict(&i, "file_open_mode"),
		IMPORT_CHANGED);
	import_free(&i);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "special bits of modes", test_modes },
	{ "Markdown of hostile bytes", test_markdown },
	{ "0, 1 and 2", test_status },
	{ "a refused option is a change", test_refused },
	{ "passwords in user_config_dir", test_passwords_hidden },
	{ "two formats in one log", test_one_log },
	CU_TEST_INFO_NULL,
};
