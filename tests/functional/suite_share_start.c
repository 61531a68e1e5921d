/*
 * suite_share_start.c - sureftpd --share: how it starts and ends, and what it
 * refuses.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/share.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "share_start";

static struct terminal t;

static const char *const on_port_21[] = { "-p", "21", SHARE_DIRECTORY, NULL };

static bool
serves(void *context UNUSED)
{
	return strstr(share_output(), "Ctrl-C") != NULL;
}

static int
status_of(pid_t pid)
{
	int status = -1;

	if (!server_wait(pid, 10000, &status))
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Without a terminal: lines of the log, and no control characters. */
static void
test_no_terminal(void)
{
	struct ftp c;

	if (!share_prepare())
		return;
	pid_t pid = share_run("anna", on_port_21);
	CHECK(wait_until(serves, NULL, 10000));
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, NULL), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", ""), 230);
	free(ftp_get(&c, &(size_t){ 0 }, "RETR hello"));
	ftp_close(&c);
	CHECK(files_wait_for_text(SHARE_ERRORS, "download of"));
	CHECK_HAS(share_output(), "  ftp://127.0.0.1:21/\n");
	CHECK_LACKS(share_output(), "\033");
	CHECK_LACKS(share_errors(), "\033");
	CHECK_LACKS(share_errors(), "warning -o");
	CHECK_NUMBER(kill(pid, SIGTERM), 0);
	CHECK_NUMBER(status_of(pid), 0);
	CHECK(share_is_clean());
	CHECK(procs_wait_for_count(NULL, 0, 5000));
}

static void
check_session(const struct proc *p)
{
	char path[64], root[PATH_MAX] = "";

	snprintf(path, sizeof(path), "/proc/%d/root", (int)p->pid);
	CHECK(readlink(path, root, sizeof(root) - 1) > 0);
	CHECK_TEXT(root, SHARE_DIRECTORY);
	CHECK_NUMBER(p->permitted, 0);
	CHECK_NUMBER(p->bounding, 0);
	CHECK_NUMBER(p->no_new_privs, 1);
	CHECK_NUMBER(p->seccomp, 2);
}

/* All of them are anna; only master and monitors have capabilities, in their
 * namespace: for a root directory, and to drop them. */
static void
test_processes(void)
{
	uid_t anna = accounts_find("anna")->uid;
	struct proc list[32];
	size_t sessions = 0;
	struct ftp c;

	if (!SHARE(&t))
		return;
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, NULL), 220);
	CHECK_NUMBER(ftp_login(&c, "anonymous", ""), 230);
	size_t n = procs_list(NULL, list, ARRAY_SIZE(list));
	CHECK(n >= 6);
	for (size_t i = 0; i < n; i++) {
		for (int id = 0; id < 4; id++)
			CHECK_NUMBER(list[i].uid[id], anna);
		CHECK_NUMBER(list[i].permitted & ~(UINT64_C(1) <<
			CAP_SYS_CHROOT | UINT64_C(1) << CAP_SETPCAP), 0);
		if (strcmp(list[i].name, "sureftpd-sess") == 0) {
			check_session(&list[i]);
			sessions++;
		}
	}
	CHECK_NUMBER(sessions, 1);
	ftp_close(&c);
	share_end(&t);
}

static void
test_ports(void)
{
	uint16_t port = 2121;
	char text[16];

	if (!share_prepare())
		return;
	/* The default is in use: the next one. */
	int taken = network_listen("0.0.0.0", &port);
	CHECK(taken >= 0 && port == 2121);
	pid_t pid = share_run("anna", (const char *const[]){
		SHARE_DIRECTORY, NULL });
	CHECK(wait_until(serves, NULL, 10000));
	CHECK_HAS(share_output(), "  ftp://127.0.0.1:2122/\n");
	CHECK_NUMBER(kill(pid, SIGINT), 0);
	CHECK_NUMBER(status_of(pid), 0);
	/* One that was asked for is not replaced by another. */
	snprintf(text, sizeof(text), "%u", port);
	CHECK_NUMBER(SHARE_STATUS("anna", "-p", text, SHARE_DIRECTORY),
		EX_UNAVAILABLE);
	CHECK_HAS(share_errors(), "port 2121: Address already in use");
	close(taken);
	CHECK_NUMBER(SHARE_STATUS("anna", "-i", "198.51.100.1",
		SHARE_DIRECTORY), EX_UNAVAILABLE);
	CHECK_HAS(share_errors(), "cannot listen on 198.51.100.1");
	/* One address only. */
	pid = share_run("anna", (const char *const[]){ "-i", "localhost",
		"-p", "21", SHARE_DIRECTORY, NULL });
	CHECK(wait_until(serves, NULL, 10000));
	CHECK_LACKS(share_output(), "192.0.2.1");
	CHECK(network_connect("192.0.2.1", 21, NULL) < 0);
	CHECK_NUMBER(kill(pid, SIGTERM), 0);
	CHECK_NUMBER(status_of(pid), 0);
	CHECK(share_is_clean());
}

