/*
 * suite_costs.c - costs in system calls, which do not depend on the load of the
 * machine.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/trace.h"

const char *const functional_name = "costs";

/* pam_permit, because the calls of other PAM modules are not under test. */
#define LOGIN_MAX 560

/* With PASV, and with some room: a client that connects late is waited for. */
#define UPLOAD_MAX   28.0
#define DOWNLOAD_MAX 28.0

/* From the fork of the worker to the exit of its last process. */
static void
test_login(void)
{
	struct server s;
	struct tracer t;
	struct ftp c;

	if (!SERVER(&s, "server.min_spare_workers=0", "log.level=info",
		    "auth.pam_service=" ACCOUNTS_PERMIT))
		return;
	if (!trace_begin(&t, s.pid)) {
		printf("processes cannot be traced here: not counted\n");
		(void)trace_end(&t);
		server_stop(&s);
		return;
	}
	CHECK(ftp_enter(&c, "anna"));
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_MONITOR, 0, 5000));
	long calls = trace_end(&t);
	CHECK_SAYS(calls > 100 && calls < LOGIN_MAX,
		"a login took %ld system calls", calls);
	printf("a login and QUIT: %ld system calls\n", calls);
	server_stop(&s);
}

/* --- one operation of a session */

#define FEW  2
#define MORE 22
#define SMALL 4096

static char content[SMALL];

/* The number of calls of a session that repeats the operation; -1 if they
 * cannot be counted. */
static long
calls_of(bool (*operation)(struct ftp *c), int times)
{
	struct server s;
	struct tracer t;
	struct ftp c;
	bool good;

	if (!SERVER(&s, "server.min_spare_workers=0", "log.level=info",
		    "auth.pam_service=" ACCOUNTS_PERMIT))
		return -1;
	if (!trace_begin(&t, s.pid)) {
		(void)trace_end(&t);
		server_stop(&s);
		return -1;
	}
	good = files_write_as("anna", "/home/anna/small", content,
		sizeof(content)) && ftp_enter(&c, "anna");
	EXPECT(&c, 200, "TYPE I");
	/* The first operation may cost more. */
	for (int i = 0; good && i < times; i++)
		good = operation(&c);
	CHECK(good);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_MONITOR, 0, 5000));
	long calls = trace_end(&t);
	server_stop(&s);
	return calls;
}

/* `most` is the maximum of the average cost; sometimes a call is repeated
 * because the client is slower. */
static void
check_cost(const char *name, bool (*operation)(struct ftp *c), double most)
{
	long few = calls_of(operation, FEW), many = calls_of(operation, MORE);

	if (few < 0 || many < 0) {
		printf("processes cannot be traced here: not counted\n");
		return;
	}
	double each = (double)(many - few) / (MORE - FEW);
	CHECK_SAYS(each > 1 && each <= most, "%s took %.1f system calls", name,
		each);
	printf("%s: %.1f system calls\n", name, each);
}

static bool
noop(struct ftp *c)
{
	return EXPECT(c, 200, "NOOP");
}

static bool
upload(struct ftp *c)
{
	return ftp_put(c, content, sizeof(content), "STOR small") == 226;
}

static bool
download(struct ftp *c)
{
	size_t len;
	char *data = ftp_get(c, &len, "RETR small");
	bool good = data != NULL && len == sizeof(content);

	free(data);
	return good;
}

static void
test_command(void)
{
	check_cost("NOOP", noop, 2.4);
}

/* Including its PASV. */
static void
test_upload(void)
{
	check_cost("STOR of 4 KiB", upload, UPLOAD_MAX);
}

static void
test_download(void)
{
	check_cost("RETR of 4 KiB", download, DOWNLOAD_MAX);
}

CU_TestInfo functional_tests[] = {
	{ "a login", test_login },
	{ "a command", test_command },
	{ "a small upload", test_upload },
	{ "a small download", test_download },
	CU_TEST_INFO_NULL,
};
