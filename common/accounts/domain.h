/*
 * domain.h - user names with a domain: DOMAIN\user and user@DOMAIN.
 */
#ifndef COMMON_ACCOUNTS_DOMAIN_H
#define COMMON_ACCOUNTS_DOMAIN_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/settings/settings.h"

/* Split a name into user and domain, buffers of IDENTITY_NAME_SIZE.  False for
 * a name without a domain; then user is the name and domain is empty. */
bool domain_split(const char *name, char *user, char *domain);

/*
 * The account name for a login: domains in strip_domain are removed, and
 * default_domain is added if there is none and the host does not know the name;
 * name[IDENTITY_NAME_SIZE].  False, with the reason appended, for an invalid
 * name, and when the name service fails.
 */
bool domain_resolve(const struct server_settings *rules, const char *given,
	char *name, struct buffer *reason) MUST_CHECK;

/* The home directory of this account by home_template; "" for an account
 * without a domain, or without a template.  home[PATH_MAX]. */
bool domain_home(const struct server_settings *rules,
	const struct identity *identity, char *home, struct buffer *reason)
	MUST_CHECK;

#endif
