/*
 * radius_account.c - an account that a RADIUS server has accepted.
 *
 * Runs in: monitor, sureftpd --explain-login.
 */
#include "common/base.h"
#include "common/accounts/radius_account.h"

#include "common/accounts/account.h"
#include "common/accounts/refuse.h"
#include "common/radius/subdirectory.h"
#include "common/settings/settings_table.h"
#include "common/text.h"
#include "common/tokens.h"

/* Set a row, as a section for this account would. */
static void
set(struct radius_account *a, size_t number, int64_t value)
{
	const struct settings_row *row = &settings_table[number];
	int64_t *field = settings_table_field(row, &a->settings.values);

	*field = value < row->min ? row->min : value > row->max ? row->max :
		value;
	a->settings.origin.line[number] = SETTINGS_FROM_RADIUS;
}

/* Zero means no limit in all of these settings, but a RADIUS server that sends
 * 0 may mean the opposite, so it is ignored. */
static void
set_limit(struct radius_account *a, size_t number, int64_t value)
{
	if (value > 0)
		set(a, number, value);
}

struct radius_account *
radius_account_new(const struct radius_answer *answer)
{
	struct radius_account *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->settings.kind = OVERRIDE_USER;
	a->interim_interval = answer->interim_interval;
	memcpy(a->home, answer->home, sizeof(a->home) - 1);
	memcpy(a->group, answer->group, sizeof(a->group) - 1);
	if (answer->class_len <= sizeof(a->class)) {
		a->class_len = answer->class_len;
		memcpy(a->class, answer->class, a->class_len);
	}
	if (answer->quota != RADIUS_UNSET)
		set(a, SETTINGS_ROW_quota_quota_bytes, answer->quota);
	set_limit(a, SETTINGS_ROW_limits_max_download_rate,
		answer->download_rate);
	set_limit(a, SETTINGS_ROW_limits_max_upload_rate,
		answer->upload_rate);
	set_limit(a, SETTINGS_ROW_limits_max_session_time,
		answer->session_timeout);
	set_limit(a, SETTINGS_ROW_limits_idle_timeout, answer->idle_timeout);
	return a;
}

void
radius_account_free(struct radius_account *a)
{
	free(a);
}

/* map_uid and map_gid, for accounts that do not exist on the host. */
static bool
map(const struct settings *settings, const char *name,
	struct identity *identity, struct buffer *reason)
{
	const char *group = identity->group;
	struct user_settings u;

	settings_for_user(settings, name, &group, *group != '\0' ? 1 : 0, &u);
	if (u.map_uid == 0 || u.map_gid == 0)
		return refuse(reason, "the host has no such account, and "
			"map_uid and map_gid are not set");
	identity->uid = (uid_t)u.map_uid;
	identity->gid = (gid_t)u.map_gid;
	identity->account[0] = '\0';
	snprintf(identity->key, sizeof(identity->key), "radius %s", name);
	return text_copy(identity->user, sizeof(identity->user), name) == 0;
}

bool
radius_account_identity(const struct settings *settings,
	const struct radius_account *a, const char *name,
	struct identity *identity, struct buffer *reason)
{
	int error = account_lookup(name);

	identity->class = IDENTITY_RADIUS;
	if (a != NULL)
		memcpy(identity->group, a->group, sizeof(identity->group));
	if (error == -ENOENT)
		return map(settings, name, identity, reason);
	if (!account_find(name, identity, reason))
		return false;
	return (identity->uid != 0 && identity->gid != 0) || refuse(reason,
		"an account with uid 0 or gid 0 cannot log in by RADIUS");
}

/* An absolute path without ".." components. */
static bool
is_valid_home(const char *home)
{
	if (*home != '/')
		return false;
	for (const char *at = home; (at = strstr(at, "/..")) != NULL; at++)
		if (at[3] == '/' || at[3] == '\0')
			return false;
	return true;
}

static bool
expand(const struct server_settings *s, const struct identity *identity,
	struct buffer *b, struct buffer *reason)
{
	const struct tokens values = { .user = identity->user,
		.name = identity->user, .home = identity->home };

	if (!tokens_expand(b, s->root_subdir, &values, reason))
		return false;
	return (!b->overflow && radius_subdirectory_is_safe(buffer_text(b))) ||
		refuse(reason, "root_subdir does not lead to a directory "
			"below the home directory");
}

bool
radius_account_subdirectory(const struct server_settings *s,
	struct identity *identity, struct buffer *reason)
{
	BUFFER(below, PATH_MAX);
	size_t len = strlen(identity->home);

	if (*s->root_subdir == '\0')
		return true;
	if (strstr(identity->home, "/./") != NULL)
		return refuse(reason, "root_subdir cannot be used with /./ in "
			"a home directory");
	if (!expand(s, identity, &below, reason))
		return false;
	while (len > 0 && identity->home[len - 1] == '/')
		len--;
	if (len + below.len + 2 > sizeof(identity->home))
		return refuse(reason, "the home directory is too long");
	identity->home[len] = '/';
	memcpy(identity->home + len + 1, buffer_text(&below), below.len + 1);
	identity->subdirectory = len + 1;
	return true;
}

bool
radius_account_home(const struct server_settings *s,
	const struct radius_account *a, struct identity *identity, bool *found,
	struct buffer *reason)
{
	*found = false;
	if (a == NULL)
		return true;
	if (a->home[0] == '\0')
		return !s->require_home || refuse(reason, "the RADIUS "
			"server's answer has no home directory "
			"(home_attribute)");
	if (!is_valid_home(a->home))
		return refuse(reason, "the home directory in the RADIUS "
			"server's answer is not an absolute path without ..");
	*found = true;
	return text_copy(identity->home, sizeof(identity->home), a->home) == 0;
}
