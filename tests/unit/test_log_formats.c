/*
 * test_log_formats.c - the lines of every log, byte for byte, and that clients
 * cannot forge lines or fields.
 */
#include "common/base.h"

#include "common/process/message.h"
#include "daemon/recorder/log_line.h"
#include "daemon/recorder/log_text.h"
#include "daemon/recorder/log_protocol.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"
#include "tests/unit/unit.h"

const char *const unit_name = "log_formats";

#define HOSTILE "/a b\n\x1b[2J\xff\"\\\u202e\u00e9"
#define ESCAPED "/a b\\x0A\\x1B[2J\\xFF\"\\x5C\\xE2\\x80\\xAE\u00e9"
#define QUOTED  "/a b\\x0A\\x1B[2J\\xFF\\x22\\x5C\\xE2\\x80\\xAE\u00e9"

static struct event
sample(enum event_type type)
{
	struct event e = event_new(type);

	setenv("TZ", "UTC0", 1);
	tzset();
	e.wall_ns = 1795228741123456789;
	e.session = 12;
	e.pid = 44;
	e.user = "anna";
	e.role = "session";
	e.path = "/home/anna/f";
	e.bytes = 123;
	e.duration_ms = 10;
	CU_ASSERT_EQUAL(address_parse(&e.peer, "127.0.0.1"), 0);
	CU_ASSERT_EQUAL(address_parse(&e.local, "::1"), 0);
	address_set_port(&e.local, 990);
	return e;
}

static void
check(log_format *format, const struct event *e, const char *expected)
{
	char storage[LOG_LINE_MAX];
	struct buffer line;

	log_line_begin(&line, storage, sizeof(storage));
	CU_ASSERT_TRUE(format(&line, e));
	CU_ASSERT_STRING_EQUAL(buffer_text(&line), expected);
}

static void
check_none(log_format *format, const struct event *e)
{
	char storage[LOG_LINE_MAX];
	struct buffer line;

	log_line_begin(&line, storage, sizeof(storage));
	CU_ASSERT_FALSE(format(&line, e));
	CU_ASSERT_EQUAL(line.len, 0);
}

static void
in_text(const struct event *e, const char *expected)
{
	check(log_text_format, e, expected);
}

#define WHO " session=12 peer=127.0.0.1 user=anna "

static void
test_text_session(void)
{
	struct event e = sample(EVENT_connect);

	e.user = "";
	in_text(&e, "info session=12 peer=127.0.0.1 connected to ::1 port 990");
	e = sample(EVENT_refuse);
	e.user = "";
	e.text = "x";
	in_text(&e, "warning session=12 peer=127.0.0.1 connection refused: x");
	e = sample(EVENT_login);
	in_text(&e, "info" WHO "login, home directory \"/home/anna/f\"");
	e = sample(EVENT_login_failed);
	e.text = "wrong password";
	in_text(&e, "warning" WHO "login failed: wrong password");
	e = sample(EVENT_disconnect);
	e.code = OUTCOME_IDLE;
	e.duration_ms = 61005;
	in_text(&e, "info" WHO "session ended: idle timeout after 61.005 s");
	e.code = -1;
	e.duration_ms = -1;
	in_text(&e, "info" WHO "session ended: unknown after 0.000 s");
}

static void
test_text_transfers(void)
{
	struct event e = sample(EVENT_download);

	in_text(&e, "info" WHO "download of \"/home/anna/f\" complete, "
		"123 bytes in 0.010 s");
	e.ascii = 'a';
	e.offset = 100;
	e.text = "TLSv1.3, resumed";
	in_text(&e, "info" WHO "download of \"/home/anna/f\" as ASCII from "
		"byte 100 complete, 123 bytes in 0.010 s, TLSv1.3, resumed");
	e = sample(EVENT_upload);
	e.path2 = "STOR";
	e.ok = false;
	e.text = "the disk is full";
	in_text(&e, "info" WHO "upload of \"/home/anna/f\" failed after "
		"123 bytes in 0.010 s: the disk is full");
	e.path2 = "APPE";
	e.text = "";
	in_text(&e, "info" WHO "append to \"/home/anna/f\" failed after "
		"123 bytes in 0.010 s: no reason given");
}

