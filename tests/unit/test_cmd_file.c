/*
 * test_cmd_file.c - directories, files, times and modes through the commands.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "tests/unit/talk.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "cmd_file";

static void
make_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, content, strlen(content)),
		(ssize_t)strlen(content));
	close(fd);
}

static void
test_directories(void)
{
	BUFFER(expected, 300);
	struct talk t;

	talk_open(&t, true);
	buffer_addf(&expected, "257 \"%s\" is the current directory.\r\n",
		t.home);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "PWD"), buffer_text(&expected));
	buffer_clear(&expected);
	buffer_addf(&expected, "257 \"%s/a \"\"b\"\"\" created.\r\n", t.home);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "MKD a \"b\""),
		buffer_text(&expected));
	CU_ASSERT_EQUAL(talk_code(&t, "MKD a \"b\""), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD a \"b\""), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "XMKD deep"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "CDUP"), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "RMD a \"b\""), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "XRMD a \"b\"/deep"), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "RMD a \"b\""), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD a \"b\""), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "MKD  leading"), 257);
	CU_ASSERT_EQUAL(access(" leading", F_OK), 0);
	talk_close(&t);
}

static void
test_names_of_any_byte(void)
{
	static const char name[] = "MKD \x01\x7f\xc3\xbc\xff%n%s\\";
	struct stat st;
	struct talk t;

	talk_open(&t, true);
	const char *answer = talk_say(&t, name);
	/* the byte 255 comes back doubled, everything else as it was */
	CU_ASSERT_PTR_NOT_NULL(strstr(answer,
		"\x01\x7f\xc3\xbc\xff\xff%n%s\\\" created."));
	CU_ASSERT_EQUAL(stat(name + 4, &st), 0);
	CU_ASSERT_EQUAL(talk_code(&t, "MKD -rf"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "RMD -rf"), 250);
	talk_close(&t);
}

static void
test_long_names(void)
{
	char line[300] = "MKD ";
	struct talk t;

	talk_open(&t, true);
	memset(line + 4, '"', 255);
	line[259] = '\0';
	CU_ASSERT_EQUAL(talk_code(&t, line), 257);
	CU_ASSERT_EQUAL(access(line + 4, F_OK), 0);
	memset(line + 4, 'x', 256);
	line[260] = '\0';
	CU_ASSERT_EQUAL(talk_code(&t, line), 553);
	talk_close(&t);
}

static void
test_longest_path(void)
{
	static char line[CONTROL_LINE_MAX + 1];
	struct talk t;

	talk_open(&t, true);
	memset(line, '"', CONTROL_LINE_MAX);
	memcpy(line, "MLST ", 5);
	CU_ASSERT_EQUAL(talk_code(&t, line), 553);
	memcpy(line, "RNFR ", 5);
	CU_ASSERT_EQUAL(talk_code(&t, line), 553);
	memcpy(line, "STAT ", 5);
	CU_ASSERT_EQUAL(talk_code(&t, line), 553);
	memcpy(line, "MFMT ", 5);
	CU_ASSERT_EQUAL(talk_code(&t, line), 501);
	talk_close(&t);
}

static void
test_files(void)
{
	struct talk t;

	talk_open(&t, true);
	make_file("f", "12345");
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "SIZE f"), "213 5\r\n");
	CU_ASSERT_EQUAL(talk_code(&t, "TYPE A"), 200);
	CU_ASSERT_EQUAL(talk_code(&t, "SIZE f"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "TYPE I"), 200);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "SIZE f"), "213 5\r\n");
	CU_ASSERT_EQUAL(talk_code(&t, "SIZE ."), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "SIZE g"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO g"), 503);
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR nothing"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO g"), 503);
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR f"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO g"), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "DELE f"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "DELE ."), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "DELE g"), 250);
	CU_ASSERT_EQUAL(access("g", F_OK), -1);
	talk_close(&t);
}

static void
test_times(void)
{
	struct stat st;
	struct talk t;

	talk_open(&t, true);
	make_file("f", "x");
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "MFMT 20200229123456 f"),
		"213 Modify=20200229123456; f\r\n");
	CU_ASSERT_EQUAL(stat("f", &st), 0);
	CU_ASSERT_EQUAL(st.st_mtime, 1582979696);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "MDTM f"),
		"213 20200229123456\r\n");
	CU_ASSERT_EQUAL(talk_code(&t, "MFMT 20200230123456 f"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "MFMT 20200229123456"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "MFMT 20200229123456 "), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "MFMT 20200229123456 none"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "MDTM none"), 550);

	/* the old two-argument form, unless a file has that name */
	CU_ASSERT_EQUAL(talk_code(&t, "MDTM 20210101000000 f"), 213);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "MDTM f"),
		"213 20210101000000\r\n");
	make_file("20220101000000 f", "y");
	CU_ASSERT_EQUAL(talk_code(&t, "MDTM 20220101000000 f"), 213);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "MDTM f"),
		"213 20210101000000\r\n");
	t.session.tree.user.permissions = PERMISSION_list;
	CU_ASSERT_EQUAL(talk_code(&t, "MDTM 20230101000000 f"), 550);
	talk_close(&t);
}

static void
test_site(void)
{
	struct stat st;
	struct talk t;

	talk_open(&t, true);
	make_file("f", "x");
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 640 f"), 200);
	CU_ASSERT_EQUAL(stat("f", &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0640);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE chmod 0600 f"), 200);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 888 f"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 644"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHMOD 644 none"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE EXEC ls"), 504);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE HELP"), 214);

	mode_t saved = umask(0);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE UMASK 1000"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE UMASK 027"), 200);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "SITE UMASK"),
		"200 The umask is 027.\r\n");
	CU_ASSERT_EQUAL(talk_code(&t, "MKD d"), 257);
	CU_ASSERT_EQUAL(stat("d", &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0750);
	umask(saved);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "directories are made, entered, removed", test_directories },
	{ "names may hold any byte", test_names_of_any_byte },
	{ "names of 255 bytes work, 256 are refused", test_long_names },
	{ "the longest line is answered", test_longest_path },
	{ "files are sized, renamed, deleted", test_files },
	{ "times are set and told", test_times },
	{ "SITE CHMOD and UMASK", test_site },
	CU_TEST_INFO_NULL,
};
