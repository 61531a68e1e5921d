/*
 * log_json.c - formats events as JSON.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_json.h"

void
log_json_format(struct buffer *line, const struct event_fields *f)
{
	buffer_add_char(line, '{');
	for (size_t i = 0; i < f->count; i++) {
		const struct event_field *field = &f->list[i];

		if (field->number)
			json_add_number(line, field->name, field->value);
		else
			json_add_text(line, field->name, field->value);
	}
	buffer_add_char(line, '}');
}
