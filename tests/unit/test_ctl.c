/*
 * test_ctl.c - the output of sureftpctl for a scoreboard: columns, JSON, and
 * escaping of names.
 */
#include "common/base.h"

#include "daemon/control/ctl_status.h"
#include "daemon/control/ctl_who.h"
#include "tests/unit/unit.h"

#include <sys/mman.h>

const char *const unit_name = "ctl";

/* What a function printed; the next call frees it. */
static char *printed;

static struct ctl
printing(bool json)
{
	static size_t size;
	struct ctl c = { .json = json };

	free(printed);
	printed = NULL;
	c.out = open_memstream(&printed, &size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c.out);
	return c;
}

static const char *
who(const struct ctl_board *b, bool json)
{
	struct ctl c = printing(json);

	c.options = CTL_WIDE;
	ctl_who_show(&c, b);
	fclose(c.out);
	return printed;
}

static const char *
status(const struct ctl_board *b, bool json)
{
	struct ctl c = printing(json);

	ctl_status_show(&c, b);
	fclose(c.out);
	return printed;
}

/* One in the clear, one under TLS, one who has not logged in. */
static struct scoreboard_session sessions[3];
static struct scoreboard_listener listeners[2];
static struct ctl_board board;

static void
set(char *to, size_t size, const char *text)
{
	CU_ASSERT_FATAL(strlen(text) < size);
	memcpy(to, text, strlen(text) + 1);
}
#define SET(field, text) set((field), sizeof(field), (text))

static void
make_session(struct scoreboard_session *s, uint64_t number, const char *from)
{
	memset(s, 0, sizeof(*s));
	s->session = number;
	s->age_ms = (int64_t)number * 1000;
	s->monitor = (int32_t)number + 1000;
	CU_ASSERT_EQUAL_FATAL(address_parse(&s->peer, from), 0);
	address_set_port(&s->peer, 50000);
}

static void
make_board(void)
{
	make_session(&sessions[0], 3, "192.0.2.1");
	sessions[0].logged_in = true;
	SET(sessions[0].user, "anna");
	SET(sessions[0].account, "uid 1001");
	make_session(&sessions[1], 20, "2001:db8::1");
	sessions[1].logged_in = true;
	SET(sessions[1].user, "m\xc3\xbcller");
	SET(sessions[1].account, "uid 1002");
	SET(sessions[1].tls.version, "TLSv1.3");
	SET(sessions[1].tls.cipher, "TLS_X");
	sessions[1].known = true;
	sessions[1].doing = PAGE_DOWNLOAD;
	sessions[1].doing_ms = 7000;
	sessions[1].moved = 300;
	sessions[1].offset = 100;
	sessions[1].size = 1000;
	sessions[1].down = 1536;
	sessions[1].up = 999;
	SET(sessions[1].verb, "RETR");
	SET(sessions[1].path, "/a b\n");
	make_session(&sessions[2], 21, "192.0.2.1");
	memset(listeners, 0, sizeof(listeners));
	SET(listeners[0].text, "port 21");
	listeners[0].open = true;
	SET(listeners[1].text, "port 990");
	listeners[1].tls = TLS_IMPLICIT;
	board = (struct ctl_board){ .head = { .version = PACKAGE_VERSION,
		.sessions = 3, .listeners = 2, .tls = true, .pid = 9 },
		.sessions = sessions, .listeners = listeners };
}

