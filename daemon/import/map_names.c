/*
 * map_names.c - converts patterns of file names.
 *
 * vsftpd's patterns have *, ? and one level of {a,b}; a name matches if the
 * pattern matches all of it, or if it contains the pattern literally.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/glob.h"

#define PATTERNS_SIZE 16000

/* A pattern split at its braces. */
struct braces {
	const char *before, *inside, *after;	/* `inside` NULL: no braces */
	size_t before_len, inside_len;
};

static struct braces
find_braces(const char *pattern)
{
	struct braces b = { .before = pattern, .after = "" };
	const char *open = strchr(pattern, '{');
	const char *close = open != NULL ? strchr(open, '}') : NULL;

	if (close == NULL) {
		b.before_len = strlen(pattern);
		return b;
	}
	b.before_len = (size_t)(open - pattern);
	b.inside = open + 1;
	b.inside_len = (size_t)(close - open) - 1;
	b.after = close + 1;
	return b;
}

/* Add text to a list of patterns: blanks and commas, which would separate
 * patterns, become ?, and brackets are escaped. */
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

/* Add one pattern to the list; with `within`, one that matches names which
 * contain it. */
static bool
add_pattern(struct buffer *b, const struct braces *p, const char *choice,
	size_t choice_len, bool within)
{
	size_t begin = b->len;

	if (begin > 0)
		buffer_add_char(b, ' ');
	size_t start = b->len;
	if (within)
		buffer_add_char(b, '*');
	add_literally(b, p->before, p->before_len);
	add_literally(b, choice, choice_len);
	add_literally(b, p->after, strlen(p->after));
	if (within)
		buffer_add_char(b, '*');
	return !b->overflow && glob_check(b->data + start,
	    b->len - start) == 0;
}

/* Add one pattern for each alternative in the braces. */
static bool
add_patterns(struct buffer *b, const struct braces *p, bool within)
{
	const char *at = p->inside;
	const char *end = p->inside + p->inside_len;

	if (p->inside == NULL)
		return add_pattern(b, p, "", 0, within);
	for (;;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma != NULL ? comma : end;
		if (!add_pattern(b, p, at, (size_t)(stop - at), within))
			return false;
		if (comma == NULL)
			return true;
		at = comma + 1;
	}
}

/* The list for an option; false if it cannot be expressed. */
static bool
convert(const struct mapping *m, struct buffer *b)
{
	const char *pattern = map_text(m, m->option);
	struct braces p = find_braces(pattern);
	bool wild = strpbrk(pattern, "*?{") != NULL;

	if (strchr(p.after, '{') != NULL || strchr(pattern, '/') != NULL)
		return false;
	if (!add_patterns(b, &p, false))
		return false;
	/* vsftpd also matches a pattern literally anywhere in a name; with
	 * wildcards this would be a name that contains them, which is
	 * ignored. */
	return wild || add_patterns(b, &p, true);
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
	m->verdict = map_text(m, m->option)[0] != '\0' ? IMPORT_REFUSED :
		IMPORT_NOT_NEEDED;
}
