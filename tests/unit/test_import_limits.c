/*
 * test_import_limits.c - options of vsftpd with values that cannot be kept:
 * owners of uploads, guests, ports.
 */
#include "common/base.h"

#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

const char *const unit_name = "import_limits";

#define NONE "no-such-account-here"
#define CHOWN "anonymous_enable=YES\nwrite_enable=YES\n" \
	"anon_upload_enable=YES\nchown_uploads=YES\n"
#define GUESTS "local_enable=YES\nguest_enable=YES\nguest_username="

static void
test_values(void)
{
	static const struct imported_row rows[] = {
		{ CHOWN "chown_username=nobody\nchown_upload_mode=0640\n",
			"anonymous", "upload_user", "nobody",
			"chown_username", IMPORT_SAME },
		{ CHOWN "chown_username=nobody\nchown_upload_mode=0640\n",
			"anonymous", "upload_mode", "640",
			"chown_upload_mode", IMPORT_SAME },
		{ CHOWN "chown_username=" NONE "\n", NULL, NULL, NULL,
			"chown_username", IMPORT_REFUSED },
		{ "chown_username=nobody\n", NULL, NULL, NULL,
			"chown_username", IMPORT_NOT_NEEDED },
		{ "anonymous_enable=YES\nanon_max_rate=5000\n", "anonymous",
			"max_download_rate", "5000", "anon_max_rate",
			IMPORT_SAME },
		{ GUESTS "nobody\n", "auth", "guest_user", "nobody",
			"guest_username", IMPORT_SAME },
		{ GUESTS "root\n", NULL, NULL, NULL, "guest_username",
			IMPORT_REFUSED },
		{ GUESTS NONE "\n", NULL, NULL, NULL, "guest_username",
			IMPORT_REFUSED },
		{ "connect_from_port_20=YES\nftp_data_port=19\n", "listener",
			"active_source_port", "19", "ftp_data_port",
			IMPORT_SAME },
		{ "connect_from_port_20=YES\nftp_data_port=2020\n",
			"listener", "active_source_port", "20",
			"ftp_data_port", IMPORT_CHANGED },
		{ "ftp_data_port=2020\n", NULL, NULL, NULL, "ftp_data_port",
			IMPORT_NOT_NEEDED },
	};
	struct scratch t;

	scratch_open(&t);
	imported_check("", rows, ARRAY_SIZE(rows));
	scratch_close(&t);
}

/* Only a whole server has guests or has none. */
static void
test_guests_of_one_account(void)
{
	static const struct imported_row on = { "local_enable=YES\n"
		"user_config_dir=users\n", NULL, NULL, NULL, "guest_enable",
		IMPORT_REFUSED };
	static const char off[] = "local_enable=YES\nuser_config_dir=users\n"
		"guest_enable=YES\nguest_username=daemon\n";
	static const char why[] = "guests cannot be turned off for one account";
	struct scratch t;
	struct import i;

	scratch_open(&t);
	CU_ASSERT_EQUAL(mkdir("users", 0755), 0);
	imported_write("users/nobody", "guest_enable=YES\n"
		"guest_username=daemon\n");
	imported_check("", &on, 1);
	imported_write("users/nobody", "guest_enable=NO\n");
	imported(&i, off);
	bool said = false;
	for (size_t n = 0; n < i.report.count; n++)
		said = said || strcmp(i.report.entries[n].sentence, why) == 0;
	CU_ASSERT(said);
	import_free(&i);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "values that are kept or not", test_values },
	{ "guests of one account", test_guests_of_one_account },
	CU_TEST_INFO_NULL,
};
