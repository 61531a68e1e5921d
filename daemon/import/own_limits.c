/*
 * own_limits.c - limits of sureftpd that the other server does not have.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/own_limits.h"

#include "common/settings/settings_table.h"

static const struct {
	const char *section, *key;
	const char *sentence;
} limits[] = {
	{ "limits", "login_timeout", "a limit of sureftpd, in seconds from "
		"the connection to the login; change it in [limits]" },
	{ "limits", "max_unauthenticated", "a limit of sureftpd to the number "
		"of sessions that are not logged in; 0 in [limits] means "
		"none" },
};

void
own_limits_report(struct report *r, const struct draft *draft)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct settings_row *row = settings_table_find(
			limits[i].section, limits[i].key);
		const char *value = draft_get(draft, limits[i].section,
			limits[i].key);
		report_general(r, limits[i].key, value != NULL ? value :
			row != NULL ? row->default_text : "",
			limits[i].sentence);
	}
}
