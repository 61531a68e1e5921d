/*
 * quota_limits.h - the quotas that the settings give an account.
 */
#ifndef COMMON_ACCOUNTS_QUOTA_LIMITS_H
#define COMMON_ACCOUNTS_QUOTA_LIMITS_H

#include "common/base.h"
#include "common/quota.h"
#include "common/settings/settings.h"

/* The limits that the ledger has to keep: those of the settings, or none if
 * quota_engine is kernel. */
struct quota_limits quota_limits_of(const struct user_settings *s);

/* Is any of them set? */
bool quota_is_limited(const struct quota_limits *limits);

/* Does any account have a quota that the bookkeeper has to count?  Reads the
 * accounts file. */
bool quota_is_configured(const struct settings *settings);

#endif
