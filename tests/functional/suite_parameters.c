/*
 * suite_parameters.c - HELP, FEAT, TYPE, REIN, SITE and similar commands, and
 * how they are disabled.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <utime.h>

const char *const functional_name = "parameters";

static void
test_help(void)
{
	static const char *const verbs[] = { "ABOR", "ACCT", "ALLO", "APPE",
		"CDUP", "CWD", "DELE", "EPRT", "EPSV", "FEAT", "HELP", "LIST",
		"MDTM", "MFMT", "MKD", "MLSD", "MLST", "MODE", "NLST", "NOOP",
		"OPTS", "PASS", "PASV", "PORT", "PWD", "QUIT", "REIN", "REST",
		"RETR", "RMD", "RNFR", "RNTO", "SITE", "SIZE", "STAT", "STOR",
		"STOU", "STRU", "SYST", "TYPE", "USER", "XCUP", "XCWD", "XMKD",
		"XPWD", "XRMD" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 214, "HELP");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		CHECK_HAS(c.text, verbs[i]);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		EXPECT(&c, 214, "HELP %s", verbs[i]);
		CHECK_HAS(c.text, verbs[i]);
		CHECK(strlen(c.text) > 15);
	}
	EXPECT(&c, 214, "HELP SITE");
	CHECK_HAS(c.text, "214-SITE\n");
	EXPECT(&c, 214, "HELP PASS");
	CHECK_HAS(c.text, "214 PASS <password>: sends the password.");
	EXPECT(&c, 501, "HELP NOPE");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_feat(void)
{
	static const char *const lines[] = { "\n EPRT\n", "\n EPSV\n",
		"\n MDTM\n", "\n MFMT\n", "\n MLST type*;size*;modify*;",
		"\n REST STREAM\n", "\n SIZE\n", "\n TVFS\n", "\n UTF8\n" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 211, "FEAT");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		CHECK_HAS(c.text, lines[i]);
	/* Without a certificate nothing announces TLS. */
	CHECK_LACKS(c.text, "AUTH");
	CHECK_LACKS(c.text, "PROT");
	EXPECT(&c, 200, "OPTS MLST Size;Type;Nonsense;");
	CHECK_HAS(c.text, "MLST OPTS");
	CHECK_LACKS(c.text, "onsense");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "size*;");
	CHECK_HAS(c.text, "modify;");
	EXPECT(&c, 200, "OPTS MLST");
	ftp_close(&c);
	server_stop(&s);
}

static bool
enter_with(struct server *s, struct ftp *c, const char *option)
{
	if (!SERVER(s, option) || !ftp_enter(c, "anna"))
		return false;
	EXPECT(c, 211, "FEAT");
	return true;
}

/* FEAT has only what this session may use. */
static void
test_feat_is_true(void)
{
	static const struct {
		const char *option, *has, *lacks;
	} rows[] = {
		{ "session.permissions=elr", "\n MLST ", "MFF" },
		{ "session.permissions=el", "\n MLST ", "REST" },
		{ "session.permissions=ela", "\n REST STREAM\n", "RANG" },
		{ "session.permissions=elw", "\n REST STREAM\n", "RANG" },
		{ "session.permissions=elr", "\n REST STREAM\n", "AUTH" },
		{ "session.permissions=elT", "\n MFF modify;\n",
			"UNIX.group;U" },
		{ "session.permissions=elM",
			"\n MFF UNIX.group;UNIX.mode;\n", "MFF modify" },
		{ "listener.allow_passive=no", "\n EPRT\n", "EPSV" },
		{ "listener.allow_passive=no", "\n EPRT\n", "PASV" },
		{ "listener.allow_active=no", "\n EPSV\n", "EPRT" },
		{ "listener.allow_active=no", "\n PASV\n", "EPRT" },
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!enter_with(&s, &c, rows[i].option))
			return;
		CHECK_HAS(c.text, rows[i].has);
		CHECK_LACKS(c.text, rows[i].lacks);
		ftp_close(&c);
		server_stop(&s);
	}
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect_to(&c, "::1", NULL), 220);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n EPSV\n");
	CHECK_LACKS(c.text, "PASV");
	ftp_close(&c);
	server_stop(&s);
}

