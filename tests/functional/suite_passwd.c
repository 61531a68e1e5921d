/*
 * suite_passwd.c - sureftpctl passwd: changes of the accounts file.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/passwd.h"
#include "tests/functional/terminal.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <termios.h>

const char *const functional_name = "passwd";

/* Each change applies to the next login. */
static void
test_passwd(void)
{
	struct ctl_result r;
	struct server s;
	struct stat st;

	if (!SERVER(&s, PASSWD_BACKENDS) ||
	    !passwd_add("carla", "one", "permissions=elr"))
		return;
	CHECK(stat(PASSWD_FILE, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK_NUMBER(ftp_try_login("carla", "one"), 230);
	CHECK_NUMBER(PASSWD(&r, "two\n", "set", "carla"), EX_OK);
	CHECK_NUMBER(ftp_try_login("carla", "one"), 530);
	CHECK_NUMBER(ftp_try_login("carla", "two"), 230);
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla",
		"allow_from=192.0.2.0/24"), EX_OK);
	check_refused("carla", "two", "the client's address is not in "
		"allow_from");
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla", "allow_from="), EX_OK);
	CHECK_NUMBER(ftp_try_login("carla", "two"), 230);
	CHECK_NUMBER(PASSWD(&r, NULL, "list"), EX_OK);
	CHECK_TEXT(r.out, "carla\tanna\n");
	CHECK_NUMBER(PASSWD(&r, NULL, "del", "carla"), EX_OK);
	CHECK_NUMBER(ftp_try_login("carla", "two"), 530);
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
		{ "passwd", "add", "emil", "account=root", NULL },
		{ "passwd", "set", "dirk", "account=root", NULL },
		{ "passwd", "set", "nosuch", NULL },
		{ "passwd", "del", "nosuch", NULL },
		{ "passwd", "del", "dirk", "more", NULL },
		{ "passwd", "hash", "secret", NULL },
	};
	char before[1024], after[1024];
	struct ctl_result r;

	if (!passwd_add("dirk", "pw", "umask=077"))
		return;
	CHECK(files_read(PASSWD_FILE, before, sizeof(before)) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK_SAYS(ctl_run_program(&r, WORLD_CTL, "pw\n", wrong[i]) !=
			EX_OK, "%s %s went well", wrong[i][1], wrong[i][2]);
		CHECK(r.err[0] != '\0');
	}
	static const char *const inputs[] = { "", "\n", "\r\n" };
	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++)
		CHECK_NUMBER(PASSWD(&r, inputs[i], "set", "dirk"),
			EX_DATAERR);
	CHECK(files_read(PASSWD_FILE, after, sizeof(after)) > 0);
	CHECK_TEXT(after, before);
}

/* S8: a home that does not exist is pointed out, once. */
static void
test_missing_home(void)
{
	struct ctl_result r;

	CHECK_NUMBER(PASSWD(&r, "pw\n", "add", "carla", "account=anna",
		"home=/home/carla"), EX_OK);
	CHECK_TEXT(r.err, "sureftpctl: warning: home=/home/carla: No such file "
		"or directory\n");
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla", "home=/home/anna"),
		EX_OK);
	CHECK_TEXT(r.err, "");
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla", "home=/home/%u"), EX_OK);
	CHECK_TEXT(r.err, "");
}

/* A file edited by hand: after changes by sureftpctl the server can still read
 * it. */
static void
test_written_by_hand(void)
{
	struct ctl_result r;
	struct server s;
	struct stat st;

	files_write_text("/etc/sureftpd/shared", "# ours\n[ carla ]\n\n"
		"  account=bert\npassword_hash   =!\n"
		"[\"dirk\"]\r\n\taccount = anna\r\n"
		"msg_login = Hello,\n  this is\n  dirk\n# x\n  y");
	chmod("/etc/sureftpd/shared", 0640);
	CHECK_NUMBER(symlink("shared", PASSWD_FILE), 0);
	CHECK_NUMBER(PASSWD(&r, NULL, "list"), EX_OK);
	CHECK_TEXT(r.out, "carla\tbert\ndirk\tanna\n");
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "carla", "account=anna"), EX_OK);
	CHECK_NUMBER(PASSWD(&r, "pw\n", "set", "carla"), EX_OK);
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "dirk", "msg_login=Hi."), EX_OK);
	CHECK_NUMBER(PASSWD(&r, "pw\n", "set", "dirk"), EX_OK);
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "dirk", "account=anna"), EX_OK);
	/* Still a link, to a file with the same rights. */
	CHECK(lstat(PASSWD_FILE, &st) == 0 && S_ISLNK(st.st_mode));
	CHECK(stat(PASSWD_FILE, &st) == 0 && (st.st_mode & 07777) == 0640);
	if (!SERVER(&s, PASSWD_BACKENDS))
		return;
	CHECK_NUMBER(ftp_try_login("carla", "pw"), 230);
	CHECK_NUMBER(ftp_try_login("dirk", "pw"), 230);
	CHECK_NUMBER(PASSWD(&r, NULL, "del", "carla"), EX_OK);
	CHECK_NUMBER(ftp_try_login("dirk", "pw"), 230);
	server_stop(&s);
}

