/*
 * administrator.h - is an account an administrator of the server?
 */
#ifndef COMMON_ACCOUNTS_ADMINISTRATOR_H
#define COMMON_ACCOUNTS_ADMINISTRATOR_H

#include "common/base.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/* Is it an account of the host, and in admin_users?  Accounts that only have
 * the same name are not. */
bool administrator_is(const struct server_settings *s,
	const struct identity *identity);

/* May it use SITE WHO? */
bool administrator_may_list(const struct server_settings *s,
	const struct identity *identity);

#endif
