/*
 * test_pwp_config.c - how ftpd.conf is read: keys, comments, continued lines,
 * sections, included files, what would have stopped the server.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/unit/imported.h"
#include "tests/unit/pwp_imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "pwp_config";

static void
test_keys(void)
{
	static const char *const same[] = { "max clients", "MAX CLIENTS",
		"Max   Clients" };
	static const char *const others[] = { "max\tclients", "maxclients",
		"max clients message x", "", "max_clients" };

	for (size_t n = 0; n < ARRAY_SIZE(same); n++)
		CU_ASSERT_EQUAL(pwp_find(same[n], strlen(same[n])),
			PWP_max_clients);
	for (size_t n = 0; n < ARRAY_SIZE(others); n++)
		CU_ASSERT_EQUAL(pwp_find(others[n], strlen(others[n])),
			PWP_OPTIONS);
}

static void
test_values(void)
{
	static const struct {
		const char *text;
		int64_t number;
		bool plain, truth;
	} cases[] = {
		{ "0", 0, true, false }, { "", 0, false, false },
		{ "12", 12, true, true }, { "-1", -1, true, true },
		{ "5_000_000", 5, false, true }, { "no", 0, false, true },
		{ "00", 0, true, true }, { "+7", 7, false, true },
		{ "12 files", 12, false, true },
		{ "99999999999999999999", 999999999999999, true, true },
	};

	for (size_t n = 0; n < ARRAY_SIZE(cases); n++) {
		CU_ASSERT_EQUAL(pwp_number(cases[n].text), cases[n].number);
		CU_ASSERT_EQUAL(pwp_number_is_plain(cases[n].text),
			cases[n].plain);
		CU_ASSERT_EQUAL(pwp_is_true(cases[n].text), cases[n].truth);
	}
}

static void
test_lines(void)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	pwp_imported(&i, "# port: 1\n  # port: 2\n\n \t\n  Port :  2121  \r\n"
		"greeting type: text\n"
		"greeting text: a: b \\\n   # c \\\n\td\n"
		"timeout: 7\n", NULL, NULL);
	CU_ASSERT_EQUAL(i.report.read, 4);
	pwp_expect(&i, "listener", "port", "2121");
	pwp_expect(&i, "server", "banner", "a: b # c d");
	pwp_expect(&i, "limits", "idle_timeout", "7");
	CU_ASSERT_EQUAL(pwp_entry(&i, "Port")->line, 5);
	CU_ASSERT_EQUAL(pwp_entry(&i, "greeting text")->line, 7);
	CU_ASSERT_EQUAL(pwp_entry(&i, "timeout")->line, 10);
	CU_ASSERT_EQUAL(report_status(&i.report), 1);
	pwp_import_free(&i);
	scratch_close(&t);
}

/* The first line of a key counts, the last -o, and the section of a host more
 * than both. */
static void
test_precedence(void)
{
	static const char text[] = "timeout: 10\ntimeout: 20\n"
		"<Host a.example>\n ip: 192.0.2.1\n timeout: 30\n</Host>\n"
		"<host b.example>\ntimeout: 40\n</HOST>\n";
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	pwp_imported(&i, text, NULL, NULL);
	pwp_expect(&i, "limits", "idle_timeout", "10");
	pwp_expect(&i, "listener", "address", NULL);
	CU_ASSERT_EQUAL(pwp_verdict(&i, "ip"), IMPORT_NOT_NEEDED);
	pwp_import_free(&i);
	pwp_imported(&i, text, "Timeout=50", NULL);
	pwp_expect(&i, "limits", "idle_timeout", "50");
	pwp_import_free(&i);
	pwp_imported(&i, text, "timeout=50", "a.example");
	pwp_expect(&i, "limits", "idle_timeout", "30");
	pwp_expect(&i, "listener", "address", "192.0.2.1");
	pwp_import_free(&i);
	scratch_close(&t);
}

