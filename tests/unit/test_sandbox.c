/*
 * test_sandbox.c - allowed and refused system calls.
 */
#include "common/base.h"
#include "common/process/sandbox.h"

#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/message.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

const char *const unit_name = "sandbox";

static enum sandbox_filter filter;
static void (*attempt)(void);
static int recorder[2];

static void
in_sandbox(void)
{
	log_connect(recorder[1]);
	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHILD_CHECK(sandbox_enter(filter) == 0);
	attempt();
}

static int
try_in(enum sandbox_filter which, void (*what)(void))
{
	filter = which;
	attempt = what;
	return child_run(in_sandbox);
}

static bool
prepared(void)
{
	if (!sandbox_available()) {
		printf("SKIP (the kernel has no seccomp filters)\n");
		return false;
	}
	CU_ASSERT_EQUAL(sandbox_prepare(), 0);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC |
		SOCK_NONBLOCK, 0, recorder), 0);
	return true;
}

static void
done(void)
{
	close(recorder[0]);
	close(recorder[1]);
}

static void open_file(void) { (void)!open("/dev/null", O_RDONLY | O_CLOEXEC); }
static void unix_socket(void) { socket(AF_UNIX, SOCK_DGRAM, 0); }
static void raw_socket(void) { socket(AF_INET, SOCK_RAW, 1); }
static void udp_socket(void) { socket(AF_INET, SOCK_DGRAM, 0); }
static void netlink_socket(void) { socket(AF_NETLINK, SOCK_RAW, 0); }
static void sctp_socket(void) { socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP); }
/* Newer C libraries' fork() blocks the signal that would tell the name. */
static void
fork_child(void)
{
	if (syscall(SYS_clone, SIGCHLD, 0, NULL, NULL, 0) == 0)
		_exit(0);
}
static void run_program(void) { execl("/bin/true", "true", (char *)NULL); }
static void send_signal(void) { kill(getppid(), 0); }
static void trace(void) { ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static void become_root(void) { syscall(SYS_setuid, 0); }
static void mount_call(void) { syscall(SYS_mount, "a", "b", "c", 0UL, NULL); }
static void change_root(void) { (void)!chroot("."); }
static void own_signals(void) { fcntl(0, F_SETOWN, getppid()); }
static void fake_input(void) { ioctl(0, TIOCSTI, ""); }
static void set_limit(void)
{
	static const struct rlimit limit = { 10, 10 };

	syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL);
}
static void hard_link(void) { (void)!linkat(0, "a", 0, "b", 0); }
static void linger(void)
{
	static const struct linger on = { 1, 300 };

	setsockopt(0, SOL_SOCKET, SO_LINGER, &on, sizeof(on));
}
static void set_user_namespace(void) { syscall(SYS_unshare, 0x10000000UL); }
static void exec_memory(void)
{
	(void)!mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
make_exec(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHILD_CHECK(page != MAP_FAILED);
	mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

/* Whatever it is, no filter lets it pass. */
static void
test_refused_everywhere(void)
{
	static void (*const attempts[])(void) = {
		fork_child, run_program, send_signal, trace, become_root,
		mount_call, change_root, own_signals, raw_socket, linger,
		netlink_socket, sctp_socket, hard_link, set_user_namespace,
#ifndef SANDBOX_SANITIZED
		exec_memory, make_exec, fake_input, set_limit,
#endif
	};

	if (!prepared())
		return;
#ifdef SANDBOX_SANITIZED
	printf("SKIP (sanitizer needs them): executable memory, ioctl\n");
	(void)exec_memory; (void)make_exec; (void)fake_input; (void)set_limit;
#endif
	for (int f = SANDBOX_GREETER; f < SANDBOX_FILTERS; f++)
		for (size_t i = 0; i < ARRAY_SIZE(attempts); i++)
			CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f,
				attempts[i]), OUTCOME_SANDBOX);
	done();
}

/* The process that makes sockets for radius has them, and no other one. */
static void
test_udp_sockets(void)
{
	if (!prepared())
		return;
	for (int f = SANDBOX_GREETER; f < SANDBOX_FILTERS; f++)
		CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f, udp_socket),
			f == SANDBOX_CONNECTOR ? 0 : OUTCOME_SANDBOX);
	done();
}

static void
test_greeter_has_no_files(void)
{
	if (!prepared())
		return;
	CU_ASSERT_EQUAL(try_in(SANDBOX_GREETER, unix_socket), OUTCOME_SANDBOX);
#ifndef SANDBOX_SANITIZED
	CU_ASSERT_EQUAL(try_in(SANDBOX_GREETER, open_file), OUTCOME_SANDBOX);
#endif
	CU_ASSERT_EQUAL(try_in(SANDBOX_SESSION, open_file), 0);
	CU_ASSERT_EQUAL(try_in(SANDBOX_RECORDER, open_file), 0);
	CU_ASSERT_EQUAL(try_in(SANDBOX_SESSION, unix_socket), OUTCOME_SANDBOX);
	CU_ASSERT_EQUAL(try_in(SANDBOX_RECORDER, unix_socket), 0);
	done();
}

