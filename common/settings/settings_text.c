/*
 * settings_text.c - the settings as text: dump, table, sample file.
 *
 * Runs in: sureftpd --dump, --settings and --sample, which serve no clients.
 */
#include "common/base.h"
#include "common/settings/settings_text.h"

#include "common/buffer.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_report.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_string.h"
#include "common/text.h"

#define WIDTH 78

static void
print_origin(FILE *out, const struct settings *s, int line)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);

	if (line == SETTINGS_FROM_DEFAULT)
		buffer_add_text(&where, "default");
	else
		settings_report_where(s, line, &where);
	fprintf(out, "# %s\n", buffer_text(&where));
}

static void
print_text(FILE *out, const char *key, const char *value, size_t len)
{
	fprintf(out, "%s =%s%.*s\n", key, len > 0 ? " " : "", (int)len, value);
}

/* A long list is written as several lines with the same key, which add up. */
static void
print_list(FILE *out, const struct settings_row *row, const char *list)
{
	size_t room = WIDTH - strlen(row->key) - 3, len;
	const char *line = list, *end = list, *at = list, *word;

	while ((word = settings_string_word(row, &at, &len)) != NULL) {
		if ((size_t)(word + len - line) > room && end > line) {
			print_text(out, row->key, line, (size_t)(end - line));
			line = word;
		}
		end = word + len;
	}
	print_text(out, row->key, line, (size_t)(end - line));
}

static void
print_lines(FILE *out, const char *key, const char *lines)
{
	do {
		size_t len = strcspn(lines, "\n");
		print_text(out, key, lines, len);
		lines += len + (lines[len] == '\n');
	} while (*lines != '\0');
}

static void
print_assignment(FILE *out, const struct settings_row *row, const void *field)
{
	BUFFER(value, SETTINGS_FORMAT_SIZE);

	if (row->kind == SETTINGS_LIST || row->kind == SETTINGS_NETWORKS ||
	    row->kind == SETTINGS_GLOBS) {
		print_list(out, row, *(char *const *)field);
	} else if (row->kind == SETTINGS_LINES) {
		print_lines(out, row->key, *(char *const *)field);
	} else if (settings_string_is(row)) {
		const char *text = *(char *const *)field;
		print_text(out, row->key, text, strlen(text));
	} else {
		settings_format_value(row, field, &value);
		print_text(out, row->key, buffer_text(&value), value.len);
	}
}

static void
dump_row(FILE *out, const struct settings *s, size_t i,
	const struct settings_origin *origin, const void *scope_struct)
{
	const struct settings_row *row = &settings_table[i];

	print_origin(out, s, origin->line[i]);
	print_assignment(out, row, settings_table_value(row, scope_struct));
}

static void
dump_listener(FILE *out, const struct settings *s, size_t number)
{
	const struct listener_settings *l = &s->listeners[number];

	if (*l->name == '\0')
		fputs("\n[listener]\n", out);
	else
		fprintf(out, "\n[listener \"%s\"]\n", l->name);
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (settings_table[i].scope == SETTINGS_LISTENER)
			dump_row(out, s, i,
			    &s->origins[SETTINGS_ORIGIN_LISTENER(number)], l);
}

static void
dump_tls(FILE *out, const struct settings *s, size_t number)
{
	fprintf(out, "\n[tls \"%s\"]\n", s->tls[number].name);
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (settings_table[i].scope == SETTINGS_TLS)
			dump_row(out, s, i,
			    &s->origins[SETTINGS_ORIGIN_TLS(number)],
			    &s->tls[number]);
}

static void
dump_override(FILE *out, const struct settings *s,
	const struct settings_override *o)
{
	fprintf(out, "\n[%s \"%s\"]\n", settings_override_words[o->kind],
	    o->name);
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (o->origin.line[i] != SETTINGS_FROM_DEFAULT)
			dump_row(out, s, i, &o->origin, &o->values);
}

static void
dump_directory(FILE *out, const struct settings *s,
	const struct settings_directory *d)
{
	fprintf(out, "\n[directory \"%s\"]\n", d->path);
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (settings_table[i].scope == SETTINGS_DIRECTORY)
			dump_row(out, s, i, &d->origin, &d->values);
}

/* Is the row valid in sections with a name only? */
static bool
is_named(const struct settings_row *row)
{
	return row->scope == SETTINGS_LISTENER ||
	    row->scope == SETTINGS_DIRECTORY;
}

