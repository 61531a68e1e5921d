/*
 * suite_network_homes.c - homes of mode 0700 on NFS, where root is nobody, on
 * CIFS, and behind an automounter.
 *
 * It needs mounts and servers, and fails without: tests/lab/network_homes.sh
 * boots a kernel that has them.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/quotas.h"
#include "tests/functional/served.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/vfs.h>

const char *const functional_name = "network_homes";

#define KIB	    1024
#define STALE	    "Stale file handle"
#define AUTOFS	    0x0187
#define OPTIONS_MAX 4

static const struct served_place nfs = { "/mnt", "/tmp/served/homes", true };
static const struct served_place cifs = { "/media", "/tmp/served/share",
	false };

/* --- what a session does in its home */

/* Nothing of an upload's own is left either. */
static void
check_empty(const struct served_home *h)
{
	DIR *d = opendir(h->served);
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	CHECK_NUMBER(n, 2);
}

static void
use(const struct served_place *p, const char *const *options)
{
	struct server s;
	struct ftp c;
	struct served_home h;

	if (!served_make(&h, p) || !server_start(&s, options) ||
		!ftp_enter(&c, "anna"))
		return;
	if (p->squashed)
		CHECK(chdir(h.path) < 0 && errno == EACCES);
	EXPECT(&c, 200, "TYPE I");
	served_transfers(&c, &h);
	served_changes(&c, &h, p);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(logged_times(0, "* alert *") == 0);
	server_stop(&s);
	check_empty(&h);
}

static const char *const ways[][OPTIONS_MAX] = {
	{ "session.jail=no", "session.atomic_uploads=no" },
	{ "session.jail=home", "session.atomic_uploads=no",
		"session.upload_locking=yes" },
	{ "session.jail=no", "session.atomic_uploads=yes" },
	{ "session.jail=home", "session.atomic_uploads=yes",
		"session.upload_locking=yes" },
};

static void
test_nfs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		use(&nfs, ways[i]);
}

static void
test_cifs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		use(&cifs, ways[i]);
}

/* Two uploads to one name. */
static void
locks(const struct served_place *p)
{
	struct server s;
	struct ftp a, b;
	struct served_home h;

	if (!served_make(&h, p) || !SERVER(&s, "session.upload_locking=yes",
		"session.atomic_uploads=no") || !ftp_enter(&a, "anna") ||
		!ftp_enter(&b, "anna"))
		return;
	EXPECT(&a, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&a, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&a, "first", 5), 5);
	CHECK(ftp_prepare(&b));
	EXPECT(&b, 450, "STOR f");
	ftp_data_close(&b);
	CHECK_NUMBER(ftp_finish(&a), 226);
	CHECK(files_same(served_path(&h, "f"), "first", 5));
	CHECK_NUMBER(ftp_put(&b, "second", 6, "STOR f"), 226);
	CHECK(files_same(served_path(&h, "f"), "second", 6));
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

static void
test_locks(void)
{
	locks(&nfs);
	locks(&cifs);
}

/* What was there before is counted, although root could not. */
static void
quota(const struct served_place *p, const char *option)
{
	struct server s;
	struct ftp c;
	struct served_home h;
	char *data = files_pattern(10 * KIB);

	if (!served_make(&h, p))
		return;
	files_write_as("anna", served_path(&h, "old"), data, 10 * KIB);
	free(data);
	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=100k", option) ||
		!ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK(quotas_become(&c, 10 * KIB));
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR a"), 226);
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR b"), 552);
	EXPECT(&c, 250, "DELE a");
	CHECK_NUMBER(quotas_put(&c, 60 * KIB, "STOR b"), 226);
	CHECK(quotas_become(&c, 70 * KIB));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_quota(void)
{
	quota(&nfs, "session.atomic_uploads=no");
	quota(&nfs, "session.atomic_uploads=yes");
	quota(&cifs, "session.atomic_uploads=no");
}

/* --- what is deleted on the server */

/* A reply in time, with its reason. */
static void
check_gone(struct ftp *c, const char *command)
{
	CHECK(ftp_prepare(c));
	if (ftp_command(c, "%s", command) == 150)
		ftp_finish(c);
	CHECK_SAYS(c->code / 100 == 4 || c->code / 100 == 5, "%s: %d %s",
		command, c->code, c->text);
	CHECK_SAYS(strstr(c->text, STALE) != NULL ||
		strstr(c->text, "No such file") != NULL, "%s: %s", command,
		c->text);
	ftp_data_close(c);
}

static void
test_stale(void)
{
	for (int jailed = 0; jailed < 2; jailed++) {
		struct server s;
		struct ftp c;
		struct served_home h;

		if (!served_make(&h, &nfs) ||
			!SERVER(&s, jailed ? "session.jail=home" :
				"session.jail=no") || !ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 257, "MKD d");
		EXPECT(&c, 250, "CWD d");
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
		served_remove(&h, "d");
		/* The client's kernel asks again after a second. */
		wait_for_time(1500);
		check_gone(&c, "LIST");
		check_gone(&c, "MLSD");
		check_gone(&c, "STOR new");
		check_gone(&c, "RETR f");
		check_gone(&c, "SIZE f");
		check_gone(&c, "MKD e");
		check_gone(&c, "DELE f");
		EXPECT(&c, 250, "CWD %s", jailed ? "/" : h.path);
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new"), 226);
		/* And the home itself. */
		served_remove(&h, "");
		wait_for_time(1500);
		check_gone(&c, "STOR f");
		check_gone(&c, "LIST");
		EXPECT(&c, 200, "NOOP");
		EXPECT(&c, 221, "QUIT");
		ftp_close(&c);
		CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 530);
		CHECK(logged_times(0, "* alert *") == 0);
		server_stop(&s);
	}
}

