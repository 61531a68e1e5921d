/*
 * suite_landlock.c - Landlock: a compromised session cannot make system calls
 * that its permissions do not allow.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/landlock.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/inject.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <sys/syscall.h>

const char *const functional_name = "landlock";

static bool
available(void)
{
	if (landlock_version() > 0)
		return true;
	printf("this kernel has no Landlock: not tested\n");
	return false;
}

/* The session's process makes a call on a name, and on a second one. */
static long
call_on(struct captive *c, long number, const char *name, uint64_t third,
	const char *name2)
{
	uint64_t first = inject_put(c, 0, name, strlen(name) + 1);
	uint64_t fourth = name2 == NULL ? 0600 :
		inject_put(c, 1024, name2, strlen(name2) + 1);
	const uint64_t args[6] = { (uint64_t)AT_FDCWD, first,
		name2 == NULL ? third : (uint64_t)AT_FDCWD, fourth };

	return inject_syscall(c, number, args);
}

static long
open_as(struct captive *c, const char *name, int flags)
{
	return call_on(c, SYS_openat, name, (uint64_t)flags, NULL);
}

static long
rename_as(struct captive *c, const char *from, const char *to)
{
	return call_on(c, SYS_renameat2, from, 0, to);
}

static bool
capture(struct captive *c, struct server *s, struct ftp *ftp,
	const char *const *options)
{
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_write_as("anna", "/home/anna/f", "123", 3);
	files_write_as("anna", "/home/anna/d/f", "123", 3);
	return server_start(s, options) && ftp_enter(ftp, "anna") &&
		CHECK(inject_capture(c, procs_serving(PROCS_SESSION)));
}

#define CAPTURE(captive, server, ftp, ...) \
	capture((captive), (server), (ftp), \
		(const char *const[]){ __VA_ARGS__, NULL })

static void
release(struct captive *c, struct server *s, struct ftp *ftp)
{
	CHECK(inject_release(c));
	EXPECT(ftp, 257, "PWD");
	ftp_close(ftp);
	server_stop(s);
}

/* design section 5: a captured read-only session cannot write. */
static void
test_read_only(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	if (!available() || !CAPTURE(&c, &s, &ftp, "session.permissions=elr"))
		return;
	CHECK_NUMBER(open_as(&c, "f", O_WRONLY), -EACCES);
	CHECK_NUMBER(open_as(&c, "f", O_RDWR), -EACCES);
	CHECK_NUMBER(open_as(&c, "f", O_RDONLY | O_TRUNC), -EACCES);
	CHECK_NUMBER(open_as(&c, "new", O_WRONLY | O_CREAT), -EACCES);
	CHECK_NUMBER(open_as(&c, "/tmp/new", O_WRONLY | O_CREAT), -EACCES);
	CHECK_NUMBER(call_on(&c, SYS_mkdirat, "new", 0700, NULL), -EACCES);
	CHECK_NUMBER(call_on(&c, SYS_unlinkat, "f", 0, NULL), -EACCES);
	CHECK_NUMBER(call_on(&c, SYS_unlinkat, "d", AT_REMOVEDIR, NULL),
		-EACCES);
	CHECK_NUMBER(rename_as(&c, "f", "g"), -EACCES);
	CHECK(open_as(&c, "f", O_RDONLY) >= 0);
	CHECK(open_as(&c, "d", O_RDONLY | O_DIRECTORY) >= 0);
	CHECK(files_same("/home/anna/f", "123", 3));
	CHECK(!files_exist("/home/anna/new"));
	release(&c, &s, &ftp);
}

/* A drop box: a write-only session cannot read. */
static void
test_write_only(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	if (!available() || !CAPTURE(&c, &s, &ftp, "session.permissions=ew",
		    "session.atomic_uploads=yes", "session.jail=home"))
		return;
	CHECK_NUMBER(open_as(&c, "f", O_RDONLY), -EACCES);
	CHECK_NUMBER(open_as(&c, "f", O_RDWR), -EACCES);
	CHECK_NUMBER(open_as(&c, "d", O_RDONLY | O_DIRECTORY), -EACCES);
	CHECK_NUMBER(open_as(&c, "..", O_RDONLY | O_DIRECTORY), -EACCES);
	CHECK_NUMBER(call_on(&c, SYS_mkdirat, "new", 0700, NULL), -EACCES);
	CHECK_NUMBER(rename_as(&c, "f", "d/g"), -EXDEV);
	CHECK(open_as(&c, "new", O_WRONLY | O_CREAT) >= 0);
	release(&c, &s, &ftp);
}

