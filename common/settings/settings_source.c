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
#include "common/settings/settings_value.h"
#include "common/text.h"

static bool
is_member(const char *const *groups, size_t ngroups, const char *name)
{
	for (size_t i = 0; i < ngroups; i++)
		if (strcmp(groups[i], name) == 0)
			return true;
	return false;
}

struct settings_source
settings_source(const struct settings *settings, size_t row, const char *user,
	const char *const *groups, size_t ngroups)
{
	struct settings_source found = {
		.line = settings->origins[0].line[row],
	};

	/* Groups first, then the user. */
	for (size_t i = 0; i < 2 * settings->override_count; i++) {
		const struct settings_override *o =
		    &settings->overrides[i % settings->override_count];
		bool group = i < settings->override_count;
		if (o->group == group &&
		    o->origin.line[row] != SETTINGS_FROM_DEFAULT &&
		    (group ? is_member(groups, ngroups, o->name) :
		    strcmp(o->name, user) == 0))
			found = (struct settings_source){
				o, o->origin.line[row] };
	}
	return found;
}

void
settings_source_add(const struct settings *settings,
	const struct settings_source *source, struct buffer *b)
{
	if (source->line == SETTINGS_FROM_DEFAULT) {
		buffer_add_text(b, "default");
		return;
	}
	settings_report_where(settings, source->line, b);
	if (source->section == NULL)
		return;
	buffer_addf(b, " [%s ", source->section->group ? "group" : "user");
	text_escape(b, source->section->name, strlen(source->section->name));
	buffer_add_text(b, "]");
}

static void
add_value(struct buffer *b, const struct settings_row *row, const void *field)
{
	BUFFER(value, SETTINGS_FORMAT_SIZE);

	if (settings_value_is_text(row)) {
		const char *text = *(char *const *)field;
		text_escape(b, text, strlen(text));
		return;
	}
	settings_format_value(row, field, &value);
	buffer_add_text(b, buffer_text(&value));
}

void
settings_source_print(const struct settings *settings,
	const struct user_settings *values, const char *user,
	const char *const *groups, size_t ngroups, FILE *out)
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
		struct settings_source source = settings_source(settings, i,
		    user, groups, ngroups);
		buffer_addf(&line, "%s = ", row->key);
		add_value(&line, row, settings_table_value(row, values));
		settings_source_add(settings, &source, &where);
		fprintf(out, "  %-40s (%s)\n", buffer_text(&line),
		    buffer_text(&where));
	}
}
