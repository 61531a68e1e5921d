/*
 * quota_accounts.h - the accounts with a quota, without a login.
 */
#ifndef DAEMON_QUOTA_REPORT_QUOTA_ACCOUNTS_H
#define DAEMON_QUOTA_REPORT_QUOTA_ACCOUNTS_H

#include "common/accounts/backends.h"
#include "common/accounts/quota_place.h"
#include "common/base.h"
#include "common/name_list.h"
#include "common/quota.h"

struct quota_account {
	struct account_choice choice;
	struct identity identity;
	struct user_settings settings;
	struct quota_limits limits;	/* of the ledger */
	struct quota_place place;
};

/* Find an account by the name that a client would send.  False, with the reason
 * appended, if there is none, or if it has no valid quota_root or quota_file.
 * To be cleared in both cases. */
bool quota_account_find(const struct settings *settings, const char *name,
	struct quota_account *a, struct buffer *reason) MUST_CHECK;
void quota_account_clear(struct quota_account *a);

/* The same, only for an account that may log in, as far as that does not depend
 * on the client and on PAM, and that has a limit. */
bool quota_account_find_limited(const struct settings *settings,
	const char *name, struct quota_account *a) MUST_CHECK;

/* All names that could have a quota: those of the host's accounts that may log
 * in, of the accounts file, and "anonymous", by the settings.  0 or -errno;
 * call name_list_free() in any case. */
int quota_names_find(const struct settings *settings, struct name_list *names)
	MUST_CHECK;

#endif
