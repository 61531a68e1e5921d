/*
 * settings_load.c - from file and command line to one checked struct settings.
 *
 * Runs in: the master, at start and at a reload.  The result is used in every
 * process.
 *
 * A heading names a section; assignments go to the section that is open.  -o is
 * treated as a line at the end of the file, except that it may override what
 * the file has set.
 */
#include "common/base.h"
#include "common/settings/settings_load.h"

#include "common/buffer.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_file.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_messages.h"
#include "common/settings/settings_report.h"
#include "common/settings/settings_section.h"
#include "common/settings/settings_string.h"
#include "common/settings/settings_value.h"
#include "common/text.h"

struct loading {
	struct settings *settings;
	settings_complaint *complain;
	void *context;
	size_t mistakes;

	struct settings_section section;
	int line;		/* of the file, or SETTINGS_FROM_COMMAND_LINE */
	const char *assignment;	/* of -o */
};

/* A complaint ends with the text in question, truncated and escaped. */
#define SHOWN 200

static void
add_shown(struct buffer *b, const char *text)
{
	size_t len = strlen(text);

	text_escape(b, text, len < SHOWN ? len : SHOWN);
	if (len > SHOWN)
		buffer_add_text(b, "...");
}

static void
mistake(struct loading *l, const char *sentence)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);

	if (l->line == SETTINGS_FROM_COMMAND_LINE && l->assignment != NULL) {
		buffer_add_text(&where, "-o ");
		add_shown(&where, l->assignment);
	} else {
		settings_report_where(l->settings, l->line, &where);
	}
	l->mistakes++;
	l->complain(l->context, buffer_text(&where), sentence);
}

static void
mistake_value(struct loading *l, const struct settings_row *row,
	const char *value)
{
	BUFFER(sentence, 2048);

	buffer_addf(&sentence, "%s must be ", row->key);
	settings_format_rule(row, &sentence);
	/* Many users may read logs: never log a hash or a secret, not even a
	 * mistyped one. */
	if (row->kind == SETTINGS_HASH || row->kind == SETTINGS_SECRET) {
		mistake(l, buffer_text(&sentence));
		return;
	}
	buffer_add_text(&sentence, ", not \"");
	add_shown(&sentence, value);
	buffer_add_text(&sentence, "\"");
	if (row->kind == SETTINGS_NETWORKS && strchr(value, '/') != NULL)
		buffer_add_text(&sentence, "; the bits after the prefix must "
		    "be 0");
	mistake(l, buffer_text(&sentence));
}

static void
mistake_key(struct loading *l, const char *key)
{
	const char *section = l->section.name;
	const struct settings_row *other =
	    settings_table_elsewhere(section, key);
	const struct settings_row *vsftpd = settings_table_of_vsftpd(key);
	const char *nearest = settings_table_nearest_key(section, key);
	BUFFER(b, 2048);

	buffer_add_text(&b, "unknown setting \"");
	add_shown(&b, key);
	buffer_addf(&b, "\" in [%s]", section != NULL ? section :
	    l->section.word);
	if (other != NULL)
		buffer_addf(&b, "; it belongs in [%s]", other->section);
	else if (vsftpd != NULL)
		buffer_addf(&b, "; vsftpd's %s is %s in [%s]", key,
		    vsftpd->key, vsftpd->section);
	else if (nearest != NULL)
		buffer_addf(&b, "; did you mean %s?", nearest);
	mistake(l, buffer_text(&b));
}

/* A setting that applies to all hosts is set in [tls NAME]. */
static void
mistake_host(struct loading *l, const struct settings_row *row)
{
	BUFFER(b, 256);

	buffer_addf(&b, "%s cannot be set per host; it belongs in [%s]",
	    row->key, row->section);
	mistake(l, buffer_text(&b));
}

static void
assign_row(struct loading *l, const struct settings_row *row, const char *value)
{
	int *line = settings_section_line(&l->section, row);
	void *field = settings_section_field(&l->section, row);
	bool again = *line > 0 && l->line > 0;
	int r;

	if (field == NULL) {
		mistake_host(l, row);
		return;
	}
	if (again && !settings_string_adds_up(row)) {
		BUFFER(b, 256);
		buffer_addf(&b, "%s is already set on line %d", row->key,
		    *line);
		mistake(l, buffer_text(&b));
		return;
	}
	r = again ? settings_value_add(row, value, field) :
	    settings_value_parse(row, value, field);
	if (r == -EINVAL)
		mistake_value(l, row, value);
	else if (r < 0)
		mistake(l, strerror(-r));
	*line = l->line;
}

/* settings_file_reader */
static void
read_assignment(void *context, int line, const char *key, const char *value)
{
	struct loading *l = context;
	const struct settings_row *row;

	l->line = line;
	if (l->section.origin == NULL) {
		/* Below an invalid heading, which is already reported. */
		if (!l->section.invalid)
			mistake(l, settings_table_of_vsftpd(key) == NULL ?
			    "setting before the first [section]" :
			    "setting before the first [section]; "
			    "sureftpd --import-vsftpd converts a file of "
			    "vsftpd");
		return;
	}
	row = settings_table_find(l->section.name, key);
	if (row == NULL && l->section.user_origin != NULL)
		row = settings_table_find(NULL, key);
	if (row == NULL)
		mistake_key(l, key);
	else
		assign_row(l, row, value);
}

static void
open_section(struct loading *l, const char *heading, bool may_exist)
{
	BUFFER(why, 1024);

	if (settings_section_open(l->settings, heading, may_exist, &l->section,
	    &why) < 0)
		mistake(l, buffer_text(&why));
}

