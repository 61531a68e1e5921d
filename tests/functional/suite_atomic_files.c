/*
 * suite_atomic_files.c - atomic_uploads: temporary files, and the attributes
 * taken from the old file.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <fcntl.h>
#include <sys/xattr.h>

const char *const functional_name = "atomic_files";

#define HOME   "/home/anna/"
#define HIDDEN ".sureftpd-upload.0123456789abcdef"
#define ATOMIC "session.atomic_uploads=yes"

static bool
holds(const char *path, const char *text)
{
	return files_same(path, text, strlen(text));
}

/* --- temporary files left by a crash, on file systems without unnamed files */

static void
test_left_over(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct server s;
	struct ftp c;
	size_t len;

	if (!SERVER(&s, ATOMIC) || !ftp_enter(&c, "anna"))
		return;
	/* The session has finished its own cleanup. */
	EXPECT(&c, 200, "NOOP");
	files_mkdir_as("anna", HOME "d", 0755);
	files_write_as("anna", HOME HIDDEN, "x", 1);
	files_write_as("anna", HOME "d/" HIDDEN, "x", 1);
	static const char *const lists[] = { "LIST -a", "NLST -a", "MLSD",
		"LIST -aR", "LIST .sure*", "NLST .*" };
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		char *text = ftp_get(&c, &len, "%s", lists[i]);
		if (!CHECK(text != NULL))
			continue;
		CHECK_LACKS(text, "sureftpd");
		free(text);
	}
	EXPECT(&c, 213, "STAT -a .");
	CHECK_LACKS(c.text, "sureftpd");
	ftp_close(&c);

	/* A temporary file in use is kept until the next session. */
	int fd = open(HOME HIDDEN, O_WRONLY | O_CLOEXEC);
	CHECK(fcntl(fd, F_OFD_SETLK, &l) == 0);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "NOOP");
	CHECK(files_exist(HOME HIDDEN));
	ftp_close(&c);
	close(fd);
	if (!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "NOOP");
	CHECK(!files_exist(HOME HIDDEN));
	CHECK_LOGGED(0, "info session=3 peer=127.0.0.1 user=anna session: "
		"removed " HIDDEN ", left by an interrupted upload");
	CHECK(files_exist(HOME "d/" HIDDEN));
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR d/f"), 226);
	CHECK(!files_exist(HOME "d/" HIDDEN));
	/* A directory that only contains temporary files can be removed. */
	files_mkdir_as("anna", HOME "e", 0755);
	files_write_as("anna", HOME "e/" HIDDEN, "x", 1);
	EXPECT(&c, 250, "RMD e");
	ftp_close(&c);
	server_stop(&s);
}

/* In a directory that the account may not write to it stays. */
static void
test_left_for_good(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("root", "/home/fixed", 0755);
	files_write_as("anna", "/home/fixed/" HIDDEN, "x", 1);
	if (!SERVER(&s, ATOMIC, "session.start_dir=/home/fixed") ||
		!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/fixed\"");
	ftp_close(&c);
	CHECK_LOGGED(0, "info session=1 *session ended: *");
	CHECK(files_exist("/home/fixed/" HIDDEN));
	CHECK_NUMBER(logged_times(0, "*removed " HIDDEN "*"), 0);
	server_stop(&s);
}

/* --- owner and group */

