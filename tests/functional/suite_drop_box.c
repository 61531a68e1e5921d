/*
 * suite_drop_box.c - directories for uploads only: permissions, jails and
 * upload rules combined.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"
#include "tests/functional/procs.h"

#include <sys/stat.h>

const char *const functional_name = "drop_box";

/* The manual's drop box, in a jail.  It cannot read a message of its own. */
static void
test_drop_box(void)
{
	struct server s;
	struct ftp c;
	struct stat st;

	files_write_as("anna", "/home/anna/.message", "Leave it.\n", 10);
	files_write_as("anna", "/home/anna/f", "old", 3);
	if (!SERVER(&s, "session.permissions=elw", "session.jail=home",
		    "session.atomic_uploads=yes", "session.overwrite=rename",
		    "limits.max_upload_size=10", "session.upload_user=bert",
		    "session.upload_mode=640", "session.fsync_uploads=yes",
		    "session.directory_message=.message",
		    "session.msg_login=Uploads only.") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_TEXT(c.text, "230 Uploads only.");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 226);
	CHECK_TEXT(c.text, "226 Transfer complete; stored as f.1.");
	CHECK(stat("/home/anna/f.1", &st) == 0);
	CHECK_NUMBER(st.st_uid, 1002);
	CHECK_NUMBER(st.st_mode & 07777, 0640);
	CHECK_NUMBER(ftp_put(&c, "12345678901", 11, "STOR g"), 552);
	CHECK(!files_exist("/home/anna/g"));
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOU h"), 226);
	CHECK_LISTING(&c, "NLST f*", "f\r\nf.1\r\n");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "APPE f"), 550);
	ftp_close(&c);
	server_stop(&s);
}

/* The same for anonymous clients: uploads belong to another account, cannot be
 * read, and cannot be replaced. */
static void
test_anonymous(void)
{
	struct server s;
	struct ftp c;
	struct stat st;
	size_t len;

	files_mkdir_as("root", "/home/pub", 0755);
	files_mkdir_as("bert", "/home/pub/incoming", 0755);
	if (!SERVER(&s, "anonymous.enabled=yes", "anonymous.user=bert",
		    "anonymous.root=/home/pub", "anonymous.upload_user=anna",
		    "anonymous.upload_mode=600",
		    "anonymous.atomic_uploads=yes",
		    "anonymous.overwrite=rename",
		    "anonymous.deny_names=*.exe",
		    "directory \"/home/pub/incoming\".permissions=elrw"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", "a@b"), 230);
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 550);
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR incoming/f"), 226);
	CHECK_NUMBER(ftp_put(&c, "two", 3, "STOR incoming/f"), 226);
	CHECK_TEXT(c.text, "226 Transfer complete; stored as incoming/f.1.");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR incoming/f.exe"), 550);
	CHECK(files_same("/home/pub/incoming/f", "new", 3));
	CHECK(stat("/home/pub/incoming/f.1", &st) == 0);
	CHECK_NUMBER(st.st_uid, 1001);
	CHECK_NUMBER(st.st_mode & 07777, 0600);
	EXPECT(&c, 350, "REST 1");
	free(ftp_get(&c, &len, "RETR incoming/f"));
	EXPECT_WAS(&c, 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "APPE incoming/f"), 550);
	EXPECT(&c, 550, "DELE incoming/f");
	EXPECT(&c, 550, "SITE CHMOD 666 incoming/f");
	EXPECT(&c, 550, "MFF UNIX.mode=0666; incoming/f");
	EXPECT(&c, 550, "MFMT 20200101000000 incoming/f");
	ftp_close(&c);
	server_stop(&s);
}

/* A message file that the session may not read is not shown. */
static void
test_denied_message(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/closed", 0755);
	files_write_as("anna", "/home/anna/closed/.message", "no\n", 3);
	if (!SERVER(&s, "session.directory_message=.message",
		    "directory \"/home/anna/closed\".permissions=el") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 250, "CWD closed");
	CHECK_TEXT(c.text, "250 Directory changed.");
	ftp_close(&c);
	server_stop(&s);
}