/* What Landlock does not know: modes, owners, times, attributes. */
static void
check_facts(struct captive *c, const char *options, long by_name, long times,
	long by_descriptor)
{
	long fd = open_as(c, "f", O_RDONLY);
	const uint64_t mode[6] = { (uint64_t)fd, 0666 };
	const uint64_t group[6] = { (uint64_t)fd, (uint64_t)-1, 1001 };
	uint64_t name = inject_put(c, 2048, "user.x", 7);
	const uint64_t attribute[6] = { (uint64_t)fd, name, name, 1 };

	CHECK_SAYS(call_on(c, SYS_fchmodat, "f", 0640, NULL) == by_name,
		"%s: fchmodat", options);
	const uint64_t now[6] = { (uint64_t)AT_FDCWD,
		inject_put(c, 3072, "f", 2) };
	CHECK_SAYS(inject_syscall(c, SYS_utimensat, now) == times,
		"%s: utimensat", options);
	CHECK_SAYS(inject_syscall(c, SYS_fchmod, mode) == by_descriptor,
		"%s: fchmod", options);
	CHECK_SAYS(inject_syscall(c, SYS_fchown, group) == by_descriptor,
		"%s: fchown", options);
	/* The file system may have none. */
	long result = inject_syscall(c, SYS_fsetxattr, attribute);
	CHECK_SAYS(by_descriptor == 0 ? result != -EACCES :
		result == -EACCES, "%s: fsetxattr is %ld", options, result);
}

static void
test_facts(void)
{
	static const struct {
		const char *options;
		long by_name, times, by_descriptor;
	} cases[] = {
		{ "session.permissions=elr", -EACCES, -EACCES, -EACCES },
		{ "session.permissions=elradfmw", -EACCES, -EACCES, 0 },
		{ "session.permissions=elradfmwM", 0, -EACCES, 0 },
		{ "session.permissions=elradfmwT", -EACCES, 0, 0 },
		{ "session.permissions=elradfmwMT", 0, 0, 0 },
	};
	struct captive c;
	struct server s;
	struct ftp ftp;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!CAPTURE(&c, &s, &ftp, cases[i].options,
		    "session.atomic_uploads=yes"))
			return;
		check_facts(&c, cases[i].options, cases[i].by_name,
			cases[i].times, cases[i].by_descriptor);
		CHECK(inject_release(&c));
		/* What the letters allow still works. */
		CHECK_NUMBER(ftp_put(&ftp, "new", 3, "STOR f"),
			cases[i].by_descriptor == 0 ? 226 : 550);
		CHECK_NUMBER(ftp_command(&ftp, "SITE CHMOD 644 f"),
			cases[i].by_name == 0 ? 200 : 550);
		CHECK_NUMBER(ftp_command(&ftp, "MFMT 20200102030405 f"),
			cases[i].times == 0 ? 213 : 550);
		ftp_close(&ftp);
		server_stop(&s);
		unlink(SERVER_CONFIG);
	}
}

/* Control: the same calls succeed with the permissions. */
static void
test_all_permissions(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	if (!available() || !CAPTURE(&c, &s, &ftp, "log.level=info"))
		return;
	CHECK(open_as(&c, "f", O_WRONLY) >= 0);
	CHECK(open_as(&c, "f", O_RDONLY | O_TRUNC) >= 0);
	CHECK(open_as(&c, "new", O_WRONLY | O_CREAT) >= 0);
	CHECK_NUMBER(call_on(&c, SYS_mkdirat, "made", 0700, NULL), 0);
	CHECK_NUMBER(rename_as(&c, "f", "d/g"), 0);
	CHECK_NUMBER(call_on(&c, SYS_unlinkat, "d/g", 0, NULL), 0);
	release(&c, &s, &ftp);
}

static void
test_directories(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	if (!available() || !CAPTURE(&c, &s, &ftp, "session.permissions=elr",
		    "directory \"/home/anna/d\".permissions=elrw",
		    "session.jail=home"))
		return;
	CHECK(open_as(&c, "d/new", O_WRONLY | O_CREAT) >= 0);
	CHECK_NUMBER(open_as(&c, "new", O_WRONLY | O_CREAT), -EACCES);
	CHECK_NUMBER(open_as(&c, "d/../new", O_WRONLY | O_CREAT), -EACCES);
	release(&c, &s, &ftp);
}

