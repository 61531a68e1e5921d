/*
 * settings_secret.c - a setting of kind SECRET, read when it is needed.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/settings/settings_secret.h"

#include "common/settings/settings_file.h"
#include "common/text.h"

struct search {
	const char *section, *key;
	bool inside;
	int result;
	char *out;
};

/* settings_file_reader */
static void
read_heading(void *context, int line UNUSED, const char *heading)
{
	struct search *s = context;

	s->inside = heading != NULL && strcmp(heading, s->section) == 0;
}

/* settings_file_reader */
static void
read_assignment(void *context, int line UNUSED, const char *key,
	const char *value)
{
	struct search *s = context;

	if (s->inside && strcmp(key, s->key) == 0 && *value != '\0')
		s->result = text_copy(s->out, SETTINGS_SECRET_SIZE, value);
}

/* settings_file_reader: reported when the settings were loaded. */
static void
ignore_mistake(void *context UNUSED, int line UNUSED,
	const char *sentence UNUSED)
{
}

int
settings_secret_find(const struct settings *settings, const char *section,
	const char *key, char *out)
{
	struct search s = { .section = section, .key = key,
		.result = -ENOENT, .out = out };
	const struct settings_file_reader reader = {
		read_heading, read_assignment, ignore_mistake, &s, NULL,
	};
	int r = settings_file_read(settings->path, &reader);

	return r < 0 ? r : s.result;
}
