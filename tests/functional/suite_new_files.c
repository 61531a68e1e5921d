/*
 * suite_new_files.c - the mode, group and ACL of what a session creates.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <dirent.h>
#include <sys/xattr.h>

const char *const functional_name = "new_files";

#define TOP "/home/anna/"

/* A default ACL: user::rwx user:bert:rwx group::r-x mask::rwx other::---, as
 * the kernel stores it. */
static const struct {
	uint32_t version;
	struct {
		uint16_t tag, permissions;
		uint32_t id;
	} entries[5];
} default_acl = { 2, {
	{ 0x01, 7, UINT32_MAX }, { 0x02, 7, 1002 }, { 0x04, 5, UINT32_MAX },
	{ 0x10, 7, UINT32_MAX }, { 0x20, 0, UINT32_MAX },
} };

struct rules {
	const char *options[5];
	mode_t file, directory;		/* without an ACL */
	mode_t file_acl, directory_acl;	/* with it */
};

static const struct rules rules[] = {
	{ { "session.umask=022" }, 0644, 0755, 0660, 0770 },
	{ { "session.umask=077" }, 0600, 0700, 0660, 0770 },
	{ { "session.umask=000" }, 0666, 0777, 0660, 0770 },
	{ { "session.umask=027", "session.directory_umask=002" },
		0640, 0775, 0660, 0770 },
	{ { "session.umask=002", "session.directory_umask=077" },
		0664, 0700, 0660, 0770 },
	{ { "session.umask=022", "session.file_mode=777" },
		0755, 0755, 0770, 0770 },
	{ { "session.umask=000", "session.file_mode=600" },
		0600, 0777, 0600, 0770 },
};

static void
make_places(void)
{
	files_mkdir_as("anna", TOP "plain", 0755);
	files_mkdir_as("anna", TOP "setgid", 0755);
	CHECK(chown(TOP "setgid", 1001, ACCOUNTS_TEAM_GID) == 0);
	CHECK(chmod(TOP "setgid", 02775) == 0);
	files_mkdir_as("anna", TOP "acl", 0755);
	CHECK(setxattr(TOP "acl", "system.posix_acl_default", &default_acl,
		sizeof(default_acl), 0) == 0);
}

static void
check_made(const char *path, mode_t mode, gid_t gid)
{
	struct stat st = { 0 };

	CHECK_SAYS(lstat(path, &st) == 0, "%s is missing", path);
	CHECK_SAYS((st.st_mode & 07777) == mode, "%s has mode %o instead of %o",
		path, st.st_mode & 07777, mode);
	CHECK_SAYS(st.st_uid == 1001 && st.st_gid == gid,
		"%s belongs to %u:%u", path, st.st_uid, st.st_gid);
}

/* The access ACL was made from the default one, with its five entries. */
static void
check_acl(const char *path, bool wanted)
{
	char acl[200];
	ssize_t n = getxattr(path, "system.posix_acl_access", acl,
		sizeof(acl));

	CHECK_SAYS((n == (ssize_t)sizeof(default_acl)) == wanted,
		"%s has an ACL of %zd bytes", path, n);
}

/* The name that STOU chose is the only file there. */
static const char *
only_file(const char *directory)
{
	static char path[300];
	DIR *d = opendir(directory);
	struct dirent *e;

	path[0] = '\0';
	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_type == DT_REG)
			snprintf(path, sizeof(path), "%s/%s", directory,
				e->d_name);
	if (d != NULL)
		closedir(d);
	return path;
}

static void
try_place(struct ftp *c, const char *name, const struct rules *r, gid_t gid)
{
	static const char *const verbs[] = { "STOR f", "APPE f", "STOU f" };
	bool acl = strcmp(name, "acl") == 0;
	mode_t special = strcmp(name, "setgid") == 0 ? 02000 : 0;
	char top[100], path[200];

	snprintf(top, sizeof(top), TOP "%s", name);
	EXPECT(c, 250, "CWD %s", top);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		EXPECT(c, 200, "TYPE %c", i % 2 == 0 ? 'I' : 'A');
		CHECK_NUMBER(ftp_put(c, "data\r\n", 6, "%s", verbs[i]), 226);
		const char *file = only_file(top);
		check_made(file, acl ? r->file_acl : r->file, gid);
		check_acl(file, acl);
		CHECK(unlink(file) == 0);
	}
	EXPECT(c, 257, "MKD d");
	snprintf(path, sizeof(path), "%s/d", top);
	check_made(path, (acl ? r->directory_acl : r->directory) | special,
		gid);
	check_acl(path, acl);
	/* The umask of directories is theirs alone. */
	CHECK_NUMBER(ftp_put(c, "x", 1, "STOR d/f"), 226);
	EXPECT(c, 250, "DELE d/f");
	CHECK_NUMBER(ftp_put(c, "x", 1, "STOR after"), 226);
	check_made(only_file(top), acl ? r->file_acl : r->file, gid);
}

static void
test_every_mode(void)
{
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		world_fresh();
		make_places();
		if (!server_start(&s, rules[i].options) ||
			!ftp_enter(&c, "anna"))
			return;
		try_place(&c, "plain", &rules[i], 1001);
		try_place(&c, "setgid", &rules[i], ACCOUNTS_TEAM_GID);
		try_place(&c, "acl", &rules[i], 1001);
		ftp_close(&c);
		server_stop(&s);
	}
}

/* What is there keeps its mode, ACL and owner. */
static void
test_replaced(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.umask=077") || !ftp_enter(&c, "anna"))
		return;
	make_places();
	files_write_as("anna", TOP "acl/f", "old", 3);
	CHECK(chmod(TOP "acl/f", 0640) == 0);
	CHECK_NUMBER(ftp_put(&c, "new!", 4, "STOR acl/f"), 226);
	check_made(TOP "acl/f", 0640, 1001);
	check_acl(TOP "acl/f", true);
	CHECK(files_same(TOP "acl/f", "new!", 4));
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "STOR, APPE, STOU and MKD: umask, file_mode, setgid, default ACL",
		test_every_mode },
	{ "a replaced file keeps mode, ACL and owner", test_replaced },
	CU_TEST_INFO_NULL,
};
