/*
 * suite_upload_rules.c - what uploads may be: how large, over what, with which
 * mode.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

const char *const functional_name = "upload_rules";

static char data[40 << 10];

static void
check_size(const char *path, int64_t size)
{
	CHECK_NUMBER(files_size(path), size);
}

/* To the byte, whichever command it is; and what came before stays. */
static void
test_upload_size(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_upload_size=20k") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, data, 20 << 10, "STOR fits"), 226);
	check_size("/home/anna/fits", 20 << 10);
	CHECK_NUMBER(ftp_put(&c, data, (20 << 10) + 1, "STOR f"), 552);
	CHECK_HAS(c.text, "20k bytes (max_upload_size)");
	check_size("/home/anna/f", 20 << 10);
	CHECK_LOG("file larger than max_upload_size");
	CHECK_NUMBER(ftp_put(&c, data, 30 << 10, "STOU u"), 552);

	CHECK_NUMBER(ftp_put(&c, data, 10 << 10, "STOR grows"), 226);
	EXPECT(&c, 350, "REST 10240");
	CHECK_NUMBER(ftp_put(&c, data, 10 << 10, "STOR grows"), 226);
	check_size("/home/anna/grows", 20 << 10);
	CHECK_NUMBER(ftp_put(&c, data, 1, "APPE grows"), 552);
	CHECK_NUMBER(ftp_put(&c, data, 0, "APPE grows"), 226);
	check_size("/home/anna/grows", 20 << 10);
	/* One that is larger already is refused before any byte comes. */
	files_write_as("anna", "/home/anna/large", data, 30 << 10);
	CHECK_NUMBER(ftp_put(&c, data, 0, "APPE large"), 552);
	EXPECT(&c, 350, "REST 25600");
	CHECK_NUMBER(ftp_put(&c, data, 1, "STOR large"), 552);
	check_size("/home/anna/large", 30 << 10);
	CHECK_NUMBER(ftp_put(&c, data, 1, "STOR large"), 226);
	EXPECT(&c, 202, "ALLO 20480");
	EXPECT(&c, 552, "ALLO 20481");
	CHECK_HAS(c.text, "20k bytes (max_upload_size)");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_upload_size_deletes(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_upload_size=1k",
		"session.incomplete_uploads=delete") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, data, 2000, "STOR f"), 552);
	CHECK(!files_exist("/home/anna/f"));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_download_size(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	if (!SERVER(&s, "limits.max_download_size=10k") ||
		!ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/fits", data, 10 << 10);
	files_write_as("anna", "/home/anna/large", data, (10 << 10) + 1);
	EXPECT(&c, 200, "TYPE I");
	free(ftp_get(&c, &len, "RETR fits"));
	CHECK_NUMBER(c.code, 226);
	EXPECT(&c, 550, "RETR large");
	CHECK_HAS(c.text, "10k bytes can be downloaded (max_download_size)");
	EXPECT(&c, 350, "REST 10000");
	EXPECT(&c, 550, "RETR large");
	CHECK_LOG("file larger than max_download_size");
	ftp_close(&c);
	server_stop(&s);
}

/* In [user] and [group], as every such setting. */
static void
test_sizes_of_accounts(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_upload_size=1k",
		"user bert.max_upload_size=0"))
		return;
	if (!ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, data, 2000, "STOR f"), 552);
	ftp_close(&c);
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&c, data, sizeof(data), "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "max_upload_size, to the byte, for every command",
		test_upload_size },
	{ "a file over it is incomplete", test_upload_size_deletes },
	{ "max_download_size", test_download_size },
	{ "sizes of single accounts", test_sizes_of_accounts },
	CU_TEST_INFO_NULL,
};