static void
test_who(void)
{
	make_board();
	CU_ASSERT_STRING_EQUAL(who(&board, false),
"SESSION  STATE     ACCOUNT  CLIENT               SINCE  TLS      CIPHER  "
"RESUMED  MONITOR  FOR  DOWN  UP   COMMAND\n"
"3        unknown   anna     192.0.2.1:50000      3s     none     -       "
"-        1003     -    -     -    -\n"
"20       download  m\xc3\xbcller   [2001:db8::1]:50000  20s    TLSv1.3  "
"TLS_X   no       1020     7s   1.5k  999  RETR /a b\\x0A 40%\n"
"21       login     -        192.0.2.1:50000      21s    -        -       "
"-        1021     -    -     -    -\n");
	CU_ASSERT_STRING_EQUAL(who(&board, true),
		"{\"session\":3,\"state\":\"session\",\"address\":"
		"\"192.0.2.1\",\"port\":50000,\"seconds\":3,\"monitor\":1003,"
		"\"account\":\"anna\",\"account_key\":\"uid 1001\","
		"\"tls\":null,\"activity\":\"unknown\"}\n"
		"{\"session\":20,\"state\":\"session\",\"address\":"
		"\"2001:db8::1\",\"port\":50000,\"seconds\":20,"
		"\"monitor\":1020,\"account\":\"m\\u00fcller\","
		"\"account_key\":\"uid 1002\","
		"\"tls\":{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_X\","
		"\"resumed\":false},\"activity\":\"download\","
		"\"activity_seconds\":7,\"verb\":\"RETR\","
		"\"path\":\"/a b\\u000a\",\"offset\":100,\"moved\":300,"
		"\"size\":1000,\"down\":1536,\"up\":999,"
		"\"files_down\":0,\"files_up\":0,\"commands\":0,"
		"\"download_rate\":0,\"upload_rate\":0}\n"
		"{\"session\":21,\"state\":\"login\",\"address\":"
		"\"192.0.2.1\",\"port\":50000,\"seconds\":21,"
		"\"monitor\":1021}\n");
	/* An account without a name is shown by its key. */
	SET(sessions[0].user, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(who(&board, false), " uid 1001 "));
	board.head.sessions = 0;
	CU_ASSERT_STRING_EQUAL(who(&board, false), "No sessions.\n");
	CU_ASSERT_STRING_EQUAL(who(&board, true), "");
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static bool
is_tame(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != '\n' && (*text < 0x20 || *text > 0x7e))
			return false;
	return true;
}

/* Names that want to be another line, another column, or a terminal's
 * master; as long as they can be. */
static void
test_hostile_names(void)
{
	static const char *const names[] = {
		"a\n99  session  root", "\033[2J\033]0;x\a", "\xff\xfe\x80",
		"\xc2\x9b\x33\x31m", "\xe2\x80\xae", "\"},{\"x\":\"", "\r\t\b",
	};

	make_board();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		SET(sessions[0].user, names[i]);
		SET(sessions[1].user, "x");
		(void)!snprintf(sessions[1].verb, sizeof(sessions[1].verb),
			"%s", names[i]);
		SET(sessions[1].path, names[i]);
		(void)!snprintf(sessions[1].tls.version,
			sizeof(sessions[1].tls.version), "%s", names[i]);
		SET(sessions[1].tls.cipher, names[i]);
		CU_ASSERT_EQUAL(count_lines(who(&board, false)), 4);
		CU_ASSERT_TRUE(is_tame(printed));
		CU_ASSERT_EQUAL(count_lines(who(&board, true)), 3);
		CU_ASSERT_TRUE(is_tame(printed));
		CU_ASSERT_PTR_NULL(strstr(printed, "\"x\":\"\""));
		CU_ASSERT_EQUAL(count_lines(status(&board, false)), 12);
		CU_ASSERT_TRUE(is_tame(printed));
		CU_ASSERT_EQUAL(count_lines(status(&board, true)), 1);
		CU_ASSERT_TRUE(is_tame(printed));
	}
	memset(sessions[0].user, '\n', sizeof(sessions[0].user) - 1);
	CU_ASSERT_EQUAL(count_lines(who(&board, false)), 4);
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, "\\x0A  192.0.2.1"));
}

