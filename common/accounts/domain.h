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

/* The account name for a login, without a domain of strip_domain;
 * name[IDENTITY_NAME_SIZE].  False, with the reason appended, for an invalid
 * name. */
bool domain_resolve(const struct server_settings *rules, const char *given,
	char *name, struct buffer *reason) MUST_CHECK;

/* Is default_domain added to this name, as the client sent it, if no backend
 * knows the name without a domain? */
bool domain_has_default(const struct server_settings *rules,
	const char *given);

/* Add default_domain to name[IDENTITY_NAME_SIZE]; false, with the reason
 * appended, if that makes it too long. */
bool domain_add_default(const struct server_settings *rules, char *name,
	struct buffer *reason) MUST_CHECK;

/* The home directory of this account by home_template; "" for an account
 * without a domain, or without a template.  home[IDENTITY_PATH_SIZE]. */
bool domain_home(const struct server_settings *rules,
	const struct identity *identity, char *home, struct buffer *reason)
	MUST_CHECK;

#endif
