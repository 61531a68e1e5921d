/*
 * domain.c - user names with a domain: DOMAIN\user and user@DOMAIN.
 *
 * Runs in: monitor, sureftpd --explain-login.
 */
#include "common/base.h"
#include "common/accounts/domain.h"

#include "common/accounts/account.h"
#include "common/accounts/refuse.h"
#include "common/text.h"
#include "common/tokens.h"

static void
copy_part(char *to, const char *from, size_t len)
{
	memcpy(to, from, len);
	to[len] = '\0';
}

bool
domain_split(const char *name, char *user, char *domain)
{
	const char *slash = strchr(name, '\\'), *at = strrchr(name, '@');
	size_t len = strlen(name);

	user[0] = domain[0] = '\0';
	if (len >= IDENTITY_NAME_SIZE)
		return false;
	if (slash != NULL && slash != name && slash[1] != '\0') {
		copy_part(domain, name, (size_t)(slash - name));
		copy_part(user, slash + 1, strlen(slash + 1));
		return true;
	}
	if (slash == NULL && at != NULL && at != name && at[1] != '\0') {
		copy_part(user, name, (size_t)(at - name));
		copy_part(domain, at + 1, strlen(at + 1));
		return true;
	}
	copy_part(user, name, len);
	return false;
}

static bool
is_stripped(const struct server_settings *rules, const char *domain)
{
	const char *at = rules->strip_domain, *word;
	size_t len;

	while ((word = text_word(&at, &len)) != NULL)
		if (text_same(word, len, domain, strlen(domain)))
			return true;
	return false;
}

bool
domain_resolve(const struct server_settings *rules, const char *given,
	char *name, struct buffer *reason)
{
	char user[IDENTITY_NAME_SIZE], domain[IDENTITY_NAME_SIZE];
	bool has_domain = domain_split(given, user, domain);

	if (text_copy(name, IDENTITY_NAME_SIZE, has_domain &&
	    is_stripped(rules, domain) ? user : given) < 0)
		return refuse(reason, "the name is too long");
	/* The name without its domain must be valid as well. */
	if (account_name_is_sane(name))
		return true;
	return refuse(reason, "invalid account name");
}

bool
domain_has_default(const struct server_settings *rules, const char *given)
{
	char user[IDENTITY_NAME_SIZE], domain[IDENTITY_NAME_SIZE];

	return *rules->default_domain != '\0' &&
		!domain_split(given, user, domain);
}

bool
domain_add_default(const struct server_settings *rules, char *name,
	struct buffer *reason)
{
	const char *domain = rules->default_domain;
	bool behind = *domain == '@';
	char whole[IDENTITY_NAME_SIZE];
	struct buffer b;

	buffer_init(&b, whole, sizeof(whole));
	buffer_addf(&b, "%s%s", behind ? name : domain,
		behind ? domain : name);
	if (!b.overflow)
		return text_copy(name, IDENTITY_NAME_SIZE, whole) == 0;
	return refuse(reason, "the name is too long with default_domain");
}

bool
domain_home(const struct server_settings *rules,
	const struct identity *identity, char *home, struct buffer *reason)
{
	char user[IDENTITY_NAME_SIZE], domain[IDENTITY_NAME_SIZE];
	const struct tokens values = { .user = user, .name = identity->user,
		.home = identity->home, .domain = domain };
	struct buffer b;

	home[0] = '\0';
	if (*rules->home_template == '\0' ||
	    !domain_split(identity->user, user, domain))
		return true;
	buffer_init(&b, home, IDENTITY_PATH_SIZE);
	if (!tokens_expand(&b, rules->home_template, &values, reason))
		return false;
	if (b.overflow)
		buffer_add_text(reason, "the home directory is too long");
	return !b.overflow;
}
