/*
 * world.c - namespaces, mounts and the little init of a suite's world.
 *
 * Runs in: the suite's outer process, its init, and the suite's process.
 * Never: changes a mount, file or address of the host; everything happens
 * behind unshare().
 */
#include "common/base.h"
#include "tests/functional/world.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/waiting.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* For all that happens in the world; set before it is entered. */
static int max_ms = 5 * 60 * 1000;

/* Read before the world hides the repository; set once. */
static char pam_service[8192];
static char loader_cache[512 * 1024];
static size_t loader_cache_len;

/* Descriptors of what the world runs; -1 where there is no such program. */
struct programs {
	int server, ctl, played, faults;
};

const char *
world_pam_service(void)
{
	return pam_service;
}

bool
world_mount(const char *path, const char *options)
{
	return mount("world", path, "tmpfs", MS_NOSUID | MS_NODEV, options)
		== 0;
}

/* The outer process: wait for init, end it when it takes too long. */
static void NORETURN
wait_for_init(pid_t init, const char *suite_name)
{
	struct pollfd p = { .fd = pidfd_open(init, 0), .events = POLLIN };
	int status = 0;

	if (p.fd >= 0 && poll(&p, 1, max_ms) == 0) {
		kill(init, SIGKILL);
		printf("%s: 0 passed, 1 failed (not done in %d minutes)\n",
			suite_name, max_ms / 60000);
	}
	while (waitpid(init, &status, 0) < 0 && errno == EINTR)
		;
	fflush(stdout);
	/* Not exit(): the leak check would have to fork, which is no longer
	 * possible. */
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* Process 1 of the world: reap until the suite is done. */
static void NORETURN
be_init(pid_t suite)
{
	for (;;) {
		int status = 0;
		pid_t pid = waitpid(-1, &status, 0);

		if (pid == suite)
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
		if (pid < 0 && errno == ECHILD)
			_exit(1);
	}
}

/* Bind the object behind fd to a new empty file at path. */
static bool
bind_descriptor(int fd, const char *path)
{
	char from[64];
	int at = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);

	if (at < 0)
		return false;
	close(at);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	return mount(from, path, NULL, MS_BIND, NULL) == 0;
}

/* A private /dev, without the host's /dev/log. */
static bool
mount_dev(void)
{
	static const char *const names[] = { "/dev/null", "/dev/zero",
		"/dev/full", "/dev/random", "/dev/urandom" };
	int fds[ARRAY_SIZE(names)];
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		fds[i] = open(names[i], O_PATH | O_CLOEXEC);
	if (mount("world", "/dev", "tmpfs", MS_NOSUID, "mode=755") != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (fds[i] < 0)
			continue;
		good = bind_descriptor(fds[i], names[i]) && good;
		close(fds[i]);
	}
	return good;
}

/* The kernel makes no user namespaces in a chroot; so its directory becomes the
 * root of the world's mounts, as in pivot_root(2). */
static bool
leave_chroot(int directory)
{
	return fchdir(directory) == 0 &&
		syscall(SYS_pivot_root, ".", ".") == 0 &&
		umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
}

