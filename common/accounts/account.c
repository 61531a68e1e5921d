/*
 * account.c - accounts in the name service, and their settings.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/account.h"

#include "common/accounts/refuse.h"
#include "common/permissions.h"
#include "common/settings/settings_source.h"
#include "common/text.h"
#include "common/tokens.h"

#include <grp.h>
#include <pwd.h>

#define LOOKUP_MAX (1u << 20)	/* the longest entry of the name service */

bool
account_name_is_sane(const char *name)
{
	if (*name == '\0' || *name == '-' || *name == '+' ||
	    text_is_dots(name, strlen(name)))
		return false;
	for (; *name != '\0'; name++)
		if ((unsigned char)*name < ' ' || *name == 0x7f ||
		    *name == '/' || *name == ':')
			return false;
	return true;
}

static bool
fill_in(const struct passwd *pw, struct identity *identity,
	struct buffer *reason)
{
	if (text_copy(identity->user, sizeof(identity->user),
		pw->pw_name) < 0 ||
	    text_copy(identity->account, sizeof(identity->account),
		pw->pw_name) < 0 ||
	    text_copy(identity->home, sizeof(identity->home),
		pw->pw_dir) < 0 ||
	    text_copy(identity->shell, sizeof(identity->shell),
		pw->pw_shell) < 0)
		return refuse(reason, "a field of the account is too long");
	if (pw->pw_uid == (uid_t)-1 || pw->pw_gid == (gid_t)-1)
		return refuse(reason, "invalid user or group id");
	identity->uid = pw->pw_uid;
	identity->gid = pw->pw_gid;
	snprintf(identity->key, sizeof(identity->key), "system %ju",
		(uintmax_t)pw->pw_uid);
	return true;
}

/* 0 with *found, -ENOENT, or another -errno. */
static int
look_up(const char *name, struct passwd *pw, char **storage)
{
	struct passwd *found = NULL;
	int error = ERANGE;

	for (size_t size = 1024; error == ERANGE && size <= LOOKUP_MAX;
	    size *= 4) {
		char *larger = realloc(*storage, size);
		if (larger == NULL)
			return -ENOMEM;
		*storage = larger;
		do {
			error = getpwnam_r(name, pw, larger, size, &found);
		} while (error == EINTR);
	}
	if (error != 0)
		return -error;
	return found == NULL ? -ENOENT : 0;
}

int
account_lookup(const char *name)
{
	char *storage = NULL;
	struct passwd pw;
	int error = look_up(name, &pw, &storage);

	free(storage);
	return error;
}

bool
account_find(const char *name, struct identity *identity,
	struct buffer *reason)
{
	char *storage = NULL;
	struct passwd pw;
	int error = look_up(name, &pw, &storage);
	bool found = false;

	if (error == 0)
		found = fill_in(&pw, identity, reason);
	else if (error == -ENOENT)
		buffer_add_text(reason, "no such account");
	else
		buffer_addf(reason, "account lookup failed: %s",
			strerror(-error));
	free(storage);
	return found;
}

bool
account_expand_home(struct identity *identity, const char *setting,
	struct buffer *reason)
{
	struct tokens values = { .user = identity->user,
		.name = identity->user, .home = identity->home };
	const struct group *group;
	char home[sizeof(identity->home)];
	struct buffer b;

	if (*setting == '\0')
		return true;
	if (tokens_has(setting, 'g') &&
	    (group = getgrgid(identity->gid)) != NULL)
		values.group = group->gr_name;
	buffer_init(&b, home, sizeof(home));
	if (!tokens_expand(&b, setting, &values, reason))
		return false;
	if (b.overflow)
		return refuse(reason, "the home directory is too long");
	return text_copy(identity->home, sizeof(identity->home),
		buffer_text(&b)) == 0;
}

static gid_t *
group_list(const struct identity *identity, int *count)
{
	gid_t *groups = NULL;
	int room = 64;

	if (identity->account[0] == '\0') {
		groups = calloc(1, sizeof(*groups));
		*count = 1;
		if (groups != NULL)
			groups[0] = identity->gid;
		return groups;
	}
	for (;;) {
		gid_t *larger = reallocarray(groups, (size_t)room,
			sizeof(*groups));
		if (larger == NULL)
			break;
		groups = larger;
		*count = room;
		if (getgrouplist(identity->account, identity->gid, groups,
		    count) >= 0)
			return groups;
		if (room > NGROUPS_MAX)
			break;
		/* Some versions do not return the number of groups. */
		room = *count > room ? *count : room * 2;
	}
	free(groups);
	return NULL;
}

