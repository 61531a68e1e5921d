/*
 * administrator.c - the administrators among the accounts.
 *
 * Runs in: monitor, session.
 */
#include "common/base.h"
#include "common/accounts/administrator.h"

#include "common/text.h"

bool
administrator_is(const struct server_settings *s,
	const struct identity *identity)
{
	char number[16];

	if (identity->class != IDENTITY_SYSTEM)
		return false;
	snprintf(number, sizeof(number), "%" PRIu32, (uint32_t)identity->uid);
	return text_list_has(s->admin_users, number) ||
		text_list_has(s->admin_users, identity->user);
}

bool
administrator_may_list(const struct server_settings *s,
	const struct identity *identity)
{
	return s->allow_site_who && administrator_is(s, identity);
}
