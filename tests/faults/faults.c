/*
 * faults.c - makes the daemon's clock jump and its forks fail (LD_PRELOAD).
 *
 * Runs in: every process of the daemon.
 */
#include "common/base.h"
#include "tests/faults/faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#ifdef SYS_clock_gettime64	/* times of 64 bits on a 32-bit processor */
#define CLOCK_GETTIME "__clock_gettime64"
#define CLOCK_NUMBER  SYS_clock_gettime64
#else
#define CLOCK_GETTIME "clock_gettime"
#define CLOCK_NUMBER  SYS_clock_gettime
#endif

static struct faults none;
static struct faults *faults = &none;
static int (*next_clock_gettime)(clockid_t id, struct timespec *ts);
static pid_t (*next_fork)(void);

__attribute__((constructor)) static void
begin(void)
{
	int fd = open(FAULTS_FILE, O_RDWR | O_CLOEXEC);
	void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*faults),
		PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (page != MAP_FAILED)
		faults = page;
	next_clock_gettime = (int (*)(clockid_t, struct timespec *))
		(uintptr_t)dlsym(RTLD_NEXT, CLOCK_GETTIME);
	next_fork = (pid_t (*)(void))(uintptr_t)dlsym(RTLD_NEXT, "fork");
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int result = next_clock_gettime == NULL ?
	    (int)syscall(CLOCK_NUMBER, id, ts) :
	    next_clock_gettime(id, ts);

	if (result == 0 && id == CLOCK_REALTIME)
		ts->tv_sec += faults->clock_offset;
	return result;
}

time_t
time(time_t *at)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	if (at != NULL)
		*at = now.tv_sec;
	return now.tv_sec;
}

static bool
fails(void)
{
	if (faults->fork_error == 0)
		return false;
	__atomic_add_fetch(&faults->forks_failed, 1, __ATOMIC_RELAXED);
	errno = faults->fork_error;
	return true;
}

/* Is this address in the daemon, not in a library? */
static bool
in_program(void *address)
{
	Dl_info here, program;

	return dladdr(address, &here) != 0 &&
		dladdr((void *)(uintptr_t)getauxval(AT_ENTRY), &program) != 0 &&
		here.dli_fbase == program.dli_fbase;
}

/* Not those of PAM modules: pam_unix may fork to read /etc/shadow. */
pid_t
fork(void)
{
	return in_program(__builtin_return_address(0)) && fails() ? -1 :
		next_fork();
}

/* The daemon's other way to fork (common/process/child.c). */
long
syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long args[6];
	va_list ap;

	va_start(ap, number);
	for (size_t i = 0; i < ARRAY_SIZE(args); i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_clone && fails())
		return -1;
	if (next == NULL)
		next = (long (*)(long, ...))(uintptr_t)dlsym(RTLD_NEXT,
			"syscall");
	return next(number, args[0], args[1], args[2], args[3], args[4],
		args[5]);
}