static void
test_directories(void)
{
	if (!share_prepare())
		return;
	CHECK_NUMBER(SHARE_STATUS("anna", "/home/anna/missing"), EX_NOINPUT);
	CHECK_HAS(share_errors(), "/home/anna/missing: No such file");
	CHECK_NUMBER(SHARE_STATUS("anna", SHARE_DIRECTORY "/hello"),
		EX_NOINPUT);
	CHECK_HAS(share_errors(), "not a directory");
	CHECK_NUMBER(SHARE_STATUS("anna", "/root"), EX_NOPERM);
	CHECK_HAS(share_errors(), "/root: Permission denied");
	CHECK_NUMBER(SHARE_STATUS("anna", "-w", "/etc"), EX_NOPERM);
	CHECK_HAS(share_errors(), "no permission to write there");
	CHECK(share_is_clean());
}

/* Names that mean something in settings, in terminals and in paths. */
static void
test_odd_names(void)
{
	static const char odd[] = "/home/anna/"
		"a %h; [x] = \"\\\n\033[2J\xc3\xa9 ";
	static const char *const users[] = { NULL, "guest" };
	char text[256];
	struct ftp c;

	if (!share_prepare() || !CHECK(files_mkdir_as("anna", odd, 0755)))
		return;
	snprintf(text, sizeof(text), "%s/file", odd);
	files_write_as("anna", text, "odd", 3);
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		const char *options[] = { "-p", "21", "-d", odd,
			users[i] == NULL ? NULL : "--user", users[i], NULL };
		pid_t pid = share_run("anna", options);
		CHECK(wait_until(serves, NULL, 10000));
		CHECK_HAS(share_output(), "Sharing /home/anna/a %h; [x] = "
			"\"\\x5C\\x0A\\x1B[2J\xc3\xa9 , read-only\n");
		const char *word = strstr(share_output(), ", password ");
		CHECK((word != NULL) == (i == 1));
		snprintf(text, sizeof(text), "%.12s", word == NULL ?
			"any" : word + 11);
		CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, NULL), 220);
		CHECK_NUMBER(ftp_login(&c, i == 0 ? "ftp" : users[i],
			text), 230);
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 213, "SIZE file");
		ftp_close(&c);
		CHECK_NUMBER(kill(pid, SIGTERM), 0);
		CHECK_NUMBER(status_of(pid), 0);
		CHECK_LACKS(share_errors(), "\033");
	}
	CHECK(share_is_clean());
}

static void
test_misuse(void)
{
	if (!share_prepare())
		return;
	CHECK_NUMBER(SHARE_STATUS(NULL, SHARE_DIRECTORY), EX_USAGE);
	CHECK_HAS(share_errors(), "run it as an ordinary user");
	CHECK_NUMBER(SHARE_STATUS("anna", "-p", "70000"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "-i", "no.such.name"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "--user", "a b"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "--user", "root"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "--password"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "one", "two"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "--nonsense"), EX_USAGE);
	CHECK_NUMBER(SHARE_STATUS("anna", "--help"), EX_OK);
	CHECK_HAS(share_output(), "usage: sureftpd --share");
	CHECK(share_is_clean());
}

/* The server dies: it is noticed, and nothing is left. */
static void
test_death(void)
{
	struct proc list[8];
	pid_t master = 0;

	if (!share_prepare())
		return;
	pid_t pid = share_run("anna", on_port_21);
	CHECK(wait_until(serves, NULL, 10000));
	size_t n = procs_list("sureftpd", list, ARRAY_SIZE(list));
	for (size_t i = 0; i < n; i++)
		if (list[i].ppid == pid)
			master = list[i].pid;
	if (CHECK(master > 0))
		CHECK_NUMBER(kill(master, SIGKILL), 0);
	CHECK_NUMBER(status_of(pid), EX_SOFTWARE);
	CHECK(share_is_clean());
	/* And the other way round: the server ends with its user's process. */
	CHECK(procs_wait_for_count(NULL, 0, 5000));
	pid = share_run("anna", on_port_21);
	CHECK(wait_until(serves, NULL, 10000));
	CHECK_NUMBER(kill(pid, SIGKILL), 0);
	CHECK_NUMBER(status_of(pid), -1);
	CHECK(procs_wait_for_count(NULL, 0, 5000));
}

/* The kernel allows no user namespace in a changed root directory.  Without
 * one the server must not start. */
static void
test_no_namespace(void)
{
	if (!share_prepare() || !CHECK(mkdir("/run/world/root", 0755) == 0) ||
	    !CHECK(mount("/", "/run/world/root", NULL, MS_BIND | MS_REC,
		NULL) == 0))
		return;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		if (chroot("/run/world/root") != 0 || chdir("/") != 0)
			_exit(126);
		_exit(share_status("anna", on_port_21));
	}
	CHECK_NUMBER(status_of(pid), EX_UNAVAILABLE);
	CHECK_HAS(share_errors(), "does not let users create user namespaces");
	CHECK_LACKS(share_output(), "Sharing");
	CHECK(share_is_clean());
	CHECK_NUMBER(umount2("/run/world/root", MNT_DETACH), 0);
}

CU_TestInfo functional_tests[] = {
	{ "without a terminal", test_no_terminal },
	{ "its processes", test_processes },
	{ "ports and addresses", test_ports },
	{ "directories that cannot be shared", test_directories },
	{ "directories with odd names", test_odd_names },
	{ "as root, and with wrong options", test_misuse },
	{ "the end of one process ends the other", test_death },
	{ "no user namespaces, no server", test_no_namespace },
	CU_TEST_INFO_NULL,
};
