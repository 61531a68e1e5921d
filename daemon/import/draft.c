/*
 * draft.c - builds a sureftpd.conf.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/draft.h"

#include "common/settings/settings_table.h"

void
draft_free(struct draft *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->entries[i].section);
		free(d->entries[i].key);
		free(d->entries[i].value);
	}
	free(d->entries);
	*d = (struct draft){ 0 };
}

static struct draft_entry *
find(const struct draft *d, const char *section, const char *key)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->entries[i].section, section) == 0 &&
		    strcmp(d->entries[i].key, key) == 0)
			return &d->entries[i];
	return NULL;
}

static struct draft_entry *
add_entry(struct draft *d, const char *section, const char *key)
{
	struct draft_entry *grown = reallocarray(d->entries, d->count + 1,
		sizeof(*grown));

	if (grown == NULL)
		return NULL;
	d->entries = grown;
	struct draft_entry *entry = &d->entries[d->count++];
	*entry = (struct draft_entry){
		.section = strdup(section), .key = strdup(key),
	};
	return entry->section != NULL && entry->key != NULL ? entry : NULL;
}

void
draft_set(struct draft *d, const char *section, const char *key,
	const char *value, bool asked)
{
	struct draft_entry *entry = find(d, section, key);

	if (d->failed)
		return;
	if (entry == NULL)
		entry = add_entry(d, section, key);
	char *copy = strdup(value);
	if (entry == NULL || copy == NULL) {
		free(copy);
		d->failed = true;
		return;
	}
	free(entry->value);
	entry->value = copy;
	entry->asked = entry->asked || asked;
	entry->left_out = false;
}

void
draft_add(struct draft *d, const char *section, const char *key,
	const char *value)
{
	const char *before = draft_get(d, section, key);
	char *both;

	if (before == NULL) {
		draft_set(d, section, key, value, true);
		return;
	}
	if (asprintf(&both, "%s\n%s", before, value) < 0) {
		d->failed = true;
		return;
	}
	draft_set(d, section, key, both, true);
	free(both);
}

const char *
draft_get(const struct draft *d, const char *section, const char *key)
{
	const struct draft_entry *entry = find(d, section, key);

	return entry != NULL ? entry->value : NULL;
}

void
draft_remove(struct draft *d, size_t entry)
{
	free(d->entries[entry].section);
	free(d->entries[entry].key);
	free(d->entries[entry].value);
	d->count--;
	memmove(&d->entries[entry], &d->entries[entry + 1],
		(d->count - entry) * sizeof(*d->entries));
}

static bool
worth_printing(const struct draft_entry *entry)
{
	const struct settings_row *row = settings_table_find(entry->section,
		entry->key);

	/* In [user NAME] sections the default is the value in [user], so the
	 * default of the table may differ and must be printed. */
	return entry->value != NULL && (entry->asked || row == NULL ||
	    row->scope == SETTINGS_DIRECTORY ||
	    strcmp(row->section, entry->section) != 0 ||
	    strcmp(row->default_text, entry->value) != 0);
}

/* Print one line for each value, also for an empty one.  Returns the number of
 * lines. */
static int
print_entry(const struct draft_entry *entry, FILE *out)
{
	const char *line = entry->value;

	for (int lines = 1;; lines++) {
		const char *end = strchrnul(line, '\n');
		fprintf(out, "%s =%s%.*s\n", entry->key,
			end > line ? " " : "", (int)(end - line), line);
		if (*end == '\0')
			return lines;
		line = end + 1;
	}
}

/* Print the section.  *line is the current line number, which is advanced. */
static void
print_section(struct draft *d, const char *section, int *line, FILE *out)
{
	bool headed = false;

	for (size_t i = 0; i < d->count; i++) {
		struct draft_entry *entry = &d->entries[i];
		if (strcmp(entry->section, section) != 0 ||
		    !worth_printing(entry))
			continue;
		if (!headed) {
			fprintf(out, "\n[%s]\n", section);
			*line += 2;
		}
		headed = true;
		entry->line = *line;
		entry->lines = print_entry(entry, out);
		*line += entry->lines;
	}
}

static bool
is_table_section(const char *section)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (strcmp(settings_table[i].section, section) == 0)
			return true;
	return false;
}

static bool
is_first_of_section(const struct draft *d, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(d->entries[i].section, d->entries[at].section) == 0)
			return false;
	return true;
}

void
draft_print(struct draft *d, FILE *out)
{
	int line = 2;

	fprintf(out, "# Made by sureftpd --import-%s; see sureftpd-%s(7).\n",
	    d->server, d->server);
	for (size_t i = 0; i < d->count; i++)
		d->entries[i].line = d->entries[i].lines = 0;
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (settings_table_begins_section(i) &&
		    settings_table[i].scope != SETTINGS_DIRECTORY)
			print_section(d, settings_table[i].section, &line,
				out);
	for (size_t i = 0; i < d->count; i++)
		if (!is_table_section(d->entries[i].section) &&
		    is_first_of_section(d, i))
			print_section(d, d->entries[i].section, &line, out);
}
