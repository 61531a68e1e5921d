/*
 * role_accounts.c - the accounts that the server's own processes run as.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/process/role_accounts.h"

#include "common/log/log.h"

#include <pwd.h>

static struct role_account accounts[ROLE_ACCOUNTS];

int
role_accounts_find(enum role_account_name which, const char *name)
{
	const struct passwd *pw = getpwnam(name);

	if (pw == NULL) {
		log_warning("there is no account %s: using the account "
			"\"nobody\", which other programs may use too; "
			"create it with: useradd --system --no-create-home "
			"--shell /usr/sbin/nologin %s", name, name);
		pw = getpwnam("nobody");
	}
	if (pw == NULL) {
		log_error("there is no account nobody either");
		return -ENOENT;
	}
	if (pw->pw_uid == 0 || pw->pw_gid == 0) {
		log_error("the account %s has uid 0 or gid 0; use another "
			"account", name);
		return -EPERM;
	}
	accounts[which] = (struct role_account){
		.uid = pw->pw_uid, .gid = pw->pw_gid };
	return 0;
}

const struct role_account *
role_accounts_of(enum role_account_name which)
{
	return &accounts[which];
}
