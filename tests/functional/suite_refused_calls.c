/*
 * suite_refused_calls.c - the server where the kernel is older than it, or the
 * filter of a container refuses system calls.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/quotas.h"
#include "tests/functional/world.h"
#include "tests/refuse.h"

#include <sys/syscall.h>
#include <unistd.h>

const char *const functional_name = "refused_calls";

#define OUT    "/var/log/hooks/out"
#define SCRIPT "/etc/sureftpd/hook"

#ifndef SYS_fchmodat2	/* the number is the same on every processor */
#define SYS_fchmodat2 452
#endif

/* Those that came after Linux 5.4. */
static const long recent[] = {
	SYS_close_range, SYS_openat2, SYS_faccessat2, SYS_epoll_pwait2,
	SYS_landlock_create_ruleset, SYS_landlock_add_rule,
	SYS_landlock_restrict_self, SYS_clone3,
	SYS_quotactl_fd,
	SYS_fchmodat2,
};

/* Those that containers refuse without CAP_SYS_ADMIN. */
static const long administrative[] = {
	SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_name_to_handle_at,
	SYS_quotactl, SYS_keyctl, SYS_add_key, SYS_request_key,
};

static void
refuse_all(const long *calls, size_t n, int error)
{
	for (size_t i = 0; i < n; i++)
		if (!refuse_call(calls[i], error))
			_exit(127);
}

static void
be_old(void)
{
	refuse_all(recent, ARRAY_SIZE(recent), ENOSYS);
}

static void
be_contained(void)
{
	refuse_all(recent, ARRAY_SIZE(recent), EPERM);
	refuse_all(administrative, ARRAY_SIZE(administrative), EPERM);
}

static void
use_files(struct ftp *c)
{
	EXPECT(c, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(c, 1000, "STOR f"), 226);
	CHECK_NUMBER(quotas_put(c, 1000, "APPE f"), 226);
	EXPECT(c, 213, "SIZE f");
	EXPECT(c, 200, "SITE CHMOD 600 f");
	EXPECT(c, 257, "MKD d");
	EXPECT(c, 200, "SITE CHMOD 311 d");
	EXPECT(c, 200, "SITE CHMOD 755 d");
	EXPECT(c, 350, "RNFR f");
	EXPECT(c, 250, "RNTO d/g");
	EXPECT(c, 250, "CWD d");
	EXPECT(c, 250, "DELE g");
	EXPECT(c, 250, "CDUP");
	EXPECT(c, 250, "RMD d");
	CHECK_NUMBER(quotas_used(c), 0);
	EXPECT(c, 550, "SIZE out/passwd");
	CHECK_FILE(OUT, "received");
}

/* Nothing but the calls is missing: commands, quotas, reload and upgrade. */
static void
check_service(void)
{
	struct ctl_result r;
	struct server s;
	struct ftp c;

	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=10k",
		"events.on_received=" SCRIPT, "session.atomic_uploads=yes",
		"session.symlinks=inside"))
		return;
	CHECK(ftp_enter(&c, "anna"));
	use_files(&c);
	CTL(&r, "reload");
	CHECK_NUMBER(r.status, 0);
	CTL(&r, "upgrade");
	CHECK_NUMBER(r.status, 0);
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	CHECK(ftp_enter(&c, "bert"));
	ftp_close(&c);
	server_stop(&s);
}

/* Modes without rights, in a jail. */
static void
check_modes(void)
{
	static const char *const modes[] = { "000", "111", "200", "333" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.jail=/home") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "MKD d");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		EXPECT(&c, 200, "SITE CHMOD %s f", modes[i]);
		EXPECT(&c, 200, "SITE CHMOD 644 f");
		EXPECT(&c, 200, "SITE CHMOD %s d", modes[i]);
		EXPECT(&c, 200, "SITE CHMOD 755 d");
	}
	ftp_check_get(&c, "x");
	ftp_close(&c);
	server_stop(&s);
}

static void
check_where(void (*server_is)(void))
{
	CHECK(files_mkdir_as("_sureftpdrun", "/var/log/hooks", 0755));
	CHECK(files_writef(SCRIPT, "#!/bin/sh\n"
		"echo $SUREFTPD_EVENT >" OUT ".new\nmv " OUT ".new " OUT "\n"));
	CHECK(chmod(SCRIPT, 0755) == 0);
	CHECK(symlink("/etc", "/home/anna/out") == 0);
	server_prepare = server_is;
	check_service();
	check_modes();
	server_prepare = NULL;
}

static void
test_old_kernel(void)
{
	check_where(be_old);
}

static void
test_container(void)
{
	check_where(be_contained);
}

CU_TestInfo functional_tests[] = {
	{ "those that came after Linux 5.4", test_old_kernel },
	{ "and those that a container refuses", test_container },
	CU_TEST_INFO_NULL,
};
