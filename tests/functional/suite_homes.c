/*
 * suite_homes.c - home directories that are not what one expects: a session is
 * in them as a login shell would be.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/fuse.h"
#include "tests/functional/lists.h"
#include "tests/functional/world.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>

const char *const functional_name = "homes";

static void
check_pwd(struct ftp *c, const char *path)
{
	char quoted[256];

	snprintf(quoted, sizeof(quoted), "257 \"%s\" ", path);
	EXPECT(c, 257, "PWD");
	CHECK_HAS(c->text, quoted);
}

/* A session there can do what the account can; with and without a jail. */
static void
check_home(const char *path, bool writable)
{
	for (int jailed = 0; jailed < 2; jailed++) {
		struct server s;
		struct ftp c;

		if (!SERVER(&s, jailed ? "session.jail=home" :
			    "session.jail=no"))
			return;
		if (ftp_enter(&c, "anna")) {
			check_pwd(&c, jailed ? "/" : path);
			EXPECT(&c, 200, "TYPE I");
			CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new"),
				writable ? 226 : 550);
			EXPECT(&c, writable ? 213 : 550, "SIZE new");
			free(lists_get(&c, "LIST"));
			EXPECT(&c, 221, "QUIT");
		}
		ftp_close(&c);
		server_stop(&s);
	}
}

/* Another's, but open to the account's group; and of no use to root's own
 * rights where these do not count. */
static void
test_groups(void)
{
	CHECK(chown("/home/anna", 1001, 4711) == 0);
	check_home("/home/anna", true);
	CHECK(chown("/home/anna", 0, ACCOUNTS_TEAM_GID) == 0);
	CHECK(chmod("/home/anna", 0770) == 0);
	check_home("/home/anna", true);
	CHECK(chmod("/home/anna", 0750) == 0);
	CHECK(unlink("/home/anna/new") == 0);
	check_home("/home/anna", false);
}

struct acl_entry {
	uint16_t tag, permissions;
	uint32_t id;
};

/* acl(5) as the kernel has it: version 2; owner, user, group, mask, other. */
static bool
set_acl(const char *path, uid_t uid)
{
	const struct {
		uint32_t version;
		struct acl_entry entries[5];
	} acl = { 2, { { 0x01, 7, UINT32_MAX }, { 0x02, 7, uid },
		{ 0x04, 0, UINT32_MAX }, { 0x10, 7, UINT32_MAX },
		{ 0x20, 0, UINT32_MAX } } };

	return setxattr(path, "system.posix_acl_access", &acl, sizeof(acl),
		0) == 0;
}

static void
test_acl(void)
{
	CHECK(chown("/home/anna", 0, 0) == 0);
	if (!set_acl("/home/anna", 1001)) {
		printf("no access lists here: not tested\n");
		return;
	}
	check_home("/home/anna", true);
	/* for somebody else */
	CHECK(set_acl("/home/anna", 1002));
	struct server s;
	if (!SERVER(&s))
		return;
	check_refused("anna", "anna-pass", "cannot enter the home directory "
		"/home/anna: Permission denied");
	server_stop(&s);
}

static void
test_link(void)
{
	struct server s;
	struct ftp c;

	mkdir("/home/data", 0755);
	CHECK(rename("/home/anna", "/home/data/a") == 0);
	CHECK(symlink("data/a", "/home/anna") == 0);
	check_home("/home/data/a", true);
	/* the log has the path that the kernel found */
	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD d");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna created "
		"directory \"/home/data/a/d\" (client path \"/d\")");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_root(void)
{
	accounts_set_home("anna", "/");
	check_home("/", false);
}

static void
test_mounts(void)
{
	struct server s;
	struct ftp c;

	CHECK(mount("world", "/home/anna", "tmpfs", MS_NOEXEC | MS_NOSUID |
		MS_NODEV, "mode=700,uid=1001,gid=1001") == 0);
	check_home("/home/anna", true);
	CHECK(mount("world", "/home/anna", "tmpfs", MS_REMOUNT | MS_RDONLY,
		NULL) == 0);
	if (SERVER(&s) && ftp_enter(&c, "anna")) {
		size_t len;
		EXPECT(&c, 550, "MKD d");
		CHECK_HAS(c.text, "Read-only file system");
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR other"), 550);
		EXPECT(&c, 550, "DELE new");
		EXPECT(&c, 550, "SITE CHMOD 600 new");
		free(ftp_get(&c, &len, "RETR new"));
		EXPECT_WAS(&c, 226);
	}
	ftp_close(&c);
	server_stop(&s);
	CHECK(umount2("/home/anna", MNT_DETACH) == 0);
}

/* The account's data are data: no token, no format, no encoding. */
static void
test_bytes(void)
{
	static const char *const homes[] = { "/home/100%u %s%n",
		"/home/ a  b ", "/home/\xff\xfe\x80", "/home/x\"y'z\\n",
		"/home/\xc3\xa9t\xc3\xa9", "/home/-rf", "/home/~" };
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(homes); i++) {
		files_mkdir_as("anna", homes[i], 0700);
		accounts_set_home("anna", homes[i]);
		for (int jailed = 0; jailed < 2; jailed++) {
			if (!SERVER(&s, jailed ? "session.jail=%h" :
				    "session.jail=no"))
				return;
			if (ftp_enter(&c, "anna"))
				CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new%d",
					jailed), 226);
			ftp_close(&c);
			server_stop(&s);
			char path[256];
			snprintf(path, sizeof(path), "%s/new%d", homes[i],
				jailed);
			CHECK_SAYS(files_exist(path), "%s is not there", path);
		}
	}
}

static void
test_fuse(void)
{
	struct server s;
	struct ftp c;

	if (!fuse_mount("/home/anna", 1001, 1001)) {
		printf("no FUSE here: not tested\n");
		return;
	}
	/* Even root may not look into it. */
	struct stat st;
	CHECK(stat("/home/anna/hello", &st) < 0 && errno == EACCES);
	if (SERVER(&s) && ftp_enter(&c, "anna")) {
		size_t len = 0;
		check_pwd(&c, "/home/anna");
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 213, "SIZE hello");
		char *data = ftp_get(&c, &len, "RETR hello");
		CHECK(data != NULL && len == FUSE_HELLO_LEN &&
			memcmp(data, FUSE_HELLO, len) == 0);
		free(data);
		EXPECT(&c, 550, "SIZE none");
		EXPECT(&c, 221, "QUIT");
	}
	ftp_close(&c);
	server_stop(&s);
	/* It takes root to close a jail, and root may not look into it. */
	if (SERVER(&s, "session.jail=home")) {
		check_refused("anna", "anna-pass", "cannot enter the jail "
			"/home/anna: Permission denied");
		server_stop(&s);
	}
	fuse_unmount("/home/anna");
}

CU_TestInfo functional_tests[] = {
	{ "owned by another account, accessible by group", test_groups },
	{ "with an ACL", test_acl },
	{ "that are a symbolic link", test_link },
	{ "that are the root directory", test_root },
	{ "on mounts without exec, or read-only", test_mounts },
	{ "with arbitrary bytes in the path", test_bytes },
	{ "on a FUSE file system of the user", test_fuse },
	CU_TEST_INFO_NULL,
};
