/*
 * sandbox_denied.c - denies system calls by permission letters, and becoming
 * root.
 *
 * Runs in: master (compiles), session, runner (install).
 */
#include "common/base.h"
#include "common/process/sandbox_denied.h"

#include "common/permissions.h"
#include "common/process/sandbox_program.h"

#define CALLS_MAX 6

/* Atomic uploads set these on an open file. */
#define STORES (PERMISSION_store | PERMISSION_append)

static const struct {
	uint32_t needs;		/* one of these letters */
	const char *calls[CALLS_MAX];
} rows[] = {
	{ PERMISSION_set_time, { "utimensat", "utimensat_time64" } },
	{ PERMISSION_change_mode, { "fchmodat", "fchmodat2", "fchownat" } },
	{ PERMISSION_change_mode | STORES, { "fchmod", "fchown", "fchown32" } },
	{ STORES, { "fsetxattr", "fremovexattr", "ftruncate", "ftruncate64",
		"fallocate", "linkat" } },
};

/* Calls that change ids, and how many of their arguments are ids.  The longer
 * names are those of 32-bit programs. */
static const struct {
	const char *call;
	unsigned ids;
} id_calls[] = {
	{ "setuid", 1 }, { "setgid", 1 }, { "setfsuid", 1 }, { "setfsgid", 1 },
	{ "setreuid", 2 }, { "setregid", 2 },
	{ "setresuid", 3 }, { "setresgid", 3 },
	{ "setuid32", 1 }, { "setgid32", 1 },
	{ "setfsuid32", 1 }, { "setfsgid32", 1 },
	{ "setreuid32", 2 }, { "setregid32", 2 },
	{ "setresuid32", 3 }, { "setresgid32", 3 },
};

/* Made once, and inherited by children. */
static struct sock_fprog programs[ARRAY_SIZE(rows)];
static struct sock_fprog never_root;

static int
deny(scmp_filter_ctx filter, const char *const *calls)
{
	int error = 0;

	for (size_t i = 0; i < CALLS_MAX && calls[i] != NULL; i++) {
		int number = sandbox_program_call(calls[i]);

		if (number != __NR_SCMP_ERROR && error == 0)
			error = seccomp_rule_add(filter,
				SCMP_ACT_ERRNO(EACCES), number, 0);
	}
	return error;
}

static int
compile(size_t row)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (filter == NULL)
		return -ENOMEM;
	int error = deny(filter, rows[row].calls);
	if (error == 0)
		error = sandbox_program_export(filter, &programs[row]);
	seccomp_release(filter);
	return error;
}

static int
deny_root(scmp_filter_ctx filter)
{
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(id_calls); i++) {
		int number = seccomp_syscall_resolve_name(id_calls[i].call);

		for (unsigned n = 0; n < id_calls[i].ids &&
		    number != __NR_SCMP_ERROR && error == 0; n++) {
			struct scmp_arg_cmp is = { n, SCMP_CMP_MASKED_EQ,
				UINT32_MAX, 0 };
			error = seccomp_rule_add_array(filter,
				SCMP_ACT_ERRNO(EPERM), number, 1, &is);
		}
	}
	return error;
}

/* Programs may be those of the processor's 32-bit mode. */
static void
add_other_modes(scmp_filter_ctx filter)
{
	uint32_t native = seccomp_arch_native();

	if (native == SCMP_ARCH_X86_64) {
		(void)seccomp_arch_add(filter, SCMP_ARCH_X86);
		(void)seccomp_arch_add(filter, SCMP_ARCH_X32);
	} else if (native == SCMP_ARCH_AARCH64) {
		(void)seccomp_arch_add(filter, SCMP_ARCH_ARM);
	}
}

static int
compile_never_root(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (filter == NULL)
		return -ENOMEM;
	add_other_modes(filter);
	int error = deny_root(filter);
	if (error == 0)
		error = sandbox_program_export(filter, &never_root);
	seccomp_release(filter);
	return error;
}

int
sandbox_denied_prepare(void)
{
	int error = never_root.filter == NULL ? compile_never_root() : 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows) && error == 0; i++)
		if (programs[i].filter == NULL)
			error = compile(i);
	return error;
}

int
sandbox_denied_root(void)
{
	return never_root.filter == NULL ? 0 :
	    sandbox_program_install(&never_root);
}

int
sandbox_denied_enter(const struct identity *identity)
{
	uint32_t permissions = identity->permissions;
	int error = 0;

	for (size_t i = 0; i < identity->ndirectories; i++)
		permissions |= identity->directories[i].permissions;
	for (size_t i = 0; i < ARRAY_SIZE(rows) && error == 0; i++)
		if ((permissions & rows[i].needs) == 0 &&
		    programs[i].filter != NULL)
			error = sandbox_program_install(&programs[i]);
	return error;
}