static void shut_log(void) { shutdown(LOG_DESCRIPTOR, SHUT_RDWR); }
static void duplicate(void) { (void)!dup(0); }
static void duplicate_to(void) { dup2(0, 900); }
static void duplicate_by_fcntl(void) { fcntl(0, F_DUPFD_CLOEXEC, 900); }

/* What they have nothing to do with; the log's socket is a worker's own, and
 * nobody else's log depends on it. */
static void
test_duplicates(void)
{
	static void (*const attempts[])(void) = { duplicate, duplicate_to,
		duplicate_by_fcntl };

	if (!prepared())
		return;
	for (int f = SANDBOX_GREETER; f <= SANDBOX_SESSION; f++) {
		for (size_t i = 0; i < ARRAY_SIZE(attempts); i++)
			CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f,
				attempts[i]), OUTCOME_SANDBOX);
		CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f, shut_log), 0);
	}
	for (int f = SANDBOX_SESSION + 1; f < SANDBOX_FILTERS; f++)
		CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f, shut_log),
			OUTCOME_SANDBOX);
	done();
}

static void
greeter_life(void)
{
	char c;

	/* No new sockets: these stand for the client's. */
	CHILD_CHECK(recorder[1] >= 0);
	CHILD_CHECK(send(recorder[1], "x", 1, MSG_NOSIGNAL) == 1);
	CHILD_CHECK(recv(recorder[1], &c, 1, MSG_DONTWAIT) < 0);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHILD_CHECK(page != MAP_FAILED && munmap(page, 4096) == 0);
	free(malloc(1 << 20));
	CHILD_CHECK(fcntl(recorder[1], F_SETFL, O_NONBLOCK) == 0);
}

/* What worker/tree and worker/data do. */
static void
session_life(void)
{
	struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC };
	char text[PATH_MAX];
	struct stat st;
	int dir = (int)syscall(SYS_openat2, AT_FDCWD, "/tmp", &how,
		sizeof(how));

	CHILD_CHECK(dir >= 0 || errno == ENOSYS);
	if (dir < 0)
		dir = openat(AT_FDCWD, "/tmp", O_PATH | O_CLOEXEC);
	(void)!unlinkat(dir, "unit_sandbox", AT_REMOVEDIR);
	CHILD_CHECK(mkdirat(dir, "unit_sandbox", 0700) == 0);
	CHILD_CHECK(fchdir(dir) == 0 && getcwd(text, sizeof(text)) != NULL);
	CHILD_CHECK(fstatat(dir, "unit_sandbox", &st, AT_SYMLINK_NOFOLLOW) ==
		0);
	CHILD_CHECK(fchmodat(dir, "unit_sandbox", 0750, 0) == 0);
	CHILD_CHECK(utimensat(dir, "unit_sandbox", times, 0) == 0);
	CHILD_CHECK(faccessat(dir, ".", W_OK | X_OK, 0) == 0);
	CHILD_CHECK(renameat(dir, "unit_sandbox", dir, "unit_sandbox2") == 0);
	CHILD_CHECK(unlinkat(dir, "unit_sandbox2", AT_REMOVEDIR) == 0);
	CHILD_CHECK(readlinkat(dir, "unit_sandbox", text, sizeof(text)) < 0);
	CHILD_CHECK(umask(077) <= 0777);
	CHILD_CHECK(linkat(dir, "", dir, ".", AT_EMPTY_PATH) < 0);
	CHILD_CHECK(fgetxattr(dir, "user.x", text, 1) < 0 &&
		fsetxattr(dir, "user.x", text, 1, 0) < 0 &&
		fremovexattr(dir, "user.x") < 0);
	CHILD_CHECK(fsync(dir) < 0 && fchown(dir, (uid_t)-1, 0) < 0);
	CHILD_CHECK(fchownat(dir, "unit_sandbox", (uid_t)-1, 0, 0) < 0);
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CHILD_CHECK(fd >= 0 && fstat(fd, &st) == 0);
	(void)fcntl(fd, F_OFD_SETLK, &lock);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	CHILD_CHECK(fd >= 0 && close(fd) == 0);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHILD_CHECK(fd >= 0 || errno == EAFNOSUPPORT);
	CHILD_CHECK(sysconf(_SC_PHYS_PAGES) != 0 &&
		sysconf(_SC_OPEN_MAX) != 0);
}

