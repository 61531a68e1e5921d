/*
 * suite_races.c - a second process swaps directories and files for symbolic
 * links while a session works: rules and jails are not bypassed.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const functional_name = "races";

#define TRIES 12000
#define TRANSFERS 1500

#define HOME "/home/anna/"

/* "swap" is by turns a directory of its own and a link; "f" a file and a
 * link.  Until the end of the suite's process, or until it is ended. */
static pid_t
start_swapping(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		renameat2(AT_FDCWD, HOME "swap", AT_FDCWD, HOME "swap.link",
			RENAME_EXCHANGE);
		renameat2(AT_FDCWD, HOME "f", AT_FDCWD, HOME "f.link",
			RENAME_EXCHANGE);
	}
}

static void
stop_swapping(pid_t pid)
{
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
}

struct chances {
	int done, refused;
};

/* Both results must occur, otherwise the race was not exercised. */
static void
check_chances(const char *what, const struct chances *n)
{
	printf("%s: %d done, %d refused\n", what, n->done, n->refused);
	CHECK_SAYS(n->done > 0 && n->refused > 0, "%s: %d done, %d refused",
		what, n->done, n->refused);
}

static void
count(struct chances *n, int code)
{
	n->done += code / 100 == 2;
	n->refused += code == 550;
}

static void
try_commands(struct ftp *c, const char *what, const char *before,
	const char *after, bool numbered)
{
	struct chances n = { 0, 0 };

	for (int i = 0; i < TRIES && c->code > 0; i++) {
		if (numbered)
			ftp_command(c, "%s%d%s", before, i, after);
		else
			ftp_command(c, "%s%s", before, after);
		count(&n, c->code);
	}
	check_chances(what, &n);
}

static void
try_uploads(struct ftp *c, const char *what, const char *command)
{
	struct chances n = { 0, 0 };

	for (int i = 0; i < TRANSFERS && c->code > 0; i++)
		count(&n, ftp_put(c, "x", 1, "%s", command));
	check_chances(what, &n);
}

static void
try_downloads(struct ftp *c, const char *command, const char *secret)
{
	struct chances n = { 0, 0 };

	for (int i = 0; i < TRANSFERS && c->code > 0; i++) {
		size_t len = 0;
		char *data = ftp_get(c, &len, "%s", command);
		CHECK(data == NULL || strstr(data, secret) == NULL);
		count(&n, c->code);
		free(data);
	}
	check_chances(command, &n);
}

/* The size of the inaccessible file is never shown. */
static void
try_sizes(struct ftp *c)
{
	struct chances n = { 0, 0 };

	for (int i = 0; i < TRIES && c->code > 0; i++) {
		ftp_command(c, "SIZE f");
		CHECK(strncmp(c->text, "213 77", 6) != 0);
		count(&n, c->code);
	}
	check_chances("SIZE", &n);
}

static size_t
count_entries(const char *path)
{
	struct stat st;

	/* A directory has one link for each directory in it. */
	return stat(path, &st) == 0 ? (size_t)st.st_nlink - 2 : SIZE_MAX;
}

static void
make_tree(const char *to_directory, const char *to_file)
{
	files_mkdir_as("anna", HOME "secret", 0755);
	files_mkdir_as("anna", HOME "swap", 0755);
	files_write_as("anna", HOME "secret/f", "secret and 77 bytes ........."
		"................................................", 77);
	files_write_as("anna", HOME "f", "x", 1);
	CHECK(symlink(to_directory, HOME "swap.link") == 0);
	CHECK(symlink(to_file, HOME "f.link") == 0);
}

