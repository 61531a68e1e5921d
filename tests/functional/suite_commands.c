/*
 * suite_commands.c - every command in every state: before login, after login,
 * without and with wrong arguments.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/logged.h"

#include <sys/stat.h>

const char *const functional_name = "commands";

/* Verb with good arguments, its code before login, its code after login
 * without any argument. */
static const struct {
	const char *line;
	int before;
	int bare;
} commands[] = {
	{ "ABOR", 530, 226 },
	{ "ACCT x", 202, 202 },
	{ "ALLO 10", 530, 501 },
	{ "APPE x", 530, 501 },
	{ "AVBL", 530, 213 },
	{ "CDUP", 530, 250 },
	{ "CSID Name=x;", 200, 501 },
	{ "CWD /", 530, 501 },
	{ "DELE x", 530, 501 },
	{ "EPRT |1|127.0.0.1|2000|", 530, 501 },
	{ "EPSV", 530, 229 },
	{ "FEAT", 211, 211 },
	{ "HASH x", 530, 501 },
	{ "HELP", 214, 214 },
	{ "LANG EN", 200, 200 },
	{ "LIST", 530, 425 },
	{ "LPRT 4", 502, 502 },
	{ "LPSV", 502, 502 },
	{ "MDTM x", 530, 501 },
	{ "MFF UNIX.mode=600; x", 530, 501 },
	{ "MFMT 20200101000000 x", 530, 501 },
	{ "MKD x", 530, 501 },
	{ "MLSD", 530, 425 },
	{ "MLST", 530, 250 },
	{ "MODE S", 200, 501 },
	{ "NLST", 530, 425 },
	{ "NOOP", 200, 200 },
	{ "OPTS UTF8 ON", 200, 501 },
	{ "PASV", 530, 227 },
	{ "P@SW", 530, 227 },
	{ "PORT 127,0,0,1,8,0", 530, 501 },
	{ "PWD", 530, 257 },
	{ "RANG 0 1", 530, 501 },
	{ "REST 0", 530, 501 },
	{ "RETR x", 530, 501 },
	{ "RMD x", 530, 501 },
	{ "RNFR x", 530, 501 },
	{ "RNTO x", 530, 501 },
	{ "SITE HELP", 530, 501 },
	{ "SIZE x", 530, 501 },
	{ "STAT", 211, 211 },
	{ "STOR x", 530, 501 },
	{ "STOU", 530, 425 },
	{ "STRU F", 200, 501 },
	{ "SYST", 215, 215 },
	{ "TYPE I", 200, 501 },
	{ "XCUP", 530, 250 },
	{ "XCWD /", 530, 501 },
	{ "XMKD x", 530, 501 },
	{ "XPWD", 530, 257 },
	{ "XRMD x", 530, 501 },
};

static void
verb_of(char *verb, size_t size, const char *line)
{
	snprintf(verb, size, "%.*s", (int)strcspn(line, " "), line);
}