/* Sections of directories above the jail apply inside it only. */
static void
test_around_a_jail(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	CHECK(chmod("/home", 0777) == 0);
	if (!available() || !CAPTURE(&c, &s, &ftp, "session.permissions=elr",
		    "directory \"/home\".permissions=elrw",
		    "directory \"/home\".recursive=yes",
		    "directory \"/home/anna/d\".permissions=elr",
		    "session.jail=home"))
		return;
	CHECK(open_as(&c, "new", O_WRONLY | O_CREAT) >= 0);
	long dir = open_as(&c, "d", O_RDONLY | O_DIRECTORY);
	const uint64_t enter[6] = { (uint64_t)dir };
	CHECK_NUMBER(inject_syscall(&c, SYS_fchdir, enter), 0);
	CHECK(rename("/home/anna/d", "/home/d") == 0);
	CHECK_NUMBER(open_as(&c, "../new", O_WRONLY | O_CREAT), -EACCES);
	CHECK(rename("/home/d", "/home/anna/d") == 0);
	release(&c, &s, &ftp);
}

/* A section for a directory that the jail does not have gives nothing in it. */
static void
test_not_in_the_jail(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	if (!available() || !CAPTURE(&c, &s, &ftp, "session.permissions=elr",
		    "directory \"/srv\".permissions=elradfmw",
		    "directory \"/home/bert\".permissions=elradfmw",
		    "directory \"/home/none\".permissions=elradfmw",
		    "session.jail=home"))
		return;
	CHECK_NUMBER(open_as(&c, "f", O_WRONLY), -EACCES);
	CHECK_NUMBER(open_as(&c, "new", O_WRONLY | O_CREAT), -EACCES);
	CHECK_NUMBER(call_on(&c, SYS_unlinkat, "f", 0, NULL), -EACCES);
	release(&c, &s, &ftp);
}

/* Rule R8: the jail's second wall.  The working directory of the session was
 * moved out of the jail, so ".." leads to the host. */
static void
test_outside_a_jail(void)
{
	struct captive c;
	struct server s;
	struct ftp ftp;

	if (!available() || !CAPTURE(&c, &s, &ftp, "session.jail=home"))
		return;
	long dir = open_as(&c, "d", O_RDONLY | O_DIRECTORY);
	const uint64_t enter[6] = { (uint64_t)dir };
	CHECK_NUMBER(inject_syscall(&c, SYS_fchdir, enter), 0);
	CHECK(rename("/home/anna/d", "/home/d") == 0);
	files_write_text("/home/readable", "x");
	CHECK_NUMBER(open_as(&c, "../readable", O_RDONLY), -EACCES);
	CHECK_NUMBER(open_as(&c, "../../etc/passwd", O_RDONLY), -EACCES);
	CHECK_NUMBER(open_as(&c, "..", O_RDONLY | O_DIRECTORY), -EACCES);
	CHECK(rename("/home/d", "/home/anna/d") == 0);
	release(&c, &s, &ftp);
}

static void
test_reports(void)
{
	struct server s;
	char line[64];

	if (!available() || !SERVER(&s))
		return;
	/* before there is a recorder */
	CHECK_HAS(server_log(), "sureftpd: info: sessions are confined by "
		"Landlock, version ");
	static struct ctl_result r;
	CHECK_NUMBER(CTL(&r, "status"), 0);
	snprintf(line, sizeof(line), "landlock      version %d",
		landlock_version());
	CHECK_TEXT(ctl_line_with(r.out, "landlock"), line);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a read-only session", test_read_only },
	{ "a write-only session", test_write_only },
	{ "modes, owners, times and attributes", test_facts },
	{ "a session with all permissions", test_all_permissions },
	{ "a session that can write in one directory", test_directories },
	{ "a session with permissions set for a directory above its jail",
		test_around_a_jail },
	{ "a session with permissions outside its jail only",
		test_not_in_the_jail },
	{ "a session whose directory was moved out of its jail",
		test_outside_a_jail },
	{ "log and status show Landlock", test_reports },
	CU_TEST_INFO_NULL,
};
