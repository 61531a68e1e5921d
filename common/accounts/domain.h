/*
 * domain.h - user names with a domain: DOMAIN\user and user@DOMAIN.
 */
#ifndef COMMON_ACCOUNTS_DOMAIN_H
#define COMMON_ACCOUNTS_DOMAIN_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/* Both parts of a name into buffers of IDENTITY_NAME_SIZE; false, with the name
 * as it is and no domain, for one that has none. */
bool domain_split(const char *name, char *user, char *domain);

/* The name that a login is about: without a domain of strip_domain;
 * name[IDENTITY_NAME_SIZE].  False, with the reason appended, for one that no
 * account could have. */
bool domain_resolve(const struct server_settings *rules, const char *given,
	char *name, struct buffer *reason) MUST_CHECK;

/* Does default_domain apply to the name that was given, if nobody knows it as
 * it is? */
bool domain_has_default(const struct server_settings *rules,
	const char *given);

/* Put it to name[IDENTITY_NAME_SIZE]; false, with the reason appended, when
 * that makes it too long. */
bool domain_add_default(const struct server_settings *rules, char *name,
	struct buffer *reason) MUST_CHECK;

/* The home directory that home_template makes for this account; "" for one
 * without domain, or without template.  home[PATH_MAX]. */
bool domain_home(const struct server_settings *rules,
	const struct identity *identity, char *home, struct buffer *reason)
	MUST_CHECK;

#endif
