/*
 * suite_shortage.c - a process has no descriptors or no memory left: it neither
 * crashes nor hangs, says so, and goes on afterwards.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/process/sandbox.h"
#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <grp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

const char *const functional_name = "shortage";

/* The limit of a process, as it was. */
struct shortage {
	pid_t pid;
	enum __rlimit_resource resource;
	struct rlimit before;
};

/* The kernel lets only the same user change a limit. */
static bool
set_limit(pid_t pid, enum __rlimit_resource resource, rlim_t most,
	struct rlimit *before)
{
	struct rlimit *old = mmap(NULL, sizeof(*old), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct proc p;
	int status = -1;

	if (!CHECK(old != MAP_FAILED && procs_read(pid, &p)))
		return false;
	fflush(stdout);
	pid_t helper = fork();
	if (helper == 0) {
		if (setgroups(0, NULL) < 0 ||
		    setresgid(p.gid[0], p.gid[0], p.gid[0]) < 0 ||
		    setresuid(p.uid[0], p.uid[0], p.uid[0]) < 0 ||
		    prlimit(pid, resource, NULL, old) < 0)
			_exit(1);
		const struct rlimit new = { most, old->rlim_max };
		_exit(prlimit(pid, resource, &new, NULL) < 0);
	}
	CHECK(helper > 0 && waitpid(helper, &status, 0) == helper);
	*before = *old;
	munmap(old, sizeof(*old));
	return CHECK(status == 0);
}

static bool
begin(struct shortage *s, pid_t pid, enum __rlimit_resource resource,
	rlim_t most)
{
	s->pid = pid;
	s->resource = resource;
	return CHECK(pid > 1) && set_limit(pid, resource, most, &s->before);
}

static void
end(const struct shortage *s)
{
	struct rlimit now;

	set_limit(s->pid, s->resource, s->before.rlim_cur, &now);
}

/* The lowest number of a descriptor that is free: no other can be opened. */
static rlim_t
descriptors(pid_t pid)
{
	rlim_t count = 0;
	char path[64], link[64];

	do
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid,
			(int)count++);
	while (readlink(path, link, sizeof(link)) > 0);
	return count - 1;
}

/* Address space in bytes, now: no mapping can be added. */
static rlim_t
address_space(pid_t pid)
{
	char path[64], text[256];
	int64_t pages = 0;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	ssize_t n = files_read(path, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	CHECK(text_number(text, strcspn(text, " "), &pages) == 0);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Their allocator ends the process when it gets no memory. */
static bool
is_sanitized(void)
{
#ifdef SANDBOX_SANITIZED
	printf("built with a sanitizer: not tested without memory\n");
	return true;
#else
	return false;
#endif
}

static void
check_serves(void)
{
	struct ftp c;
	size_t len;

	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&c, "fine", 4, "STOR f"), 226);
	free(ftp_get(&c, &len, "RETR f"));
	CHECK_NUMBER(c.code, 226);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
}

static void
check_alive(const struct server *s, struct ftp *c)
{
	EXPECT(c, 200, "NOOP");
	CHECK(kill(s->pid, 0) == 0);
	CHECK_NUMBER(logged_times(0, "* crash*"), 0);
	CHECK_NUMBER(logged_times(0, "* killed by signal *"), 0);
}

static void
test_session_descriptors(void)
{
	struct shortage none;
	struct server s;
	struct ftp c;
	size_t len;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK(files_write_text("/home/anna/f", "text"));
	CHECK(files_give("/home/anna/f", "anna"));
	pid_t pid = procs_serving(PROCS_SESSION);
	if (!begin(&none, pid, RLIMIT_NOFILE, descriptors(pid)))
		return;
	EXPECT(&c, 425, "PASV");
	EXPECT(&c, 425, "EPSV");
	/* These need none. */
	EXPECT(&c, 250, "MLST f");
	EXPECT(&c, 213, "MDTM f");
	check_alive(&s, &c);
	end(&none);
	free(ftp_get(&c, &len, "RETR f"));
	CHECK_NUMBER(c.code, 226);
	/* A data connection, but no file. */
	CHECK(ftp_prepare(&c));
	if (begin(&none, pid, RLIMIT_NOFILE, descriptors(pid))) {
		EXPECT(&c, 451, "RETR f");
		CHECK_HAS(c.text, "Server is out of resources");
		EXPECT(&c, 451, "LIST");
		end(&none);
	}
	ftp_data_close(&c);
	check_alive(&s, &c);
	check_serves();
	ftp_close(&c);
	server_stop(&s);
}

/* Without descriptors it cannot take over the sockets of further sessions, and
 * says so; what it has it goes on reading.  When there are some again, it is
 * replaced, and gets everything that these sessions have sent. */
static void
test_recorder_descriptors(void)
{
	struct shortage none;
	struct ftp c, other;
	struct server s;
	struct proc p;

	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !CHECK(procs_settle()) ||
	    !CHECK(procs_list(PROCS_RECORDER, &p, 1) == 1))
		return;
	/* It has read everything. */
	(void)logged_mark();
	if (!begin(&none, p.pid, RLIMIT_NOFILE, descriptors(p.pid)))
		return;
	check_serves();
	ftp_enter(&other, "bert");
	EXPECT(&c, 257, "MKD made");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna created "
		"directory \"/home/anna/made\"");
	EXPECT(&other, 257, "MKD other");
	check_alive(&s, &c);
	end(&none);
	EXPECT(&other, 250, "RMD other");
	CHECK_LOGGED(0, "info session=3 peer=127.0.0.1 user=bert created "
		"directory \"/home/bert/other\"");
	CHECK_NUMBER(logged_times(0, "* user=bert removed directory *"), 1);
	check_serves();
	CHECK_LOGGED(0, "info session=4 peer=127.0.0.1 user=bert download "
		"of *");
	CHECK_LOGGED(0, "* Too many open files*");
	ftp_close(&c);
	ftp_close(&other);
	server_stop(&s);
}