static void
test_before_login(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		EXPECT(&c, commands[i].before, "%s", commands[i].line);
	/* The same between USER and PASS. */
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 530, "CWD /");
	EXPECT(&c, 530, "STAT /");
	EXPECT(&c, 230, "PASS anna-pass");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_missing_arguments(void)
{
	struct server s;
	struct ftp c;
	char verb[16];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 425, "LIST");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		verb_of(verb, sizeof(verb), commands[i].line);
		EXPECT(&c, commands[i].bare, "%s", verb);
		/* Each row starts from a clean state. */
		EXPECT(&c, 501, "PORT nowhere");
		EXPECT(&c, 250, "CWD /home/anna");
	}
	/* A single blank is not an argument. */
	EXPECT(&c, 501, "CWD ");
	EXPECT(&c, 501, "MKD   ");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_superfluous_arguments(void)
{
	static const struct {
		const char *verb;
		int code;
	} rows[] = {
		{ "PWD", 257 }, { "XPWD", 257 }, { "SYST", 215 },
		{ "FEAT", 211 }, { "PASV", 227 }, { "NOOP", 200 },
		{ "ABOR", 226 }, { "CDUP", 250 }, { "QUIT", 221 },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT(&c, rows[i].code, "%s something", rows[i].verb);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_bad_arguments(void)
{
	static const struct {
		int code;
		const char *line;
	} rows[] = {
		{ 501, "TYPE X" }, { 504, "TYPE E" }, { 504, "TYPE L 7" },
		{ 504, "TYPE A C" }, { 501, "MODE X" }, { 504, "MODE B" },
		{ 504, "MODE C" }, { 501, "MODE SS" }, { 504, "STRU R" },
		{ 504, "STRU P" }, { 501, "STRU X" }, { 501, "REST x" },
		{ 501, "REST -1" }, { 501, "REST +1" }, { 501, "REST 1x" },
		{ 501, "REST 9223372036854775808" }, { 501, "ALLO x" },
		{ 501, "ALLO -1" }, { 501, "ALLO 10 R" },
		{ 501, "ALLO 10 X 5" }, { 501, "ALLO 10 R x" },
		{ 501, "ALLO 10 R 5 6" }, { 501, "PORT 1,2,3,4,5" },
		{ 501, "PORT 1,2,3,4,5,6,7" }, { 501, "PORT 256,0,0,1,8,0" },
		{ 501, "PORT 127,0,0,1,8,256" }, { 501, "PORT x" },
		{ 501, "PORT 127,0,0,1,-8,0" }, { 501, "EPRT x" },
		{ 501, "EPRT |1|127.0.0.1|70000|" }, { 501, "EPRT ||||" },
		{ 501, "EPRT |1|localhost|2000|" },
		{ 522, "EPRT |3|127.0.0.1|2000|" }, { 522, "EPSV 2" },
		{ 522, "EPSV 7" }, { 501, "EPSV x" }, { 501, "OPTS NOPE" },
		{ 501, "MFMT 2020 x" }, { 501, "MFMT 20201301000000 x" },
		{ 501, "MFMT 20200101000000" }, { 550, "MDTM missing" },
		{ 550, "SIZE missing" }, { 504, "SITE NOPE" },
		{ 501, "SITE CHMOD" }, { 501, "SITE CHMOD 999 x" },
		{ 501, "SITE CHMOD 644" }, { 501, "SITE CHMOD 77777 x" },
		{ 501, "SITE UMASK 888" }, { 501, "SITE UMASK 7777" },
		{ 503, "RNTO x" },
		{ 504, "LANG FR" }, { 503, "HOST ftp.example.org" },
		{ 550, "AVBL missing" }, { 502, "ADAT eA==" },
		{ 502, "MFCT 20200101000000 x" }, { 502, "PRET LIST" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT(&c, rows[i].code, "%s", rows[i].line);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* Around arguments that are no names, as by ProFTPD; a name may have them. */
static void
test_blanks_around_arguments(void)
{
	static const struct {
		int code;
		const char *line;
	} rows[] = {
		{ 200, "TYPE I " }, { 200, "TYPE  A N  " },
		{ 200, "TYPE  L 8" },
		{ 200, "MODE S " }, { 200, "STRU  F" }, { 200, "ALLO 10 " },
		{ 200, "OPTS UTF8 ON " }, { 200, "OPTS  UTF8 ON" },
		{ 200, "TYPE I" }, { 350, "REST 0 " }, { 350, "REST  0" },
		{ 350, "RANG 1 2 " }, { 200, "PORT  127,0,0,1,200,1 " },
		{ 200, "EPRT |1|127.0.0.1|51201| " }, { 229, "EPSV 1 " },
		{ 200, "SITE UMASK 022 " }, { 200, "SITE IDLE  60 " },
		{ 200, "LANG EN " }, { 214, "HELP  RETR " },
		{ 214, "HELP  " }, { 501, "TYPE  " }, { 504, "TYPE L 7 " },
		{ 550, "CWD  d" }, { 550, "CWD d " }, { 250, "CWD d" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", "/home/anna/d", 0755);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT(&c, rows[i].code, "%s", rows[i].line);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER anna ");
	EXPECT(&c, 530, "PASS anna-pass");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_unknown_commands(void)
{
	static const char *const lines[] = { "XYZZY", "RETRX x", "RET",
		"CWD\t/", "\"", "%s%n%s", "AUTHENTICATE", "site2" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		EXPECT(&c, 500, "%s", lines[i]);
	EXPECT(&c, 500, " NOOP");
	EXPECT(&c, 502, "SMNT x");
	/* Verbs are case-insensitive. */
	EXPECT(&c, 257, "pwd");
	EXPECT(&c, 200, "tYpE i");
	ftp_close(&c);
	server_stop(&s);
}

/* RETR f sends this many bytes.  Clients take the size from the 150. */
static void
check_sends(struct ftp *c, size_t bytes)
{
	char data[8], text[80];

	snprintf(text, sizeof(text), "150 Opening BINARY mode data connection "
		"for f (%zu bytes).", bytes);
	CHECK_NUMBER(ftp_start(c, "RETR f"), 150);
	CHECK_TEXT(c->text, text);
	CHECK_NUMBER(ftp_data_read(c, data, sizeof(data)), bytes);
	CHECK_NUMBER(ftp_finish(c), 226);
}

/* No commands, and nothing that a reply could be missed for. */
static void
test_empty_lines(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	files_write_as("anna", "/home/anna/f", "0123", 4);
	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_send_text(&c, "\r\nUSER anna\r\n\r\n");
	EXPECT_REPLY(&c, 331);
	ftp_send_text(&c, "\n\nPASS anna-pass\r\n\n");
	EXPECT_REPLY(&c, 230);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 350, "REST 2");
	ftp_send_text(&c, "\r\n");
	check_sends(&c, 2);
	ftp_close(&c);
	server_stop(&s);
}

/* A client that asks for the size after REST wants the same part, also if it
 * may not know the size. */
static void
test_refused_after_rest(void)
{
	static const struct {
		const char *refused;
		int code;
		size_t bytes;
	} cases[] = {
		{ "SIZE f", 550, 2 }, { "MDTM f", 550, 2 }, { "TYPE", 501, 2 },
		{ "REST", 501, 4 }, { "REST x", 501, 4 }, { "RANG", 501, 4 },
		{ "TYPO", 500, 4 },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.permissions=er") || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "0123", 4);
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT(&c, 350, "REST 2");
		EXPECT(&c, cases[i].code, "%s", cases[i].refused);
		check_sends(&c, cases[i].bytes);
	}
	ftp_close(&c);
	server_stop(&s);
}

/* Rule R15: a web browser that is tricked into connecting is disconnected
 * immediately. */
static void
test_stranger_protocols(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_send_text(&c, "POST / HTTP/1.1\r\nHost: x\r\n\r\nUSER anna\r\n"
			  "PASS anna-pass\r\nMKD made\r\n");
	EXPECT_REPLY(&c, 500);
	while (ftp_reply(&c) > 0)
		CHECK_SAYS(c.code >= 400, "it got %s", c.text);
	CHECK(c.code == 0);
	ftp_close(&c);
	CHECK(!files_exist("/home/anna/made"));
	CHECK_LOGGED(0, "warning session=1 *the client sent POST, which is a "
		"command of HTTP or SMTP");
	/* A few unknown commands are allowed, but not many. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	for (int i = 0; i < 5; i++)
		EXPECT(&c, 500, "TYPO%d", i);
	EXPECT(&c, 331, "USER anna");
	for (int i = 0; i < 100 && c.code > 0; i++)
		ftp_command(&c, "TYPO%d", i);
	CHECK(c.code == 0);
	CHECK_LOGGED(0, "warning session=2 *10 unknown commands before login");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "before login only commands needed for it are accepted",
		test_before_login },
	{ "a command without its argument gets 501", test_missing_arguments },
	{ "a superfluous argument is ignored, as by vsftpd",
		test_superfluous_arguments },
	{ "bad arguments get a clear refusal and the session goes on",
		test_bad_arguments },
	{ "blanks around arguments that are no names are ignored",
		test_blanks_around_arguments },
	{ "unknown commands get 500, those not served 502",
		test_unknown_commands },
	{ "empty lines have no reply", test_empty_lines },
	{ "commands that are refused between REST and RETR",
		test_refused_after_rest },
	{ "clients of other protocols are disconnected before login",
		test_stranger_protocols },
	CU_TEST_INFO_NULL,
};
