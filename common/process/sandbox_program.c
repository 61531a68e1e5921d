/*
 * sandbox_program.c - filters as programs for the kernel.
 *
 * Runs in: master (compiles), processes with a filter (install).
 */
#include "common/base.h"
#include "common/process/sandbox_program.h"

#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* Calls that an older libseccomp may not know; the number is the same on every
 * processor. */
static const struct {
	const char *name;
	int number;
} young_calls[] = {
	{ "openat2", 437 },
	{ "quotactl_fd", 443 },
	{ "faccessat2", 439 },
	{ "fchmodat2", 452 },
};

int
sandbox_program_call(const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number != __NR_SCMP_ERROR)
		return number;
	for (size_t i = 0; i < ARRAY_SIZE(young_calls); i++)
		if (strcmp(young_calls[i].name, name) == 0)
			return young_calls[i].number;
	return __NR_SCMP_ERROR;
}

static int
read_program(int fd, struct sock_fprog *program)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (size <= 0 || (size_t)size / sizeof(struct sock_filter) > USHRT_MAX)
		return -EINVAL;
	program->filter = malloc((size_t)size);
	if (program->filter == NULL)
		return -ENOMEM;
	if (pread(fd, program->filter, (size_t)size, 0) != size)
		return -EIO;
	program->len = (unsigned short)((size_t)size /
		sizeof(struct sock_filter));
	return 0;
}

int
sandbox_program_export(scmp_filter_ctx filter, struct sock_fprog *program)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	int error = seccomp_export_bpf(filter, fd);
	if (error == 0)
		error = read_program(fd, program);
	close(fd);
	return error;
}

int
sandbox_program_install(const struct sock_fprog *program)
{
	/* Older kernels enable slow mitigations against speculation attacks by
	 * code inside a filtered process; no foreign code runs in ours. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_SPEC_ALLOW, program) == 0)
		return 0;
	if (errno != EINVAL)
		return -errno;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) == 0)
		return 0;
	return -errno;
}
