/*
 * suite_logs.c - the contents of the logs, and what must not be in them (rule
 * R22).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

const char *const functional_name = "logs";

#define VSFTPD "/var/log/vsftpd.log"
#define XFERLOG "/var/log/xferlog"
#define PROTOCOL "/var/log/protocol.log"

static bool
start_with_logs(struct server *s)
{
	return SERVER(s, "log.vsftpd_file=" VSFTPD,
		"log.xferlog_file=" XFERLOG, "log.protocol=" PROTOCOL);
}

static void
test_text(void)
{
	static const char *const parts[] = {
		"connected to 127.0.0.1 port 21",
		"user=anna login, home directory \"/home/anna\"",
		"user=anna upload of \"/home/anna/f g\" complete, 4 bytes in "
			"0.* s",
		"user=anna download of \"/home/anna/f g\" complete, 4 bytes in "
			"0.* s",
		"user=anna download of \"/home/anna/missing\" failed after 0 "
			"bytes in 0.* s: No such file or directory",
		"user=anna renamed \"/home/anna/f g\" to \"/home/anna/h\"",
		"user=anna changed mode of \"/home/anna/h\" to 0600",
		"user=anna changed modification time of \"/home/anna/h\"",
		"user=anna created directory \"/home/anna/d\"",
		"user=anna removed directory \"/home/anna/d\"",
		"user=anna could not create directory \"/etc/d\": Permission "
			"denied",
		"user=anna could not remove directory \"/home/anna/missing\": "
			"No such file or directory",
		"user=anna could not remove directory \"/etc\": Permission "
			"denied",
		"user=anna deleted \"/home/anna/h\"",
		"user=anna session ended: quit after 0.* s" };
	struct server s;
	struct ftp c;
	size_t len;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	ftp_put(&c, "four", 4, "STOR f g");
	free(ftp_get(&c, &len, "RETR f g"));
	EXPECT(&c, 550, "RETR missing");
	EXPECT(&c, 350, "RNFR f g");
	EXPECT(&c, 250, "RNTO h");
	EXPECT(&c, 200, "SITE CHMOD 600 h");
	EXPECT(&c, 213, "MFMT 20010203040506 h");
	EXPECT(&c, 257, "MKD d");
	EXPECT(&c, 250, "RMD d");
	EXPECT(&c, 550, "MKD /etc/d");
	EXPECT(&c, 550, "SITE RMDIR missing");
	EXPECT(&c, 550, "SITE RMDIR /etc");
	EXPECT(&c, 250, "DELE h");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 %s", parts[i]);
	server_stop(&s);
}

static void
test_cut_removal(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_list_entries=100") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE MKDIR d");
	for (int i = 0; i <= 100; i++)
		EXPECT(&c, 257, "MKD d/%d", i);
	EXPECT(&c, 550, "SITE RMDIR d");
	CHECK_LOGGED(0, "*could not remove directory \"/home/anna/d\": More "
		"entries than max_list_entries");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_protocol(void)
{
	struct server s;
	struct ftp c;

	if (!start_with_logs(&s))
		return;
	ftp_connect(&c);
	CHECK_NUMBER(ftp_login(&c, "bert", "wrong-secret"), 530);
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 230, "pAsS anna-pass");
	EXPECT(&c, 202, "ACCT also-secret");
	EXPECT(&c, 550, "CWD missing");
	/* Arguments of misspelt commands, which may be passwords, are
	 * masked. */
	EXPECT(&c, 500, "PASS\tmistyped-secret");
	EXPECT(&c, 500, "PASSmistyped-secret");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK_FILE(PROTOCOL, "command: USER anna");
	CHECK_FILE(PROTOCOL, "command: CWD missing");
	CHECK_FILE(PROTOCOL, "reply: 550 ");
	CHECK_FILE(PROTOCOL, "reply: 221 Goodbye.");
	CHECK_FILE(PROTOCOL, "command: PASS ****");
	CHECK_LACKS(files_text(PROTOCOL), "secret");
	CHECK_LACKS(files_text(PROTOCOL), "anna-pass");
	server_stop(&s);
	CHECK_LACKS(server_log(), "secret");
	CHECK_LACKS(server_log(), "anna-pass");
}