static void
test_text_files(void)
{
	struct event e = sample(EVENT_delete);

	in_text(&e, "info" WHO "deleted \"/home/anna/f\"");
	e.ok = false;
	e.text = "gone";
	in_text(&e, "info" WHO "could not delete \"/home/anna/f\": gone");
	e = sample(EVENT_mkdir);
	in_text(&e, "info" WHO "created directory \"/home/anna/f\"");
	e = sample(EVENT_rmdir);
	in_text(&e, "info" WHO "removed directory \"/home/anna/f\"");
	e = sample(EVENT_rename);
	e.path2 = "/g";
	in_text(&e, "info" WHO "renamed \"/home/anna/f\" to \"/g\"");
	e = sample(EVENT_chmod);
	e.code = 0640;
	in_text(&e, "info" WHO "changed mode of \"/home/anna/f\" to 0640");
	e = sample(EVENT_mtime);
	e.ok = false;
	e.text = "not yours";
	in_text(&e, "info" WHO "could not change modification time of "
		"\"/home/anna/f\": not yours");
}

static void
test_text_rest(void)
{
	struct event e = sample(EVENT_message);

	e.session = 0;
	e.user = "";
	address_clear(&e.peer);
	e.level = LOG_LEVEL_WARNING;
	e.text = "no account\n_sureftpd";
	in_text(&e, "warning no account\\x0A_sureftpd");
	e.from = EVENT_FROM_GREETER;
	e.role = "greeter";
	e.text = "login failed: x";
	in_text(&e, "warning greeter: login failed: x");
	e = sample(EVENT_violation);
	e.text = "message auth from the greeter: too often";
	in_text(&e, "error" WHO "protocol violation reported by the "
		"session: message auth from the greeter: too often");
	e = sample(EVENT_sandbox);
	e.code = 1000000;
	in_text(&e, "error" WHO
		"blocked system call ? (1000000) of the session");
	e = sample(EVENT_command);
	e.text = "RETR x";
	in_text(&e, "debug" WHO "command: RETR x");
	e = sample(EVENT_reply);
	e.code = 226;
	e.text = "Done.";
	in_text(&e, "debug" WHO "reply: 226 Done.");
}

static void
test_text_hostile(void)
{
	struct event e = sample(EVENT_login_failed);

	e.user = "x\n peer=192.0.2.9 login failed: y\"";
	e.text = "unknown user";
	in_text(&e, "warning session=12 peer=127.0.0.1 user=x\\x0A\\x20peer="
		"192.0.2.9\\x20login\\x20failed:\\x20y\" login failed: "
		"unknown user");
	e = sample(EVENT_delete);
	e.path = HOSTILE;
	in_text(&e, "info" WHO "deleted \"" QUOTED "\"");
	e = sample(EVENT_sandbox);
	e.code = -1;
	e.role = "\n";
	in_text(&e, "error" WHO "blocked system call ? (-1) of the \\x0A");
}

static void
test_protocol(void)
{
	struct event e = sample(EVENT_command);

	e.text = "STOR " HOSTILE;
	check(log_protocol_format, &e, "2026-11-21T02:39:01.123Z sureftpd[44]"
		WHO "command: STOR " ESCAPED);
	e = sample(EVENT_reply);
	e.code = 550;
	e.text = "No.\r\n226 forged";
	check(log_protocol_format, &e, "2026-11-21T02:39:01.123Z sureftpd[44]"
		WHO "reply: 550 No.\\x0D\\x0A226 forged");
	e = sample(EVENT_download);
	check_none(log_protocol_format, &e);
	e = sample(EVENT_login_failed);
	check_none(log_protocol_format, &e);
}

