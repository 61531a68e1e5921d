/*
 * suite_messages.c - messages configured by the administrator.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "messages";

#define BANNER "/etc/sureftpd/banner"
#define LOGIN  "/etc/sureftpd/login"

static void
write_files(void)
{
	files_write_text(BANNER, "Welcome, %a.\n\n220 Be nice.\n");
	files_write_text(LOGIN, "Hello %u,\nyou are in %w.\n");
	CHECK(chmod(BANNER, 0644) == 0 && chmod(LOGIN, 0644) == 0);
}

static void
test_defaults(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 FTP server ready.");
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	CHECK_TEXT(c.text, "530 Login incorrect.");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_TEXT(c.text, "230 Login successful.");
	/* The version is not shown by default. */
	EXPECT(&c, 211, "STAT");
	CHECK_LACKS(c.text, "sureftpd");
	EXPECT(&c, 214, "HELP");
	CHECK_LACKS(c.text, "sureftpd");
	EXPECT(&c, 221, "QUIT");
	CHECK_TEXT(c.text, "221 Goodbye.");
	ftp_close(&c);
	server_stop(&s);
}

/* The same for every reason. */
static void
check_denied(const char *user, const char *password)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_HAS(c.text, "220 20");
	CHECK_HAS(c.text, " UTC");
	CHECK_NUMBER(ftp_login(&c, user, password), 530);
	CHECK_TEXT(c.text, "530-No.\n530 Ask 127.0.0.1 or  for help.");
	ftp_close(&c);
}

static void
test_texts(void)
{
	struct server s;
	struct ftp c, second;

	if (!SERVER(&s, "server.banner=At %s\\nsureftpd %v",
		"server.msg_denied=No.\\nAsk %s or %u for help.",
		"server.msg_full=Full: %a.", "limits.max_clients=1",
		"session.msg_quit=Bye %u, it is %t.",
		"user bert.msg_quit=So long, %u.",
		"group team.msg_login=Team of %u at %w."))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220-At 127.0.0.1\n220 sureftpd "
		PACKAGE_VERSION);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_TEXT(c.text, "230 Team of anna at /home/anna.");
	CHECK_NUMBER(ftp_connect(&second), 421);
	CHECK_TEXT(second.text, "421 Full: 127.0.0.1.");
	ftp_close(&second);
	EXPECT(&c, 221, "QUIT");
	CHECK_HAS(c.text, "221 Bye anna, it is 20");
	CHECK_HAS(c.text, " UTC.");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "server.banner=%t",
		"server.msg_denied=No.\\nAsk %s or %u for help.",
		"user bert.msg_quit=So long, %u. \\\\n \\x"))
		return;
	check_denied("anna", "wrong");
	check_denied("nobody-here", "x");
	check_denied("carl", "carl-pass");
	check_denied("root", "rootpass");
	if (!ftp_enter(&c, "bert"))
		return;
	EXPECT(&c, 221, "QUIT");
	CHECK_TEXT(c.text, "221 So long, bert. \\n \\x");
	ftp_close(&c);
	server_stop(&s);
}

/* RFC 959 4.2: a reply has a text.  Apache Commons Net refuses "220 ". */
static void
test_empty(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "server.banner=", "session.msg_login=",
		"session.msg_quit=%w"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 OK.");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_TEXT(c.text, "230 OK.");
	EXPECT(&c, 221, "QUIT");
	CHECK_TEXT(c.text, "221 /home/anna");
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 221, "QUIT");
	CHECK_TEXT(c.text, "221 OK.");
	ftp_close(&c);
	server_stop(&s);
}

/* Workers forked before the reload are used first. */
static bool
greets_anew(void *context UNUSED)
{
	struct ftp c;
	bool is_new = ftp_connect(&c) == 220 &&
		strcmp(c.text, "220 Changed.") == 0;

	ftp_close(&c);
	return is_new;
}

static void
test_files(void)
{
	struct server s;
	struct ftp c;

	write_files();
	if (!SERVER(&s, "server.banner_file=" BANNER,
		"session.msg_login_file=" LOGIN, "user bert.msg_login_file=",
		"user bert.msg_login=Hi.", "user anna.msg_quit_file=" BANNER))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220-Welcome, 127.0.0.1.\n220-\n220 220 Be nice.");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_TEXT(c.text, "230-Hello anna,\n230 you are in /home/anna.");
	EXPECT(&c, 221, "QUIT");
	CHECK_HAS(c.text, "221-Welcome, 127.0.0.1.\n");
	ftp_close(&c);
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_TEXT(c.text, "230 Hi.");
	ftp_close(&c);
	/* The text is read at the start and at a reload. */
	files_write_text(BANNER, "Changed.\n");
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_HAS(c.text, "Welcome");
	ftp_close(&c);
	size_t mark = logged_mark();
	logged_reload(&s);
	CHECK(wait_until(greets_anew, NULL, 5000));
	/* A missing file is an error, and the old text is kept. */
	CHECK(unlink(BANNER) == 0);
	mark = logged_mark();
	CHECK(kill(s.pid, SIGHUP) == 0);
	CHECK_LOGGED(mark, "error *banner_file: " BANNER
		": No such file or directory");
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_TEXT(c.text, "220 Changed.");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_directory_messages(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.directory_message=.message",
		"user bert.directory_message="))
		return;
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_mkdir_as("anna", "/home/anna/secret", 0755);
	files_write_as("anna", "/home/anna/.message", "At home, %u.\n", 13);
	files_write_as("anna", "/home/anna/d/.message", "In d.\n", 6);
	/* Read with the user's rights only. */
	files_write_text("/home/anna/secret/.message", "root's\n");
	CHECK(chmod("/home/anna/secret/.message", 0600) == 0);
	files_write_as("bert", "/home/bert/.message", "no\n", 3);
	for (int session = 0; session < 2; session++) {
		if (!ftp_enter(&c, "anna"))
			return;
		CHECK_TEXT(c.text, "230-At home, anna.\n"
			"230 Login successful.");
		EXPECT(&c, 250, "CWD d");
		CHECK_TEXT(c.text, "250-In d.\n250 Directory changed.");
		EXPECT(&c, 250, "CDUP");
		CHECK_TEXT(c.text, "250 Directory changed.");
		EXPECT(&c, 250, "CWD secret");
		CHECK_TEXT(c.text, "250 Directory changed.");
		EXPECT(&c, 250, "CWD ../d");
		CHECK_TEXT(c.text, "250 Directory changed.");
		ftp_close(&c);
	}
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_TEXT(c.text, "230 Login successful.");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "defaults do not show the version", test_defaults },
	{ "texts for all, for groups and for users, with tokens",
		test_texts },
	{ "an empty text is not sent as one", test_empty },
	{ "texts from files, read again at a reload", test_files },
	{ "directory messages", test_directory_messages },
	CU_TEST_INFO_NULL,
};
