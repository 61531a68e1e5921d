/*
 * upload_user.c - checks the setting upload_user.
 *
 * Runs in: the master, at the start and at a reload; sureftpd --check.
 */
#include "common/base.h"
#include "common/accounts/upload_user.h"

#include "common/accounts/account.h"
#include "common/settings/settings_report.h"

#define ROW SETTINGS_ROW_session_upload_user

static void
check(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	int line = origin->line[ROW];

	if (line != SETTINGS_FROM_DEFAULT && *values->upload_user != '\0' &&
	    account_lookup(values->upload_user) == -ENOENT)
		settings_report_at(r, line, "upload_user: there is no account "
			"%s; uploads will be refused", values->upload_user);
}

size_t
upload_user_check(const struct settings *s, settings_complaint *complain,
	void *context)
{
	return settings_report_values(s, complain, context, check);
}
