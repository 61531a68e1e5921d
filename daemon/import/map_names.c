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
#include "common/text.h"

#define PATTERNS_SIZE 16000

/* Replace what has a meaning in a list of patterns by a set that contains
 * it. */
static void
add_literally(struct buffer *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '[' || text_is_separator(text[i]))
			buffer_addf(b, "[%c]", text[i]);
		else
			buffer_add_char(b, text[i]);
	}
}

/* The patterns for an option. */
struct patterns {
	struct buffer list;
	size_t paths;	/* how many contain a slash, and are left out: names
			 * are single components */
	size_t blanks;	/* how many begin with a blank */
	char storage[PATTERNS_SIZE];
};

/* Add a pattern without braces to the list. */
static bool
add_pattern(struct patterns *p, const struct buffer *pattern, bool within)
{
	struct buffer *list = &p->list;

	if (memchr(pattern->data, '/', pattern->len) != NULL) {
		p->paths++;
		return true;
	}
	if (pattern->len > 0 && text_is_blank(pattern->data[0]))
		p->blanks++;
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

static bool add_expanded(struct patterns *p, struct buffer *begin,
	const char *rest);

/* Each choice between braces, with what is before and after them.  vsftpd
 * does not try the last one if it is empty. */
static bool
add_choices(struct patterns *p, struct buffer *begin, const char *choices,
	const char *close)
{
	size_t len = begin->len;

	while (choices < close) {
		const char *comma = memchr(choices, ',',
			(size_t)(close - choices));
		const char *stop = comma != NULL ? comma : close;
		buffer_add(begin, choices, (size_t)(stop - choices));
		if (!add_expanded(p, begin, close + 1))
			return false;
		begin->len = len;
		choices = stop + 1;
	}
	return true;
}

/* All patterns that `begin` and the rest stand for; braces that are not closed
 * stand for themselves. */
static bool
add_expanded(struct patterns *p, struct buffer *begin, const char *rest)
{
	const char *open = strchr(rest, '{');
	const char *close = open != NULL ? strchr(open, '}') : NULL;

	if (close == NULL) {
		buffer_add_text(begin, rest);
		return !begin->overflow && add_pattern(p, begin, false);
	}
	buffer_add(begin, rest, (size_t)(open - rest));
	return add_choices(p, begin, open + 1, close);
}

/* The patterns for an option; false if they cannot be expressed. */
static bool
convert(const struct mapping *m, struct patterns *p)
{
	const char *pattern = map_text(m, m->option);
	BUFFER(begin, PATTERNS_SIZE);

	buffer_init(&p->list, p->storage, sizeof(p->storage));
	p->paths = p->blanks = 0;
	if (!add_expanded(p, &begin, pattern))
		return false;
	/* Only a text without wildcards can also stand within a name. */
	if (strpbrk(pattern, "*?{") != NULL)
		return true;
	buffer_clear(&begin);
	buffer_add_text(&begin, pattern);
	return !begin.overflow && add_pattern(p, &begin, true);
}

/* The usual mistake is {*.mp3, *.mov}. */
#define BLANKS "; a blank after a comma is a part of the pattern, as it was " \
	"for vsftpd: remove [ ] if that is not meant"

static void
map_pattern(struct mapping *m, const char *key)
{
	struct patterns p;

	if (map_text(m, m->option)[0] == '\0') {
		map_set(m, "session", key, "%s", "");
		return;
	}
	bool good = convert(m, &p);
	if (good && p.list.len > 0)
		map_set(m, "session", key, "%s", buffer_text(&p.list));
	if (good && p.blanks > 0)
		map_say(m, IMPORT_CHANGED, "%s in [session]" BLANKS, key);
	if (good && p.paths > 0)
		map_say(m, IMPORT_REFUSED, "patterns with a path are left "
			"out%s: vsftpd compares them with the path as the "
			"client writes it, %s has single names; use "
			"permissions in [directory PATH]", p.list.len > 0 ?
			" (those without are in [session])" : "", key);
	else if (!good)
		map_say(m, IMPORT_REFUSED, "the pattern cannot be expressed "
			"as a list of patterns for names; set %s in [session]",
			key);
}

void
map_deny_file(struct mapping *m)
{
	map_pattern(m, "deny_names");
}

/* Unless there was something else to say. */
static void
say_change(struct mapping *m, enum vsftpd_option option, const char *sentence)
{
	if (map_text(m, option)[0] != '\0' &&
	    m->answer.verdict == IMPORT_SAME)
		map_say(m, IMPORT_CHANGED, "%s", sentence);
}

void
map_hide_file(struct mapping *m)
{
	map_pattern(m, "hide_names");
	say_change(m, OPTION_hide_file, "hide_names in [session]; a link is "
		"judged by its own name, and what a client asks for by name "
		"is listed");
}

void
map_upload_file(struct mapping *m)
{
	map_pattern(m, "allow_names");
	say_change(m, OPTION_upload_file, "allow_names in [session], which "
		"counts for new names of RNTO as well");
}

void
map_download_file(struct mapping *m)
{
	map_pattern(m, "download_names");
}
