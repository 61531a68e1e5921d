/*
 * place.c - the jail and the start directory of an account.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/place.h"

#include "common/accounts/account.h"
#include "common/accounts/domain.h"
#include "common/accounts/refuse.h"
#include "common/text.h"
#include "common/tokens.h"

#include <grp.h>

bool
place_expand(const char *setting, const struct identity *identity, char *out,
	struct buffer *reason)
{
	char user[IDENTITY_NAME_SIZE], domain[IDENTITY_NAME_SIZE];
	struct tokens values = { .user = user, .name = identity->user,
		.home = identity->home, .domain = domain };
	struct buffer b;

	(void)domain_split(identity->user, user, domain);
	if (tokens_has(setting, 'g')) {
		const struct group *group = getgrgid(identity->gid);
		values.group = group != NULL ? group->gr_name : NULL;
	}
	buffer_init(&b, out, IDENTITY_PATH_SIZE);
	if (!tokens_expand(&b, setting, &values, reason))
		return false;
	return !b.overflow || refuse(reason, "the path is too long");
}

/* The part of the path that is below the jail, as "/..."; NULL when it is
 * elsewhere. */
static const char *
below(const char *jail, const char *path)
{
	size_t len = strlen(jail);

	while (len > 0 && jail[len - 1] == '/')
		len--;
	if (strncmp(path, jail, len) != 0)
		return NULL;
	if (path[len] == '\0')
		return "/";
	return path[len] == '/' ? path + len : NULL;
}

static bool
set_client_home(struct identity *identity, const char *path)
{
	return text_copy(identity->client_home, sizeof(identity->client_home),
		path) == 0;
}

/* In HOME/./START, HOME is the jail. */
static bool
jail_in_home(struct identity *identity, struct buffer *reason)
{
	const char *mark = strstr(identity->home, "/./");
	size_t len = mark != NULL ? (size_t)(mark - identity->home) :
		strlen(identity->home);

	if (identity->home[0] != '/')
		return refuse(reason, "jail: the home directory is not an "
			"absolute path");
	memcpy(identity->jail, identity->home, len);
	identity->jail[len] = '\0';
	if (len == 0)
		memcpy(identity->jail, "/", 2);
	return set_client_home(identity, mark != NULL ? mark + 2 : "/");
}

static bool
jail_at_path(struct identity *identity, struct buffer *reason)
{
	const char *home;

	if (!place_expand(identity->settings->jail, identity, identity->jail,
		reason))
		return false;
	home = below(identity->jail, identity->home);
	return set_client_home(identity, home != NULL ? home : "/");
}

static bool
is_home_jail(const struct user_settings *s)
{
	return strcmp(s->jail, "home") == 0 ||
		(strcmp(s->jail, "no") == 0 && s->hide_mount_point);
}

static bool
decide_jail(struct identity *identity, struct buffer *reason)
{
	const char *jail = identity->settings->jail;

	identity->jail[0] = '\0';
	/* Their home is root in [anonymous], and always a jail; so is
	 * root_subdir. */
	if (identity->class == IDENTITY_ANONYMOUS ||
	    identity->subdirectory > 0)
		return jail_in_home(identity, reason);
	if (is_home_jail(identity->settings))
		return jail_in_home(identity, reason);
	if (strcmp(jail, "no") == 0)
		return set_client_home(identity, identity->home);
	return jail_at_path(identity, reason);
}

static bool
decide_start(struct identity *identity, struct buffer *reason)
{
	char path[IDENTITY_PATH_SIZE];
	struct buffer b;

	if (!place_expand(identity->settings->start_dir, identity, path,
		reason))
		return false;
	buffer_init(&b, identity->start, sizeof(identity->start));
	if (path[0] != '/')
		buffer_add_text(&b, identity->client_home);
	if (path[0] != '/' && path[0] != '\0' &&
	    strcmp(identity->client_home, "/") != 0)
		buffer_add_char(&b, '/');
	buffer_add_text(&b, path);
	return !b.overflow || refuse(reason, "the path is too long");
}

bool
place_decide(struct identity *identity, struct buffer *reason)
{
	return decide_jail(identity, reason) && decide_start(identity, reason);
}

static bool
applies(const struct directory_settings *d, const struct identity *identity)
{
	if (*d->users == '\0' && *d->groups == '\0')
		return true;
	return text_list_has(d->users, identity->user) ||
		account_groups_are_in(&identity->gid, 1, d->groups) ||
		account_groups_are_in(identity->groups, identity->ngroups,
			d->groups);
}

bool
place_directories(const struct settings *settings, struct identity *identity,
	struct buffer *reason)
{
	free(identity->directories);
	identity->directories = NULL;
	identity->ndirectories = 0;
	if (settings->directory_count == 0)
		return true;
	identity->directories = calloc(settings->directory_count,
		sizeof(*identity->directories));
	if (identity->directories == NULL)
		return refuse(reason, "out of memory");
	for (size_t i = 0; i < settings->directory_count; i++) {
		const struct settings_directory *d = &settings->directories[i];
		if (!applies(&d->values, identity))
			continue;
		identity->directories[identity->ndirectories++] =
			(struct identity_directory){
				.path = d->path,
				.permissions = d->values.permissions,
				.recursive = d->values.recursive,
				.fd = -1,
			};
	}
	return true;
}

void
place_explain_failure(const struct identity *identity, enum entry_place place,
	int error, struct buffer *reason)
{
	switch (place) {
	case ENTRY_JAIL:
		buffer_addf(reason, "cannot enter the jail %s",
			identity->jail);
		break;
	case ENTRY_START:
		buffer_addf(reason, "cannot enter the start directory %s",
			identity->start);
		break;
	default:
		buffer_addf(reason, "cannot enter the home directory %s",
			identity->home);
		break;
	}
	if (error > 0)
		buffer_addf(reason, ": %s", strerror(error));
}
