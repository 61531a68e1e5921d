/*
 * pwp_map.c - functions shared by the mapping functions.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

#include "common/text.h"

#include <sys/utsname.h>

static void (*const functions[PWP_OPTIONS])(struct pwp_mapping *m) = {
#define OPTION(name, key, origin, kind, repeated, default_text, map, sentence) \
	map,
#include "daemon/import/pwp_options.def"
#undef OPTION
};

void
pwp_map_option(struct pwp_mapping *m, struct draft *draft)
{
	answer_begin(&m->answer, draft);
	functions[m->option](m);
	if (m->answer.sentence.len == 0)
		buffer_add_text(&m->answer.sentence,
			pwp_table[m->option].sentence);
}

const char *
pwp_text(const struct pwp_mapping *m, enum pwp_option option)
{
	return pwp_config_text(m->c, option);
}

bool
pwp_on(const struct pwp_mapping *m, enum pwp_option option)
{
	return pwp_is_true(pwp_text(m, option));
}

int64_t
pwp_nonzero(const struct pwp_mapping *m, enum pwp_option option)
{
	int64_t number = pwp_number(pwp_text(m, option));

	return number != 0 ? number :
		pwp_number(pwp_table[option].default_text);
}

bool
pwp_has_radius(const struct pwp_mapping *m)
{
	return *pwp_text(m, PWP_radius_server) != '\0';
}

void
pwp_set(struct pwp_mapping *m, const char *section, const char *key,
	const char *format, ...)
{
	char *value;
	va_list ap;

	va_start(ap, format);
	int n = vasprintf(&value, format, ap);
	va_end(ap);
	if (n < 0) {
		m->answer.draft->failed = true;
		return;
	}
	answer_put(&m->answer, section, key, value, m->is_set);
	free(value);
}

void
pwp_set_bool(struct pwp_mapping *m, const char *section, const char *key,
	bool on)
{
	pwp_set(m, section, key, "%s", on ? "yes" : "no");
}

void
pwp_set_number(struct pwp_mapping *m, const char *section, const char *key,
	int64_t number)
{
	pwp_set(m, section, key, "%" PRId64,
		answer_bounded(&m->answer, section, key, number));
}

const char *
pwp_host_name(void)
{
	static struct utsname name;

	return uname(&name) == 0 ? name.nodename : "localhost";
}

static bool
is_word(char c)
{
	return text_is_alpha(c) || text_is_digit(c) || c == '_';
}

bool
pwp_file_name(struct pwp_mapping *m, const char *text, struct buffer *b)
{
	while (*text != '\0') {
		size_t len = 0;
		while (*text == '$' && is_word(text[len + 1]))
			len++;
		if (len == 0)
			buffer_add_char(b, *text++);
		else if (text_same(text + 1, len, "hostname", 8)) {
			buffer_add_text(b, pwp_host_name());
			text += len + 1;
		} else {
			pwp_say(m, IMPORT_REFUSED, "$%.*s has no equivalent; "
				"the name must be the same for all sessions",
				(int)len, text + 1);
			return false;
		}
	}
	if (strchr(buffer_text(b), '%') != NULL) {
		pwp_say(m, IMPORT_REFUSED, "a name cannot contain the time; "
			"logrotate(8) can rename log files with it");
		return false;
	}
	if (*buffer_text(b) != '/' || b->overflow) {
		pwp_say(m, IMPORT_REFUSED, "not an absolute path");
		return false;
	}
	return true;
}

/* The token for a % sequence of a message; NULL: there is none. */
static const char *
token_for(char c)
{
	switch (c) {
	case 'C':
		return "%w";
	case 'G':
	case 'T':
		return "%t";
	case 'R':
		return "%a";
	case 'U':
	case 'u':
		return "%u";
	case '%':
		return "%%";
	default:
		return NULL;
	}
}

void
pwp_add_literal(struct buffer *b, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '%')
			buffer_add_char(b, '%');
		buffer_add_char(b, *text);
	}
}

/* The maintainer's address, the host's name and limits are known now. */
static bool
add_known(const struct pwp_mapping *m, char c, struct buffer *b)
{
	const char *address = pwp_text(m, PWP_maintainer_email);

	if (c == 'E' && *address != '\0')
		pwp_add_literal(b, address);
	else if (c == 'E')
		buffer_addf(b, "root@%s", pwp_host_name());
	else if (c == 'L')
		buffer_add_text(b, pwp_host_name());
	else if (c == 'x')
		buffer_addf(b, "%" PRId64, pwp_nonzero(m, PWP_max_clients));
	else
		return false;
	return true;
}

/* Add what a % sequence becomes; false if it has no equivalent. */
static bool
add_sequence(struct pwp_mapping *m, char c, struct buffer *b)
{
	const char *token = token_for(c);

	if (token != NULL) {
		buffer_add_text(b, token);
		return true;
	}
	if (c == 'm')
		pwp_say(m, IMPORT_CHANGED, "messages have no token for the "
			"home directory (%%m)");
	return add_known(m, c, b);
}

void
pwp_message(struct pwp_mapping *m, const char *text, struct buffer *b)
{
	while (*text != '\0') {
		if (*text != '%') {
			buffer_add_char(b, *text++);
		} else if (add_sequence(m, text[1], b)) {
			text += 2;
		} else {
			buffer_add_text(b, "%%");
			text++;
		}
	}
}

void
pwp_template(const char *text, struct buffer *b)
{
	for (; *text != '\0'; text++) {
		bool token = *text == '%' && text[1] != '\0' &&
			strchr("mU%", text[1]) != NULL;
		if (!token && *text == '%')
			buffer_add_text(b, "%%");
		else if (!token)
			buffer_add_char(b, *text);
		else
			buffer_add_text(b, *++text == 'm' ? "%h" :
				*text == 'U' ? "%n" : "%%");
	}
}

void
pwp_map_no_need(struct pwp_mapping *m)
{
	m->answer.verdict = IMPORT_NOT_NEEDED;
}

void
pwp_map_refuse(struct pwp_mapping *m)
{
	if (pwp_is_true(m->text))
		m->answer.verdict = IMPORT_REFUSED;
	else
		pwp_say(m, IMPORT_NOT_NEEDED, "off");
}
