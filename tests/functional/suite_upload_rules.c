/*
 * suite_upload_rules.c - size limits, overwriting and modes of uploads.
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

/* Exact to the byte, for every command; data up to the limit is kept. */
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
	CHECK_LOGGED(0, "*\"/home/anna/f\"*: file larger than "
		"max_upload_size*");
	CHECK_NUMBER(ftp_put(&c, data, 30 << 10, "STOU u"), 552);

	CHECK_NUMBER(ftp_put(&c, data, 10 << 10, "STOR grows"), 226);
	EXPECT(&c, 350, "REST 10240");
	CHECK_NUMBER(ftp_put(&c, data, 10 << 10, "STOR grows"), 226);
	check_size("/home/anna/grows", 20 << 10);
	CHECK_NUMBER(ftp_put(&c, data, 1, "APPE grows"), 552);
	CHECK_NUMBER(ftp_put(&c, data, 0, "APPE grows"), 226);
	check_size("/home/anna/grows", 20 << 10);
	/* If the file is already larger, the upload is refused. */
	files_write_as("anna", "/home/anna/large", data, 30 << 10);
	CHECK_NUMBER(ftp_put(&c, data, 0, "APPE large"), 552);
	EXPECT(&c, 350, "REST 25600");
	CHECK_NUMBER(ftp_put(&c, data, 1, "STOR large"), 552);
	check_size("/home/anna/large", 30 << 10);
	CHECK_NUMBER(ftp_put(&c, data, 1, "STOR large"), 226);
	EXPECT(&c, 200, "ALLO 20480");
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
	CHECK_LOGGED(0, "*\"/home/anna/large\"*: file larger than "
		"max_download_size*");
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

/* --- overwrite */

static void
write_old(void)
{
	files_write_as("anna", "/home/anna/old.txt", "old", 3);
	files_write_as("anna", "/home/anna/new.txt", "new", 3);
	files_mkdir_as("anna", "/home/anna/d", 0755);
}

static bool
holds(const char *path, const char *text)
{
	return files_same(path, text, strlen(text));
}

static void
test_deny(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.overwrite=deny") || !ftp_enter(&c, "anna"))
		return;
	write_old();
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "xxxx", 4, "STOR old.txt"), 550);
	CHECK_HAS(c.text, "File exists");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR d"), 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR free"), 226);
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR free"), 550);
	EXPECT(&c, 350, "RNFR new.txt");
	EXPECT(&c, 550, "RNTO old.txt");
	CHECK_HAS(c.text, "File exists");
	EXPECT(&c, 350, "RNFR new.txt");
	EXPECT(&c, 550, "RNTO d");
	EXPECT(&c, 350, "RNFR new.txt");
	EXPECT(&c, 250, "RNTO new.txt");
	CHECK(holds("/home/anna/old.txt", "old"));
	CHECK(holds("/home/anna/new.txt", "new"));
	/* Appending is not overwriting. */
	EXPECT(&c, 350, "REST 2");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR old.txt"), 554);
	CHECK_HAS(c.text, "end of the file (3 bytes)");
	EXPECT(&c, 350, "REST 3");
	CHECK_NUMBER(ftp_put(&c, "er", 2, "STOR old.txt"), 226);
	CHECK_NUMBER(ftp_put(&c, "st", 2, "APPE old.txt"), 226);
	CHECK(holds("/home/anna/old.txt", "olderst"));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_rename(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.overwrite=rename") || !ftp_enter(&c, "anna"))
		return;
	write_old();
	CHECK_NUMBER(ftp_put(&c, "one", 3, "STOR old.txt"), 226);
	CHECK_HAS(c.text, "stored as old.txt.1.");
	CHECK_NUMBER(ftp_put(&c, "two", 3, "STOR /home/anna/old.txt"), 226);
	CHECK_HAS(c.text, "stored as /home/anna/old.txt.2.");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/old.txt.2\" as ASCII complete, 3 bytes in *");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR d"), 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR free"), 226);
	CHECK_LACKS(c.text, "stored as");
	EXPECT(&c, 350, "RNFR new.txt");
	EXPECT(&c, 250, "RNTO old.txt");
	CHECK_HAS(c.text, "the new name is old.txt.3.");
	EXPECT(&c, 350, "RNFR d");
	EXPECT(&c, 250, "RNTO d");
	CHECK_LACKS(c.text, "the new name");
	EXPECT(&c, 257, "MKD e");
	EXPECT(&c, 350, "RNFR e");
	EXPECT(&c, 250, "RNTO d/");
	CHECK_HAS(c.text, "the new name is d.1.");
	CHECK(holds("/home/anna/old.txt", "old"));
	CHECK(holds("/home/anna/old.txt.1", "one"));
	CHECK(holds("/home/anna/old.txt.2", "two"));
	CHECK(holds("/home/anna/old.txt.3", "new"));
	CHECK(!files_exist("/home/anna/new.txt"));
	CHECK(files_exist("/home/anna/d.1"));
	ftp_close(&c);
	server_stop(&s);
}

/* Two concurrent uploads of one name: both are stored, and neither waits. */
static void
test_rename_of_two(void)
{
	struct server s;
	struct ftp a, b;

	if (!SERVER(&s, "session.overwrite=rename") ||
		!ftp_enter(&a, "anna") || !ftp_enter(&b, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&a, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&a, "first", 5), 5);
	CHECK_NUMBER(ftp_start(&b, "STOR f"), 150);
	CHECK_HAS(b.text, "f.1");
	CHECK_NUMBER(ftp_data_send(&b, "second", 6), 6);
	CHECK_NUMBER(ftp_finish(&b), 226);
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK(holds("/home/anna/f", "first"));
	CHECK(holds("/home/anna/f.1", "second"));
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

/* APPE continues only where the file ends: the client's idea of its size is
 * wrong otherwise. */
static void
test_append_after_restart(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "12345", 5, "STOR f"), 226);
	EXPECT(&c, 350, "REST 4");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "APPE f"), 554);
	CHECK_HAS(c.text, "end of the file (5 bytes)");
	EXPECT(&c, 350, "REST 6");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "APPE f"), 554);
	CHECK(holds("/home/anna/f", "12345"));
	EXPECT(&c, 350, "REST 5");
	CHECK_NUMBER(ftp_put(&c, "6", 1, "APPE f"), 226);
	CHECK(holds("/home/anna/f", "123456"));
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "max_upload_size, to the byte, for every command",
		test_upload_size },
	{ "an upload that is too large is incomplete",
		test_upload_size_deletes },
	{ "max_download_size", test_download_size },
	{ "max_upload_size of accounts", test_sizes_of_accounts },
	{ "overwrite = deny", test_deny },
	{ "overwrite = rename names the file in the reply", test_rename },
	{ "two uploads of one name with overwrite = rename",
		test_rename_of_two },
	{ "APPE after REST: only at the end of the file",
		test_append_after_restart },
	CU_TEST_INFO_NULL,
};