static void
test_rules(void)
{
	struct stat before, after;
	struct server s;
	struct ftp c;

	make_tree("secret", "secret/f");
	CHECK(stat(HOME "secret/f", &before) == 0);
	if (!SERVER(&s, "log.level=error", "limits.idle_timeout=20s",
		    "directory \"/home/anna/secret\".permissions=e") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	pid_t other = start_swapping();
	try_commands(&c, "MKD", "MKD swap/d", "", true);
	try_commands(&c, "SITE CHMOD", "SITE CHMOD 640 f", "", false);
	try_commands(&c, "MFMT", "MFMT 20200101000000 f", "", false);
	try_sizes(&c);
	try_uploads(&c, "STOR in a directory", "STOR swap/new");
	try_uploads(&c, "APPE", "APPE f");
	try_downloads(&c, "RETR f", "secret");
	try_downloads(&c, "LIST swap/", " f\r\n");
	stop_swapping(other);
	CHECK(stat(HOME "secret/f", &after) == 0);
	CHECK_NUMBER(after.st_size, 77);
	CHECK_NUMBER(after.st_mode, before.st_mode);
	CHECK_NUMBER(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
	CHECK_NUMBER(count_entries(HOME "secret"), 0);
	CHECK(!files_exist(HOME "secret/new"));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
}

/* Two commands by turns, and a third one after a 350. */
static void
try_turns(struct ftp *c, const char *what, const char *const turns[2][2])
{
	struct chances n = { 0, 0 };

	for (int i = 0; i < TRIES && c->code > 0; i++) {
		ftp_command(c, "%s", turns[i % 2][0]);
		if (c->code == 350)
			ftp_command(c, "%s", turns[i % 2][1]);
		count(&n, c->code);
	}
	check_chances(what, &n);
}

/* What is there cannot be removed or renamed, and nothing be put there. */
static void
test_removals(void)
{
	static const char *const renames[2][2] = {
		{ "RNFR g", "RNTO swap/g" }, { "RNFR swap/g", "RNTO g" } };
	static const char *const removals[2][2] = {
		{ "MKD swap/d", NULL }, { "RMD swap/d", NULL } };
	struct server s;
	struct ftp c;

	make_tree("secret", "secret/f");
	files_mkdir_as("anna", HOME "secret/d", 0755);
	files_write_as("anna", HOME "secret/g", "secret", 6);
	files_write_as("anna", HOME "g", "own", 3);
	if (!SERVER(&s, "log.level=error", "limits.idle_timeout=20s",
		    "directory \"/home/anna/secret\".permissions=e") ||
	    !ftp_enter(&c, "anna"))
		return;
	pid_t other = start_swapping();
	try_turns(&c, "RNTO", renames);
	try_turns(&c, "RMD", removals);
	stop_swapping(other);
	CHECK_NUMBER(count_entries(HOME "secret"), 1);
	CHECK(files_exist(HOME "secret/d"));
	CHECK(files_same(HOME "secret/g", "secret", 6));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
}

/* Files that are put in the place of others. */
static void
test_atomic(void)
{
	struct server s;
	struct ftp c;

	make_tree("secret", "secret/f");
	if (!SERVER(&s, "log.level=error", "limits.idle_timeout=20s",
		    "session.atomic_uploads=yes",
		    "directory \"/home/anna/secret\".permissions=e") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	pid_t other = start_swapping();
	try_uploads(&c, "atomic STOR in a directory", "STOR swap/new");
	try_uploads(&c, "atomic STOR", "STOR f");
	stop_swapping(other);
	CHECK_NUMBER(files_size(HOME "secret/f"), 77);
	CHECK(!files_exist(HOME "secret/new"));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
}

/* Neither absolute links nor links with ".." leave the jail. */
static void
check_jail(const char *to_directory, const char *to_file)
{
	struct server s;
	struct ftp c;

	make_tree(to_directory, to_file);
	CHECK(chmod("/home/bert", 0777) == 0);
	files_write_text("/home/bert/f", "secret");
	CHECK(chmod("/home/bert/f", 0666) == 0);
	if (!SERVER(&s, "log.level=error", "limits.idle_timeout=20s",
		    "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	pid_t other = start_swapping();
	try_commands(&c, "MKD in a jail", "MKD swap/d", "", true);
	try_commands(&c, "SIZE in a jail", "SIZE f", "", false);
	try_uploads(&c, "STOR in a jail", "STOR swap/new");
	try_downloads(&c, "RETR f", "secret");
	stop_swapping(other);
	CHECK_NUMBER(count_entries("/home/bert"), 0);
	CHECK(!files_exist("/home/bert/new"));
	CHECK(files_same("/home/bert/f", "secret", 6));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_jail_absolute(void)
{
	check_jail("/home/bert", "/home/bert/f");
}

static void
test_jail_up(void)
{
	check_jail("../bert", "../../../home/bert/f");
}

/* symlinks = inside without a jail, and names that are denied: "secret" is
 * outside, and what is in it has a denied name. */
static void
check_names(const char *rule, const char *to_directory, const char *to_file)
{
	struct stat before, after;
	struct server s;
	struct ftp c;

	make_tree(to_directory, to_file);
	files_mkdir_as("anna", "/home/secret", 0755);
	files_write_as("anna", "/home/secret/f", "secret", 6);
	CHECK(stat("/home/secret/f", &before) == 0);
	if (!SERVER(&s, "log.level=error", "limits.idle_timeout=20s", rule) ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	pid_t other = start_swapping();
	try_commands(&c, "MKD by a link", "MKD swap/d", "", true);
	try_commands(&c, "MFMT by a link", "MFMT 20200101000000 f", "", false);
	try_uploads(&c, "STOR by a link", "STOR swap/new");
	try_uploads(&c, "APPE by a link", "APPE f");
	try_downloads(&c, "RETR f", "secret");
	stop_swapping(other);
	CHECK(stat("/home/secret/f", &after) == 0);
	CHECK_NUMBER(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
	CHECK_NUMBER(count_entries("/home/secret"), 0);
	CHECK(!files_exist("/home/secret/new"));
	CHECK(files_same("/home/secret/f", "secret", 6));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_inside(void)
{
	check_names("session.symlinks=inside", "/home/secret",
		"/home/secret/f");
}

static void
test_denied(void)
{
	check_names("session.deny_names=secret", "../secret", "../secret/f");
}

CU_TestInfo functional_tests[] = {
	{ "rules of directories", test_rules },
	{ "rules of directories: renaming and removing", test_removals },
	{ "rules of directories, with atomic uploads", test_atomic },
	{ "a jail, and absolute links", test_jail_absolute },
	{ "a jail, and links that go up", test_jail_up },
	{ "links to outside", test_inside },
	{ "links to a denied name", test_denied },
	CU_TEST_INFO_NULL,
};
