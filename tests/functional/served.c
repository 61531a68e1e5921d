/*
 * served.c - homes on a network file system, seen from both sides.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/served.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"
#include "tests/functional/lists.h"

#include <ftw.h>
#include <sys/stat.h>

#define LARGE ((size_t)4 << 20)

bool
served_make(struct served_home *h, const struct served_place *p)
{
	static int number;
	const struct account *anna = accounts_find("anna");

	snprintf(h->name, sizeof(h->name), "h%d", ++number);
	snprintf(h->path, sizeof(h->path), "%s/%s", p->mount, h->name);
	snprintf(h->served, sizeof(h->served), "%s/%s", p->served, h->name);
	if (!CHECK(mkdir(h->served, 0700) == 0))
		return false;
	/* Samba comes as nobody. */
	CHECK(p->squashed ?
		    chown(h->served, anna->uid, anna->gid) == 0 :
		    chmod(h->served, 0777) == 0);
	accounts_set_home("anna", h->path);
	return true;
}

const char *
served_path(const struct served_home *h, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", h->served, name);
	return path;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st, (void)type, (void)f;
	return remove(path);
}

bool
served_remove(const struct served_home *h, const char *name)
{
	return CHECK(nftw(served_path(h, name), remove_one, 16,
			     FTW_DEPTH | FTW_PHYS) == 0);
}

/* --- what a session does in its home */

void
served_transfers(struct ftp *c, const struct served_home *h)
{
	char *data = files_pattern(LARGE);
	size_t len;

	CHECK_NUMBER(ftp_put(c, data, LARGE, "STOR f"), 226);
	CHECK(files_same(served_path(h, "f"), data, LARGE));
	EXPECT(c, 213, "SIZE f");
	char *got = ftp_get(c, &len, "RETR f");
	EXPECT_WAS(c, 226);
	CHECK(got != NULL && len == LARGE && memcmp(got, data, len) == 0);
	free(got);
	EXPECT(c, 350, "REST %zu", LARGE - 3);
	got = ftp_get(c, &len, "RETR f");
	CHECK(got != NULL && len == 3);
	free(got);
	/* In place of the old one; appended. */
	CHECK_NUMBER(ftp_put(c, "short", 5, "STOR f"), 226);
	CHECK_NUMBER(ftp_put(c, " end", 4, "APPE f"), 226);
	CHECK(files_same(served_path(h, "f"), "short end", 9));
	free(data);
}

void
served_changes(struct ftp *c, const struct served_home *h,
	const struct served_place *p)
{
	struct stat st = { 0 };

	EXPECT(c, 350, "RNFR f");
	EXPECT(c, 250, "RNTO g");
	CHECK(!files_exist(served_path(h, "f")));
	CHECK(files_exist(served_path(h, "g")));
	EXPECT(c, 213, "MFMT 20200102030405 g");
	CHECK(stat(served_path(h, "g"), &st) == 0);
	CHECK_NUMBER(st.st_mtime, 1577934245);
	if (p->squashed) {
		EXPECT(c, 200, "SITE CHMOD 640 g");
		CHECK(stat(served_path(h, "g"), &st) == 0);
		CHECK_NUMBER(st.st_mode & 07777, 0640);
		CHECK_NUMBER(st.st_uid, accounts_find("anna")->uid);
	}
	EXPECT(c, 257, "MKD d");
	EXPECT(c, 250, "CWD d");
	CHECK_NUMBER(ftp_put(c, "x", 1, "STOR inner"), 226);
	EXPECT(c, 250, "CDUP");
	char *list = lists_get(c, "LIST");
	CHECK_HAS(list, " g\r\n");
	CHECK_HAS(list, " d\r\n");
	free(list);
	list = lists_get(c, "MLSD d");
	CHECK_HAS(list, " inner\r\n");
	free(list);
	EXPECT(c, 550, "RMD d");
	EXPECT(c, 250, "DELE d/inner");
	EXPECT(c, 250, "RMD d");
	EXPECT(c, 250, "DELE g");
	CHECK(!files_exist(served_path(h, "g")));
	CHECK(!files_exist(served_path(h, "d")));
}