static void
test_masking(void)
{
	static const char *const lines[][2] = {
		{ "PASS secret", "PASS ****" },
		{ "pAsS secret", "PASS ****" },
		{ "PASSsecret", "PASS ****" },
		{ " \t\xff\x01""Pass\tsecret", "PASS ****" },
		{ "acct secret", "ACCT ****" },
		{ "PASS ****", "PASS ****" },
		{ "PAS secret", "PAS secret" },
		{ "PASV", "PASV" },
		{ "", "" },
		{ "PA", "PA" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		BUFFER(line, 64);
		log_line_command(&line, lines[i][0]);
		CU_ASSERT_STRING_EQUAL(buffer_text(&line), lines[i][1]);
	}
}

#define CLIENT ": Client \"127.0.0.1\", "
#define VSFTPD "Sat Nov 21 02:39:01 2026 [pid 44] "

static void
vsftpd(const struct event *e, const char *expected)
{
	check(log_vsftpd_format, e, expected);
}

/* The expected lines are what vsftpd 3.0.3 writes. */
static void
test_vsftpd_session(void)
{
	struct event e = sample(EVENT_connect);

	e.user = "";
	vsftpd(&e, VSFTPD "CONNECT: Client \"127.0.0.1\"");
	e = sample(EVENT_refuse);
	e.text = "too many sessions.";
	vsftpd(&e, VSFTPD "CONNECT: Client \"127.0.0.1\", "
		"\"Connection refused: too many sessions.\"");
	e = sample(EVENT_login);
	vsftpd(&e, VSFTPD "[anna] OK LOGIN: Client \"127.0.0.1\"");
	e = sample(EVENT_login_failed);
	vsftpd(&e, VSFTPD "[anna] FAIL LOGIN: Client \"127.0.0.1\"");
	e.user = "";
	vsftpd(&e, VSFTPD "FAIL LOGIN: Client \"127.0.0.1\"");
	e.user = "x] OK LOGIN: Client \"192.0.2.9\"\n";
	vsftpd(&e, VSFTPD "[x\\x5D\\x20OK\\x20LOGIN:\\x20Client\\x20\\x22"
		"192.0.2.9\\x22\\x0A] FAIL LOGIN: Client \"127.0.0.1\"");
	e = sample(EVENT_disconnect);
	check_none(log_vsftpd_format, &e);
	e = sample(EVENT_mtime);
	check_none(log_vsftpd_format, &e);
	e = sample(EVENT_command);
	check_none(log_vsftpd_format, &e);
}

static void
test_vsftpd_files(void)
{
	struct event e = sample(EVENT_download);

	e.path = "/home/a b.txt";
	vsftpd(&e, VSFTPD "[anna] OK DOWNLOAD: Client \"127.0.0.1\", "
		"\"/home/a b.txt\", 123 bytes, 12.01Kbyte/sec");
	e = sample(EVENT_upload);
	e.ok = false;
	e.bytes = 0;
	e.duration_ms = 0;
	vsftpd(&e, VSFTPD "[anna] FAIL UPLOAD: Client \"127.0.0.1\", "
		"\"/home/anna/f\", 0.00Kbyte/sec");
	e = sample(EVENT_delete);
	vsftpd(&e, VSFTPD "[anna] OK DELETE: Client \"127.0.0.1\", "
		"\"/home/anna/f\"");
	e.path = HOSTILE;
	vsftpd(&e, VSFTPD "[anna] OK DELETE: Client \"127.0.0.1\", "
		"\"" QUOTED "\"");
	e = sample(EVENT_mkdir);
	e.ok = false;
	vsftpd(&e, VSFTPD "[anna] FAIL MKDIR" CLIENT "\"/home/anna/f\"");
	e = sample(EVENT_rmdir);
	vsftpd(&e, VSFTPD "[anna] OK RMDIR" CLIENT "\"/home/anna/f\"");
	e = sample(EVENT_rename);
	e.path2 = "/g h";
	vsftpd(&e, VSFTPD "[anna] OK RENAME" CLIENT "\"/home/anna/f /g h\"");
	e = sample(EVENT_chmod);
	e.code = 0640;
	vsftpd(&e, VSFTPD "[anna] OK CHMOD" CLIENT "\"/home/anna/f 640\"");
}

static void
test_xferlog(void)
{
	struct event e = sample(EVENT_download);

	check(log_xferlog_format, &e, "Sat Nov 21 02:39:01 2026 1 127.0.0.1 "
		"123 /home/anna/f b _ o r anna ftp 0 * c");
	e.user = "anonymous";
	check(log_xferlog_format, &e, "Sat Nov 21 02:39:01 2026 1 127.0.0.1 "
		"123 /home/anna/f b _ o a anonymous ftp 0 * c");
	e = sample(EVENT_upload);
	e.ascii = 'a';
	e.ok = false;
	e.bytes = INT64_MAX;
	e.duration_ms = 61999;
	e.path = HOSTILE;
	e.user = "a b\n";
	CU_ASSERT_EQUAL(address_parse(&e.peer, "2001:db8::1"), 0);
	check(log_xferlog_format, &e, "Sat Nov 21 02:39:01 2026 61 "
		"2001:db8::1 9223372036854775807 /a_b__[2J_\"\\___\u00e9 "
		"a _ i r a_b_ ftp 0 * i");
	e.path = e.user = "";
	address_clear(&e.peer);
	check(log_xferlog_format, &e, "Sat Nov 21 02:39:01 2026 61 - "
		"9223372036854775807 _ a _ i r _ ftp 0 * i");
	e = sample(EVENT_delete);
	check_none(log_xferlog_format, &e);
}

static void
test_times(void)
{
	BUFFER(line, 256);

	log_line_utc(&line, 0);
	log_line_utc(&line, -1);
	log_line_utc(&line, INT64_MAX);
	CU_ASSERT_STRING_EQUAL(buffer_text(&line), "1970-01-01T00:00:00.000Z"
		"1970-01-01T00:00:00.000Z2262-04-11T23:47:16.854Z");

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	buffer_clear(&line);
	log_line_ctime(&line, 1783296000 * INT64_C(1000000000));
	CU_ASSERT_STRING_EQUAL(buffer_text(&line), "Mon Jul  6 02:00:00 2026");
	buffer_clear(&line);
	log_line_syslog_time(&line, 1795228741 * INT64_C(1000000000));
	CU_ASSERT_STRING_EQUAL(buffer_text(&line), "Nov 21 03:39:01");
}

static void
test_length(void)
{
	static char name[4096];
	struct event e = sample(EVENT_download);
	char storage[LOG_LINE_MAX];
	struct buffer line;

	memset(name, '\xff', sizeof(name) - 1);
	e.path = name;
	log_line_begin(&line, storage, sizeof(storage));
	CU_ASSERT_TRUE(log_vsftpd_format(&line, &e));
	log_line_end(&line);
	CU_ASSERT_PTR_NOT_NULL(strstr(line.data,
		"\\xFF\", 123 bytes, 12.01Kbyte/sec\n"));

	log_line_begin(&line, storage, 100);
	CU_ASSERT_TRUE(log_vsftpd_format(&line, &e));
	log_line_end(&line);
	CU_ASSERT_TRUE(line.len > 80 && line.len < 100);
	CU_ASSERT_STRING_EQUAL(line.data + line.len - 4, "...\n");
	CU_ASSERT_PTR_EQUAL(strchr(line.data, '\n'), line.data + line.len - 1);
}

CU_TestInfo unit_tests[] = {
	{ "text log: sessions and logins", test_text_session },
	{ "text log: transfers", test_text_transfers },
	{ "text log: files and directories", test_text_files },
	{ "text log: messages, violations, blocked calls", test_text_rest },
	{ "text log: clients cannot forge a line or a field",
		test_text_hostile },
	{ "protocol: commands and replies", test_protocol },
	{ "passwords are masked", test_masking },
	{ "vsftpd: connections and logins", test_vsftpd_session },
	{ "vsftpd: files", test_vsftpd_files },
	{ "xferlog", test_xferlog },
	{ "times: GMT, local, out of range", test_times },
	{ "long lines are cut and marked", test_length },
	CU_TEST_INFO_NULL,
};