/* The file system's free space, to the byte. */
static void
test_free_space(void)
{
	struct server s;
	struct ftp c;
	char text[64];
	struct statvfs fs;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", "/home/anna/small", 0700);
	CHECK(world_mount("/home/anna/small", "size=1m,uid=1001,mode=700"));
	CHECK(statvfs("/home/anna/small", &fs) == 0);
	snprintf(text, sizeof(text), "213 %llu", (unsigned long long)
		fs.f_bavail * fs.f_frsize);
	EXPECT(&c, 213, "AVBL small");
	CHECK_TEXT(c.text, text);
	CHECK_NUMBER(ftp_put(&c, text, sizeof(text), "STOR small/f"), 226);
	EXPECT(&c, 250, "CWD small");
	EXPECT(&c, 213, "AVBL");
	CHECK_LACKS(c.text, text);
	EXPECT(&c, 550, "AVBL f");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n AVBL\n");
	ftp_close(&c);
	server_stop(&s);
}

/* RFC 7151: HOST is only accepted before USER. */
static void
test_host(void)
{
	static const char *const wrong[] = { "a/b", "a b", "[::1", "[]", "[",
		"[127.0.0.1]", "::1", "ftp.example.org:21" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n HOST\n");
	EXPECT(&c, 220, "HOST ftp.example.org");
	EXPECT(&c, 220, "HOST [2001:db8::1]");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT(&c, 501, "HOST %s", wrong[i]);
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 503, "HOST ftp.example.org");
	EXPECT(&c, 230, "PASS anna-pass");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_parameters(void)
{
	static const struct {
		const char *line, *status;
	} rows[] = {
		{ "TYPE I", "TYPE I" }, { "TYPE A", "TYPE A" },
		{ "TYPE L 8", "TYPE I" }, { "TYPE A N", "TYPE A" },
		{ "TYPE i", "TYPE I" }, { "TYPE a n", "TYPE A" },
		{ "TYPE L8", "TYPE I" }, { "TYPE A T", "TYPE A" },
		{ "MODE S", "MODE S" }, { "MODE s", "MODE S" },
		{ "STRU F", "STRU F" }, { "OPTS UTF8 ON", "STRU F" },
		{ "OPTS UTF8 OFF", "STRU F" }, { "OPTS utf8", "STRU F" },
		{ "CLNT small client 1.0", "STRU F" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 211, "STAT");
	CHECK_HAS(c.text, "TYPE A");
	CHECK_HAS(c.text, "anna");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT(&c, 200, "%s", rows[i].line);
		EXPECT(&c, 211, "STAT");
		CHECK_HAS(c.text, rows[i].status);
	}
	EXPECT(&c, 200, "ALLO 100 R 10");
	EXPECT(&c, 202, "ACCT whatever");
	EXPECT(&c, 215, "SYST");
	CHECK_TEXT(c.text, "215 UNIX Type: L8");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_rein(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 502, "REIN");
	CHECK_HAS(c.text, "reconnect to log in as another user");
	EXPECT(&c, 211, "STAT");
	CHECK_HAS(c.text, "Logged in as anna");
	CHECK_HAS(c.text, "TYPE I");
	ftp_close(&c);
	/* Before login it resets USER. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 220, "REIN");
	EXPECT(&c, 503, "PASS anna-pass");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_site(void)
{
	struct server s;
	struct ftp c;
	struct stat st = { 0 };

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 214, "SITE HELP");
	CHECK_HAS(c.text, "CHMOD");
	CHECK_HAS(c.text, "UMASK");
	files_write_as("anna", "/home/anna/a file", "x", 1);
	EXPECT(&c, 200, "SITE CHMOD 640 a file");
	CHECK(stat("/home/anna/a file", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0640);
	EXPECT(&c, 200, "site chmod 0755 a file");
	CHECK(stat("/home/anna/a file", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0755);
	EXPECT(&c, 550, "SITE CHMOD 644 missing");
	EXPECT(&c, 550, "SITE CHMOD 666 /etc/passwd");
	EXPECT(&c, 200, "SITE UMASK 027");
	EXPECT(&c, 200, "SITE UMASK");
	CHECK_HAS(c.text, "027");
	EXPECT(&c, 257, "MKD d");
	CHECK(stat("/home/anna/d", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0750);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_denied_commands(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.commands_denied=dele SITE, MLST noop") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 500, "DELE x");
	EXPECT(&c, 500, "SITE HELP");
	EXPECT(&c, 211, "FEAT");
	CHECK_LACKS(c.text, "MLST");
	EXPECT(&c, 214, "HELP");
	CHECK_LACKS(c.text, "DELE");
	EXPECT(&c, 501, "HELP DELE");
	/* During a transfer it is not answered before queued commands. */
	CHECK_NUMBER(ftp_start(&c, "STOR x"), 150);
	ftp_send_text(&c, "NOOP\r\n");
	CHECK(!ftp_replies_within(&c, 200));
	CHECK_NUMBER(ftp_finish(&c), 226);
	EXPECT_REPLY(&c, 500);
	ftp_close(&c);
	server_stop(&s);
}

/* S77; the refusal names what is not allowed */
static void
test_permission_letters(void)
{
	static const struct {
		char letter;
		const char *line, *operation;
	} rows[] = {
		{ 'e', "CWD /", "enter" }, { 'e', "CDUP", "enter" },
		{ 'e', "XCWD /", "enter" }, { 'l', "LIST", "list" },
		{ 'l', "NLST", "list" }, { 'l', "MLSD", "list" },
		{ 'l', "MLST", "list" }, { 'l', "STAT /", "list" },
		{ 'l', "SIZE f", "list" }, { 'r', "RETR f", "download" },
		{ 'a', "APPE f", "append" }, { 'd', "DELE f", "delete" },
		{ 'd', "RMD d", "delete" }, { 'f', "RNFR f", "rename" },
		{ 'f', "RNTO f", "rename" }, { 'm', "MKD d", "make" },
		{ 'w', "STOR f", "upload" }, { 'w', "STOU", "upload" },
		{ 'M', "SITE CHMOD 600 f", "change file modes" },
		{ 'T', "MFMT 20200101000000 f", "set file times" },
	};
	static const char alphabet[] = "elradfmwMT";
	struct server s;
	struct ftp c;

	for (size_t l = 0; alphabet[l] != '\0'; l++) {
		char option[64];
		snprintf(option, sizeof(option), "session.permissions=%.*s%s",
			(int)l, alphabet, alphabet + l + 1);
		if (!SERVER(&s, option) || !ftp_enter(&c, "anna"))
			return;
		files_write_as("anna", "/home/anna/f", "x", 1);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			if (rows[i].letter != alphabet[l])
				continue;
			EXPECT(&c, 550, "%s", rows[i].line);
			CHECK_HAS(c.text, "550 No permission to ");
			CHECK_HAS(c.text, rows[i].operation);
		}
		CHECK(files_same("/home/anna/f", "x", 1));
		ftp_close(&c);
		server_stop(&s);
	}
}

