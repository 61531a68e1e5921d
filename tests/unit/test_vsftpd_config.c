/*
 * test_vsftpd_config.c - vsftpd's files, read as vsftpd reads them.
 */
#include "common/base.h"

#include "daemon/import/vsftpd_config.h"
#include "daemon/import/vsftpd_file.h"
#include "daemon/import/vsftpd_value.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "vsftpd_config";

static void
write_bytes(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CU_ASSERT(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	close(fd);
}

/* A configuration of one file with this text. */
static void
read_text(struct vsftpd_config *c, enum vsftpd_build build, const char *text)
{
	write_bytes("conf", text, strlen(text));
	CU_ASSERT_EQUAL(vsftpd_config_init(c, build), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(c, "conf"), 0);
}

static void
test_bool(void)
{
	static const struct {
		const char *text;
		int value;	/* -1: none */
	} cases[] = {
		{ "YES", 1 }, { "yes", 1 }, { "True", 1 }, { "1", 1 },
		{ "NO", 0 }, { "fAlSe", 0 }, { "0", 0 }, { "YES ", -1 },
		{ "YES\r", -1 }, { "on", -1 }, { "", -1 }, { "YES#", -1 },
		{ "2", -1 }, { "Y", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool value = false;
		int error = vsftpd_bool(cases[i].text,
			strlen(cases[i].text), &value);
		CU_ASSERT_EQUAL(error < 0 ? -1 : value, cases[i].value);
	}
}

static void
test_number(void)
{
	static const struct {
		const char *text;
		uint32_t number;
		bool plain;
	} cases[] = {
		{ "21", 21, true }, { "021", 17, true }, { "0", 0, true },
		{ "0777", 511, true }, { "089", 0, false }, { "abc", 0, false },
		{ " 12", 12, false }, { "12 ", 12, false },
		{ "12\r", 12, false }, { "12 # a remark", 12, false },
		{ "-1", 4294967295U, false }, { "+5", 5, false },
		{ "4294967297", 1, true }, { "", 0, false },
		/* What does not fit in 64 bits is the largest or smallest
		 * number that does, of which vsftpd takes the lower half. */
		{ "9223372036854775808", UINT32_MAX, false },
		{ "99999999999999999990", UINT32_MAX, false },
		{ "-99999999999999999990", 0, false },
		{ "0777777777777777777777770", 4294967288U, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *text = cases[i].text;
		CU_ASSERT_EQUAL(vsftpd_number(text, strlen(text)),
			cases[i].number);
		CU_ASSERT_EQUAL(vsftpd_number_is_plain(text, strlen(text)),
			cases[i].plain);
	}
}

static void
test_lines(void)
{
	struct vsftpd_config c;
	struct scratch t;

	scratch_open(&t);
	read_text(&c, VSFTPD_BUILD_DEBIAN, "# remark\n\n   \t\n"
		"  write_enable=YES\nftpd_banner=a = b # c\n"
		"listen_port=2121\nlisten_port=2122");
	CU_ASSERT_EQUAL(c.count, 4);
	CU_ASSERT_TRUE(c.values[OPTION_write_enable].on);
	CU_ASSERT_STRING_EQUAL(c.values[OPTION_ftpd_banner].text,
		"a = b # c");
	CU_ASSERT_EQUAL(c.values[OPTION_listen_port].number, 2122);
	CU_ASSERT_EQUAL(c.readings[0].line, 4);
	CU_ASSERT_TRUE(c.readings[2].superseded);
	CU_ASSERT_FALSE(c.readings[3].superseded);
	for (size_t i = 0; i < c.count; i++)
		CU_ASSERT_PTR_NULL(c.readings[i].fault);
	vsftpd_config_free(&c);
	scratch_close(&t);
}

/* Lines with which vsftpd does not start; what is meant counts where it is
 * clear. */
static void
test_faults(void)
{
	static const struct {
		const char *text;
		bool fault;
		bool write;	/* write_enable after it */
	} cases[] = {
		{ "write_enable=YES\r\n", true, true },
		{ "write_enable=YES \n", true, true },
		{ "write_enable =YES\n", true, true },
		{ "\xef\xbb\xbfwrite_enable=YES\n", true, true },
		{ "write_enable\n", true, false },
		{ "write_enable=\n", true, false },
		{ "write_enable=maybe\n", true, false },
		{ "Write_Enable=YES\n", true, false },
		{ "  # indented\nwrite_enable=YES\n", true, true },
		{ "=YES\n", true, false },
		{ "ftpd_banner\nwrite_enable=YES\n", false, true },
	};
	struct scratch t;

	scratch_open(&t);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vsftpd_config c;
		bool fault = false;
		read_text(&c, VSFTPD_BUILD_DEBIAN, cases[i].text);
		for (size_t n = 0; n < c.count; n++)
			fault = fault || c.readings[n].fault != NULL;
		CU_ASSERT_EQUAL(fault, cases[i].fault);
		CU_ASSERT_EQUAL(c.values[OPTION_write_enable].on,
			cases[i].write);
		vsftpd_config_free(&c);
	}
	scratch_close(&t);
}

/* vsftpd looks for a missing value before it looks for the name. */
static void
test_missing_value(void)
{
	struct vsftpd_config c;
	struct scratch t;

	scratch_open(&t);
	read_text(&c, VSFTPD_BUILD_DEBIAN, "no_such_option\nnone=1\n");
	CU_ASSERT_EQUAL(c.count, 2);
	CU_ASSERT_EQUAL(strncmp(c.readings[0].fault, "missing value", 13), 0);
	CU_ASSERT_EQUAL(strncmp(c.readings[1].fault, "unrecognised", 12), 0);
	vsftpd_config_free(&c);
	scratch_close(&t);
}

/* A NUL ends a line, as for vsftpd. */
static void
test_nul(void)
{
	static const char text[] = "write_enable=YES\0x\nlisten_port=7\0\0\n"
		"mdtm_write\0=NO\n\0local_enable=YES\n";
	struct vsftpd_config c;
	struct scratch t;

	scratch_open(&t);
	write_bytes("conf", text, sizeof(text) - 1);
	CU_ASSERT_EQUAL(vsftpd_config_init(&c, VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "conf"), 0);
	CU_ASSERT_EQUAL(c.count, 4);
	for (size_t i = 0; i < c.count; i++) {
		CU_ASSERT_EQUAL(c.readings[i].fault != NULL, i >= 2);
		CU_ASSERT_PTR_NOT_NULL(c.readings[i].remark);
	}
	CU_ASSERT_TRUE(c.values[OPTION_write_enable].on);
	CU_ASSERT_EQUAL(c.values[OPTION_listen_port].number, 7);
	CU_ASSERT_FALSE(c.values[OPTION_local_enable].on);
	vsftpd_config_free(&c);
	scratch_close(&t);
}

/* Files and options apply in their order. */
static void
test_order(void)
{
	struct vsftpd_config c;
	struct scratch t;

	scratch_open(&t);
	write_bytes("a", "max_per_ip=1\nmax_clients=1\n", 27);
	write_bytes("b", "max_clients=2\n", 14);
	CU_ASSERT_EQUAL(vsftpd_config_init(&c, VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_option(&c, "max_per_ip=7"), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "a"), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "b"), 0);
	CU_ASSERT_EQUAL(c.values[OPTION_max_per_ip].number, 1);
	CU_ASSERT_EQUAL(c.values[OPTION_max_clients].number, 2);
	CU_ASSERT_STRING_EQUAL(c.readings[0].file, "-o");
	CU_ASSERT_STRING_EQUAL(c.readings[3].file, "b");
	vsftpd_config_free(&c);
	scratch_close(&t);
}

static void
test_builds(void)
{
	struct vsftpd_config c;

	CU_ASSERT_STRING_EQUAL(vsftpd_default(OPTION_listen,
		VSFTPD_BUILD_UPSTREAM), "YES");
	CU_ASSERT_STRING_EQUAL(vsftpd_default(OPTION_listen,
		VSFTPD_BUILD_DEBIAN), "NO");
	CU_ASSERT_TRUE(vsftpd_build_has(VSFTPD_BUILD_REDHAT,
		OPTION_ssl_tlsv1_2));
	CU_ASSERT_TRUE(vsftpd_build_has(VSFTPD_BUILD_SUSE,
		OPTION_ssl_tlsv1_2));
	CU_ASSERT_FALSE(vsftpd_build_has(VSFTPD_BUILD_DEBIAN,
		OPTION_ssl_tlsv1_2));
	CU_ASSERT_EQUAL(vsftpd_config_init(&c, VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_option(&c, "ssl_tlsv1_2=NO"), 0);
	CU_ASSERT_PTR_NOT_NULL(c.readings[0].fault);
	CU_ASSERT_FALSE(c.values[OPTION_ssl_tlsv1_2].on);
	vsftpd_config_free(&c);
}

/* The builds of Debian and Red Hat trim strings, others do not. */
static void
test_blanks_in_strings(void)
{
	static const struct {
		enum vsftpd_build build;
		const char *banner, *root;
		bool remark;
	} rows[] = {
		{ VSFTPD_BUILD_DEBIAN, "hel lo", "/srv", false },
		{ VSFTPD_BUILD_REDHAT, "hel lo", "/srv", false },
		{ VSFTPD_BUILD_UPSTREAM, " hel lo ", "/srv\t", true },
		{ VSFTPD_BUILD_SUSE, " hel lo ", "/srv\t", true },
	};
	struct vsftpd_config c;
	struct scratch t;

	scratch_open(&t);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		read_text(&c, rows[i].build, "ftpd_banner= hel lo \n"
			"local_root=/srv\t\r\n");
		CU_ASSERT_STRING_EQUAL(c.values[OPTION_ftpd_banner].text,
			rows[i].banner);
		CU_ASSERT_STRING_EQUAL(c.values[OPTION_local_root].text,
			rows[i].root);
		CU_ASSERT_EQUAL(c.readings[0].remark != NULL, rows[i].remark);
		vsftpd_config_free(&c);
	}
	/* Debian's ends with an error where nothing is left. */
	read_text(&c, VSFTPD_BUILD_DEBIAN, "ftpd_banner= \nlocal_root=\n");
	CU_ASSERT_PTR_NOT_NULL(c.readings[0].fault);
	CU_ASSERT_PTR_NULL(c.readings[1].fault);
	CU_ASSERT_STRING_EQUAL(c.values[OPTION_ftpd_banner].text, "");
	vsftpd_config_free(&c);
	scratch_close(&t);
}

static void
test_bad_files(void)
{
	static char big[VSFTPD_FILE_MAX + 100];
	struct vsftpd_config c;
	struct scratch t;

	scratch_open(&t);
	memset(big, '#', sizeof(big));
	memcpy(big + VSFTPD_FILE_MAX - 1, "\nwrite_enable=YES\n", 18);
	write_bytes("big", big, sizeof(big));
	scratch_directory("directory");
	CU_ASSERT_EQUAL(mkfifo("fifo", 0600), 0);
	CU_ASSERT_EQUAL(vsftpd_config_init(&c, VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "big"), 0);
	CU_ASSERT_TRUE(c.sources[0]->cut);
	CU_ASSERT_FALSE(c.values[OPTION_write_enable].on);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "none"), -ENOENT);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "directory"), -EINVAL);
	CU_ASSERT_EQUAL(vsftpd_config_file(&c, "fifo"), -EINVAL);
	vsftpd_config_free(&c);
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "bools as parsed by vsftpd", test_bool },
	{ "numbers as parsed by vsftpd", test_number },
	{ "lines, remarks, and the last one wins", test_lines },
	{ "lines that stop vsftpd", test_faults },
	{ "a missing value comes before the name", test_missing_value },
	{ "a NUL ends a line", test_nul },
	{ "files and options apply in order", test_order },
	{ "builds have their own defaults and options", test_builds },
	{ "blanks in strings", test_blanks_in_strings },
	{ "a file that is too long, or none", test_bad_files },
	CU_TEST_INFO_NULL,
};
