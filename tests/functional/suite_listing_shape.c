/*
 * suite_listing_shape.c - what LIST shows of every kind of file, and what its
 * options change.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

const char *const functional_name = "listing_shape";

#define D "/home/anna/d"
#define DAY 86400

/* In D, with mode and time. */
static void
make(const char *name, mode_t mode, time_t when)
{
	const struct timespec times[2] = { { when, 0 }, { when, 0 } };
	BUFFER(path, 300);

	buffer_addf(&path, D "/%s", name);
	CHECK(mknod(buffer_text(&path), mode, makedev(8, 3)) == 0);
	CHECK(chmod(buffer_text(&path), mode & 07777) == 0);
	CHECK(utimensat(AT_FDCWD, buffer_text(&path), times, 0) == 0);
}

/* Of all kinds the same nine columns: a device shows no numbers, which many
 * clients would take for a size and part of a date. */
static void
test_types(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	make("block", S_IFBLK | 0660, 0);
	make("char", S_IFCHR | 0620, 0);
	make("fifo", S_IFIFO | 0644, 0);
	make("setgid", S_IFREG | 02745, 0);
	make("setuid", S_IFREG | 04755, 0);
	make("socket", S_IFSOCK | 0600, 0);
	make("sticky", S_IFREG | 01666, 0);
	CHECK_LISTING(&c, "LIST d",
#define ROW(mode, name) mode "   1 root     root            0 Jan  1  1970 " \
	name "\r\n"
		ROW("brw-rw----", "block")
		ROW("crw--w----", "char")
		ROW("prw-r--r--", "fifo")
		ROW("-rwxr-Sr-x", "setgid")
		ROW("-rwsr-xr-x", "setuid")
		ROW("srw-------", "socket")
		ROW("-rw-rw-rwT", "sticky"));
	EXPECT(&c, 200, "OPTS MLST type;");
	char *text = lists_get(&c, "MLSD d");
	CHECK_HAS(text, "type=OS.unix=blk; block\r\n");
	CHECK_HAS(text, "type=OS.unix=fifo; fifo\r\n");
	CHECK_HAS(text, "type=OS.unix=socket; socket\r\n");
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

static void
check_date(struct ftp *c, time_t when, bool hour)
{
	char expected[64];
	struct tm tm;

	CHECK(gmtime_r(&when, &tm) != NULL);
	if (hour)
		strftime(expected, sizeof(expected), " %b %e %H:%M f\r\n",
			&tm);
	else
		strftime(expected, sizeof(expected), " %b %e  %Y f\r\n", &tm);
	make("f", S_IFREG | 0644, when);
	char *text = lists_get(c, "LIST d");
	CHECK_HAS(text, expected);
	free(text);
	CHECK(unlink(D "/f") == 0);
}

/* The year is shown for times more than half a year away. */
static void
test_dates(void)
{
	time_t now = time(NULL);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	check_date(&c, now, true);
	check_date(&c, now - 170 * DAY, true);
	check_date(&c, now - 190 * DAY, false);
	check_date(&c, now + 3600, true);
	check_date(&c, now + 2 * DAY, false);
	check_date(&c, now + 400 * DAY, false);
	check_date(&c, -1, false);
	check_date(&c, INT64_C(1) << 33, false);
	ftp_close(&c);
	server_stop(&s);
}

/* Control bytes are replaced; all other bytes are shown unchanged. */
static void
test_names(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	make(" blank first and last ", S_IFREG | 0644, 0);
	make("esc\033[31m\ttab\177del", S_IFREG | 0644, 0);
	make("x\r\n150 y", S_IFREG | 0644, 0);
	make("\344\xff latin", S_IFREG | 0644, 0);
	EXPECT(&c, 250, "CWD d");
	CHECK_LISTING(&c, "NLST", " blank first and last \r\n"
		"esc?[31m?tab?del\r\nx??150 y\r\n\344\xff latin\r\n");
	CHECK(symlink("to\n\033there", D "/a") == 0);
	char *text = lists_get(&c, "LIST a");
	CHECK_HAS(text, " a -> to??there\r\n");
	free(text);
	text = lists_get(&c, "MLSD");
	CHECK_HAS(text, "; x??150 y\r\n");
	CHECK_HAS(text, ";  blank first and last \r\n");
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_options(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	make(".hidden", S_IFREG | 0644, 3000);
	make("pipe", S_IFIFO | 0644, 2000);
	make("run", S_IFREG | 0755, 1000);
	files_mkdir_as("anna", D "/sub", 0755);
	CHECK(symlink("run", D "/link") == 0);
	EXPECT(&c, 250, "CWD d");
	CHECK_LISTING(&c, "NLST -A", ".hidden\r\nlink\r\npipe\r\nrun\r\n"
		"sub\r\n");
	CHECK_LISTING(&c, "NLST -rA", "sub\r\nrun\r\npipe\r\nlink\r\n"
		".hidden\r\n");
	CHECK_LISTING(&c, "NLST -F", "link@\r\npipe|\r\nrun*\r\nsub/\r\n");
	CHECK_LISTING(&c, "NLST -a -d", ".\r\n");
	EXPECT(&c, 550, "LIST -1 -t -r run pipe");
	CHECK_LISTING(&c, "LIST -tr1 *[nep]", "run\r\npipe\r\n");
	/* Unknown options change nothing. */
	CHECK_LISTING(&c, "NLST -ZQ --color=auto -h -L pipe", "pipe\r\n");
	char *text = lists_get(&c, "LIST -lF");
	CHECK_HAS(text, " run*\r\n");
	CHECK_HAS(text, " sub/\r\n");
	CHECK_HAS(text, " link -> run\r\n");
	free(text);
	/* What many clients send for "ls -l". */
	text = lists_get(&c, "NLST -l run");
	CHECK_HAS(text, "-rwxr-xr-x   1 root     root            0 ");
	free(text);
	text = lists_get(&c, "LIST -n run");
	CHECK_HAS(text, "-rwxr-xr-x   1 0        0               0 ");
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_names_like_options(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	make("-name", S_IFREG | 0644, 0);
	make("-la", S_IFREG | 0644, 0);
	make("--", S_IFREG | 0644, 0);
	EXPECT(&c, 250, "CWD d");
	CHECK_LISTING(&c, "NLST -name", "-name\r\n");
	CHECK_LISTING(&c, "NLST -- -name", "-name\r\n");
	CHECK_LISTING(&c, "NLST -a -- -la", "-la\r\n");
	CHECK_LISTING(&c, "NLST -- --", "--\r\n");
	CHECK_LISTING(&c, "NLST ./-la", "./-la\r\n");
	CHECK_LISTING(&c, "NLST -x*", "--\r\n-la\r\n-name\r\n");
	CHECK_LISTING(&c, "NLST -- -n*", "-name\r\n");
	/* A file named "-la" does not disable the option. */
	CHECK_LISTING(&c, "LIST -la1", "--\r\n-la\r\n-name\r\n.\r\n..\r\n");
	char *text = lists_get(&c, "NLST -la");
	CHECK(text != NULL && strncmp(text, "-rw-r--r-- ", 11) == 0);
	CHECK_HAS(text, " -la\r\n-rw-r--r-- ");
	CHECK_HAS(text, " ..\r\n");
	free(text);
	EXPECT(&c, 213, "STAT -name");
	CHECK_HAS(c.text, " -name\n");
	ftp_close(&c);
	server_stop(&s);
}

/* As in a shell, and by ProFTPD. */
static void
test_pattern_for_directories(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	files_mkdir_as("anna", D "/sub", 0755);
	files_mkdir_as("anna", D "/.sub", 0755);
	make("sure", S_IFREG | 0644, 0);
	CHECK(symlink("sub", D "/surely") == 0);
	CHECK(symlink("sure", D "/sunk") == 0);
	CHECK(symlink("none", D "/sunken") == 0);
	CHECK_LISTING(&c, "NLST d/s*", "d/sub\r\nd/sunk\r\nd/sunken\r\n"
		"d/sure\r\nd/surely\r\n");
	CHECK_LISTING(&c, "NLST d/s*/", "d/sub\r\nd/surely\r\n");
	CHECK_LISTING(&c, "NLST d/*//", "d/sub\r\nd/surely\r\n");
	CHECK_LISTING(&c, "NLST d/.*/", "d/.sub\r\n");
	EXPECT(&c, 250, "CWD d");
	CHECK_LISTING(&c, "NLST */", "sub\r\nsurely\r\n");
	char *text = lists_get(&c, "LIST s*/");
	CHECK_NUMBER(lists_count_lines(text), 2);
	free(text);
	EXPECT(&c, 550, "STAT nothing/");
	ftp_close(&c);
	server_stop(&s);
	/* A link that is not followed leads to no directory. */
	if (!SERVER(&s, "session.symlinks=deny") || !ftp_enter(&c, "anna"))
		return;
	CHECK_LISTING(&c, "NLST d/*/", "d/sub\r\n");
	ftp_close(&c);
	server_stop(&s);
}

/* max_list_depth = 1: as vsftpd without ls_recurse_enable. */
static void
test_no_recursion(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_list_depth=1") || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	files_mkdir_as("anna", D "/sub", 0755);
	make("sub/f", S_IFREG | 0644, 0);
	CHECK_LISTING(&c, "NLST -R d", "d/sub\r\n");
	CHECK_TEXT(c.text, "226 Transfer complete.");
	char *text = lists_get(&c, "LIST -R d");
	CHECK_NUMBER(lists_count_lines(text), 1);
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_owners(void)
{
	struct server s;
	struct ftp c;

	server_configure("[user \"anna\"]\nlist_owners = numbers\n"
		"[user \"bert\"]\nlist_owners = hidden\n");
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK(chmod("/home/anna", 0755) == 0);
	files_mkdir_as("anna", D, 0755);
	make("f", S_IFREG | 0644, 0);
	CHECK_LISTING(&c, "LIST d", "-rw-r--r--   1 0        0               0 "
		"Jan  1  1970 f\r\n");
	ftp_close(&c);
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_LISTING(&c, "LIST " D, "-rw-r--r--   1 ftp      ftp             "
		"0 Jan  1  1970 f\r\n");
	CHECK_LISTING(&c, "LIST -n " D, "-rw-r--r--   1 ftp      ftp          "
		"   0 Jan  1  1970 f\r\n");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, ";unique*;UNIX.mode*;create;\n");
	EXPECT(&c, 200, "OPTS MLST UNIX.mode;UNIX.owner;UNIX.groupname;");
	CHECK_TEXT(c.text, "200 MLST OPTS UNIX.mode;");
	EXPECT(&c, 250, "MLST " D "/f");
	CHECK_HAS(c.text, "\n UNIX.mode=0644; " D "/f\n");
	char *text = lists_get(&c, "MLSD " D);
	CHECK_HAS(text, "UNIX.mode=0644; f\r\n");
	CHECK_LACKS(text, "UNIX.owner");
	CHECK_LACKS(text, "UNIX.group");
	free(text);
	ftp_close(&c);
	server_stop(&s);
}

/* The perm fact matches the server's behaviour. */
static void
test_perm(void)
{
	struct server s;
	struct ftp c;

	server_configure("[session]\ndeny_names = *.exe\n");
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_mkdir_as("anna", D, 0755);
	files_write_as("anna", D "/f", "x", 1);
	files_write_as("anna", D "/x.exe", "x", 1);
	files_mkdir_as("anna", D "/ro", 0755);
	CHECK(mount("none", D "/ro", "tmpfs", 0, "mode=0755,uid=1001") == 0);
	files_write_as("anna", D "/ro/f", "x", 1);
	CHECK(mount(NULL, D "/ro", NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
	EXPECT(&c, 200, "OPTS MLST perm;");
	EXPECT(&c, 250, "MLST d/f");
	CHECK_HAS(c.text, "\n perm=radfw; ");
	EXPECT(&c, 250, "MLST d");
	CHECK_HAS(c.text, "\n perm=elpdfmc; ");
	/* Not for ".": RMD . is refused. */
	EXPECT(&c, 250, "MLST .");
	CHECK_HAS(c.text, "\n perm=elpmc; ");
	char *text = lists_get(&c, "MLSD d");
	CHECK_HAS(text, "perm=; x.exe\r\n");
	CHECK_HAS(text, "perm=radfw; f\r\n");
	free(text);
	text = lists_get(&c, "MLSD d/ro");
	CHECK_HAS(text, "perm=r; f\r\n");
	CHECK_HAS(text, "perm=el; .\r\n");
	free(text);
	EXPECT(&c, 250, "MLST d/ro/f");
	CHECK_HAS(c.text, "\n perm=r; ");
	EXPECT(&c, 550, "DELE d/ro/f");
	CHECK(umount(D "/ro") == 0);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "every type of file has nine columns", test_types },
	{ "dates have the hour or the year", test_dates },
	{ "control bytes in names are replaced", test_names },
	{ "options alone, combined and in any order", test_options },
	{ "names that look like options", test_names_like_options },
	{ "a pattern with a slash at the end matches directories",
		test_pattern_for_directories },
	{ "max_list_depth = 1 means no recursion", test_no_recursion },
	{ "owners as names, as numbers, or hidden", test_owners },
	{ "the perm fact matches what the server allows", test_perm },
	CU_TEST_INFO_NULL,
};