/* settings_file_reader */
static void
read_heading(void *context, int line, const char *heading)
{
	struct loading *l = context;

	l->line = line;
	if (heading == NULL)	/* unreadable; reported as a mistake */
		l->section = (struct settings_section){ .invalid = true };
	else
		open_section(l, heading, false);
}

/* settings_file_reader */
static void
read_mistake(void *context, int line, const char *sentence)
{
	struct loading *l = context;

	l->line = line;
	mistake(l, sentence);
}

static void
read_file(struct loading *l, bool may_be_missing)
{
	const struct settings_file_reader reader = {
		read_heading, read_assignment, read_mistake, l, NULL,
	};
	int r = settings_file_read(l->settings->path, &reader);

	l->line = 0;
	if (r == -ENOENT && may_be_missing)
		return;
	if (r < 0 && r != -EPERM)
		mistake(l, strerror(-r));
}

/* "listener.NAME" is the heading "listener NAME". */
static void
separate_name(char *heading)
{
	size_t len = strcspn(heading, ".");

	if (heading[len] == '.' && settings_section_takes_name(heading, len))
		heading[len] = ' ';
}

/*
 * Split "section.key=value", "listener.NAME.key=value" or "user
 * "NAME".key=value" into heading, key and value, in place.  A quoted name may
 * contain dots and equal signs, an unquoted one dots; keys contain neither.
 */
static bool
split_assignment(char *text, char **heading, char **key, char **value)
{
	char *open = strchr(text, '"');
	char *equals = strchr(text, '=');
	char *dot;

	if (open != NULL && (equals == NULL || open < equals)) {
		char *close = strchr(open + 1, '"');
		if (close == NULL || close[1] != '.')
			return false;
		dot = close + 1;
		equals = strchr(dot, '=');
	} else if (equals != NULL) {
		dot = memrchr(text, '.', (size_t)(equals - text));
	} else {
		return false;
	}
	if (equals == NULL || dot == NULL)
		return false;
	*dot = *equals = '\0';
	*heading = text;
	*key = dot + 1;
	*value = equals + 1;
	separate_name(text);
	return true;
}

static void
read_option(struct loading *l, const char *assignment)
{
	char *copy = strdup(assignment);
	char *heading, *key, *value;

	l->line = SETTINGS_FROM_COMMAND_LINE;
	l->assignment = assignment;
	if (copy == NULL) {
		mistake(l, strerror(ENOMEM));
	} else if (!split_assignment(copy, &heading, &key, &value)) {
		mistake(l, "expected SECTION.KEY=VALUE");
	} else {
		open_section(l, text_trim(heading), true);
		read_assignment(l, SETTINGS_FROM_COMMAND_LINE, text_trim(key),
		    text_trim(value));
	}
	free(copy);
	l->assignment = NULL;
}

static struct settings *
new_settings(const char *path)
{
	struct settings *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->origins = calloc(SETTINGS_ORIGINS, sizeof(*s->origins));
	s->path = strdup(path != NULL ? path : "");
	s->anonymous.name = strdup("anonymous");
	s->tls[0].name = strdup("");
	s->tls_count = 1;
	if (s->anonymous.name == NULL ||
	    s->origins == NULL || s->path == NULL || s->tls[0].name == NULL ||
	    settings_value_defaults(SETTINGS_TLS, &s->tls[0]) < 0 ||
	    settings_value_defaults(SETTINGS_SERVER, &s->server) < 0 ||
	    settings_value_defaults(SETTINGS_USER, &s->user) < 0) {
		settings_free(s);
		return NULL;
	}
	return s;
}

struct settings *
settings_load(const char *path, bool may_be_missing, char *const *assignments,
	size_t assignment_count, settings_complaint *complain, void *context)
{
	struct loading l = {
		.settings = new_settings(path),
		.complain = complain,
		.context = context,
	};

	if (l.settings == NULL) {
		complain(context, path != NULL ? path : "", strerror(ENOMEM));
		return NULL;
	}
	if (path != NULL)
		read_file(&l, may_be_missing);
	for (size_t i = 0; i < assignment_count; i++)
		read_option(&l, assignments[i]);
	l.line = 0;
	if (l.settings->listener_count == 0)
		open_section(&l, "listener", true);
	/* Values that were refused would only cause another complaint. */
	if (l.mistakes == 0)
		l.mistakes = settings_check(l.settings, complain, context);
	if (l.mistakes == 0)
		l.mistakes = settings_messages_load(l.settings, complain,
		    context);
	if (l.mistakes > 0) {
		settings_free(l.settings);
		return NULL;
	}
	return l.settings;
}

void
settings_free(struct settings *settings)
{
	if (settings == NULL)
		return;
	settings_value_free(SETTINGS_SERVER, &settings->server);
	settings_value_free(SETTINGS_USER, &settings->user);
	settings_value_free(SETTINGS_USER, &settings->anonymous.values);
	free(settings->anonymous.name);
	for (size_t i = 0; i < settings->listener_count; i++) {
		settings_value_free(SETTINGS_LISTENER, &settings->listeners[i]);
		free(settings->listeners[i].name);
	}
	for (size_t i = 0; i < settings->tls_count; i++) {
		settings_value_free(SETTINGS_TLS, &settings->tls[i]);
		free(settings->tls[i].name);
	}
	for (size_t i = 0; i < settings->override_count; i++) {
		settings_value_free(SETTINGS_USER,
		    &settings->overrides[i].values);
		free(settings->overrides[i].name);
	}
	for (size_t i = 0; i < settings->directory_count; i++) {
		settings_value_free(SETTINGS_DIRECTORY,
		    &settings->directories[i].values);
		free(settings->directories[i].path);
	}
	free(settings->directories);
	settings_messages_free(settings);
	free(settings->overrides);
	free(settings->origins);
	free(settings->path);
	free(settings);
}