/* The format that log analysers for vsftpd expect. */
static void
test_vsftpd(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	if (!start_with_logs(&s))
		return;
	check_refused("bert", "wrong", WRONG_PASSWORD);
	ftp_enter(&c, "anna");
	ftp_put(&c, "four", 4, "STOR f");
	free(ftp_get(&c, &len, "RETR f"));
	EXPECT(&c, 250, "DELE f");
	ftp_close(&c);
	CHECK_FILE(VSFTPD, "CONNECT: Client \"127.0.0.1\"\n");
	CHECK_FILE(VSFTPD, "[bert] FAIL LOGIN: Client \"127.0.0.1\"\n");
	CHECK_FILE(VSFTPD, "[anna] OK LOGIN: Client \"127.0.0.1\"\n");
	CHECK_FILE(VSFTPD, "[anna] OK UPLOAD: Client \"127.0.0.1\", "
			   "\"/home/anna/f\", 4 bytes, ");
	CHECK_FILE(VSFTPD, "Kbyte/sec\n");
	CHECK_FILE(VSFTPD, "[anna] OK DOWNLOAD: Client \"127.0.0.1\", "
			   "\"/home/anna/f\", 4 bytes, ");
	CHECK_FILE(VSFTPD, "[anna] OK DELETE: Client \"127.0.0.1\", "
			   "\"/home/anna/f\"\n");
	server_stop(&s);
}

static void
test_xferlog(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	if (!start_with_logs(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	ftp_put(&c, "four", 4, "STOR f");
	EXPECT(&c, 200, "TYPE A");
	free(ftp_get(&c, &len, "RETR f"));
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR g h"), 150);
	ftp_data_send(&c, "12", 2);
	CHECK(files_wait_for_size("/home/anna/g h", 2));
	EXPECT(&c, 426, "ABOR");
	ftp_close(&c);
	CHECK_FILE(XFERLOG, " 1 127.0.0.1 4 /home/anna/f b _ i r anna ftp 0 * "
			    "c\n");
	CHECK_FILE(XFERLOG, " 1 127.0.0.1 4 /home/anna/f a _ o r anna ftp 0 * "
			    "c\n");
	CHECK_FILE(XFERLOG, " 1 127.0.0.1 2 /home/anna/g_h b _ i r anna ftp 0 "
			    "* i\n");
	server_stop(&s);
}

/* Names from the network can neither forge lines nor control terminals. */
static void
test_hostile_names(void)
{
	static const char *const names[] = {
		"esc\x1b[2J", "nel\xc2\x85x", "rtl\xe2\x80\xaex", "\xff\xff",
		"quote\"x", "back\\slash", "tab\tx", "csi\x9b?",
	};
	static const char bad[] = "\x1b\x9b\x7f\t\r";
	static const char *const logs[] = { VSFTPD, XFERLOG, PROTOCOL,
		SERVER_ERRORS };
	struct server s;
	struct ftp c;

	if (!start_with_logs(&s))
		return;
	ftp_connect(&c);
	CHECK_NUMBER(ftp_login(&c, "evil\x1b[31m\xe2\x80\xae\x85user", "x"),
		530);
	ftp_close(&c);
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 user=evil\\x1B[31m"
		"\\xE2\\x80\\xAE\\x85user login failed: invalid account name");
	ftp_enter(&c, "anna");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR %s", names[i]), 226);
		EXPECT(&c, 250, "DELE %s", names[i]);
		EXPECT(&c, 500, "X%s", names[i]);
	}
	EXPECT(&c, 257, "MKD last-one");
	ftp_close(&c);
	CHECK_FILE(VSFTPD, "last-one");
	CHECK_FILE(SERVER_ERRORS, "last-one");
	CHECK_FILE(PROTOCOL, "last-one");
	CHECK_FILE(VSFTPD, "esc\\x1B[2J");
	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		const char *text = files_text(logs[i]);
		for (size_t k = 0; bad[k] != '\0'; k++)
			CHECK_SAYS(strchr(text, bad[k]) == NULL,
				"%s holds byte %02x", logs[i],
				(unsigned char)bad[k]);
		CHECK_LACKS(text, "\xe2\x80\xae");
		CHECK_LACKS(text, "\xc2\x85");
	}
	server_stop(&s);
}

