/*
 * test_import_activation.c - services of xinetd and socket units that start
 * vsftpd.
 */
#include "common/base.h"

#include "daemon/import/activation.h"
#include "daemon/import/draft.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_activation";

static void
test_activation(void)
{
	static const char *const units[] = { "units", NULL };
	struct activation a;
	struct scratch t;

	scratch_open(&t);
	scratch_directory("xinetd");
	scratch_directory("units");
	imported_write("xinetd/other",
		"service x\n{\n server = /usr/bin/x\n}\n");
	imported_write("xinetd/ftp", "service ftp\n{\n# port = 1\n"
		"\tserver\t= /usr/sbin/vsftpd\n\tport = 2121\n"
		"\tbind = 192.0.2.1\n\tinstances = 50\n\tper_source = 5\n"
		"\tonly_from = 192.0.2.0\n\tonly_from += 10.0.0.0\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", units);
	CU_ASSERT_STRING_EQUAL(a.file, "xinetd/ftp");
	CU_ASSERT_EQUAL(a.port, 2121);
	CU_ASSERT_STRING_EQUAL(a.address, "192.0.2.1");
	CU_ASSERT_EQUAL(a.sessions, 50);
	CU_ASSERT_EQUAL(a.per_address, 5);
	CU_ASSERT_STRING_EQUAL(a.only_from, "192.0.2.0 10.0.0.0");
	imported_write("units/vsftpd.socket", "[Socket]\n"
		"ListenStream=[2001:db8::1]:990\nAccept=yes\n");
	activation_find(&a, "xinetd.conf", "none", units);
	CU_ASSERT_EQUAL(a.port, 990);
	CU_ASSERT_STRING_EQUAL(a.address, "2001:db8::1");
	imported_write("units/vsftpd.socket", "[Socket]\nListenStream=21\n");
	activation_find(&a, "xinetd.conf", "none", units);
	CU_ASSERT_EQUAL(a.port, 21);
	CU_ASSERT_STRING_EQUAL(a.address, "");
	activation_find(&a, "xinetd.conf", "none", units + 1);
	CU_ASSERT_STRING_EQUAL(a.file, "");
	scratch_close(&t);
}

/* xinetd removes words that are the same, and nothing else. */
static void
test_removed_words(void)
{
	static const char *const no_units[] = { NULL };
	struct activation a;
	struct scratch t;

	scratch_open(&t);
	scratch_directory("xinetd");
	imported_write("xinetd/ftp", "service ftp\n{\n"
		"server = /usr/sbin/vsftpd\n"
		"only_from = 192.0.2.0 10.0.0.0 10.0.0.9\n"
		"only_from -= 10.0.0.0 10.0.0.1\n"
		"no_access = 192.0.2.7\nno_access -= 192.0.2.7\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_STRING_EQUAL(a.only_from, "192.0.2.0 10.0.0.9");
	CU_ASSERT_STRING_EQUAL(a.no_access, "");
	imported_write("xinetd/ftp", "service ftp\n{\n"
		"server = /usr/sbin/vsftpd\n"
		"only_from = 192.0.2.0\nonly_from -= 192.0.2.0\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_STRING_EQUAL(a.only_from, DRAFT_NOBODY);
	scratch_close(&t);
}

/* The defaults apply to what a service does not set itself. */
static void
test_defaults(void)
{
	static const char *const no_units[] = { NULL };
	struct activation a;
	struct scratch t;

	scratch_open(&t);
	scratch_directory("xinetd");
	imported_write("xinetd.conf", "defaults\n{\n"
		"\tinstances = 60\n\tonly_from = 192.0.2.0\n"
		"\tonly_from = 10.0.0.0\n\tno_access = 192.0.2.7\n}\n"
		"service telnet\n{\n\tonly_from = 127.0.0.1\n}\n"
		"includedir xinetd\n");
	imported_write("xinetd/ftp", "service a\n{\n\tserver = /bin/a\n"
		"\tno_access = 127.0.0.9\n}\nservice ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_STRING_EQUAL(a.file, "xinetd/ftp");
	CU_ASSERT_EQUAL(a.sessions, 60);
	CU_ASSERT_STRING_EQUAL(a.only_from, "192.0.2.0 10.0.0.0");
	CU_ASSERT_STRING_EQUAL(a.no_access, "192.0.2.7");
	imported_write("xinetd/ftp", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n\tinstances = 5\n"
		"\tonly_from = 198.51.100.1\n\tonly_from += 198.51.100.2\n"
		"\tno_access += 10.0.0.9\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_EQUAL(a.sessions, 5);
	CU_ASSERT_STRING_EQUAL(a.only_from, "198.51.100.1 198.51.100.2");
	CU_ASSERT_STRING_EQUAL(a.no_access, "192.0.2.7 10.0.0.9");
	imported_write("xinetd/ftp", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n\tonly_from -= 10.0.0.0\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_STRING_EQUAL(a.only_from, "192.0.2.0");
	/* The order in the file does not matter. */
	imported_write("xinetd.conf", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n}\n"
		"defaults\n{\n\tinstances = 60\n}\n");
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_STRING_EQUAL(a.file, "xinetd.conf");
	CU_ASSERT_EQUAL(a.sessions, 60);
	imported_write("xinetd.conf", "");
	/* xinetd does not read these. */
	CU_ASSERT_EQUAL(rename("xinetd/ftp", "xinetd/ftp.old"), 0);
	activation_find(&a, "xinetd.conf", "xinetd", no_units);
	CU_ASSERT_STRING_EQUAL(a.file, "");
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "services of xinetd and socket units", test_activation },
	{ "defaults of xinetd", test_defaults },
	{ "only_from -= and no_access -=", test_removed_words },
	CU_TEST_INFO_NULL,
};
