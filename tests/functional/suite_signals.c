/*
 * suite_signals.c - rule R27: signals are read from descriptors, nothing but
 * the sandbox has a handler, SIGPIPE is ignored everywhere, and none that a
 * process waits for is lost.
 */
#include "common/base.h"

#include "tests/functional/files.h"
#include "tests/functional/ftp.h"
#include "tests/functional/functional.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"
#include "tests/functional/server.h"

#include <signal.h>

const char *const functional_name = "signals";

#define BIT(signal) (UINT64_C(1) << ((signal) - 1))

/* The sandbox's own, and what a sanitizer's runtime catches. */
#ifdef __SANITIZE_ADDRESS__
#define MAY_CATCH (BIT(SIGSYS) | BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE))
#else
#define MAY_CATCH BIT(SIGSYS)
#endif

/* A line like "SigIgn:\t0000000000001000" of /proc/PID/status. */
static uint64_t
mask(const char *status, const char *name)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strstr(status, name), *digit;
	uint64_t bits = 0;

	CHECK(at != NULL);
	at = at == NULL ? "" : at + strlen(name) + 2;
	while (*at != '\0' && (digit = strchr(digits, *at++)) != NULL)
		bits = bits << 4 | (uint64_t)(digit - digits);
	return bits;
}

static void
check_one(pid_t pid, const char *name, uint64_t blocked)
{
	char path[64], status[8192];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	CHECK(files_read(path, status, sizeof(status)) > 0);
	CHECK_SAYS((mask(status, "SigIgn") & BIT(SIGPIPE)) != 0,
		"%s does not ignore SIGPIPE", name);
	CHECK_SAYS((mask(status, "SigCgt") & ~MAY_CATCH) == 0,
		"%s catches %#jx", name, (uintmax_t)mask(status, "SigCgt"));
	CHECK_SAYS((mask(status, "SigBlk") & blocked) == blocked,
		"%s does not block what it reads: %#jx", name,
		(uintmax_t)mask(status, "SigBlk"));
}

static void
check_kind(const char *name, uint64_t blocked)
{
	struct proc list[32];
	size_t n = procs_list(name, list, ARRAY_SIZE(list));

	CHECK_SAYS(n >= 1, "%zu processes %s", n, name);
	for (size_t i = 0; i < n && i < ARRAY_SIZE(list); i++)
		check_one(list[i].pid, name, blocked);
}

static void
test_signals(void)
{
	struct server s;
	struct ftp session, greeter;

	if (!SERVER(&s) || !ftp_enter(&session, "anna"))
		return;
	CHECK_NUMBER(ftp_connect(&greeter), 220);
	CHECK(procs_settle());
	/* By number: a fresh fork has the master's name for a moment. */
	check_one(s.pid, PROCS_MASTER, BIT(SIGTERM) | BIT(SIGINT) |
		BIT(SIGHUP) | BIT(SIGUSR1) | BIT(SIGUSR2) | BIT(SIGCHLD));
	check_kind(PROCS_MONITOR, BIT(SIGTERM));
	check_kind(PROCS_GREETER, 0);
	check_kind(PROCS_SESSION, 0);
	check_kind(PROCS_RECORDER, 0);
	ftp_close(&session);
	ftp_close(&greeter);
	server_stop(&s);
}

/* A child may be asked to finish before it can read the signal. */
#define BURSTS 4
#define RELOADS 25

static bool
reload_many_times(pid_t server)
{
	for (int i = 0; i < RELOADS; i++) {
		if (kill(server, SIGHUP) < 0)
			return false;
		usleep(400);
	}
	return true;
}

static void
test_reloads(void)
{
	static const char *const kinds[] = { PROCS_RECORDER, "sureftpd-run",
		"sureftpd-rad", "sureftpd-conn" };
	struct server s;

	radius_prepare();
	if (!SERVER(&s, RADIUS_ON, "events.on_login=/bin/true",
	    "radius.secret_file=" RADIUS_SECRET_FILE))
		return;
	bool good = true;
	for (int i = 0; good && i < BURSTS; i++) {
		good = CHECK(reload_many_times(s.pid) && procs_settle());
		for (size_t k = 0; good && k < ARRAY_SIZE(kinds); k++)
			good = CHECK_SAYS(procs_wait_for_count(kinds[k], 1,
				10000), "%zu processes %s are left",
				procs_list(kinds[k], NULL, 0), kinds[k]);
	}
	CHECK_NUMBER(logged_times(0, "* did not finish in time*"), 0);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "signals are blocked and read, SIGPIPE is ignored", test_signals },
	{ "no request to finish is lost", test_reloads },
	CU_TEST_INFO_NULL,
};