/* What a client has uploaded is not shown to others, as it is not sent. */
static void
test_message_not_for_all(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/d", 0755);
	if (!SERVER(&s, "session.directory_message=.message",
		    "session.umask=077", "session.world_readable_only=yes") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "spam\r\n", 6, "STOR d/.message"), 226);
	EXPECT(&c, 550, "RETR d/.message");
	EXPECT(&c, 250, "CWD d");
	CHECK_TEXT(c.text, "250 Directory changed.");
	EXPECT(&c, 200, "SITE CHMOD 644 .message");
	EXPECT(&c, 250, "CWD .");
	CHECK_HAS(c.text, "250-spam\n");
	ftp_close(&c);
	server_stop(&s);
}

/* Who cannot change modes cannot choose them for new files either: what
 * anonymous clients upload would be readable to the others. */
static void
test_umask(void)
{
	struct server s;
	struct stat st;
	struct ftp c;
	size_t len;

	files_mkdir_as("root", "/home/pub", 0755);
	files_mkdir_as("bert", "/home/pub/incoming", 0755);
	if (!SERVER(&s, "anonymous.enabled=yes", "anonymous.user=bert",
		    "anonymous.root=/home/pub", "anonymous.permissions=elrw",
		    "anonymous.umask=037"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", "a@b"), 230);
	EXPECT(&c, 550, "SITE UMASK 000");
	EXPECT(&c, 550, "SITE UMASK 740");
	EXPECT(&c, 200, "SITE UMASK");
	CHECK_TEXT(c.text, "200 The umask is 037.");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR incoming/f"), 226);
	CHECK(stat("/home/pub/incoming/f", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0640);
	free(ftp_get(&c, &len, "RETR incoming/f"));
	EXPECT_WAS(&c, 550);
	EXPECT(&c, 200, "SITE UMASK 077");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR incoming/g"), 226);
	CHECK(stat("/home/pub/incoming/g", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0600);
	ftp_close(&c);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE UMASK 000");
	ftp_close(&c);
	server_stop(&s);
}

/* RMD removes temporary files of uploads only with the permission to delete. */
static void
test_left_overs(void)
{
	static const char *const names[] = { "no", "private" };
	struct server s;
	struct ftp c;
	char path[128];

	if (!SERVER(&s, "session.atomic_uploads=yes",
		    "session.deny_names=private",
		    "directory \"/home/anna/no\".permissions=elr"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "/home/anna/%s", names[i]);
		files_mkdir_as("anna", path, 0755);
		snprintf(path, sizeof(path), "/home/anna/%s/"
			".sureftpd-upload.0123456789abcdef", names[i]);
		files_write_as("anna", path, "1", 1);
	}
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "RMD no");
	EXPECT(&c, 550, "RMD private");
	CHECK(files_exist(path));
	CHECK(files_exist("/home/anna/no/.sureftpd-upload.0123456789abcdef"));
	ftp_close(&c);
	server_stop(&s);
}

#ifdef __SANITIZE_ADDRESS__	/* which reports on standard error */
#define FIRST_DESCRIPTOR 3
#else
#define FIRST_DESCRIPTOR 0
#endif

/* No open descriptor of a jailed session refers to something outside the
 * jail. */
static void
test_descriptors(void)
{
	struct server s;
	struct ftp c;
	char text[PATH_MAX];

	if (!SERVER(&s, "session.jail=home",
		    "directory \"/srv\".permissions=elradfmw",
		    "directory \"/home/anna\".permissions=elradfmw") ||
	    !ftp_enter(&c, "anna"))
		return;
	pid_t pid = procs_serving(PROCS_SESSION);
	CHECK(pid > 0);
	for (int fd = FIRST_DESCRIPTOR; fd < 256; fd++) {
		procs_descriptor(pid, fd, text, sizeof(text));
		CHECK_SAYS(text[0] == '\0' || text[0] != '/' ||
			strcmp(text, "/dev/null") == 0, "%d is %s", fd, text);
	}
	EXPECT(&c, 250, "CDUP");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/\"");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "in a jail", test_drop_box },
	{ "for anonymous clients", test_anonymous },
	{ "directory_message and permissions", test_denied_message },
	{ "directory_message and world_readable_only",
		test_message_not_for_all },
	{ "SITE UMASK", test_umask },
	{ "RMD and temporary files of uploads", test_left_overs },
	{ "descriptors of a session in a jail", test_descriptors },
	CU_TEST_INFO_NULL,
};
