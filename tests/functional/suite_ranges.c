/*
 * suite_ranges.c - RANG: parts of files, with all ways of sending.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/zipped.h"

const char *const functional_name = "ranges";

#define F   "/home/anna/f"
#define LEN ((size_t)3000000)

static void
check_part(struct ftp *c, const char *data, size_t first, size_t last)
{
	size_t got = 0;

	EXPECT(c, 350, "RANG %zu %zu", first, last);
	char *part = ftp_get(c, &got, "RETR f");
	CHECK_SAYS(part != NULL && got == last - first + 1 &&
		memcmp(part, data + first, got) == 0,
		"RANG %zu %zu: %zu bytes, %s", first, last, got, c->text);
	EXPECT_WAS(c, 226);
	free(part);
}

static void
check_parts(struct ftp *c, const char *data)
{
	check_part(c, data, 0, 0);
	check_part(c, data, 0, 9);
	check_part(c, data, 100, 100000);
	check_part(c, data, 70000, LEN - 1);
	check_part(c, data, LEN - 1, LEN - 1);
	check_part(c, data, 0, LEN - 1);
}

static void
test_parts(void)
{
	char *data = files_pattern(LEN);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	files_write_as("anna", F, data, LEN);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n RANG STREAM\n");
	EXPECT(&c, 200, "TYPE I");
	check_parts(&c, data);
	/* RANG applies to one transfer. */
	size_t got = 0;
	free(ftp_get(&c, &got, "RETR f"));
	CHECK_NUMBER(got, LEN);
	EXPECT(&c, 350, "RANG 5 9");
	EXPECT(&c, 200, "MODE Z");
	zipped_check_get(&c, "RETR f", data + 5, 5);
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

static void
test_tls(void)
{
	char *data = files_pattern(LEN);
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s) || !ftps_enter(&t, "anna"))
		goto out;
	files_write_as("anna", F, data, LEN);
	EXPECT(&t.c, 200, "TYPE I");
	check_parts(&t.c, data);
	ftp_close(&t.c);
	server_stop(&s);
out:
	free(data);
}

static void
test_refused(void)
{
	static const char *const wrong[] = { "RANG", "RANG 1", "RANG 2 1",
		"RANG 1 2 3", "RANG -1 2", "RANG 1 x",
		"RANG 0 9223372036854775807" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "0123456789", 10);
	EXPECT(&c, 504, "RANG 1 2");
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT(&c, 501, "%s", wrong[i]);
	EXPECT(&c, 350, "RANG 5 6");
	EXPECT(&c, 554, "STOR f");
	CHECK(files_same(F, "0123456789", 10));
	/* The last RANG applies. */
	size_t got = 0;
	EXPECT(&c, 350, "RANG 5 6");
	EXPECT(&c, 350, "REST 7");
	free(ftp_get(&c, &got, "RETR f"));
	CHECK_NUMBER(got, 3);
	EXPECT(&c, 350, "RANG 5 6");
	EXPECT(&c, 350, "RANG 1 0");
	free(ftp_get(&c, &got, "RETR f"));
	CHECK_NUMBER(got, 10);
	/* And so does a RANG that is refused. */
	EXPECT(&c, 350, "RANG 5 6");
	EXPECT(&c, 501, "RANG 2 1");
	free(ftp_get(&c, &got, "RETR f"));
	CHECK_NUMBER(got, 10);
	EXPECT(&c, 350, "RANG 5 6");
	EXPECT(&c, 200, "TYPE A");
	EXPECT(&c, 554, "RETR f");
	ftp_close(&c);
	server_stop(&s);
}

/* A range may be larger than the file: it is sent as far as it exists. */
static void
test_beyond(void)
{
	static const struct {
		int64_t first, last;
		const char *sent;
	} rows[] = {
		{ 0, 10, "0123456789" }, { 5, 10, "56789" },
		{ 9, 100, "9" }, { 10, 10, "" }, { 11, 20, "" },
		{ 5, INT64_MAX - 1, "56789" },
	};
	struct server s;
	struct ftp c;
	size_t got = 0;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", F, "0123456789", 10);
	files_write_as("anna", "/home/anna/empty", "", 0);
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT(&c, 350, "RANG %" PRId64 " %" PRId64, rows[i].first,
			rows[i].last);
		char *part = ftp_get(&c, &got, "RETR f");
		EXPECT_WAS(&c, 226);
		CHECK_SAYS(part != NULL && got == strlen(rows[i].sent) &&
			memcmp(part, rows[i].sent, got) == 0,
			"RANG %" PRId64 " %" PRId64 ": %zu bytes",
			rows[i].first, rows[i].last, got);
		free(part);
	}
	EXPECT(&c, 350, "RANG 0 10");
	free(ftp_get(&c, &got, "RETR empty"));
	EXPECT_WAS(&c, 226);
	CHECK_NUMBER(got, 0);
	/* REST is stricter. */
	EXPECT(&c, 350, "REST 11");
	EXPECT(&c, 554, "RETR f");
	CHECK_HAS(c.text, "beyond the end of the file (10 bytes)");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "parts of a file", test_parts },
	{ "parts of a file, with TLS", test_tls },
	{ "ranges beyond the end of the file", test_beyond },
	{ "invalid ranges, and commands that cancel RANG", test_refused },
	CU_TEST_INFO_NULL,
};
