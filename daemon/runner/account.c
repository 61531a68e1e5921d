/*
 * account.c - the account of the host that a command runs as.
 *
 * Runs in: a child of the runner.
 */
#include "common/base.h"
#include "daemon/runner/account.h"

#include "common/log/event.h"
#include "common/process/role.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>

void
account_enter(uint32_t uid)
{
	static gid_t groups[NGROUPS_MAX];
	static struct identity identity;
	const struct role_account *runner = role_service_account(ROLE_RUNNER);
	const struct passwd *pw = uid == EVENT_NO_UID || uid == 0 ? NULL :
		getpwuid(uid);
	int count = NGROUPS_MAX;

	identity = (struct identity){
		.uid = runner->uid, .gid = runner->gid, .root = -1,
		.groups = groups,
	};
	if (pw != NULL && pw->pw_gid != 0 && getgrouplist(pw->pw_name,
	    pw->pw_gid, groups, &count) >= 0) {
		identity.uid = pw->pw_uid;
		identity.gid = pw->pw_gid;
		identity.ngroups = (size_t)count;
	}
	role_enter(ROLE_COMMAND, &identity);
}
