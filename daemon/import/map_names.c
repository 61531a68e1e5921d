/*
 * map_names.c - patterns of file names.
 *
 * vsftpd's have *, ? and {a,b}; a name matches if the pattern matches it as a
 * whole, or if it contains the pattern's text.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/glob.h"

#define PATTERNS_SIZE 16000

/* What a list of patterns cannot hold as it is: a blank or comma becomes ?, a
 * bracket stands for itself. */
static void
add_literally(struct buffer *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' || text[i] == '\t' || text[i] == ',')
			buffer_add_char(b, '?');
		else if (text[i] == '[')
			buffer_add_text(b, "[[]");
		else
			buffer_add_char(b, text[i]);
	}
}

/* Add a pattern without braces to the list. */
static bool
add_pattern(struct buffer *list, const struct buffer *pattern, bool within)
{
	if (list->len > 0)
		buffer_add_char(list, ' ');
	size_t start = list->len;
	if (within)
		buffer_add_char(list, '*');
	add_literally(list, pattern->data, pattern->len);
	if (within)
		buffer_add_char(list, '*');
	return !list->overflow && glob_check(list->data + start,
	    list->len - start) == 0;
}

static bool add_expanded(struct buffer *list, struct buffer *begin,
	const char *rest);

/* Each choice between braces, with what is before and after them.  vsftpd
 * does not try the last one if it is empty. */
static bool
add_choices(struct buffer *list, struct buffer *begin, const char *choices,
	const char *close)
{
	size_t len = begin->len;

	while (choices < close) {
		const char *comma = memchr(choices, ',',
			(size_t)(close - choices));
		const char *stop = comma != NULL ? comma : close;
		buffer_add(begin, choices, (size_t)(stop - choices));
		if (!add_expanded(list, begin, close + 1))
			return false;
		begin->len = len;
		choices = stop + 1;
	}
	return true;
}

/* All patterns that `begin` and the rest stand for; braces that are not closed
 * stand for themselves. */
static bool
add_expanded(struct buffer *list, struct buffer *begin, const char *rest)
{
	const char *open = strchr(rest, '{');
	const char *close = open != NULL ? strchr(open, '}') : NULL;

	if (close == NULL) {
		buffer_add_text(begin, rest);
		return !begin->overflow && add_pattern(list, begin, false);
	}
	buffer_add(begin, rest, (size_t)(open - rest));
	return add_choices(list, begin, open + 1, close);
}

/* The list for an option; false if it cannot be expressed. */
static bool
convert(const struct mapping *m, struct buffer *list)
{
	const char *pattern = map_text(m, m->option);
	BUFFER(begin, PATTERNS_SIZE);

	if (strchr(pattern, '/') != NULL)
		return false;
	if (!add_expanded(list, &begin, pattern))
		return false;
	/* Only a text without wildcards can also stand within a name. */
	if (strpbrk(pattern, "*?{") != NULL)
		return true;
	buffer_clear(&begin);
	buffer_add_text(&begin, pattern);
	return !begin.overflow && add_pattern(list, &begin, true);
}

static void
map_pattern(struct mapping *m, const char *key)
{
	char storage[PATTERNS_SIZE];
	struct buffer list;

	buffer_init(&list, storage, sizeof(storage));
	if (map_text(m, m->option)[0] == '\0') {
		map_set(m, "session", key, "%s", "");
		return;
	}
	if (!convert(m, &list)) {
		map_say(m, IMPORT_REFUSED, "the pattern cannot be expressed "
			"as a list of patterns for names; set %s in [session]",
			key);
		return;
	}
	map_set(m, "session", key, "%s", buffer_text(&list));
}

void
map_deny_file(struct mapping *m)
{
	map_pattern(m, "deny_names");
}

void
map_hide_file(struct mapping *m)
{
	map_pattern(m, "hide_names");
}

void
map_upload_file(struct mapping *m)
{
	map_pattern(m, "allow_names");
}

void
map_download_file(struct mapping *m)
{
	m->answer.verdict = map_text(m, m->option)[0] != '\0' ? IMPORT_REFUSED :
		IMPORT_NOT_NEEDED;
}
