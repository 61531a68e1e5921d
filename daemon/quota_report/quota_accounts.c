/*
 * quota_accounts.c - the accounts with a quota, without a login.
 *
 * Runs in: sureftpd --quota, as root; serves no client.
 */
#include "common/base.h"
#include "daemon/quota_report/quota_accounts.h"

#include "common/accounts/account.h"
#include "common/accounts/anonymous.h"
#include "common/accounts/login_rules.h"
#include "common/accounts/quota_limits.h"
#include "common/settings/settings_file.h"
#include "common/settings/settings_section.h"
#include "common/text.h"

#include <pwd.h>

/* --- one account */

/* login_case.account_phase: PAM is not asked. */
static bool
assume(void *context UNUSED, char *name UNUSED, size_t size UNUSED,
	struct buffer *reason UNUSED)
{
	return true;
}

/* All rules, or those that find the account. */
static bool
rules_hold(struct login_case *login, bool all, struct buffer *reason)
{
	for (size_t i = 0; i < login_rule_count; i++) {
		const struct login_rule *rule = &login_rules[i];
		bool finds = (rule->flags & LOGIN_RULE_FINDS) != 0;
		bool peer = (rule->flags & LOGIN_RULE_PEER) != 0;

		if ((finds || (all && !peer)) && !rule->holds(login, reason))
			return false;
	}
	return true;
}

static bool
find(const struct settings *settings, const char *name, bool all,
	struct quota_account *a, struct buffer *reason)
{
	struct login_case login = {
		.settings = settings, .given = name, .tls = true,
		.account_phase = assume, .choice = &a->choice,
		.identity = &a->identity, .user_settings = &a->settings,
	};

	memset(a, 0, sizeof(*a));
	a->identity.root = -1;
	if (!rules_hold(&login, all, reason) ||
	    !account_find_groups(&a->identity, reason))
		return false;
	a->limits = quota_limits_of(&a->settings);
	return quota_place_find(&a->place, &a->identity, reason);
}

bool
quota_account_find(const struct settings *settings, const char *name,
	struct quota_account *a, struct buffer *reason)
{
	return find(settings, name, false, a, reason);
}

bool
quota_account_find_limited(const struct settings *settings, const char *name,
	struct quota_account *a)
{
	BUFFER(reason, 1024);

	return find(settings, name, true, a, &reason) &&
	    (quota_is_limited(&a->limits) ||
	    a->settings.quota_engine != QUOTA_ENGINE_LEDGER);
}

void
quota_account_clear(struct quota_account *a)
{
	backends_forget(&a->choice);
	free(a->identity.groups);
	a->identity.groups = NULL;
}

/* --- all of them */

static int
add_host_accounts(struct name_list *n)
{
	const struct passwd *pw;
	int error = 0;

	setpwent();
	while (error == 0 && (pw = getpwent()) != NULL)
		if (pw->pw_uid != 0 && account_name_is_sane(pw->pw_name))
			error = name_list_add(n, pw->pw_name);
	endpwent();
	return error;
}

struct file_names {
	struct name_list *names;
	int error;
};

/* settings_file_reader; the check of the configuration reports mistakes. */
static void
add_heading(void *context, int line UNUSED, const char *heading)
{
	struct file_names *f = context;
	char name[SETTINGS_SECTION_NAME_SIZE];

	if (f->error == 0 && heading != NULL &&
	    settings_section_name(heading, name) && account_name_is_sane(name))
		f->error = name_list_add(f->names, name);
}

static void
ignore_assignment(void *context UNUSED, int line UNUSED,
	const char *key UNUSED, const char *value UNUSED)
{
}

static void
ignore_mistake(void *context UNUSED, int line UNUSED,
	const char *sentence UNUSED)
{
}

static int
add_file_accounts(const char *path, struct name_list *n)
{
	struct file_names f = { .names = n };
	const struct settings_file_reader reader = { add_heading,
		ignore_assignment, ignore_mistake, &f, NULL };
	int error = settings_file_read(path, &reader);

	return error == 0 || error == -ENOENT ? f.error : error;
}

/* Each name once, in order; all anonymous ones are one. */
static void
sort(const struct settings *settings, struct name_list *n)
{
	size_t kept = 0;

	name_list_sort(n);
	for (size_t i = 0; i < n->count; i++)
		if ((kept > 0 && strcmp(n->names[kept - 1], n->names[i]) ==
		     0) || (anonymous_is(settings, n->names[i]) &&
		     strcmp(n->names[i], "anonymous") != 0))
			free(n->names[i]);
		else
			n->names[kept++] = n->names[i];
	n->count = kept;
}

int
quota_names_find(const struct settings *settings, struct name_list *names)
{
	const struct server_settings *s = &settings->server;
	int error = 0;

	*names = (struct name_list){ 0 };
	if (text_list_has(s->backends, "pam"))
		error = add_host_accounts(names);
	if (error == 0 && text_list_has(s->backends, "file"))
		error = add_file_accounts(s->accounts_file, names);
	if (error == 0 && s->enabled)
		error = name_list_add(names, "anonymous");
	sort(settings, names);
	return error;
}