/* The monitor needs some for the login. */
static void
test_monitor_descriptors(void)
{
	struct shortage none;
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	pid_t pid = procs_serving(PROCS_MONITOR);
	if (!begin(&none, pid, RLIMIT_NOFILE, descriptors(pid)))
		return;
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 530);
	end(&none);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	check_alive(&s, &c);
	ftp_close(&c);
	check_serves();
	server_stop(&s);
}

/* The master accepts, counts and lists clients with what it has. */
static void
test_master_memory(void)
{
	struct shortage none;
	struct server s;
	struct ftp c[40];

	if (is_sanitized() || !SERVER(&s) || !ftp_enter(&c[0], "anna"))
		return;
	CHECK(procs_settle());
	if (!begin(&none, s.pid, RLIMIT_AS, address_space(s.pid)))
		return;
	for (size_t i = 1; i < ARRAY_SIZE(c); i++) {
		ftp_init(&c[i], FTP_HOST, NULL);
		c[i].fd = network_connect(FTP_HOST, 21, NULL);
	}
	/* Greeted, refused or waiting: that depends on the C library's heap. */
	(void)ftp_replies_within(&c[ARRAY_SIZE(c) - 1], 1000);
	check_alive(&s, &c[0]);
	kill(s.pid, SIGHUP);
	CHECK_LOGGED(0, "* reload*");
	check_alive(&s, &c[0]);
	end(&none);
	for (size_t i = 1; i < ARRAY_SIZE(c); i++) {
		CHECK(ftp_reply(&c[i]) == 220 || c[i].code == 0);
		ftp_close(&c[i]);
	}
	size_t mark = logged_mark();
	kill(s.pid, SIGHUP);
	CHECK_LOGGED(mark, "* configuration reloaded");
	check_serves();
	ftp_close(&c[0]);
	server_stop(&s);
}

/* Every command with as much memory as the session has now. */
static void
test_session_memory(void)
{
	static const char *const commands[] = { "STAT -R .", "MLST f",
		"MKD made", "RMD made", "SIZE f", "CWD ..", "HASH f", "STAT" };
	static const char *const lists[] = { "LIST -R", "MLSD", "NLST",
		"RETR f" };
	struct shortage none;
	struct server s;
	struct ftp c;
	size_t len;

	if (is_sanitized() || !SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 2000; i++) {
		char path[128];

		snprintf(path, sizeof(path), "/home/anna/a rather long name "
			"%d of one file among many others", i);
		CHECK(files_write_text(path, ""));
	}
	CHECK(files_write("/home/anna/f", files_pattern(300000), 300000));
	pid_t pid = procs_serving(PROCS_SESSION);
	if (!begin(&none, pid, RLIMIT_AS, address_space(pid)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		CHECK_SAYS(ftp_command(&c, "%s", commands[i]) >= 200,
			"%s", commands[i]);
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_command(&c, "MODE Z") / 100 > 1, 1);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		free(ftp_get(&c, &len, "%s", lists[i]));
		CHECK_SAYS(c.code >= 200, "%s: %d", lists[i], c.code);
	}
	check_alive(&s, &c);
	end(&none);
	EXPECT(&c, 200, "MODE S");
	char *data = ftp_get(&c, &len, "RETR /home/anna/f");
	CHECK(data != NULL && len == 300000 && c.code == 226);
	free(data);
	check_alive(&s, &c);
	ftp_close(&c);
	server_stop(&s);
}

/* PAM and its modules allocate for each login. */
static void
test_monitor_memory(void)
{
	struct shortage none;
	struct server s;
	struct ftp c;

	if (is_sanitized() || !SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	pid_t pid = procs_serving(PROCS_MONITOR);
	if (!begin(&none, pid, RLIMIT_AS, address_space(pid)))
		return;
	/* 230 if the heap was large enough. */
	int code = ftp_login(&c, "anna", "anna-pass");
	CHECK_SAYS(code == 530 || code == 230, "%d", code);
	end(&none);
	if (code != 230)
		CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	check_alive(&s, &c);
	ftp_close(&c);
	check_serves();
	server_stop(&s);
}

static void
test_recorder_memory(void)
{
	struct shortage none;
	struct server s;
	struct ftp c[30];
	struct proc p;

	if (is_sanitized() || !SERVER(&s) || !ftp_enter(&c[0], "anna") ||
	    !CHECK(procs_settle()) ||
	    !CHECK(procs_list(PROCS_RECORDER, &p, 1) == 1))
		return;
	if (!begin(&none, p.pid, RLIMIT_AS, address_space(p.pid)))
		return;
	for (size_t i = 1; i < ARRAY_SIZE(c); i++)
		ftp_enter(&c[i], "bert");
	EXPECT(&c[0], 257, "MKD made");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna created "
		"directory \"/home/anna/made\"");
	check_alive(&s, &c[0]);
	end(&none);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		ftp_close(&c[i]);
	size_t mark = logged_mark();
	check_serves();
	CHECK_LOGGED(mark, "info session=* peer=127.0.0.1 user=bert download "
		"of *");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a session without descriptors", test_session_descriptors },
	{ "a recorder without descriptors", test_recorder_descriptors },
	{ "a login without descriptors", test_monitor_descriptors },
	{ "a master without memory", test_master_memory },
	{ "a session without memory", test_session_memory },
	{ "a login without memory", test_monitor_memory },
	{ "a recorder without memory", test_recorder_memory },
	CU_TEST_INFO_NULL,
};