static void
test_group_and_acl(void)
{
	static const struct {
		uint32_t version;
		struct {
			uint16_t tag, permissions;
			uint32_t id;
		} entries[5];
	} acl = { 2, {
		{ 0x01, 6, UINT32_MAX }, { 0x02, 6, 1002 },
		{ 0x04, 0, UINT32_MAX }, { 0x10, 6, UINT32_MAX },
		{ 0x20, 0, UINT32_MAX },
	} };
	char now[sizeof(acl)] = "";
	struct stat st = { 0 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, ATOMIC))
		return;
	files_write_as("anna", HOME "f", "old", 3);
	CHECK(chown(HOME "f", 1001, ACCOUNTS_TEAM_GID) == 0);
	CHECK(setxattr(HOME "f", "system.posix_acl_access", &acl, sizeof(acl),
		0) == 0);
	/* Bert's, in a directory of anna's, and anna may write to it. */
	files_write_as("bert", HOME "g", "old", 3);
	CHECK(chmod(HOME "g", 0646) == 0);
	if (!ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 226);
	CHECK(stat(HOME "f", &st) == 0);
	CHECK_NUMBER(st.st_gid, ACCOUNTS_TEAM_GID);
	CHECK_NUMBER(st.st_mode & 07777, 0660);
	CHECK_NUMBER(getxattr(HOME "f", "system.posix_acl_access", now,
		sizeof(now)), sizeof(acl));
	CHECK(memcmp(now, &acl, sizeof(acl)) == 0);
	/* anna is not in that group, so the group gets only the permissions of
	 * others. */
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR g"), 226);
	CHECK(stat(HOME "g", &st) == 0);
	CHECK_NUMBER(st.st_uid, 1001);
	CHECK_NUMBER(st.st_mode & 07777, 0666);
	/* A file that the account cannot write to cannot be replaced. */
	files_write_as("bert", HOME "h", "old", 3);
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR h"), 550);
	CHECK(holds(HOME "h", "old"));
	ftp_close(&c);
	server_stop(&s);
}

/* With TLS, a truncated stream is not a complete file (rule R16), nor is one
 * whose handshake failed; and nothing is created before the handshake. */
static void
test_tls(void)
{
	struct server s;
	struct ftps t;

	files_write_as("anna", HOME "f", "old", 3);
	if (!FTPS_SERVER(&s, ATOMIC))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	CHECK_NUMBER(ftps_start_raw(&t, "STOR f"), 150);
	ftp_data_close(&t.c);
	EXPECT_REPLY(&t.c, 425);
	CHECK(holds(HOME "f", "old"));
	t.end = FTPS_END_CUT;
	CHECK_NUMBER(ftp_put(&t.c, "half", 4, "STOR f"), 426);
	CHECK_NUMBER(ftp_put(&t.c, "half", 4, "STOR new"), 426);
	CHECK(holds(HOME "f", "old"));
	CHECK(!files_exist(HOME "new"));
	t.end = FTPS_END_NOTIFY;
	CHECK_NUMBER(ftp_put(&t.c, "whole", 5, "STOR f"), 226);
	CHECK(holds(HOME "f", "whole"));
	ftp_close(&t.c);
	server_stop(&s);
}

/* The details are in the unit tests; this checks that the session has the
 * permissions. */
static void
test_fsync(void)
{
	static const char *const atomic[] = { ATOMIC,
		"session.atomic_uploads=no" };
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(atomic); i++) {
		if (!SERVER(&s, atomic[i], "session.fsync_uploads=yes") ||
			!ftp_enter(&c, "anna"))
			return;
		CHECK_NUMBER(ftp_put(&c, "new", 3, "STOR f"), 226);
		CHECK_NUMBER(ftp_put(&c, "newer", 5, "STOR f"), 226);
		CHECK_NUMBER(ftp_put(&c, "x", 1, "APPE f"), 226);
		CHECK(holds(HOME "f", "newerx"));
		EXPECT(&c, 250, "DELE f");
		ftp_close(&c);
		server_stop(&s);
	}
}

CU_TestInfo functional_tests[] = {
	{ "temporary files left by a crash are hidden, and removed",
		test_left_over },
	{ "one that cannot be removed is not logged as removed",
		test_left_for_good },
	{ "group, mode and ACL of the old file are kept", test_group_and_acl },
	{ "over TLS", test_tls },
	{ "fsync_uploads", test_fsync },
	CU_TEST_INFO_NULL,
};
