/*
 * quota_place.c - where an account's quota is counted.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/quota_place.h"

#include "common/accounts/place.h"
#include "common/accounts/refuse.h"
#include "common/quota.h"
#include "common/settings/settings.h"
#include "common/text.h"

/* Without "/./" and slashes at the end: one directory has one count, whatever
 * its name is. */
static void
normalise(char *path)
{
	char *to = path;

	for (const char *at = path; *at != '\0';) {
		size_t len = strcspn(at + 1, "/") + 1;
		if (len > 1 && !(len == 2 && at[1] == '.')) {
			memmove(to, at, len);
			to += len;
		}
		at += len;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

static bool
find_root(struct quota_place *p, const struct identity *identity,
	struct buffer *reason)
{
	const char *setting = identity->settings->quota_root;
	bool jailed = identity->jail[0] != '\0';

	if (strcmp(setting, "home") == 0 || strcmp(setting, "jail") == 0)
		(void)!text_copy(p->root, sizeof(p->root), jailed &&
			(*setting == 'j' || strstr(identity->home, "/./") !=
			NULL) ? identity->jail : identity->home);
	else if (!place_expand(setting, identity, p->root, reason))
		return false;
	if (p->root[0] != '/')
		return refuse(reason, "it is not an absolute path");
	normalise(p->root);
	return true;
}

/* The part of the path that is below a directory; NULL if it is elsewhere. */
static const char *
below(const char *directory, const char *path)
{
	size_t len = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

	if (strncmp(path, directory, len) != 0 ||
	    (path[len] != '/' && path[len] != '\0'))
		return NULL;
	return path + len;
}

static bool
find_inside(struct quota_place *p, const struct identity *identity,
	struct buffer *reason)
{
	char jail[sizeof(identity->jail)];
	const char *inside;

	if (identity->jail[0] == '\0')
		return text_copy(p->inside, sizeof(p->inside), p->root) == 0;
	(void)!text_copy(jail, sizeof(jail), identity->jail);
	normalise(jail);
	p->inside[0] = '\0';
	inside = below(p->root, jail);
	p->is_below = inside != NULL && *inside != '\0';
	if (inside != NULL)
		return true;
	inside = below(jail, p->root);
	if (inside == NULL)
		return refuse(reason, "it is not inside the jail; set "
			"quota_root = jail");
	return text_copy(p->inside, sizeof(p->inside), inside) == 0;
}

/* The name is the path, with '%' for '/'. */
static bool
default_file(struct quota_place *p, struct buffer *reason)
{
	struct buffer b;

	if (strlen(p->root) > 200)
		return refuse(reason, "the path is too long for a file name; "
			"set quota_file");
	buffer_init(&b, p->file, sizeof(p->file));
	buffer_add_text(&b, QUOTA_DEFAULT_DIRECTORY "/");
	for (const char *at = p->root; *at != '\0'; at++)
		if (*at == '%')
			buffer_add_text(&b, "%%");
		else
			buffer_add_char(&b, *at == '/' ? '%' : *at);
	return true;
}

bool
quota_place_find(struct quota_place *p, const struct identity *identity,
	struct buffer *reason)
{
	const struct user_settings *s = identity->settings;

	p->kinds = quota_kinds(s->quota_count);
	p->cache = s->quota_cache;
	if (!find_root(p, identity, reason) ||
	    !find_inside(p, identity, reason))
		return false;
	if (*s->quota_file == '\0')
		return default_file(p, reason);
	return place_expand(s->quota_file, identity, p->file, reason);
}