static void
test_include(void)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	scratch_directory("d");
	imported_write("d/b.conf", "timeout: 20\n");
	imported_write("d/a.conf", "timeout: 10\n");
	imported_write("d/.c.conf", "timeout: 1\n");
	imported_write("d/x", "port: 2121\n");
	pwp_imported(&i, "<IncludeWildcard d/*.conf>\n<include d/x >\n", NULL,
		NULL);
	CU_ASSERT_EQUAL(i.report.read, 3);
	CU_ASSERT_EQUAL(i.report.fault_count, 0);
	pwp_expect(&i, "limits", "idle_timeout", "10");
	pwp_expect(&i, "listener", "port", "2121");
	CU_ASSERT_STRING_EQUAL(pwp_entry(&i, "port")->file, "d/x");
	pwp_import_free(&i);
	scratch_close(&t);
}

/* One fault each; the rest of the file is read. */
static void
test_faults(void)
{
	static const char *const texts[] = {
		"no separator\n", "<Include missing>\n", "<Include .>\n",
		"<Host a>\n", "</Host>\n", "<Perl>\n", "</Perl>\n",
		"<Host a>\n<Include x>\n</Host>\n", "ip: 192.0.2.1\n",
		"<Host a>\n<Perl>\n</Perl>\n</Host>\n",
		"<IncludeWildcard */x>\n", "<Host a>\n<Host b>\n</Host>\n",
	};
	struct scratch t;

	scratch_open(&t);
	for (size_t n = 0; n < ARRAY_SIZE(texts); n++) {
		struct pwp_import i;
		BUFFER(text, 200);
		buffer_addf(&text, "port: 2121\n%s", texts[n]);
		pwp_imported(&i, buffer_text(&text), NULL, NULL);
		if (i.report.fault_count != 1)
			fprintf(stderr, "%zu faults: %s",
				i.report.fault_count, texts[n]);
		CU_ASSERT_EQUAL(i.report.fault_count, 1);
		CU_ASSERT_EQUAL(report_status(&i.report), 2);
		pwp_expect(&i, "listener", "port", "2121");
		pwp_import_free(&i);
	}
	scratch_close(&t);
}

/* Files that include themselves or each other end, with faults. */
static void
test_loops(void)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	pwp_imported(&i, "<Include ftpd.conf>\n<Include ftpd.conf>\n", NULL,
		NULL);
	CU_ASSERT(i.report.fault_count > 0);
	CU_ASSERT(i.config.file_count <= 257);
	pwp_import_free(&i);
	scratch_close(&t);
}

static void
test_perl(void)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	pwp_imported(&i, "<Perl>\nport: 1\n$config{port} = 2;\n#</Perl>\n"
		"  </PERL>  \ntimeout: 5\n", NULL, NULL);
	CU_ASSERT_EQUAL(i.report.read, 2);
	CU_ASSERT_EQUAL(pwp_verdict(&i, "<Perl>"), IMPORT_REFUSED);
	CU_ASSERT_STRING_EQUAL(pwp_entry(&i, "<Perl>")->value,
		"3 lines of code");
	pwp_expect(&i, "listener", "port", "21");
	pwp_expect(&i, "limits", "idle_timeout", "5");
	pwp_import_free(&i);
	scratch_close(&t);
}

static void
test_unreadable(void)
{
	struct scratch t;
	struct pwp_config c;

	scratch_open(&t);
	scratch_directory("d");
	scratch_file("huge", PWP_FILE_MAX + 1, 0);
	pwp_config_init(&c, NULL);
	CU_ASSERT_EQUAL(pwp_config_file(&c, "none"), -ENOENT);
	CU_ASSERT_EQUAL(pwp_config_file(&c, "d"), -EISDIR);
	CU_ASSERT_EQUAL(pwp_config_file(&c, "/dev/null"), -EINVAL);
	CU_ASSERT_EQUAL(pwp_config_file(&c, "huge"), -EFBIG);
	CU_ASSERT_EQUAL(pwp_config_option(&c, "port"), -EINVAL);
	scratch_file("binary", 100, 0);
	CU_ASSERT_EQUAL(pwp_config_file(&c, "binary"), 0);
	CU_ASSERT_EQUAL(c.fault_count, 1);
	pwp_config_free(&c);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "keys in any letter case", test_keys },
	{ "numbers and truth as in Perl", test_values },
	{ "comments, blanks and continued lines", test_lines },
	{ "which of several lines counts", test_precedence },
	{ "included files", test_include },
	{ "what would have stopped the server", test_faults },
	{ "loops of files", test_loops },
	{ "Perl code is not run", test_perl },
	{ "files that cannot be read", test_unreadable },
	CU_TEST_INFO_NULL,
};
