/*
 * settings_messages.c - reads the files whose text is sent to clients.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_messages.h"

#include "common/io.h"
#include "common/settings/settings_report.h"
#include "common/settings/settings_table.h"

#include <fcntl.h>
#include <sys/stat.h>

static const char *
distrust(int fd, ssize_t len, const char *text)
{
	struct stat st;

	if (len == -EFBIG)
		return "the file is larger than 8k";
	if (len < 0)
		return len == -EINVAL ? "not a regular file" :
		    strerror((int)-len);
	if (fstat(fd, &st) < 0 || !(st.st_mode & S_IROTH))
		return "the file must be readable by all users "
		    "(chmod a+r): its text is sent to clients";
	if (strlen(text) != (size_t)len)
		return "the file contains a NUL";
	return NULL;
}

/* NULL and the text; or the error. */
static const char *
read_message(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return strerror(errno);
	ssize_t len = io_read_open(fd, text, size);
	const char *why = distrust(fd, len, text);
	close(fd);
	return why;
}

static const char *
add(struct settings *s, const char *path, const char *text)
{
	struct settings_message *more = reallocarray(s->messages,
	    s->message_count + 1, sizeof(*more));
	struct settings_message m = { strdup(path), strdup(text) };

	if (more != NULL)
		s->messages = more;
	if (more == NULL || m.path == NULL || m.text == NULL) {
		free(m.path);
		free(m.text);
		return strerror(ENOMEM);
	}
	s->messages[s->message_count++] = m;
	return NULL;
}

static bool
is_message(const struct settings_row *row)
{
	return row->kind == SETTINGS_PATH && strcmp(row->unit, "message") == 0;
}

static void
load(struct settings *s, struct settings_report *r, size_t i,
	const void *scope_struct, int line)
{
	const struct settings_row *row = &settings_table[i];
	char *const *path = settings_table_value(row, scope_struct);
	char text[SETTINGS_MESSAGE_SIZE + 1];

	if (**path == '\0' || settings_messages_text(s, *path) != NULL)
		return;
	const char *why = read_message(*path, text, sizeof(text));
	if (why == NULL)
		why = add(s, *path, text);
	if (why != NULL)
		settings_report_at(r, line, "%s: %s: %s", row->key, *path, why);
}

static void
load_override(struct settings *s, struct settings_report *r, size_t i,
	const struct settings_override *o)
{
	if (o->origin.line[i] != SETTINGS_FROM_DEFAULT)
		load(s, r, i, &o->values, o->origin.line[i]);
}

size_t
settings_messages_load(struct settings *settings,
	settings_complaint *complain, void *context)
{
	struct settings_report r = { settings, complain, context, 0 };

	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		int line = settings->origins[0].line[i];

		if (!is_message(row))
			continue;
		if (row->scope == SETTINGS_SERVER)
			load(settings, &r, i, &settings->server, line);
		if (row->scope != SETTINGS_USER)
			continue;
		load(settings, &r, i, &settings->user, line);
		load_override(settings, &r, i, &settings->anonymous);
		for (size_t k = 0; k < settings->override_count; k++)
			load_override(settings, &r, i,
			    &settings->overrides[k]);
	}
	return r.count;
}

void
settings_messages_free(struct settings *settings)
{
	for (size_t i = 0; i < settings->message_count; i++) {
		free(settings->messages[i].path);
		free(settings->messages[i].text);
	}
	free(settings->messages);
}

const char *
settings_messages_text(const struct settings *settings, const char *path)
{
	for (size_t i = 0; i < settings->message_count; i++)
		if (strcmp(settings->messages[i].path, path) == 0)
			return settings->messages[i].text;
	return NULL;
}
