/*
 * settings_source.c - where a setting of an account comes from.
 *
 * Runs in: sureftpd --explain-login.
 */
#include "common/base.h"
#include "common/settings/settings_source.h"

#include "common/settings/settings_format.h"
#include "common/settings/settings_report.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_string.h"
#include "common/text.h"

static bool
applies(const struct settings_of *whose, const struct settings_override *o,
	size_t row)
{
	if (o->origin.line[row] == SETTINGS_FROM_DEFAULT)
		return false;
	if (o->kind == OVERRIDE_GROUP)
		return settings_is_member(whose->groups, whose->ngroups,
			o->name);
	return o == whose->own || strcmp(o->name, whose->user) == 0;
}

struct settings_source
settings_source(const struct settings_of *whose, size_t row)
{
	const struct settings *s = whose->settings;
	const struct settings_override *found = NULL;

	/* Groups first, then the user, then its own entry. */
	for (size_t i = 0; i < s->override_count; i++)
		if (s->overrides[i].kind == OVERRIDE_GROUP &&
		    applies(whose, &s->overrides[i], row))
			found = &s->overrides[i];
	for (size_t i = 0; i < s->override_count; i++)
		if (s->overrides[i].kind == OVERRIDE_USER &&
		    applies(whose, &s->overrides[i], row))
			found = &s->overrides[i];
	if (whose->own != NULL && applies(whose, whose->own, row))
		found = whose->own;
	return (struct settings_source){ found, found != NULL ?
	    found->origin.line[row] : s->origins[0].line[row] };
}

void
settings_source_add(const struct settings_of *whose,
	const struct settings_source *source, struct buffer *b)
{
	const struct settings *s = whose->settings;
	const struct settings_override *section = source->section;

	if (source->line == SETTINGS_FROM_DEFAULT) {
		buffer_add_text(b, "default");
		return;
	}
	if (section != NULL && section == whose->own &&
	    section != &s->anonymous)
		buffer_addf(b, "%s:%d", s->server.accounts_file, source->line);
	else
		settings_report_where(s, source->line, b);
	if (section == NULL)
		return;
	buffer_add_text(b, section == whose->own ? " [" :
	    section->kind == OVERRIDE_GROUP ? " [group " : " [user ");
	text_escape(b, section->name, strlen(section->name));
	buffer_add_text(b, "]");
}

static void
add_value(struct buffer *b, const struct settings_row *row, const void *field)
{
	BUFFER(value, SETTINGS_FORMAT_SIZE);

	if (settings_string_is(row)) {
		const char *text = *(char *const *)field;
		text_escape(b, text, strlen(text));
		return;
	}
	settings_format_value(row, field, &value);
	buffer_add_text(b, buffer_text(&value));
}

void
settings_source_print(const struct settings_of *whose,
	const struct user_settings *values, FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		BUFFER(line, 2048);
		BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);

		if (row->scope != SETTINGS_USER)
			continue;
		if (strcmp(section, row->section) != 0)
			fprintf(out, "[%s]\n", row->section);
		section = row->section;
		struct settings_source source = settings_source(whose, i);
		buffer_addf(&line, "%s = ", row->key);
		add_value(&line, row, settings_table_value(row, values));
		settings_source_add(whose, &source, &where);
		fprintf(out, "  %-40s (%s)\n", buffer_text(&line),
		    buffer_text(&where));
	}
}