static void lock_record(void)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	fcntl(0, F_SETLK, &lock);
}

static void make_pipe(void)
{
	int ends[2];

	(void)!pipe2(ends, O_CLOEXEC);
}

static void lock_file(void) { flock(0, LOCK_SH); }
static void splice_bytes(void) { splice(0, NULL, 0, NULL, 1, 0); }
static void copy_range(void) { (void)!copy_file_range(0, NULL, 0, NULL, 1, 0); }
static void allocate(void) { (void)!fallocate(0, 0, 0, 1); }
static void symbolic_link(void) { (void)!symlinkat("a", 0, "b"); }
static void change_owner(void) { (void)!fchown(0, 1, 1); }
static void change_owner_at(void) { (void)!fchownat(0, "f", 1, 1, 0); }

/* A call comes into a filter with the code that uses it. */
static void
test_nothing_unused(void)
{
	static void (*const attempts[])(void) = { lock_record, make_pipe,
		lock_file, splice_bytes, change_owner, change_owner_at };
	static void (*const of_sessions[])(void) = { copy_range, allocate,
		symbolic_link };

	if (!prepared())
		return;
	for (int f = SANDBOX_GREETER; f < SANDBOX_FILTERS; f++)
		for (size_t i = 0; i < ARRAY_SIZE(attempts); i++)
			CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f,
				attempts[i]), OUTCOME_SANDBOX);
	for (int f = SANDBOX_GREETER; f < SANDBOX_FILTERS; f++)
		for (size_t i = 0; i < ARRAY_SIZE(of_sessions); i++)
			CU_ASSERT_EQUAL(try_in((enum sandbox_filter)f,
				of_sessions[i]), f == SANDBOX_SESSION ? 0 :
				OUTCOME_SANDBOX);
	done();
}

static void
test_daily_life(void)
{
	if (!prepared())
		return;
	CU_ASSERT_EQUAL(try_in(SANDBOX_GREETER, greeter_life), 0);
	CU_ASSERT_EQUAL(try_in(SANDBOX_SESSION, session_life), 0);
	done();
}

static void
test_refusal_is_told(void)
{
	char data[EVENT_PACKED_MAX];
	struct event e;

	if (!prepared())
		return;
	CU_ASSERT_EQUAL(try_in(SANDBOX_SESSION, become_root), OUTCOME_SANDBOX);
	ssize_t n = recv(recorder[0], data, sizeof(data), 0);
	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL_FATAL(event_unpack(&e, data, (size_t)n), 0);
	CU_ASSERT_EQUAL(e.type, EVENT_sandbox);
	CU_ASSERT_EQUAL(e.code, SYS_setuid);
	done();
}

static void
with_blocked_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	CHILD_CHECK(sigprocmask(SIG_BLOCK, &all, NULL) == 0);
	in_sandbox();
}

/* The kernel kills without a word when SIGSYS is blocked. */
static void
test_told_with_signals_blocked(void)
{
	if (!prepared())
		return;
	filter = SANDBOX_RECORDER;
	attempt = become_root;
	CU_ASSERT_EQUAL(child_run(with_blocked_signals), OUTCOME_SANDBOX);
	done();
}

static void
enter_without_promise(void)
{
	CHILD_CHECK(setresuid(65534, 65534, 65534) == 0);
	CHILD_CHECK(sandbox_enter(SANDBOX_GREETER) == -EACCES);
}

static void
test_needs_no_new_privs(void)
{
	if (child_skip_without_root("filter without no-new-privileges") ||
	    !prepared())
		return;
	CU_ASSERT_EQUAL(child_run(enter_without_promise), 0);
	done();
}

static void
test_names(void)
{
	char name[32], small[3];

	CU_ASSERT_STRING_EQUAL(sandbox_call_name(SYS_openat, name,
		sizeof(name)), "openat");
	CU_ASSERT_STRING_EQUAL(sandbox_call_name(-77777, name, sizeof(name)),
		"?");
	CU_ASSERT_STRING_EQUAL(sandbox_call_name(SYS_openat, small,
		sizeof(small)), "op");
}

CU_TestInfo unit_tests[] = {
	{ "unneeded calls are refused in every filter",
		test_refused_everywhere },
	{ "sockets for datagrams", test_udp_sockets },
	{ "files and sockets by kind of process", test_greeter_has_no_files },
	{ "descriptors are not duplicated", test_duplicates },
	{ "regular calls are allowed", test_daily_life },
	{ "no filter allows unused calls", test_nothing_unused },
	{ "a refused call is reported with its number", test_refusal_is_told },
	{ "also while signals are blocked", test_told_with_signals_blocked },
	{ "no filter without no-new-privileges", test_needs_no_new_privs },
	{ "calls have names", test_names },
	CU_TEST_INFO_NULL
};
