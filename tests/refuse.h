/*
 * refuse.h - system calls that fail: those that an older kernel does not have
 * (ENOSYS), or that the filter of a container refuses (EPERM).
 */
#ifndef TESTS_REFUSE_H
#define TESTS_REFUSE_H

#include "common/base.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

/* From now on this call fails in this process, and in its children.  The last
 * errno that was given for a call counts.  False if root may not do that
 * here. */
static inline bool
refuse_call(long call, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K,
			SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_SIZE(code), code };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#endif