/* No mount that is made below "/" may appear on the host. */
static const char *
make_root(void)
{
	int directory = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int self = pidfd_open(getpid(), 0);
	struct stat before, after;
	bool chrooted;

	/* To the root of the namespace, from wherever this was started. */
	if (directory < 0 || fstat(directory, &before) != 0 || self < 0 ||
	    setns(self, CLONE_NEWNS) != 0 || stat("/", &after) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return "mounts cannot be made private";
	chrooted = before.st_dev != after.st_dev ||
		before.st_ino != after.st_ino;
	if (chrooted && !leave_chroot(directory))
		return "/ is no mount point: before chroot, "
			"run mount --bind DIRECTORY DIRECTORY";
	close(self);
	close(directory);
	return NULL;
}

static const char *
mount_world(const struct programs *programs)
{
	const char *reason = make_root();

	if (reason != NULL)
		return reason;
	if (mount("proc", "/proc", "proc", 0, NULL) != 0)
		return "/proc cannot be mounted";
	if (!mount_dev())
		return "/dev cannot be mounted";
	if (!world_mount("/run", "mode=755"))
		return "/run cannot be mounted";
	mkdir("/run/world", 0755);
	if (programs->server >= 0 &&
	    !bind_descriptor(programs->server, WORLD_SERVER))
		return "the server's program cannot be bound";
	if (programs->ctl >= 0 && !bind_descriptor(programs->ctl, WORLD_CTL))
		return "the administrator's program cannot be bound";
	if (programs->played >= 0 &&
	    !bind_descriptor(programs->played, WORLD_PLAYED))
		return "the PAM module cannot be bound";
	if (programs->faults >= 0 &&
	    !bind_descriptor(programs->faults, WORLD_FAULTS))
		return "the library for faults cannot be bound";
	if (!network_prepare())
		return "the loopback interface cannot be set up";
	return NULL;
}

/* A file in the directory where the server was built. */
static int
find_beside(const char *server, const char *name)
{
	const char *slash = strrchr(server, '/');
	int directory = slash == NULL ? 0 : (int)(slash - server) + 1;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%.*s%s", directory, server, name);
	return open(path, O_PATH | O_CLOEXEC);
}

static void
find_programs(struct programs *programs)
{
	const char *server = getenv("SUREFTPD");

	if (server == NULL)
		server = "build/sureftpd";
	programs->server = open(server, O_PATH | O_CLOEXEC);
	programs->ctl = find_beside(server, "sureftpctl");
	programs->played = find_beside(server, "tests/pam/pam_played.so");
	programs->faults = find_beside(server, "tests/faults/faults.so");
}

/* Find the programs and the files that the world is made of. */
static void
read_outside(struct programs *programs)
{
	static const char *const services[] = { "etc/sureftpd.pam",
		"etc/pam.d/sureftpd", "etc/pam/sureftpd" };

	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		if (files_read(services[i], pam_service,
			sizeof(pam_service)) > 0)
			break;
	}
	ssize_t n = files_read("/etc/ld.so.cache", loader_cache,
		sizeof(loader_cache));
	loader_cache_len = n > 0 ? (size_t)n : 0;
	find_programs(programs);
}

/* Init's part of entering: returns only in the suite's process. */
static const char *
start_suite(const struct programs *programs)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A shell has the processes that it runs in the background ignore
	 * these. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	const char *reason = mount_world(programs);
	pid_t suite = reason == NULL ? fork() : 0;

	if (suite < 0)
		return "fork failed";
	if (suite > 0)
		be_init(suite);
	if (chdir("/") != 0)
		return "/ cannot be entered";
	return reason;
}

void
world_allow(int minutes)
{
	max_ms = minutes * 60000;
}

const char *
world_enter(const char *suite_name)
{
	struct programs programs;

	if (geteuid() != 0)
		return "needs root";
	if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
		    CLONE_NEWUTS) != 0)
		return "needs namespaces, which are refused here";
	/* Done now, because mounts of the old namespace cannot be bound
	 * later. */
	read_outside(&programs);
	fflush(stdout);
	pid_t init = fork();
	if (init < 0)
		return "fork failed";
	if (init > 0)
		wait_for_init(init, suite_name);
	return start_suite(&programs);
}

void
world_fresh(void)
{
	static const struct {
		const char *path, *options;
	} mounts[] = {
		{ "/etc", "mode=755" },
		{ "/home", "mode=755" },
		{ "/root", "mode=700" },
		{ "/srv", "mode=755" },
		{ "/var/lib", "mode=755" },
		{ "/var/log", "mode=755" },
	};

	if (chdir("/") != 0)
		return;
	umask(022);
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		umount2(mounts[i].path, MNT_DETACH);
		if (!world_mount(mounts[i].path, mounts[i].options))
			perror(mounts[i].path);
	}
	files_write("/etc/ld.so.cache", loader_cache, loader_cache_len);
	accounts_write();
}

/* How many processes there are beside init and this one. */
static size_t
count_others(void)
{
	DIR *dir = opendir("/proc");
	size_t count = 0;

	if (dir == NULL)
		return 0;
	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		count += e->d_name[0] >= '1' && e->d_name[0] <= '9';
	closedir(dir);
	return count > 2 ? count - 2 : 0;
}

static bool
all_are_dead(void *context UNUSED)
{
	if (count_others() == 0)
		return true;
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return false;
}

void
world_kill_all(void)
{
	/* Inside the pid namespace -1 means the world and nothing else. */
	if (getppid() == 1 && getpid() <= 16)
		wait_until(all_are_dead, NULL, 10000);
}
