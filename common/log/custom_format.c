/*
 * custom_format.c - the format of lines in log.custom_file.
 *
 * Runs in: recorder; the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/log/custom_format.h"

#include "common/log/event_names.h"

#define TIME "time:"

const char *
custom_format_field(const char *text, size_t *len)
{
	if (text[0] != '%' || text[1] != '{')
		return NULL;
	*len = strcspn(text + 2, "}");
	return text[2 + *len] == '}' ? text + 2 : NULL;
}

const char *
custom_format_time(const char *name, size_t len)
{
	return len > strlen(TIME) && memcmp(name, TIME, strlen(TIME)) == 0 ?
	    name + strlen(TIME) : NULL;
}

const char *
custom_format_mistake(const char *format)
{
	const char *name;
	size_t len;

	for (; *format != '\0'; format++) {
		if (*format != '%')
			continue;
		if (format[1] == '%') {
			format++;
			continue;
		}
		name = custom_format_field(format, &len);
		if (name == NULL)
			return "write %{FIELD}, and %% for a percent sign";
		if (!event_names_has_field(name, len) &&
		    custom_format_time(name, len) == NULL)
			return "there is no such field; see sureftpd-logs(7)";
		format = name + len;
	}
	return NULL;
}
