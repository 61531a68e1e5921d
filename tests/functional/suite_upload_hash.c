/*
 * suite_upload_hash.c - hashes computed during uploads: in the 226, in the log,
 * and for HASH.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/zipped.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const functional_name = "upload_hash";

#define F     "/home/anna/f"
#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c" \
	"1fa7425e73043362938b9824"
#define AB    "05dec960e24d918b8a73a1c53bcbbaac2ee5c2e0"	/* "a\nb\n" */

static void
check_226(struct ftp *c, int code, const char *text)
{
	CHECK_NUMBER(code, 226);
	CHECK_TEXT(c->text, text);
}

static void
test_reply_and_log(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.upload_hash=sha-256") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	size_t mark = logged_mark();
	check_226(&c, ftp_put(&c, "hello", 5, "STOR f"),
		"226 Transfer complete; SHA-256 " HELLO ".");
	CHECK_LOGGED(mark, "*upload of \"/home/anna/f\" complete, 5 bytes in *"
		", SHA-256 " HELLO);
	CHECK_NUMBER(ftp_put(&c, "", 0, "STOU"), 226);
	CHECK_HAS(c.text, "); SHA-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e"
		"4649b934ca495991b7852b855.");
	/* Not of parts. */
	check_226(&c, ftp_put(&c, "x", 1, "APPE f"), "226 Transfer complete.");
	EXPECT(&c, 350, "REST 5");
	check_226(&c, ftp_put(&c, "y", 1, "STOR f"), "226 Transfer complete.");
	/* Of what is stored. */
	EXPECT(&c, 200, "MODE Z");
	CHECK_NUMBER(zipped_put(&c, "hello", 5, "STOR f"), 226);
	CHECK_HAS(c.text, HELLO);
	EXPECT(&c, 200, "MODE S");
	/* Not of what is incomplete. */
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	ftp_data_send(&c, "hello", 5);
	CHECK(files_wait_for_text(F, "hello"));
	EXPECT(&c, 426, "ABOR");
	CHECK_LACKS(c.text, "SHA");
	EXPECT_REPLY(&c, 226);
	ftp_data_close(&c);
	ftp_close(&c);
	server_stop(&s);
}

/* Changed by another program, but with the same size and time. */
static void
change_content(const char *data)
{
	struct timespec times[2];
	struct stat st;
	int fd = open(F, O_WRONLY | O_CLOEXEC);

	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	CHECK(write(fd, data, strlen(data)) == (ssize_t)strlen(data));
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	CHECK(futimens(fd, times) == 0);
	close(fd);
}

static void
use_hash(struct ftp *c)
{
	EXPECT(c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(c, "hello", 5, "STOR f"), 226);
	CHECK_HAS(c->text, "SHA-256 " HELLO);
	/* Which shows that HASH does not read it ... */
	change_content("HELLO");
	EXPECT(c, 213, "HASH f");
	CHECK_TEXT(c->text, "213 SHA-256 0-4 " HELLO " f");
	EXPECT(c, 250, "XSHA256 f");
	CHECK_HAS(c->text, HELLO);
	/* ... unless for a part, or another hash ... */
	EXPECT(c, 250, "XSHA256 f 0 4");
	CHECK_LACKS(c->text, HELLO);
	EXPECT(c, 250, "XMD5 f");
	CHECK_TEXT(c->text, "250 eb61eead90e3b899c6bcbe27ac581660");
	/* ... or when its time or size has changed. */
	EXPECT(c, 213, "MFMT 20200101000000 f");
	EXPECT(c, 213, "HASH f");
	CHECK_LACKS(c->text, HELLO);
	CHECK_NUMBER(ftp_put(c, "hello", 5, "STOR f"), 226);
	EXPECT(c, 213, "HASH f");
	CHECK_HAS(c->text, HELLO);
	CHECK_NUMBER(ftp_put(c, "x", 1, "APPE f"), 226);
	EXPECT(c, 213, "HASH f");
	CHECK_LACKS(c->text, HELLO);
}

static void
test_known(void)
{
	struct server s;
	struct ftps t;
	struct ftp c;

	if (!SERVER(&s, "session.upload_hash=sha-256") ||
	    !ftp_enter(&c, "anna"))
		return;
	use_hash(&c);
	ftp_close(&c);
	server_stop(&s);

	ftps_init(&t);
	if (!FTPS_SERVER(&s, "session.upload_hash=sha-256",
	    "session.atomic_uploads=yes") || !ftps_enter(&t, "anna"))
		return;
	use_hash(&t.c);
	ftp_close(&t.c);
	server_stop(&s);

	/* A known hash reads nothing. */
	if (!SERVER(&s, "session.upload_hash=sha-256",
	    "limits.max_hash_size=4") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "hello", 5, "STOR f"), 226);
	EXPECT(&c, 213, "HASH f");
	CHECK_HAS(c.text, HELLO);
	EXPECT(&c, 550, "XMD5 f");
	CHECK_HAS(c.text, "(max_hash_size)");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_kinds(void)
{
	static const struct {
		const char *setting, *text;
	} rows[] = {
		{ "session.upload_hash=sha-1", "; SHA-1 aaf4c61ddcc5e8a2dabede"
			"0f3b482cd9aea9434d." },
		{ "session.upload_hash=md5",
			"; MD5 5d41402abc4b2a76b9719d911017c592." },
		{ "session.upload_hash=crc32", "; CRC32 3610a686." },
		{ "session.upload_hash=sha-512", "; SHA-512 9b71d224bd62f378" },
		{ "session.upload_hash=no", "226 Transfer complete." },
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!SERVER(&s, rows[i].setting) || !ftp_enter(&c, "anna"))
			return;
		/* TYPE A: what is stored counts. */
		CHECK_NUMBER(ftp_put(&c, "hello", 5, "STOR f"), 226);
		CHECK_HAS(c.text, rows[i].text);
		if (i == 0) {
			CHECK_NUMBER(ftp_put(&c, "a\r\nb\r\n", 6, "STOR g"),
				226);
			EXPECT(&c, 200, "OPTS HASH SHA-1");
			EXPECT(&c, 250, "XSHA1 g");
			CHECK_SAYS(strstr(c.text, AB) != NULL, "%s", c.text);
		}
		ftp_close(&c);
		server_stop(&s);
	}
}

CU_TestInfo functional_tests[] = {
	{ "in the 226 and in the log", test_reply_and_log },
	{ "HASH does not read the file again", test_known },
	{ "every kind of hash", test_kinds },
	CU_TEST_INFO_NULL,
};
