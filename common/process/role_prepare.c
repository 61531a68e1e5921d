/*
 * role_prepare.c - finds service accounts, compiles filters, and logs what the
 * system does not grant.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/process/role_prepare.h"

#include "common/log/log.h"
#include "common/process/empty_root.h"
#include "common/process/landlock.h"
#include "common/process/privs.h"
#include "common/process/role.h"
#include "common/process/role_caps.h"
#include "common/process/sandbox.h"
#include "common/process/sandbox_denied.h"

static const cap_value_t expected_caps[] = { LOGIN_CAPS, PRIVS_END };

/* Without these no greeter or session can be confined. */
static const cap_value_t needed_caps[] = { CAP_SETUID, CAP_SETGID, CAP_SETPCAP,
	CAP_SYS_CHROOT, PRIVS_END };

void
role_add_missing_caps(struct buffer *b)
{
	privs_add_missing(b, expected_caps);
}

static void
report_missing_caps(void)
{
	BUFFER(names, 1024);

	role_add_missing_caps(&names);
	if (names.len > 0)
		log_warning("missing capabilities %s (not granted by the "
			"container or service manager); PAM modules that need "
			"them will fail", buffer_text(&names));
}

static int
check_needed_caps(void)
{
	BUFFER(names, 256);

	privs_add_missing(&names, needed_caps);
	if (names.len == 0)
		return 0;
	log_error("the capabilities %s are missing, without which no client "
		"can be served: the container or service manager must grant "
		"them", buffer_text(&names));
	return -EPERM;
}

static void
report_landlock(void)
{
	int version = landlock_version();

	if (version > 0)
		log_info("sessions are confined by Landlock, version %d",
			version);
	else
		log_warning("this kernel has no Landlock (version 2): sessions "
			"are not confined to what their permissions need");
}

static int
prepare_sandbox(void)
{
	report_landlock();
	if (!sandbox_available()) {
		log_warning("this kernel has no seccomp filters: processes "
			"run without a sandbox");
		return 0;
	}
	int error = sandbox_prepare();
	if (error == 0)
		error = sandbox_denied_prepare();
	if (error < 0)
		log_error("compiling the system call filters: %s",
			log_errno(error));
	return error;
}

int
role_prepare(const char *greeter_user, const char *recorder_user,
	const char *keeper_user)
{
	int error = role_accounts_find(ROLE_ACCOUNT_GREETER, greeter_user);

	if (error == 0)
		error = role_accounts_find(ROLE_ACCOUNT_RECORDER,
			recorder_user);
	if (error == 0)
		error = role_accounts_find(ROLE_ACCOUNT_KEEPER, keeper_user);
	if (error == 0 && !role_is_without_root())
		error = check_needed_caps();
	if (error == 0)
		error = empty_root_make();
	if (error == 0)
		error = prepare_sandbox();
	if (error == 0 && !role_is_without_root())
		report_missing_caps();
	return error;
}

int
role_prepare_runner(const char *runner_user)
{
	return role_accounts_find(ROLE_ACCOUNT_RUNNER, runner_user);
}

int
role_prepare_radius(const char *radius_user)
{
	return role_accounts_find(ROLE_ACCOUNT_RADIUS, radius_user);
}

int
role_prepare_bookkeeper(const char *quota_user)
{
	return role_accounts_find(ROLE_ACCOUNT_BOOKKEEPER, quota_user);
}