/* A full disk: the old file stays complete, and no temporary file is left. */
static void
test_full_disk(void)
{
	static char before[65536], after[65536], filler[40000];
	struct ctl_result r;

	mkdir("/etc/small", 0755);
	CHECK_NUMBER(mount("small", "/etc/small", "tmpfs", 0, "size=64k"), 0);
	memset(filler, '#', sizeof(filler) - 2);
	filler[sizeof(filler) - 2] = '\n';
	files_write_text("/etc/small/a", filler);
	static const char *const arguments[] = { "--file", "/etc/small/a",
		"passwd", "add", "carla", "account=anna", NULL };
	CHECK(files_read("/etc/small/a", before, sizeof(before)) > 0);
	CHECK_NUMBER(ctl_run_program(&r, WORLD_CTL, "pw\n", arguments),
		EX_IOERR);
	CHECK_HAS(r.err, "No space left on device");
	CHECK(files_read("/etc/small/a", after, sizeof(after)) > 0);
	CHECK(strcmp(before, after) == 0);
	CHECK(!files_exist("/etc/small/a.new"));
	CHECK_NUMBER(umount("/etc/small"), 0);
}

/* Names with characters that are special in shells, logs or paths are valid,
 * and are used unchanged. */
static void
test_odd_names(void)
{
	static const char *const names[] = { "a]b", "a ;b", "a;b", "a#b",
		"#a", ";a", "a\\b", "%n%s%h", "a b", "[x]", "a=b", "a@b.c",
		("\xe2\x80\xae" "evil"), "\xff\xfe", "user carla",
		"account = x", "anna ", " anna" };
	struct ctl_result r;
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		passwd_add(names[i], "pw", "max_per_user=9");
	if (!SERVER(&s, PASSWD_BACKENDS))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_SAYS(ftp_try_login(names[i], "pw") == 230, "%s",
			names[i]);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_SAYS(PASSWD(&r, NULL, "del", names[i]) == EX_OK,
			"del %s: %s", names[i], r.err);
		CHECK_NUMBER(ftp_try_login(names[i], "pw"), 530);
	}
	server_stop(&s);
}

/* Concurrent changes: no account is lost. */
static void
test_at_the_same_time(void)
{
	enum { EDITORS = 8 };
	struct ctl_result r;
	pid_t pids[EDITORS];
	char name[16];

	for (int i = 0; i < EDITORS; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		passwd_add(name, "pw", "umask=022");
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
	CHECK(files_read(PASSWD_FILE, text, sizeof(text)) > 0);
	CHECK_LACKS(text, "umask = 022");
	CHECK_NUMBER(PASSWD(&r, NULL, "list"), EX_OK);
	size_t lines = 0;
	for (const char *at = r.out; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	CHECK_NUMBER((long long)lines, EDITORS);
}

#define PROMPTS "/run/world/prompts"

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

/* The file can be changed while another sureftpctl waits for a password. */
static void
check_not_locked(void)
{
	int fd = open(PASSWD_FILE ".lock", O_RDWR | O_CLOEXEC);

	CHECK(flock(fd, LOCK_EX | LOCK_NB) == 0);
	close(fd);
}

/* sureftpctl at a terminal, where these two lines are typed: its status, -1
 * when a signal ended it.  What the terminal showed is in seen. */
static int
type_password(const char *first, const char *second, char *seen, size_t size)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios after = { 0 };
	int status = 0;

	CHECK(grantpt(terminal) == 0 && unlockpt(terminal) == 0);
	unlink(PROMPTS);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		become_asker(terminal, "carla");
	CHECK(files_wait_for_text(PROMPTS, "Password: "));
	check_not_locked();
	CHECK(write(terminal, first, strlen(first)) > 0);
	if (second != NULL) {
		CHECK(files_wait_for_text(PROMPTS, "Retype password: "));
		CHECK(write(terminal, second, strlen(second)) > 0);
	}
	CHECK(server_wait(pid, 5000, &status));
	CHECK(tcgetattr(terminal, &after) == 0 && (after.c_lflag & ECHO));
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

	if (!CHECK(terminal_prepare()) || !SERVER(&s, PASSWD_BACKENDS) ||
	    !passwd_add("carla", "old", "umask=022"))
		return;
	CHECK_NUMBER(type_password("typed\n", "typod\n", seen, sizeof(seen)),
		EX_DATAERR);
	CHECK_LACKS(seen, "typ");
	CHECK_NUMBER(type_password("typed\x03", NULL, seen, sizeof(seen)), -1);
	CHECK_NUMBER(ftp_try_login("carla", "old"), 230);
	CHECK_NUMBER(type_password("typed\n", "typed\n", seen, sizeof(seen)),
		EX_OK);
	CHECK_LACKS(seen, "typ");
	CHECK_NUMBER(ftp_try_login("carla", "typed"), 230);
	CHECK_NUMBER(ftp_try_login("carla", "old"), 530);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "changes by sureftpctl passwd apply to the next login", test_passwd },
	{ "invalid arguments of sureftpctl passwd", test_passwd_misuse },
	{ "a missing home directory", test_missing_home },
	{ "files edited by hand", test_written_by_hand },
	{ "a full disk", test_full_disk },
	{ "names with special characters", test_odd_names },
	{ "concurrent changes", test_at_the_same_time },
	{ "passwords typed at a terminal", test_terminal },
	CU_TEST_INFO_NULL,
};
