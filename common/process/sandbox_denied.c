/*
 * sandbox_denied.c - denies system calls by permission letters.
 *
 * Runs in: master (compiles), session (installs).
 */
#include "common/base.h"
#include "common/process/sandbox_denied.h"

#include "common/permissions.h"
#include "common/process/sandbox_program.h"

#define CALLS_MAX 5

/* Atomic uploads set these on an open file. */
#define STORES (PERMISSION_store | PERMISSION_append)

static const struct {
	uint32_t needs;		/* one of these letters */
	const char *calls[CALLS_MAX];
} rows[] = {
	{ PERMISSION_set_time, { "utimensat" } },
	{ PERMISSION_change_mode, { "fchmodat", "fchmodat2", "fchownat" } },
	{ PERMISSION_change_mode | STORES, { "fchmod", "fchown", "fchown32" } },
	{ STORES, { "fsetxattr", "fremovexattr", "ftruncate", "fallocate",
		"linkat" } },
};

/* Made once, and inherited by children. */
static struct sock_fprog programs[ARRAY_SIZE(rows)];

static int
deny(scmp_filter_ctx filter, const char *const *calls)
{
	int error = 0;

	for (size_t i = 0; i < CALLS_MAX && calls[i] != NULL; i++) {
		int number = sandbox_program_call(calls[i]);

		if (number >= 0 && error == 0)
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

int
sandbox_denied_prepare(void)
{
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows) && error == 0; i++)
		if (programs[i].filter == NULL)
			error = compile(i);
	return error;
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
