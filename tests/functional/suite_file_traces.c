/*
 * suite_file_traces.c - accounts that exist for FTP only: copies of their
 * hashes in memory, and changes of the file during logins.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/passwd.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "file_traces";

/* The hash is in no process. */
static void
test_traces(void)
{
	char text[2048];
	struct server s;
	struct ftp c;

	if (!passwd_add("carla", "pw", "max_per_user=9") ||
	    !SERVER(&s, PASSWD_BACKENDS, "auth.file_user_sessions=no"))
		return;
	CHECK(files_read(PASSWD_FILE, text, sizeof(text)) > 0);
	char *hash = strstr(text, "$y$");
	if (!CHECK(hash != NULL))
		return;
	hash[strcspn(hash, "\n")] = '\0';
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "carla", "pw"), 230);
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 5000));
	procs_check_lack(hash);
	ftp_close(&c);
	server_stop(&s);
}

/* Hashes of other accounts are in no process either, after any login
 * attempt. */
static void
test_traces_of_others(void)
{
	char text[4096], *hashes[3];
	struct server s;
	struct ftp c;

	if (!passwd_add("carla", "pw", "max_per_user=9") ||
	    !passwd_add("dirk", "pw-2", "max_per_user=9") ||
	    !passwd_add("emil", "pw-3", "require_tls=login") ||
	    !SERVER(&s, PASSWD_BACKENDS, "auth.failed_login_delay=0"))
		return;
	CHECK(files_read(PASSWD_FILE, text, sizeof(text)) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++)
		hashes[i] = strstr(i == 0 ? text : hashes[i - 1] + 1, "$y$");
	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++)
		hashes[i][strcspn(hashes[i], "\n")] = '\0';
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 530, "USER emil");
	CHECK_NUMBER(ftp_login(&c, "nosuch", "wrong-as-can-be"), 530);
	CHECK_NUMBER(ftp_login(&c, "carla", "wrong-as-can-be"), 530);
	for (int in = 0; in < 2; in++) {
		if (in)
			CHECK_NUMBER(ftp_login(&c, "carla", "pw"), 230);
		CHECK(procs_wait_for_count(PROCS_GREETER, 3 - in, 5000));
		for (size_t i = 0; i < ARRAY_SIZE(hashes); i++)
			procs_check_lack(hashes[i]);
		procs_check_lack("wrong-as-can-be");
	}
	ftp_close(&c);
	server_stop(&s);
}

/* No login reads an incomplete file. */
static void
test_logins_during_changes(void)
{
	struct ctl_result r;
	struct server s;

	if (!passwd_add("carla", "pw", "max_per_user=9") ||
	    !passwd_add("dirk", "pw", "max_per_user=9") ||
	    !SERVER(&s, PASSWD_BACKENDS))
		return;
	fflush(stdout);
	pid_t editor = fork();
	if (editor == 0) {
		for (int i = 0; i < 20000; i++)
			(void)!PASSWD(&r, NULL, "set", "dirk", i % 2 == 0 ?
				"umask=077" : "umask=027");
		_exit(0);
	}
	for (int i = 0; i < 40; i++)
		CHECK_NUMBER(ftp_try_login("carla", "pw"), 230);
	CHECK_SAYS(waitpid(editor, NULL, WNOHANG) == 0, "the changes ended "
		"too early");
	kill(editor, SIGKILL);
	CHECK(waitpid(editor, NULL, 0) == editor);
	CHECK_NUMBER(PASSWD(&r, NULL, "set", "dirk", "umask=022"), EX_OK);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "no process keeps the hash in memory", test_traces },
	{ "hashes of other accounts are not kept either",
		test_traces_of_others },
	{ "logins while the file changes", test_logins_during_changes },
	CU_TEST_INFO_NULL,
};
