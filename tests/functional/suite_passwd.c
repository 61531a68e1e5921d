/*
 * suite_passwd.c - sureftpctl passwd: changes of the accounts file.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "passwd";

#define ACCOUNTS "/etc/sureftpd/accounts"
#define BOTH "auth.backends=pam file"

/* sureftpctl passwd with this on its standard input. */
#define PASSWD(r, input, ...) \
	ctl_run_program((r), WORLD_CTL, (input), \
		(const char *const[]){ "passwd", __VA_ARGS__, NULL })

static bool
add(const char *name, const char *password, const char *setting)
{
	struct ctl_result r;
	char line[128];

	snprintf(line, sizeof(line), "%s\n", password);
	return CHECK_SAYS(PASSWD(&r, line, "add", name, "account=anna",
		setting) == EX_OK, "passwd add %s: %s", name, r.err);
}

static int
log_in(const char *user, const char *password)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	int code = ftp_login(&c, user, password);
	ftp_close(&c);
	return code;
}

/* The server sees each change at the next login. */
static void
test_passwd(void)
{
	struct ctl_result r;
	struct server s;
	struct stat st;

	if (!SERVER(&s, BOTH) || !add("carla", "one", "permissions=elr"))
		return;
	CHECK(stat(ACCOUNTS, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK_NUMBER(log_in("carla", "one"), 230);
	CHECK_NUMBER(PASSWD(&r, "two\n", "set", "carla"), EX_OK);
	CHECK_NUMBER(log_in("carla", "one"), 530);
	CHECK_NUMBER(log_in("carla", "two"), 230);
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla",
		"allow_from=192.0.2.0/24"), EX_OK);
	check_refused("carla", "two", "the client's address is not in "
		"allow_from");
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla", "allow_from="), EX_OK);
	CHECK_NUMBER(log_in("carla", "two"), 230);
	CHECK_NUMBER(PASSWD(&r, NULL, "list"), EX_OK);
	CHECK_TEXT(r.out, "carla\tanna\n");
	CHECK_NUMBER(PASSWD(&r, NULL, "del", "carla"), EX_OK);
	CHECK_NUMBER(log_in("carla", "two"), 530);
	CHECK_NUMBER(PASSWD(&r, NULL, "list"), EX_OK);
	CHECK_TEXT(r.out, "");
	CHECK_NUMBER(PASSWD(&r, "pw\n", "hash"), EX_OK);
	r.out[strcspn(r.out, "\n")] = '\0';
	CHECK(password_hash_matches(r.out, "pw"));
	server_stop(&s);
}

static void
test_passwd_misuse(void)
{
	static const char *const wrong[][7] = {
		{ "passwd", NULL },
		{ "passwd", "change", "carla", NULL },
		{ "passwd", "add", NULL },
		{ "passwd", "add", "a/b", "account=anna", NULL },
		{ "passwd", "add", "a\"b", "account=anna", NULL },
		{ "passwd", "add", "carla", NULL },
		{ "passwd", "add", "carla", "account=nosuch", NULL },
		{ "passwd", "add", "carla", "account=anna", "x=1", NULL },
		{ "passwd", "add", "carla", "account=anna", "umask=9", NULL },
		{ "passwd", "add", "carla", "account=anna", "secret", NULL },
		{ "passwd", "add", "carla", "account=anna",
			"msg_login=a\nb = c", NULL },
		{ "passwd", "add", "carla", "account=anna",
			"password_hash=$6$x$y", NULL },
		{ "passwd", "add", "dirk", "account=anna", NULL },
		{ "passwd", "set", "nosuch", NULL },
		{ "passwd", "del", "nosuch", NULL },
		{ "passwd", "del", "dirk", "more", NULL },
		{ "passwd", "hash", "secret", NULL },
	};
	char before[1024], after[1024];
	struct ctl_result r;

	if (!add("dirk", "pw", "umask=077"))
		return;
	CHECK(files_read(ACCOUNTS, before, sizeof(before)) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK_SAYS(ctl_run_program(&r, WORLD_CTL, "pw\n", wrong[i]) !=
			EX_OK, "%s %s went well", wrong[i][1], wrong[i][2]);
		CHECK(r.err[0] != '\0');
	}
	static const char *const inputs[] = { "", "\n", "\r\n" };
	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++)
		CHECK_NUMBER(PASSWD(&r, inputs[i], "set", "dirk"),
			EX_DATAERR);
	CHECK(files_read(ACCOUNTS, after, sizeof(after)) > 0);
	CHECK_TEXT(after, before);
}

