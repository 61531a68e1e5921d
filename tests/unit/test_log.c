/*
 * test_log.c - log messages: destinations, levels, and fatal errors.
 */
#include "common/base.h"

#include "common/process/channel.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

const char *const unit_name = "log";

/* Run say() in a child whose standard error is read into text[size]; the
 * child's wait status. */
static int
capture(void (*say)(void), char *text, size_t size)
{
	size_t len = 0;
	int fds[2], status;
	ssize_t n;

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		dup2(fds[1], STDERR_FILENO);
		say();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fds[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return status;
}

static void
say_hostile(void)
{
	log_error("no %s", "/x\nsureftpd: error: forged\x1b[2J\xff\u202e\\");
}

static void
test_standard_error(void)
{
	char text[8192];

	CU_ASSERT_EQUAL(log_descriptor(), -1);
	CU_ASSERT_EQUAL(capture(say_hostile, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "sureftpd: error: no /x\\x0Asureftpd: "
		"error: forged\\x1B[2J\\xFF\\xE2\\x80\\xAE\\x5C\n");
}

static void
say_long(void)
{
	static char longest[20000];

	memset(longest, 'x', sizeof(longest) - 1);
	log_info("%s", longest);
	memset(longest, '\n', sizeof(longest) - 1);
	log_info("%s", longest);
}

static void
test_long_line(void)
{
	char text[16384];

	CU_ASSERT_EQUAL(capture(say_long, text, sizeof(text)), 0);
	char *end = strchr(text, '\n');
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	CU_ASSERT_TRUE(end - text > 4000 && end - text < EVENT_TEXT_MAX);
	CU_ASSERT_NSTRING_EQUAL(end - 4, "x...\n", 5);
	size_t len = strlen(end + 1);
	CU_ASSERT_TRUE(len > 4000 && len < EVENT_TEXT_MAX);
	CU_ASSERT_STRING_EQUAL(end + 1 + len - 8, "\\x0A...\n");
}

static void
say_all(void)
{
	log_debug("d%d", 1);
	log_info("i%d", 2);
	log_warning("w%d", 3);
	log_error("e%d: %s", 4, log_errno(-ENOENT));
}

static void
say_all_warnings(void)
{
	log_set_level(LOG_LEVEL_WARNING);
	say_all();
}

static void
say_everything(void)
{
	log_set_level(LOG_LEVEL_DEBUG);
	say_all();
}

static void
test_levels(void)
{
	char text[1024];

	CU_ASSERT_EQUAL(capture(say_all, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "sureftpd: info: i2\n"
		"sureftpd: warning: w3\n"
		"sureftpd: error: e4: No such file or directory\n");
	CU_ASSERT_EQUAL(capture(say_all_warnings, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "sureftpd: warning: w3\n"
		"sureftpd: error: e4: No such file or directory\n");
	CU_ASSERT_EQUAL(capture(say_everything, text, sizeof(text)), 0);
	CU_ASSERT_NSTRING_EQUAL(text, "sureftpd: debug: d1\n", 20);
	CU_ASSERT_TRUE(log_wants(LOG_LEVEL_INFO));
	CU_ASSERT_FALSE(log_wants(LOG_LEVEL_DEBUG));
	CU_ASSERT_STRING_EQUAL(log_level_name((enum log_level)9), "unknown");
}

static void
test_connected(void)
{
	char data[EVENT_PACKED_MAX];
	struct event e;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	log_connect(fds[1]);
	CU_ASSERT_EQUAL(log_descriptor(), fds[1]);
	log_debug("not wanted");
	log_warning("a %s", "b\n");
	ssize_t n = recv(fds[0], data, sizeof(data), MSG_DONTWAIT);
	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL_FATAL(event_unpack(&e, data, (size_t)n), 0);
	CU_ASSERT_EQUAL(e.type, EVENT_message);
	CU_ASSERT_EQUAL(e.level, LOG_LEVEL_WARNING);
	CU_ASSERT_STRING_EQUAL(e.text, "a b\n");
	log_connect(-1);
	close(fds[0]);
	close(fds[1]);
}

static void
test_user(void)
{
	static char name[1000];

	log_set_user("anna");
	CU_ASSERT_STRING_EQUAL(log_context()->user, "anna");
	memset(name, 'n', sizeof(name) - 1);
	log_set_user(name);
	CU_ASSERT_EQUAL(strlen(log_context()->user), 255);
	CU_ASSERT_STRING_EQUAL(log_context()->user + 251, "n...");
	name[255] = '\0';
	log_set_user(name);
	CU_ASSERT_STRING_EQUAL(log_context()->user, name);
	log_set_user("");
	CU_ASSERT_STRING_EQUAL(log_context()->user, "");
}

static void
die(void)
{
	fatal(78, "cannot %s", "go on");
}

static void
err(void)
{
	bug("never here");
}

static void
test_last_words(void)
{
	char text[1024];
	int status = capture(die, text, sizeof(text));

	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 78);
	CU_ASSERT_STRING_EQUAL(text, "sureftpd: error: cannot go on\n");
	status = capture(err, text, sizeof(text));
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "bug at tests/unit/test_log.c:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ": never here\n"));
}

CU_TestInfo unit_tests[] = {
	{ "one escaped line on standard error", test_standard_error },
	{ "long lines are cut and marked", test_long_line },
	{ "lines below the level are left out", test_levels },
	{ "a connected log sends events", test_connected },
	{ "long user names are cut and marked", test_user },
	{ "fatal and bug log, then end the process", test_last_words },
	CU_TEST_INFO_NULL,
};