/* The sections without a name. */
static const void *
general_values(const struct settings *s, const struct settings_row *row)
{
	switch (row->scope) {
	case SETTINGS_SERVER:
		return &s->server;
	case SETTINGS_USER:
		return &s->user;
	case SETTINGS_TLS:
		return &s->tls[0];
	case SETTINGS_LISTENER:
	case SETTINGS_DIRECTORY:
		break;
	}
	return NULL;
}

/* In [anonymous], settings of scope USER follow those of the section. */
static void
dump_anonymous(FILE *out, const struct settings *s)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (s->anonymous.origin.line[i] != SETTINGS_FROM_DEFAULT)
			dump_row(out, s, i, &s->anonymous.origin,
			    &s->anonymous.values);
}

void
settings_dump(const struct settings *settings, FILE *out)
{
	fprintf(out, "# sureftpd " PACKAGE_VERSION ": settings in effect\n");
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		if (is_named(row))
			continue;
		if (settings_table_begins_section(i))
			fprintf(out, "\n[%s]\n", row->section);
		dump_row(out, settings, i, &settings->origins[0],
		    general_values(settings, row));
		if (strcmp(row->section, "anonymous") == 0 &&
		    settings_table_begins_section(i + 1))
			dump_anonymous(out, settings);
	}
	for (size_t i = 1; i < settings->tls_count; i++)
		dump_tls(out, settings, i);
	for (size_t i = 0; i < settings->listener_count; i++)
		dump_listener(out, settings, i);
	for (size_t i = 0; i < settings->override_count; i++)
		dump_override(out, settings, &settings->overrides[i]);
	for (size_t i = 0; i < settings->directory_count; i++)
		dump_directory(out, settings, &settings->directories[i]);
}

/* "(empty)" for an empty value. */
static const char *
shown(const char *text)
{
	return *text != '\0' ? text : "(empty)";
}

static char
scope_mark(const struct settings_row *row)
{
	return row->scope == SETTINGS_USER ? '*' :
	    row->scope == SETTINGS_TLS ? '+' : ' ';
}

/* A heading; commented out with # if it needs a name. */
static void
print_heading(FILE *out, const struct settings_row *row, bool commented)
{
	if (row->scope == SETTINGS_DIRECTORY)
		fprintf(out, "\n%s[directory \"/srv/ftp\"]\n",
		    commented ? "#" : "");
	else
		fprintf(out, "\n[%s]\n", row->section);
}

void
settings_describe(FILE *out)
{
	fprintf(out, "All settings: default, allowed values, and the name in "
	    "vsftpd.conf.\n* can also be set in [user NAME] and [group NAME], "
	    "+ in [tls HOST].\n");
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		BUFFER(rule, SETTINGS_FORMAT_SIZE);

		if (settings_table_begins_section(i))
			print_heading(out, row, false);
		settings_format_rule(row, &rule);
		fprintf(out, "%c %-23s %-19s %s\n",
		    scope_mark(row), row->key,
		    shown(row->default_text), buffer_text(&rule));
		settings_format_wrap(out, "        ", WIDTH, row->description);
		if (*row->vsftpd != '\0')
			fprintf(out, "        vsftpd: %s\n", row->vsftpd);
	}
}

void
settings_sample(FILE *out)
{
	fputs("# sureftpd.conf - settings of the FTP server sureftpd\n"
	    "#\n", out);
	settings_format_wrap(out, "# ", WIDTH, "All settings with their "
	    "defaults, commented out. See sureftpd.conf(5) for the format. "
	    "Run \"sureftpd --check\" after a change, and send SIGHUP to "
	    "reload. A # or ; starts a comment only at the beginning of a "
	    "line.");
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		BUFFER(rule, SETTINGS_FORMAT_SIZE);
		BUFFER(allowed, SETTINGS_FORMAT_SIZE + 16);

		if (settings_table_begins_section(i))
			print_heading(out, row, true);
		fputc('\n', out);
		settings_format_wrap(out, "# ", WIDTH, row->description);
		if (row->scope == SETTINGS_TLS)
			fputs("# Can be set per host in [tls HOST] (SNI).\n",
			    out);
		settings_format_rule(row, &rule);
		buffer_addf(&allowed, "Allowed: %s.", buffer_text(&rule));
		settings_format_wrap(out, "# ", WIDTH, buffer_text(&allowed));
		fputc('#', out);
		print_text(out, row->key, row->default_text,
		    strlen(row->default_text));
	}
	fputc('\n', out);
	settings_format_wrap(out, "# ", WIDTH, "Settings that "
	    "\"sureftpd --settings\" marks with * can be overridden for groups "
	    "and users, regardless of their section above:");
	fputs("#[group guests]\n#permissions = elr\n"
	    "#[user anna]\n#idle_timeout = 1h\n", out);
}