/* Many at a time: nobody is lost. */
static void
test_at_the_same_time(void)
{
	enum { EDITORS = 8 };
	struct ctl_result r;
	pid_t pids[EDITORS];
	char name[16];

	for (int i = 0; i < EDITORS; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		add(name, "pw", "umask=022");
	}
	for (int i = 0; i < EDITORS; i++) {
		fflush(stdout);
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		snprintf(name, sizeof(name), "user%d", i);
		execl(WORLD_CTL, "sureftpctl", "passwd", "set", name,
			"umask=077", NULL);
		_exit(127);
	}
	for (int i = 0; i < EDITORS; i++)
		CHECK(server_wait(pids[i], 20000, NULL));
	static char text[16384];
	CHECK(files_read(ACCOUNTS, text, sizeof(text)) > 0);
	CHECK_LACKS(text, "umask = 022");
	CHECK_NUMBER(PASSWD(&r, NULL, "list"), EX_OK);
	size_t lines = 0;
	for (const char *at = r.out; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	CHECK_NUMBER((long long)lines, EDITORS);
}

#define PROMPTS "/run/world/prompts"

/* The world has no terminals of its own. */
static bool
make_terminals(void)
{
	mkdir("/dev/pts", 0755);
	return mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		"newinstance,ptmxmode=0600") == 0 &&
		(symlink("pts/ptmx", "/dev/ptmx") == 0 || errno == EEXIST);
}

static void NORETURN
become_asker(int terminal, const char *name)
{
	int prompts = open(PROMPTS, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	setsid();
	dup2(open(ptsname(terminal), O_RDWR), 0);
	dup2(prompts, 2);
	execl(WORLD_CTL, "sureftpctl", "passwd", "set", name, NULL);
	_exit(127);
}

/* sureftpctl at a terminal, where these two lines are typed: its status, -1
 * when a signal ended it.  What the terminal showed is in seen. */
static int
type_password(const char *first, const char *second, char *seen, size_t size)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int status = 0;

	CHECK(grantpt(terminal) == 0 && unlockpt(terminal) == 0);
	unlink(PROMPTS);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		become_asker(terminal, "carla");
	CHECK(files_wait_for_text(PROMPTS, "Password: "));
	CHECK(write(terminal, first, strlen(first)) > 0);
	if (second != NULL) {
		CHECK(files_wait_for_text(PROMPTS, "Once more: "));
		CHECK(write(terminal, second, strlen(second)) > 0);
	}
	CHECK(server_wait(pid, 5000, &status));
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	ssize_t n = read(terminal, seen, size - 1);
	seen[n > 0 ? n : 0] = '\0';
	close(terminal);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Twice, without an echo; an interrupt changes nothing. */
static void
test_terminal(void)
{
	char seen[256];
	struct server s;

	if (!CHECK(make_terminals()) || !SERVER(&s, BOTH) ||
	    !add("carla", "old", "umask=022"))
		return;
	CHECK_NUMBER(type_password("typed\n", "typod\n", seen, sizeof(seen)),
		EX_DATAERR);
	CHECK_LACKS(seen, "typ");
	CHECK_NUMBER(type_password("typed\x03", NULL, seen, sizeof(seen)), -1);
	CHECK_NUMBER(log_in("carla", "old"), 230);
	CHECK_NUMBER(type_password("typed\n", "typed\n", seen, sizeof(seen)),
		EX_OK);
	CHECK_LACKS(seen, "typ");
	CHECK_NUMBER(log_in("carla", "typed"), 230);
	CHECK_NUMBER(log_in("carla", "old"), 530);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "sureftpctl passwd changes the file, and it counts at once",
		test_passwd },
	{ "what sureftpctl passwd refuses", test_passwd_misuse },
	{ "changes at the same time", test_at_the_same_time },
	{ "passwords typed at a terminal", test_terminal },
	CU_TEST_INFO_NULL,
};
