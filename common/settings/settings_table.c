/*
 * settings_table.c - settings.def as data; finds rows, also for mistyped names.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_table.h"

#include "common/permissions.h"

#define STRUCT_SERVER   struct server_settings
#define STRUCT_LISTENER struct listener_settings
#define STRUCT_TLS      struct tls_settings
#define STRUCT_USER     struct user_settings
#define STRUCT_DIRECTORY struct directory_settings

const struct settings_row settings_table[SETTINGS_ROWS] = {
#define SETTING(scope, section, key, kind, def, min, max, unit, vsftpd, text) \
	{ SETTINGS_##scope, SETTINGS_##kind, offsetof(STRUCT_##scope, key),   \
	  min, max, #section, #key, def, unit, vsftpd, text },
#include "common/settings/settings.def"
#undef SETTING
};

static bool
is_in_section(const struct settings_row *row, const char *section)
{
	if (section == NULL)
		return row->scope == SETTINGS_USER;
	return strcmp(row->section, section) == 0;
}

const struct settings_row *
settings_table_find(const char *section, const char *key)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (is_in_section(&settings_table[i], section) &&
		    strcmp(settings_table[i].key, key) == 0)
			return &settings_table[i];
	return NULL;
}

const struct settings_row *
settings_table_elsewhere(const char *section, const char *key)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (!is_in_section(&settings_table[i], section) &&
		    strcmp(settings_table[i].key, key) == 0)
			return &settings_table[i];
	return NULL;
}

const struct settings_row *
settings_table_of_vsftpd(const char *option)
{
	for (size_t i = 0; i < SETTINGS_ROWS && *option != '\0'; i++)
		if (strcmp(settings_table[i].vsftpd, option) == 0)
			return &settings_table[i];
	return NULL;
}

bool
settings_table_begins_section(size_t i)
{
	return i == 0 || i == SETTINGS_ROWS || strcmp(settings_table[i].section,
	    settings_table[i - 1].section) != 0;
}

#define NAME_MAX_COMPARED 40

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* The edit distance of two names: letters to be inserted, deleted or replaced;
 * SIZE_MAX for names that are too long. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_COMPARED + 1];
	size_t alen = strlen(a), blen = strlen(b);

	if (alen > NAME_MAX_COMPARED || blen > NAME_MAX_COMPARED)
		return SIZE_MAX;
	for (size_t j = 0; j <= blen; j++)
		row[j] = j;
	for (size_t i = 1; i <= alen; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= blen; j++) {
			size_t above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1,
			    diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[blen];
}

struct nearest {
	const char *wanted;
	const char *name;	/* the best so far, or NULL */
	size_t distance;
};

/* At most a third of the letters may differ. */
static struct nearest
nearest_to(const char *wanted)
{
	return (struct nearest){ wanted, NULL, strlen(wanted) / 3 + 2 };
}

static void
consider(struct nearest *n, const char *name)
{
	size_t d = distance(n->wanted, name);

	if (d < n->distance) {
		n->name = name;
		n->distance = d;
	}
}

const char *
settings_table_nearest_key(const char *section, const char *key)
{
	struct nearest n = nearest_to(key);

	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (is_in_section(&settings_table[i], section))
			consider(&n, settings_table[i].key);
	return n.name;
}

const char *
settings_table_nearest_section(const char *heading)
{
	char word[NAME_MAX_COMPARED + 1];
	size_t len = strcspn(heading, " \t");

	if (len >= sizeof(word))
		return NULL;
	memcpy(word, heading, len);
	word[len] = '\0';

	struct nearest n = nearest_to(word);
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		consider(&n, settings_table[i].section);
	consider(&n, "user");
	consider(&n, "group");
	return n.name;
}

void *
settings_table_field(const struct settings_row *row, void *scope_struct)
{
	return (char *)scope_struct + row->offset;
}

const void *
settings_table_value(const struct settings_row *row, const void *scope_struct)
{
	return (const char *)scope_struct + row->offset;
}