static void
test_rotation(void)
{
	struct server s;
	struct ftp c;

	if (!start_with_logs(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD one");
	CHECK_FILE(VSFTPD, "/home/anna/one");
	/* Like logrotate with "create". */
	CHECK(rename(VSFTPD, VSFTPD ".1") == 0);
	CHECK(files_write_as("_sureftpdlog", VSFTPD, "", 0));
	/* The recorder checks once per second; there is no event to wait
	 * for. */
	wait_for_time(1200);
	EXPECT(&c, 257, "MKD two");
	CHECK_FILE(VSFTPD, "/home/anna/two");
	CHECK_LACKS(files_text(VSFTPD), "/home/anna/one");
	CHECK_HAS(files_text(VSFTPD ".1"), "/home/anna/one");
	ftp_close(&c);
	server_stop(&s);
}

/* In its own directory the recorder creates the new file itself. */
static void
test_rotation_by_name_only(void)
{
	static const char log[] = "/var/log/ftp/vsftpd.log";
	struct server s;
	struct ftp c;

	CHECK(files_mkdir_as("_sureftpdlog", "/var/log/ftp", 0750));
	if (!SERVER(&s, "log.vsftpd_file=/var/log/ftp/vsftpd.log") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD one");
	CHECK_FILE(log, "/home/anna/one");
	CHECK(rename(log, "/var/log/ftp/old") == 0);
	wait_for_time(1200);	/* the same */
	EXPECT(&c, 257, "MKD two");
	CHECK_FILE(log, "/home/anna/two");
	CHECK_LACKS(files_text("/var/log/ftp/old"), "/home/anna/two");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_file_modes(void)
{
	static const char *const logs[] = { VSFTPD, XFERLOG, PROTOCOL };
	struct server s;
	struct ftp c;
	struct stat st = { 0 };

	if (!start_with_logs(&s) || !ftp_enter(&c, "anna"))
		return;
	ftp_put(&c, "x", 1, "STOR f");
	ftp_close(&c);
	CHECK_FILE(XFERLOG, "anna");
	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		CHECK(stat(logs[i], &st) == 0);
		CHECK_SAYS((st.st_mode & 0137) == 0, "%s has mode %o",
			logs[i], st.st_mode & 07777);
		CHECK_SAYS(st.st_uid == 902, "%s belongs to %u", logs[i],
			st.st_uid);
	}
	server_stop(&s);
	/* A second start appends to them. */
	if (!start_with_logs(&s))
		return;
	server_stop(&s);
	CHECK_FILE(XFERLOG, "/home/anna/f");
}

static void
test_level(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "log.level=warning"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 user=anna login "
		"failed: " WRONG_PASSWORD);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
	CHECK_LACKS(server_log(), "home directory");
}

static void
test_syslog(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX,
		.sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct timeval t = { .tv_sec = 5 };
	struct server s;
	struct ftp c;
	char text[4096];
	bool seen = false;

	CHECK(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	CHECK(chmod("/dev/log", 0666) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	if (SERVER(&s, "log.destination=syslog")) {
		ftp_enter(&c, "anna");
		ftp_close(&c);
		for (int i = 0; i < 100 && !seen; i++) {
			ssize_t n = recv(fd, text, sizeof(text) - 1, 0);
			if (n <= 0)
				break;
			text[n] = '\0';
			/* ftp.info */
			seen = strncmp(text, "<94>", 4) == 0 &&
				strstr(text, "sureftpd[") != NULL &&
				strstr(text, "user=anna") != NULL;
		}
		CHECK_SAYS(seen, "no line of the login came");
		server_stop(&s);
	}
	close(fd);
	unlink("/dev/log");
}

CU_TestInfo functional_tests[] = {
	{ "the text log has a line for each operation", test_text },
	{ "a removal that ends at its limit", test_cut_removal },
	{ "the protocol log masks passwords", test_protocol },
	{ "vsftpd's format", test_vsftpd },
	{ "xferlog's format", test_xferlog },
	{ "hostile names are escaped in all logs", test_hostile_names },
	{ "a rotated file is reopened", test_rotation },
	{ "a file that was renamed is created again",
		test_rotation_by_name_only },
	{ "log files are owned by the recorder and not world-readable",
		test_file_modes },
	{ "less urgent messages than the level are not logged", test_level },
	{ "lines are sent to syslog", test_syslog },
	CU_TEST_INFO_NULL,
};
