/*
 * suite_jail_moved.c - the working directory of a jailed session is moved out
 * of the jail, as an account can do whose jail is a directory above.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/paused.h"
#include "tests/functional/procs.h"

#include <sys/stat.h>

const char *const functional_name = "jail_moved";

#define HOME	  "/home/anna/"
#define THEIRS	  "/home/theirs"
#define CALLS_MAX 60

/* The kernel would allow ".." from there. */
static void
test_moved_out(void)
{
	static const char *const names[] = { "..", "../..", "../../etc",
		"../bert", "." };
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", HOME "in", 0755);
	files_mkdir_as("anna", HOME "in/deep", 0755);
	files_write_text("/home/in.txt", "x");
	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 250, "CWD in/deep");
	CHECK(rename(HOME "in", "/home/in") == 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT(&c, 550, "CWD %s", names[i]);
		EXPECT(&c, 550, "MLST %s", names[i]);
		EXPECT(&c, 550, "LIST %s", names[i]);
		EXPECT(&c, 550, "MKD %s/new", names[i]);
	}
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 550, "SIZE ../../in.txt");
	EXPECT(&c, 550, "CDUP");
	EXPECT(&c, 550, "PWD");
	EXPECT(&c, 250, "CWD /");
	EXPECT(&c, 257, "MKD again");
	CHECK(files_exist(HOME "again"));
	ftp_close(&c);
	server_stop(&s);
}

/* It is moved to this place just before the n-th system call of a command.
 * False when there are not so many. */
static bool
move_at(struct ftp *c, pid_t pid, const char *command, int n, const char *to)
{
	EXPECT(c, 250, "CWD /in/deep");
	if (!CHECK(paused_begin(pid)))
		return false;
	CHECK(ftp_send_text(c, command) && ftp_send_text(c, "\r\n"));
	bool paused = paused_at(pid, n, c);
	if (paused)
		CHECK(rename(HOME "in", to) == 0);
	CHECK(paused_end(pid));
	ftp_reply(c);
	if (paused)
		CHECK(rename(to, HOME "in") == 0);
	return paused;
}

static bool
fails_at(struct ftp *c, pid_t pid, const char *command, int n)
{
	bool paused = move_at(c, pid, command, n, "/home/in");

	CHECK_SAYS(c->code / 100 == 5, "%s, moved before call %d: %s", command,
		n, c->text);
	return paused;
}

static void
test_moved_meanwhile(void)
{
	/* In the jail there is no such directory. */
	static const char *const commands[] = {
		"CWD ../../theirs", "MLST ../../theirs/f",
		"MDTM ../../theirs/f", "SIZE ../../theirs/f",
		"RETR ../../theirs/f",
		"SITE CHMOD 600 ../../theirs/f", "DELE ../../theirs/f",
		"MKD ../../theirs/new", "MFMT 20200101000000 ../../theirs/f",
		"MDTM link/f", "MDTM to-f", "SIZE to-f",
		"SITE CHMOD 600 to-f", "MFMT 20200101000000 to-f",
	};
	struct server s;
	struct stat st;
	struct proc p;
	struct ftp c;

	files_mkdir_as("anna", HOME "in", 0755);
	files_mkdir_as("anna", HOME "in/deep", 0755);
	files_mkdir_as("anna", THEIRS, 0755);
	files_write_as("anna", THEIRS "/f", "x", 1);
	CHECK(chmod(THEIRS "/f", 0644) == 0);
	CHECK(symlink("../../theirs", HOME "in/deep/link") == 0);
	CHECK(symlink("../../theirs/f", HOME "in/deep/to-f") == 0);
	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna") ||
	    !CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		int n = 1;

		while (n < CALLS_MAX && fails_at(&c, p.pid, commands[i], n))
			n++;
		CHECK(n > 3 && n < CALLS_MAX);
	}
	CHECK(stat(THEIRS "/f", &st) == 0);
	CHECK_NUMBER(st.st_mode & 0777, 0644);
	CHECK(!files_exist(THEIRS "/new"));
	ftp_close(&c);
	server_stop(&s);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return CHECK(stat(path, &st) == 0) ? st.st_mode & 0777 : 0;
}

/* In the jail, all of these are its root directory; from there, they are the
 * directory that it was moved to. */
static void
test_moved_above(void)
{
	static const char *const commands[] = {
		"SITE CHMOD 700 ../..", "SITE CHMOD 700 up",
		"SITE CHMOD 700 up/", "SITE CHMOD 700 /in/deep/../..",
		"SITE CHMOD 700 /in/deep/up/",
	};
	struct server s;
	struct proc p;
	struct ftp c;

	files_mkdir_as("anna", HOME "in", 0755);
	files_mkdir_as("anna", HOME "in/deep", 0755);
	files_mkdir_as("anna", THEIRS, 0755);
	CHECK(symlink("../..", HOME "in/deep/up") == 0);
	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna") ||
	    !CHECK_NUMBER(procs_list(PROCS_SESSION, &p, 1), 1))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		int n = 1;

		while (n < CALLS_MAX && move_at(&c, p.pid, commands[i], n,
		    THEIRS "/in")) {
			CHECK_SAYS(mode_of(THEIRS) == 0755,
				"%s, moved before call %d", commands[i], n);
			CHECK(chmod(THEIRS, 0755) == 0);
			n++;
		}
		CHECK(n > 3 && n < CALLS_MAX);
		CHECK_NUMBER(mode_of(HOME), 0700);
		CHECK(chmod(HOME, 0755) == 0);
	}
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "it was moved before a command", test_moved_out },
	{ "it is moved during a command", test_moved_meanwhile },
	{ "its parents are not those of the place that it is moved to",
		test_moved_above },
	CU_TEST_INFO_NULL,
};
