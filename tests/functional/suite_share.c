/*
 * suite_share.c - sureftpd --share: what clients can do and cannot, and what
 * its user sees.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/share.h"

const char *const functional_name = "share";

#define FILE_SIZE (16 << 20)

static struct terminal t;

#define SHOWS(text) shows(__LINE__, (text))

static void
shows(int line, const char *text)
{
	CHECK_SAYS(terminal_shows(&t, text), "line %d: \"%s\" does not come; "
		"the screen begins with\n%.100s\n%.100s\n%.100s", line, text,
		t.screen[0], t.screen[1], t.screen[2]);
}

static bool
enter_as(struct ftp *c, const char *user, const char *password)
{
	return CHECK_NUMBER(ftp_connect_to(c, FTP_HOST, NULL), 220) &&
		CHECK_NUMBER(ftp_login(c, user, password), 230);
}

static void
get_hello(struct ftp *c)
{
	size_t len;

	EXPECT(c, 200, "TYPE I");
	char *data = ftp_get(c, &len, "RETR hello");

	if (CHECK(data != NULL))
		CHECK_TEXT(data, "hello\n");
	free(data);
}

static void
test_read_only(void)
{
	struct ftp c;

	if (!SHARE(&t))
		return;
	SHOWS("Sharing /home/anna/shared, read-only");
	SHOWS("Login: anonymous, no password");
	SHOWS("Confined by: user namespace");
	SHOWS("Missing: separate accounts");
	SHOWS("  ftp://192.0.2.1:21/");
	SHOWS("  ftp://[2001:db8:1::1]:21/");
	SHOWS("  ftp://127.0.0.1:21/");
	SHOWS("0 clients, 0 downloads, 0 uploads");
	if (!enter_as(&c, "anonymous", ""))
		return;
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/\"");
	get_hello(&c);
	SHOWS("download of \"/home/anna/shared/hello\"");
	SHOWS("1 client, 0 downloads, 0 uploads");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new"), 550);
	EXPECT(&c, 550, "DELE hello");
	EXPECT(&c, 550, "MKD new");
	EXPECT(&c, 550, "RNFR hello");
	EXPECT(&c, 550, "SITE CHMOD 777 hello");
	CHECK(!files_exist(SHARE_DIRECTORY "/new"));
	CHECK(files_same(SHARE_DIRECTORY "/hello", "hello\n", 6));
	ftp_close(&c);
	CHECK(!t.colours);
	share_end(&t);
}

static void
test_write(void)
{
	struct stat st;
	struct ftp c;

	if (!SHARE(&t, "-w"))
		return;
	SHOWS("Sharing /home/anna/shared, clients can change it");
	if (!enter_as(&c, "ftp", "x"))
		return;
	CHECK_NUMBER(ftp_put(&c, "data", 4, "STOR new"), 226);
	CHECK(files_same(SHARE_DIRECTORY "/new", "data", 4));
	CHECK_NUMBER(stat(SHARE_DIRECTORY "/new", &st), 0);
	CHECK_NUMBER(st.st_uid, accounts_find("anna")->uid);
	SHOWS("upload of \"/home/anna/shared/new\"");
	EXPECT(&c, 257, "MKD sub");
	EXPECT(&c, 350, "RNFR new");
	EXPECT(&c, 250, "RNTO sub/new");
	EXPECT(&c, 250, "DELE sub/new");
	EXPECT(&c, 250, "RMD sub");
	ftp_close(&c);
	share_end(&t);
}

/* The word after this text on the screen. */
static const char *
word_after(const char *text)
{
	static char word[64];
	int y = terminal_find(&t, text);
	const char *at = y < 0 ? "" : strstr(t.screen[y], text) + strlen(text);
	size_t len = strcspn(at, " ");

	snprintf(word, sizeof(word), "%.*s", (int)(len < 63 ? len : 63), at);
	return word;
}

static void
test_user(void)
{
	char password[64];
	struct ftp c;

	if (!SHARE(&t, "--user", "guest", "-w"))
		return;
	SHOWS("  ftp://guest@192.0.2.1:21/");
	snprintf(password, sizeof(password), "%s",
		word_after("Login: guest, password "));
	CHECK_NUMBER(strlen(password), 12);
	if (!enter_as(&c, "guest", password))
		return;
	get_hello(&c);
	CHECK_NUMBER(ftp_put(&c, "data", 4, "STOR new"), 226);
	EXPECT(&c, 250, "CWD ..");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/\"");
	ftp_close(&c);
	/* Neither others, nor anna with the host's password. */
	CHECK_NUMBER(ftp_try_login("guest", "wrong"), 530);
	CHECK_NUMBER(ftp_try_login("anonymous", ""), 530);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 530);
	share_end(&t);
}

static void
test_password(void)
{
	static const char *const environment[] = { "TERM=vt100",
		"XDG_RUNTIME_DIR=" SHARE_RUNTIME, NULL };
	static const char *const argv[] = { "/run/world/sureftpd", "--share",
		"-p", "21", "--user", "guest", "--password", "shared", NULL };
	struct ftp c;

	if (!share_prepare() || !CHECK(terminal_start_as(&t, 50, 150,
		environment, "anna", argv)))
		return;
	SHOWS("Password:");
	terminal_type(&t, "open sesame\n");
	SHOWS("Retype password:");
	terminal_type(&t, "open sesame\n");
	SHOWS("Login: guest, password as given");
	SHOWS("Press Ctrl-C");
	CHECK(terminal_find(&t, "sesame") < 0);
	if (enter_as(&c, "guest", "open sesame"))
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new"), 550);
	ftp_close(&c);
	share_end(&t);
}