/* Rule R25.  A zone that only this variable leads to (tzfile(5): one type,
 * 27000 seconds east of Greenwich) is not found, and UTC stands for it. */
static void
test_environment(void)
{
	static const char zone[] = "TZif" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0"
		"\0\0\0\1" "\0\0\0\4" "\0\0\x69\x78\0\0" "OWN";
	time_t now = time(NULL) - 7200;
	const struct utimbuf times = { now, now };
	char text[16], *list;
	struct server s;
	struct ftp c;
	struct tm t;
	size_t len;

	files_write("/home/own", zone, sizeof(zone));
	setenv("TZDIR", "/home", 1);
	setenv("TZ", "own", 1);
	bool started = SERVER(&s, "server.list_times=local");
	unsetenv("TZDIR");
	unsetenv("TZ");
	if (!started || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "", 0);
	CHECK(utime("/home/anna/f", &times) == 0);
	CHECK(gmtime_r(&now, &t) != NULL);
	strftime(text, sizeof(text), " %H:%M f", &t);
	list = ftp_get(&c, &len, "LIST");
	CHECK_HAS(list, text);
	free(list);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "HELP lists every command", test_help },
	{ "FEAT and OPTS MLST agree", test_feat },
	{ "FEAT has only what may be used", test_feat_is_true },
	{ "TYPE, MODE, STRU and OPTS are kept and shown by STAT",
		test_parameters },
	{ "AVBL shows the free space", test_free_space },
	{ "HOST is only accepted before USER", test_host },
	{ "REIN resets before login, and is refused after", test_rein },
	{ "SITE CHMOD and UMASK", test_site },
	{ "denied commands are unknown commands", test_denied_commands },
	{ "each command needs its permission", test_permission_letters },
	{ "the environment of the server's start is ignored",
		test_environment },
	CU_TEST_INFO_NULL,
};
