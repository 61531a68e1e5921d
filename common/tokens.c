/*
 * tokens.c - replaces tokens in paths of the settings.
 *
 * Runs in: master (checks), monitor.
 */
#include "common/base.h"
#include "common/tokens.h"

static bool
is_token(char c)
{
	return c != '\0' && strchr("unhgd%", c) != NULL;
}

int
tokens_check(const char *text)
{
	while ((text = strchr(text, '%')) != NULL) {
		if (text[1] == '\0' || !is_token(text[1]))
			return -EINVAL;
		text += 2;
	}
	return 0;
}

bool
tokens_has(const char *text, char token)
{
	while ((text = strchr(text, '%')) != NULL && text[1] != '\0') {
		if (text[1] == token)
			return true;
		text += 2;
	}
	return false;
}

static bool
leads_up(const char *path)
{
	while (*path != '\0') {
		size_t len = strcspn(path, "/");
		if (len == 2 && memcmp(path, "..", len) == 0)
			return true;
		path += len + (path[len] == '/');
	}
	return false;
}

static bool
is_path(const char *value)
{
	return value != NULL && *value == '/' && !leads_up(value);
}

static bool
is_name(const char *value)
{
	return value != NULL && *value != '\0' && strchr(value, '/') == NULL &&
		strcmp(value, ".") != 0 && !leads_up(value);
}

static const char *
value_of(const struct tokens *values, char token)
{
	switch (token) {
	case 'u':
		return values->user;
	case 'n':
		return values->name;
	case 'h':
		return values->home;
	case 'g':
		return values->group;
	default:
		return values->domain;
	}
}

static bool
add_value(struct buffer *b, const struct tokens *values, char token,
	struct buffer *reason)
{
	const char *value = value_of(values, token);

	if (token == 'h' ? is_path(value) : is_name(value)) {
		buffer_add_text(b, value);
		return true;
	}
	buffer_addf(reason, "the value of %%%c cannot be part of a path: "
		"\"%s\"", token, value != NULL ? value : "");
	return false;
}

bool
tokens_expand(struct buffer *b, const char *text,
	const struct tokens *values, struct buffer *reason)
{
	for (; *text != '\0'; text++) {
		if (*text != '%') {
			buffer_add_char(b, *text);
			continue;
		}
		text++;
		if (*text == '\0')	/* tokens_check() was forgotten */
			return false;
		if (*text == '%')
			buffer_add_char(b, '%');
		else if (!add_value(b, values, *text, reason))
			return false;
	}
	return true;
}