static void
test_status(void)
{
	make_board();
	board.head.max_workers = 600;
	SET(board.head.missing_caps, "cap_sys_nice cap_ipc_lock");
	SET(board.head.radius_silent, "192.0.2.1 [::1]:1812");
	status(&board, false);
	CU_ASSERT_PTR_NOT_NULL(strstr(printed,
		"listening     port 21, TLS explicit\n"
		"              port 990, TLS implicit (could not be "
		"opened)\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, "TLS           on; sessions: "
		"1 cleartext, 1 TLSv1.3\n"
		"RADIUS        no answer from 192.0.2.1 [::1]:1812\n"
		"sandbox       none (this kernel has no seccomp)\n"
		"landlock      none (this kernel has none, or only version 1)\n"
		"capabilities  missing cap_sys_nice cap_ipc_lock (not "));
	status(&board, true);
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, "\"listeners\":[{\"listener\":"
		"\"port 21\",\"tls\":\"explicit\",\"open\":true},"
		"{\"listener\":\"port 990\",\"tls\":\"implicit\","
		"\"open\":false}],"));
	CU_ASSERT_PTR_NOT_NULL(strstr(printed, "\"tls_sessions\":"
		"{\"TLSv1.3\":1},\"seccomp\":false,\"landlock\":0,"
		"\"missing_capabilities\":"
		"[\"cap_sys_nice\",\"cap_ipc_lock\"],"
		"\"radius_without_answer\":[\"192.0.2.1\","
		"\"[::1]:1812\"]}\n"));
}

/* A greeter that claims a version of its own for each client. */
static void
test_many_versions(void)
{
	static struct scoreboard_session liars[9];

	make_board();
	for (size_t i = 0; i < ARRAY_SIZE(liars); i++) {
		liars[i] = sessions[1];
		liars[i].tls.version[0] = (char)('a' + i % 6);
	}
	board.sessions = liars;
	board.head.sessions = ARRAY_SIZE(liars);
	CU_ASSERT_PTR_NOT_NULL(strstr(status(&board, false), "0 cleartext, "
		"2 aLSv1.3, 2 bLSv1.3, 2 cLSv1.3, 1 dLSv1.3, 2 other\n"));
}

static int
file_of(const void *data, size_t len)
{
	int fd = memfd_create("board", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(write(fd, data, len), (ssize_t)len);
	return fd;
}

/* Every beginning of a scoreboard, and one whose texts do not end. */
static void
test_reading(void)
{
	struct {
		struct scoreboard head;
		struct scoreboard_session session;
	} good;
	struct ctl_board b;

	memset(&good, 'x', sizeof(good));
	memset(&good.head, 0, sizeof(good.head));
	SET(good.head.version, PACKAGE_VERSION);
	good.head.size = sizeof(struct scoreboard);
	good.head.listener_size = sizeof(struct scoreboard_listener);
	good.head.session_size = sizeof(struct scoreboard_session);
	good.head.sessions = 1;
	size_t whole = offsetof(typeof(good), session) + sizeof(good.session);
	for (size_t len = 0; len <= whole; len += 1 + len % 3) {
		int fd = file_of(&good, len);
		CU_ASSERT_EQUAL(ctl_board_read(&b, fd), len == whole ? 0 :
			-EPROTO);
		ctl_board_clear(&b);
		close(fd);
	}
	int fd = file_of(&good, whole);
	CU_ASSERT_EQUAL_FATAL(ctl_board_read(&b, fd), 0);
	CU_ASSERT_EQUAL(strlen(b.sessions[0].user), MESSAGE_USER_SIZE - 1);
	CU_ASSERT_EQUAL(strlen(b.sessions[0].tls.version), 15);
	CU_ASSERT_EQUAL(strlen(b.sessions[0].tls.cipher), 63);
	ctl_board_clear(&b);
	close(fd);
	good.head.sessions = UINT32_MAX;
	fd = file_of(&good, whole);
	CU_ASSERT_EQUAL(ctl_board_read(&b, fd), -EPROTO);
	CU_ASSERT_STRING_EQUAL(b.head.version, PACKAGE_VERSION);
	ctl_board_clear(&b);
	close(fd);
	free(printed);
	printed = NULL;
}

CU_TestInfo unit_tests[] = {
	{ "who", test_who },
	{ "hostile names", test_hostile_names },
	{ "status", test_status },
	{ "more versions of TLS than there are", test_many_versions },
	{ "truncated and invalid scoreboards", test_reading },
	CU_TEST_INFO_NULL,
};