/* A file that is deleted, or becomes shorter, on the server while it is
 * sent. */
static void
test_deleted_while_sent(void)
{
	struct server s;
	struct ftp c;
	struct served_home h;
	size_t size = (size_t)64 << 20;
	char begin[16];

	if (!served_make(&h, &nfs) || !SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	char *data = files_pattern(size);
	EXPECT(&c, 200, "TYPE I");
	files_write_as("anna", served_path(&h, "f"), data, size);
	CHECK_NUMBER(ftp_start(&c, "RETR f"), 150);
	CHECK_NUMBER(ftp_data_read(&c, begin, sizeof(begin)), sizeof(begin));
	CHECK(truncate(served_path(&h, "f"), 4096) == 0);
	CHECK(unlink(served_path(&h, "f")) == 0);
	wait_for_time(1500);
	size_t n = ftp_data_read(&c, data, size);
	CHECK_SAYS(n < size - sizeof(begin), "%zu bytes came", n);
	int code = ftp_finish(&c);
	CHECK_SAYS(code == 426 || code == 451 || code == 550, "%d %s", code,
		c.text);
	EXPECT(&c, 200, "NOOP");
	free(data);
	ftp_close(&c);
	server_stop(&s);
}

/* --- an automounter, in the world's own mounts */

static bool
is_automounted(void *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == AUTOFS;
}

static bool
start_automount(void)
{
	static char path[] = "/run/auto";

	mkdir(path, 0755);
	files_write_text("/etc/auto.home", "* -fstype=bind :/mnt/&\n");
	files_write_text("/etc/auto.master",
		"/run/auto file:/etc/auto.home --timeout=2 nobrowse\n");
	if (fork() == 0) {
		/* autofs knows it by its process group, which must be one of
		 * this world. */
		setsid();
		execl("/usr/sbin/automount", "automount", "-f", "-C",
			"/etc/auto.master", NULL);
		_exit(1);
	}
	return CHECK(wait_until(is_automounted, path, 10000));
}

static void
test_autofs(void)
{
	if (!start_automount())
		return;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct server s;
		struct ftp c;
		struct served_home h;
		char path[64];

		if (!served_make(&h, &nfs))
			return;
		snprintf(path, sizeof(path), "/run/auto/%s", h.name);
		accounts_set_home("anna", path);
		if (!server_start(&s, ways[i]) || !ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		served_transfers(&c, &h);
		served_changes(&c, &h, &nfs);
		/* What a session uses is not unmounted when its time is
		 * over. */
		wait_for_time(5000);
		CHECK_NUMBER(ftp_put(&c, "late", 4, "STOR f"), 226);
		CHECK(files_same(served_path(&h, "f"), "late", 4));
		EXPECT(&c, 221, "QUIT");
		ftp_close(&c);
		server_stop(&s);
	}
	/* The automounter has no such directory. */
	struct server s;
	accounts_set_home("anna", "/run/auto/none");
	if (!SERVER(&s, "session.jail=home"))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 530);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "NFS where root is nobody", test_nfs },
	{ "CIFS", test_cifs },
	{ "locks", test_locks },
	{ "quotas of the server's own", test_quota },
	{ "a directory that was deleted on the server", test_stale },
	{ "a file that is deleted while it is sent", test_deleted_while_sent },
	{ "a home that is mounted when it is used", test_autofs },
	CU_TEST_INFO_NULL
};
