/*
 * names.c - names of owners and groups for listings, without NSS.
 *
 * Runs in: master (loads), monitor (adds), session (asks).
 *
 * What the master loaded is never changed afterwards, so that workers keep
 * sharing its pages; what a monitor adds is kept separately and searched first.
 */
#include "common/base.h"
#include "common/names.h"

#include "common/text.h"

struct entry {
	uint32_t id;
	char *name;
};

/* Sorted by id, each once. */
struct table {
	struct entry *entries;
	size_t count, room;
};

struct names {
	struct table users, groups;
	struct table added_users, added_groups;
};

/* The index of the id, or where to insert it. */
static size_t
table_place(const struct table *t, uint32_t id)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->entries[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const char *
table_find(const struct table *t, uint32_t id)
{
	size_t at = table_place(t, id);

	if (at == t->count || t->entries[at].id != id)
		return NULL;
	return t->entries[at].name;
}

static int
table_grow(struct table *t)
{
	if (t->count < t->room)
		return 0;
	size_t room = t->room == 0 ? 64 : t->room * 2;
	struct entry *entries = reallocarray(t->entries, room,
		sizeof(*entries));
	if (entries == NULL)
		return -ENOMEM;
	t->entries = entries;
	t->room = room;
	return 0;
}

/* The first name of an id is kept, as in getpwuid(). */
static int
table_add(struct table *t, uint32_t id, const char *name, size_t len)
{
	if (table_find(t, id) != NULL)
		return 0;
	if (table_grow(t) < 0)
		return -ENOMEM;

	struct entry entry = { id, strndup(name, len) };
	if (entry.name == NULL)
		return -ENOMEM;
	size_t at = table_place(t, id);
	memmove(t->entries + at + 1, t->entries + at,
		(t->count - at) * sizeof(*t->entries));
	t->entries[at] = entry;
	t->count++;
	return 0;
}

static void
table_free(struct table *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->entries[i].name);
	free(t->entries);
}

/* NAME:PASSWORD:ID:..., the format of both files.  Other lines, such as the "+"
 * lines of NIS, are skipped. */
static int
add_line(struct table *t, const char *line, size_t len)
{
	const char *end = line + len;
	const char *colon = memchr(line, ':', len);
	int64_t id;

	if (colon == NULL || colon == line || *line == '+' || *line == '-')
		return 0;
	size_t name_len = (size_t)(colon - line);
	colon = memchr(colon + 1, ':', (size_t)(end - colon - 1));
	if (colon == NULL)
		return 0;
	const char *digits = colon + 1;
	colon = memchr(digits, ':', (size_t)(end - digits));
	if (colon == NULL ||
	    text_number(digits, (size_t)(colon - digits), &id) < 0 ||
	    id >= UINT32_MAX)
		return 0;
	return table_add(t, (uint32_t)id, line, name_len);
}

/* A file that cannot be read leaves the table empty: numbers are shown. */
static int
load(struct table *t, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int error = 0;

	if (file == NULL)
		return 0;
	while (error == 0 && t->count < NAMES_MAX &&
	    (len = getline(&line, &size, file)) >= 0)
		error = add_line(t, line, (size_t)len);
	free(line);
	fclose(file);
	return error;
}

struct names *
names_load(const char *passwd_path, const char *group_path)
{
	struct names *names = calloc(1, sizeof(*names));

	if (names == NULL)
		return NULL;
	if (load(&names->users, passwd_path) < 0 ||
	    load(&names->groups, group_path) < 0) {
		names_free(names);
		return NULL;
	}
	return names;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	table_free(&names->users);
	table_free(&names->groups);
	table_free(&names->added_users);
	table_free(&names->added_groups);
	free(names);
}

int
names_add_user(struct names *names, uid_t uid, const char *name)
{
	return table_add(&names->added_users, uid, name, strlen(name));
}

int
names_add_group(struct names *names, gid_t gid, const char *name)
{
	return table_add(&names->added_groups, gid, name, strlen(name));
}

const char *
names_user(const struct names *names, uid_t uid)
{
	const char *name = table_find(&names->added_users, uid);

	return name != NULL ? name : table_find(&names->users, uid);
}

const char *
names_group(const struct names *names, gid_t gid)
{
	const char *name = table_find(&names->added_groups, gid);

	return name != NULL ? name : table_find(&names->groups, gid);
}

/* Searched rarely, by MFF only. */
static bool
table_search(const struct table *t, const char *name, size_t len, uint32_t *id)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];
		if (strlen(e->name) != len || memcmp(e->name, name, len) != 0)
			continue;
		*id = e->id;
		return true;
	}
	return false;
}

bool
names_find_user(const struct names *names, const char *name, size_t len,
	uid_t *uid)
{
	return table_search(&names->added_users, name, len, uid) ||
		table_search(&names->users, name, len, uid);
}

bool
names_find_group(const struct names *names, const char *name, size_t len,
	gid_t *gid)
{
	return table_search(&names->added_groups, name, len, gid) ||
		table_search(&names->groups, name, len, gid);
}