static bool
has_group(const gid_t *groups, size_t count, gid_t gid)
{
	for (size_t i = 0; i < count; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

bool
account_groups_are_in(const gid_t *groups, size_t count, const char *list)
{
	char name[IDENTITY_NAME_SIZE];
	const char *word;
	size_t len;

	while ((word = text_word(&list, &len)) != NULL) {
		if (len >= sizeof(name))
			continue;
		memcpy(name, word, len);
		name[len] = '\0';
		const struct group *group = getgrnam(name);
		if (group != NULL && has_group(groups, count, group->gr_gid))
			return true;
	}
	return false;
}

bool
account_is_in_groups(const struct identity *identity, const char *list,
	bool *is_in, struct buffer *reason)
{
	int count = 0;

	*is_in = false;
	if (*list == '\0' || identity->class == IDENTITY_ANONYMOUS)
		return true;
	gid_t *groups = group_list(identity, &count);
	if (groups == NULL)
		return refuse(reason, "cannot read the groups");
	*is_in = account_groups_are_in(groups, (size_t)count, list) ||
		(identity->group[0] != '\0' &&
		text_list_has(list, identity->group));
	free(groups);
	return true;
}

void
account_free_group_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* Groups without a name cannot be used in the settings. */
char **
account_group_names(const gid_t *groups, size_t count, size_t *named)
{
	char **names = calloc(count + 1, sizeof(*names));

	*named = 0;
	for (size_t i = 0; names != NULL && i < count; i++) {
		const struct group *group = getgrgid(groups[i]);
		if (group == NULL)
			continue;
		names[*named] = strdup(group->gr_name);
		if (names[*named] == NULL) {
			account_free_group_names(names, *named);
			*named = 0;
			return NULL;
		}
		(*named)++;
	}
	return names;
}

bool
account_find_groups(struct identity *identity, struct buffer *reason)
{
	int count = 0;

	free(identity->groups);
	identity->groups = group_list(identity, &count);
	identity->ngroups = (size_t)count;
	return identity->groups != NULL ||
		refuse(reason, "cannot read the groups");
}

/* Accounts that do not exist on the host, other than RADIUS's, are read-only
 * unless a section for them sets permissions.  For anonymous sessions only
 * [anonymous] can, not a section for the groups of the account they run
 * as. */
static void
collect(const struct settings *settings, const struct identity *identity,
	const struct settings_override *own, char **names, size_t named,
	struct user_settings *out)
{
	const char *const *groups = (const char *const *)names;
	const struct settings_of whose = { settings, identity->user, groups,
		named, own };
	struct settings_source permissions = settings_source(&whose,
		SETTINGS_ROW_session_permissions);

	bool anonymous = identity->class == IDENTITY_ANONYMOUS;

	settings_for_user(settings, identity->user, groups, named, out);
	if (anonymous)
		out->world_readable_only = true;
	if (anonymous || (identity->class != IDENTITY_SYSTEM &&
	    identity->class != IDENTITY_RADIUS && permissions.section == NULL))
		out->permissions &= PERMISSIONS_TO_READ;
	if (own != NULL)
		settings_apply(own, out);
}

/* account_group_names() leaves room for one more. */
static bool
add_own_group(const struct identity *identity, char **names, size_t *named)
{
	if (identity->group[0] == '\0')
		return true;
	names[*named] = strdup(identity->group);
	if (names[*named] == NULL)
		return false;
	(*named)++;
	return true;
}

bool
account_settings(const struct settings *settings,
	const struct identity *identity, const struct settings_override *own,
	struct user_settings *out, struct buffer *reason)
{
	size_t named;
	int count;

	/* Looking up the name of every group can be slow over a network. */
	if (settings->override_count == 0) {
		collect(settings, identity, own, NULL, 0, out);
		return true;
	}
	gid_t *groups = group_list(identity, &count);
	if (groups == NULL)
		return refuse(reason, "cannot read the groups");
	char **names = account_group_names(groups, (size_t)count, &named);
	free(groups);
	if (names == NULL || !add_own_group(identity, names, &named)) {
		account_free_group_names(names, named);
		return refuse(reason, "out of memory");
	}
	collect(settings, identity, own, names, named, out);
	account_free_group_names(names, named);
	return true;
}

bool
account_take_groups(struct identity *identity, struct buffer *reason)
{
	int count = getgroups(0, NULL);

	if (count < 0)
		return refuse(reason, "cannot read the groups");
	free(identity->groups);
	identity->ngroups = 0;
	identity->groups = calloc((size_t)count + 1, sizeof(gid_t));
	if (identity->groups == NULL)
		return refuse(reason, "out of memory");
	if (getgroups(count, identity->groups) != count)
		return refuse(reason, "cannot read the groups");
	identity->ngroups = (size_t)count;
	return true;
}

static void
add_group(struct names *names, gid_t gid)
{
	const struct group *group;

	if (names_group(names, gid) == NULL &&
	    (group = getgrgid(gid)) != NULL)
		(void)!names_add_group(names, gid, group->gr_name);
}

/* When out of memory, listings show numbers. */
void
account_add_names(struct names *names, const struct identity *identity)
{
	(void)!names_add_user(names, identity->uid,
		identity->account[0] != '\0' ? identity->account :
		identity->user);
	add_group(names, identity->gid);
	for (size_t i = 0; i < identity->ngroups; i++)
		add_group(names, identity->groups[i]);
}
