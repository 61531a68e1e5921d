/*
 * settings_hash.c - password_hash of [user NAME], read when it is needed.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/settings/settings_hash.h"

#include "common/settings/settings_file.h"
#include "common/settings/settings_section.h"
#include "common/text.h"

struct search {
	const char *user;
	bool inside;		/* its section */
	int result;
	char *hash;
};

/* settings_file_reader */
static void
read_heading(void *context, int line UNUSED, const char *heading)
{
	struct search *s = context;

	s->inside = heading != NULL &&
	    settings_section_is_user(heading, s->user);
}

/* settings_file_reader */
static void
read_assignment(void *context, int line UNUSED, const char *key,
	const char *value)
{
	struct search *s = context;

	if (!s->inside || strcmp(key, "password_hash") != 0)
		return;
	s->result = *value == '\0' ? -ENOENT :
	    text_copy(s->hash, PASSWORD_HASH_SIZE, value);
}

/* settings_file_reader: errors elsewhere do not concern this user. */
static void
ignore_mistake(void *context UNUSED, int line UNUSED,
	const char *sentence UNUSED)
{
}

int
settings_hash_find(const struct settings *settings, const char *user,
	char *hash)
{
	struct search s = { .user = user, .result = -ENOENT, .hash = hash };
	const struct settings_file_reader reader = {
		read_heading, read_assignment, ignore_mistake, &s, NULL,
	};
	int r = settings_file_read(settings->path, &reader);

	return r < 0 ? r : s.result;
}
