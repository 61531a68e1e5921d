/*
 * role_accounts.h - the accounts of the host that the server's own processes
 * run as.  They are looked up once, by the master; its children have them by
 * fork.
 */
#ifndef COMMON_PROCESS_ROLE_ACCOUNTS_H
#define COMMON_PROCESS_ROLE_ACCOUNTS_H

#include "common/base.h"

/* A service account, without supplementary groups. */
struct role_account {
	uid_t uid;
	gid_t gid;
};

enum role_account_name {
	ROLE_ACCOUNT_GREETER,
	ROLE_ACCOUNT_RECORDER,
	ROLE_ACCOUNT_KEEPER,
	ROLE_ACCOUNT_RUNNER,
	ROLE_ACCOUNT_RADIUS,
	ROLE_ACCOUNT_BOOKKEEPER,
	ROLE_ACCOUNTS
};

/* Look up this account; if it does not exist, use "nobody", with a warning. 0
 * or -errno, logged. */
int role_accounts_find(enum role_account_name which, const char *name)
	MUST_CHECK;

const struct role_account *role_accounts_of(enum role_account_name which);

#endif
