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

#include <sys/stat.h>
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

CU_TestInfo functional_tests[] = {
	{ "sureftpctl passwd changes the file, and it counts at once",
		test_passwd },
	{ "what sureftpctl passwd refuses", test_passwd_misuse },
	{ "changes at the same time", test_at_the_same_time },
	CU_TEST_INFO_NULL,
};
