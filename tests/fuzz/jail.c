/*
 * jail.c - see jail.h.
 */
#include "common/base.h"

#include "tests/fuzz/jail.h"

#include "common/io.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

/* Seconds of processor time for one input.  libFuzzer has a limit as well, but
 * could not keep the input in here. */
#define LONGEST 10

static const char canary_text[] = "nobody may touch this\n";

static struct {
	int outside;		/* the root directory of the host */
	int here;		/* the working directory there */
	int top;		/* of the input's file system; -1: outside */
	struct stat canary;
} jail = { .top = -1 };

void __real_abort(void) NORETURN;
void __wrap_abort(void) NORETURN;

/* --- making */

static int
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int error = n < 0 ? -errno : 0;

	io_close(&fd);
	return error;
}

/* Whoever is not root is root in a user namespace of its own. */
static int
become_root(void)
{
	char uids[64], gids[64];
	int error;

	snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	if (geteuid() == 0)
		return 0;
	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	error = write_file("/proc/self/setgroups", "deny");
	if (error == 0)
		error = write_file("/proc/self/uid_map", uids);
	return error == 0 ? write_file("/proc/self/gid_map", gids) : error;
}

static int
loopback_up(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r = ioctl(fd, SIOCSIFFLAGS, &lo);
	int error = r < 0 ? -errno : 0;

	close(fd);
	return error;
}

/* The right to make file systems and to change the root directory is all that
 * stays, so that permissions hold for the account's files. */
static int
drop_rights(void)
{
	const cap_value_t kept[] = { CAP_SYS_CHROOT, CAP_SYS_ADMIN };
	cap_t caps = cap_init();
	int error = 0;

	if (caps == NULL)
		return -ENOMEM;
	if (cap_set_flag(caps, CAP_PERMITTED, 2, kept, CAP_SET) < 0 ||
		cap_set_flag(caps, CAP_EFFECTIVE, 2, kept, CAP_SET) < 0 ||
		cap_set_proc(caps) < 0)
		error = -errno;
	cap_free(caps);
	return error;
}

/* A file system that is mounted nowhere; its root directory, or -errno. */
static int
new_file_system(void)
{
	long fs = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC), top = -1;

	if (fs >= 0 &&
		syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "size", "512k",
			0) == 0 &&
		syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "nr_inodes",
			"2000", 0) == 0 &&
		syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL,
			0) == 0)
		top = syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	int error = top < 0 ? -errno : 0;
	if (fs >= 0)
		close((int)fs);
	return top < 0 ? error : (int)top;
}

static void
limit_time(time_t seconds)
{
	const struct itimerval once = { .it_value = { .tv_sec = seconds } };

	fuzz_must(setitimer(ITIMER_PROF, &once, NULL) == 0, "setitimer");
}

static void
too_long(int number UNUSED)
{
	fuzz_fail("it takes more than %d seconds", LONGEST);
}

static void
go_outside(void)
{
	if (jail.top < 0)
		return;
	limit_time(0);
	umask(022);
	fuzz_must(fchdir(jail.outside) == 0 && chroot(".") == 0 &&
		fchdir(jail.here) == 0, "leaving the jail");
	io_close(&jail.top);
}

int
jail_make(void)
{
	int error = become_root();

	if (error == 0 && unshare(CLONE_NEWNS | CLONE_NEWNET) < 0)
		error = -errno;
	if (error == 0)
		error = loopback_up();
	if (error < 0)
		return error;
	/* Otherwise ports that were used rest for a minute. */
	(void)!write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0");
	int top = new_file_system();
	if (top < 0)
		return top;
	close(top);
	jail.outside = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	jail.here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fuzz_before_report = go_outside;
	signal(SIGPROF, too_long);
	return jail.outside < 0 || jail.here < 0 ? -errno : drop_rights();
}

/* --- every input */

static void
make_canary(void)
{
	int fd = openat(jail.top, "canary", O_WRONLY | O_CREAT | O_CLOEXEC,
		0640);
	ssize_t n = write(fd, canary_text, sizeof(canary_text));

	fuzz_must(n == (ssize_t)sizeof(canary_text), "writing the canary");
	fuzz_must(fstat(fd, &jail.canary) == 0, "fstat");
	close(fd);
}

void
jail_enter(void)
{
	umask(022);
	jail.top = new_file_system();
	fuzz_must(jail.top >= 0, "making a file system");
	make_canary();
	fuzz_must(mkdirat(jail.top, "home", 0755) == 0, "mkdir");
	fuzz_must(fchdir(jail.top) == 0 && chroot("home") == 0 &&
		chdir("/") == 0, "entering the jail");
	limit_time(LONGEST);
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static void
check_canary(void)
{
	const struct stat *was = &jail.canary;
	char text[sizeof(canary_text)];
	struct stat is;
	int fd = openat(jail.top, "canary", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &is) < 0 || is.st_ino != was->st_ino ||
		is.st_mode != was->st_mode || is.st_uid != was->st_uid ||
		is.st_gid != was->st_gid || is.st_nlink != was->st_nlink ||
		!same_time(&is.st_mtim, &was->st_mtim) ||
		!same_time(&is.st_ctim, &was->st_ctim))
		fuzz_fail("the file outside is not the same");
	if (read(fd, text, sizeof(text)) != (ssize_t)sizeof(text) ||
		memcmp(text, canary_text, sizeof(text)) != 0)
		fuzz_fail("the file outside has other content");
	close(fd);
}

static void
check_neighbours(void)
{
	int fd = openat(jail.top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fdopendir(fd);
	const struct dirent *entry;

	fuzz_must(dir != NULL, "reading the file system");
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
			strcmp(entry->d_name, "canary") != 0 &&
			strcmp(entry->d_name, "home") != 0)
			fuzz_fail("something new outside: %s", entry->d_name);
	closedir(dir);
}

void
jail_leave(void)
{
	if (jail.top < 0)
		return;
	check_canary();
	check_neighbours();
	go_outside();
}

/* The linker leads abort() here (-Wl,--wrap): what the program calls a bug of
 * its own. */
void
__wrap_abort(void)
{
	go_outside();
	__real_abort();
}