/* Symbolic links that anna made herself, "..", and files of others. */
static void
test_escape(void)
{
	static const char *const names[] = { "../secret", "/../secret",
		"/home/anna/secret", "link", "relative", "out/secret",
		"hidden", "/etc/passwd", "/proc/self/environ" };
	struct ftp c;

	if (!share_prepare())
		return;
	files_write_as("anna", "/home/anna/secret", "secret", 6);
	files_write_as("bert", SHARE_DIRECTORY "/hidden", "secret", 6);
	CHECK_NUMBER(chmod(SHARE_DIRECTORY "/hidden", 0600), 0);
	CHECK_NUMBER(symlink("/home/anna/secret", SHARE_DIRECTORY "/link"), 0);
	CHECK_NUMBER(symlink("../secret", SHARE_DIRECTORY "/relative"), 0);
	CHECK_NUMBER(symlink("/home/anna", SHARE_DIRECTORY "/out"), 0);
	if (!SHARE(&t, "-w") || !enter_as(&c, "anonymous", ""))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT(&c, 550, "RETR %s", names[i]);
		EXPECT(&c, 550, "HASH %s", names[i]);
		/* The size of a file that cannot be read is shown. */
		EXPECT(&c, strcmp(names[i], "hidden") == 0 ? 213 : 550,
			"SIZE %s", names[i]);
	}
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR out/new"), 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR ../new"), 226);
	CHECK(files_exist(SHARE_DIRECTORY "/new"));
	CHECK(!files_exist("/home/anna/new"));
	EXPECT(&c, 550, "CWD out");
	EXPECT(&c, 250, "CDUP");
	get_hello(&c);
	ftp_close(&c);
	share_end(&t);
}

static void
test_progress(void)
{
	char *data = files_pattern(FILE_SIZE);
	static char part[65536];
	struct ftp c;

	if (!share_prepare() ||
	    !files_write_as("anna", SHARE_DIRECTORY "/big", data, FILE_SIZE) ||
	    !SHARE(&t) || !enter_as(&c, "anonymous", ""))
		goto out;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "RETR big"), 150);
	CHECK_NUMBER(ftp_data_read(&c, part, sizeof(part)), sizeof(part));
	SHOWS("1 client, 1 download, 0 uploads");
	SHOWS("127.0.0.1       -> [");
	SHOWS("%");
	SHOWS("/s ");
	SHOWS("  big");
	for (size_t n = 1; n > 0;)
		n = ftp_data_read(&c, part, sizeof(part));
	CHECK_NUMBER(ftp_finish(&c), 226);
	SHOWS("download of \"/home/anna/shared/big\"");
	CHECK(terminal_lacks(&t, "-> ["));
	SHOWS("1 client, 0 downloads, 0 uploads");
	/* The lines above were not overwritten. */
	SHOWS("Sharing /home/anna/shared, read-only");
	ftp_close(&c);
	share_end(&t);
out:
	free(data);
}

/* A transfer does not delay it. */
static void
test_interrupt(void)
{
	char *data = files_pattern(FILE_SIZE);
	static char part[65536];
	struct ftp c;

	if (share_prepare() &&
	    files_write_as("anna", SHARE_DIRECTORY "/big", data, FILE_SIZE) &&
	    SHARE(&t) && enter_as(&c, "anonymous", "")) {
		EXPECT(&c, 200, "TYPE I");
		CHECK_NUMBER(ftp_start(&c, "RETR big"), 150);
		CHECK_NUMBER(ftp_data_read(&c, part, sizeof(part)),
			sizeof(part));
		SHOWS("-> [");
		share_end(&t);
		ftp_close(&c);
	}
	free(data);
}

static void
test_code(void)
{
	if (!share_start(&t, "LC_ALL=C.UTF-8", (const char *const[]){ NULL }))
		return;
	SHOWS("\xe2\x96\x88\xe2\x96\x80\xe2\x96\x80\xe2\x96\x80");
	share_end(&t);
}

static void
test_tls(void)
{
	struct ftps f;
	struct ftp c;

	if (!SHARE(&t, "--tls"))
		return;
	SHOWS("TLS: required");
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, NULL), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", ""), 530);
	ftp_close(&c);
	ftps_init(&f);
	if (CHECK(ftps_connect(&f)) &&
	    CHECK_NUMBER(ftp_login(&f.c, "anonymous", ""), 230)) {
		EXPECT(&f.c, 200, "PBSZ 0");
		EXPECT(&f.c, 200, "PROT P");
		get_hello(&f.c);
	}
	ftp_close(&f.c);
	share_end(&t);
}

CU_TestInfo functional_tests[] = {
	{ "read-only, as anonymous", test_read_only },
	{ "-w: clients can change files", test_write },
	{ "--user: a password that is generated", test_user },
	{ "--password: one that is asked for", test_password },
	{ "nothing outside the directory", test_escape },
	{ "progress of transfers", test_progress },
	{ "Ctrl-C during a transfer", test_interrupt },
	{ "a QR code where the terminal shows one", test_code },
	{ "--tls: no login without", test_tls },
	CU_TEST_INFO_NULL,
};
