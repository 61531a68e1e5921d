/*
 * attribute_name.c - a RADIUS attribute as it is written in the settings.
 *
 * Runs in: master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/radius/attribute_name.h"

#include "common/text.h"

#define LINE_MAX_BYTES 1024
#define LINES_MAX      100000
#define WORDS	       5
#define VENDOR_MAX     0xffffff

struct words {
	const char *text[WORDS];
	size_t len[WORDS];
};

/* What the search in a dictionary knows so far. */
struct search {
	const char *wanted;
	char vendor_name[LINE_MAX_BYTES];	/* of the attribute; "" */
	int64_t number;		/* of the attribute; 0: not found */
	char block[LINE_MAX_BYTES];	/* BEGIN-VENDOR; "" */
};

static int
refuse(struct buffer *why, const char *text)
{
	buffer_add_text(why, text);
	return -EINVAL;
}

static int
take_numbers(struct radius_attribute_name *a, int64_t vendor, int64_t number,
	struct buffer *why)
{
	if (number < 1 || number > UINT8_MAX || vendor < 0 ||
	    vendor > VENDOR_MAX)
		return refuse(why, "attributes have numbers from 1 to 255, "
			"vendors from 0 to 16777215");
	a->vendor = (uint32_t)vendor;
	a->number = (uint8_t)number;
	return 0;
}

static void
split(const char *line, struct words *w)
{
	for (size_t i = 0; i < WORDS; i++) {
		w->text[i] = text_word(&line, &w->len[i]);
		if (w->text[i] == NULL || w->text[i][0] == '#')
			w->len[i] = 0;
	}
}

static bool
word_is(const struct words *w, size_t i, const char *text)
{
	return text_same(text, strlen(text), w->text[i], w->len[i]);
}

static void
copy_word(const struct words *w, size_t i, char *to)
{
	memcpy(to, w->text[i], w->len[i]);
	to[w->len[i]] = '\0';
}

/* ATTRIBUTE NAME NUMBER TYPE [VENDOR] */
static void
read_attribute(struct search *s, const struct words *w)
{
	if (s->number != 0 || w->len[2] == 0 || !word_is(w, 1, s->wanted) ||
	    text_number(w->text[2], w->len[2], &s->number) < 0)
		return;
	memcpy(s->vendor_name, s->block, sizeof(s->vendor_name));
	if (w->len[4] > 0 && memchr(w->text[4], '=', w->len[4]) == NULL)
		copy_word(w, 4, s->vendor_name);
}

static void
read_line(struct search *s, const struct words *w)
{
	if (word_is(w, 0, "ATTRIBUTE"))
		read_attribute(s, w);
	else if (word_is(w, 0, "BEGIN-VENDOR") && w->len[1] > 0)
		copy_word(w, 1, s->block);
	else if (word_is(w, 0, "END-VENDOR"))
		s->block[0] = '\0';
}

/* VENDOR NAME NUMBER */
static void
read_vendor(const struct search *s, const struct words *w, int64_t *vendor)
{
	if (word_is(w, 0, "VENDOR") && word_is(w, 1, s->vendor_name) &&
	    w->len[2] > 0 && text_number(w->text[2], w->len[2], vendor) < 0)
		*vendor = -1;
}

/* Read all lines; with `vendor` those about vendors.  False if the file cannot
 * be read. */
static bool
read_dictionary(const char *path, struct search *s, int64_t *vendor)
{
	FILE *file = fopen(path, "re");
	char line[LINE_MAX_BYTES];
	struct words w;

	if (file == NULL)
		return false;
	for (int i = 0; i < LINES_MAX && fgets(line, sizeof(line), file) !=
	    NULL; i++) {
		split(text_trim(line), &w);
		if (w.len[0] > 0 && vendor != NULL)
			read_vendor(s, &w, vendor);
		else if (w.len[0] > 0)
			read_line(s, &w);
	}
	bool good = ferror(file) == 0;
	fclose(file);
	return good;
}

static int
find_name(struct radius_attribute_name *a, const char *name,
	const char *dictionary, struct buffer *why)
{
	struct search s = { .wanted = name };
	int64_t vendor = 0;

	if (*dictionary == '\0')
		return refuse(why, "is neither NUMBER nor VENDOR:NUMBER, and "
			"no dictionary is set");
	if (!read_dictionary(dictionary, &s, NULL))
		return refuse(why, "dictionary cannot be read");
	if (s.number == 0)
		return refuse(why, "is not in the dictionary");
	if (s.vendor_name[0] != '\0')
		vendor = -1;
	if (vendor < 0 && !read_dictionary(dictionary, &s, &vendor))
		return refuse(why, "dictionary cannot be read");
	if (vendor < 0)
		return refuse(why, "has a vendor that the dictionary does not "
			"define");
	return take_numbers(a, vendor, s.number, why);
}

int
radius_attribute_name_parse(struct radius_attribute_name *a, const char *text,
	int64_t vendor, const char *dictionary, struct buffer *why)
{
	const char *colon = strchr(text, ':');
	int64_t number;

	*a = (struct radius_attribute_name){ 0 };
	if (*text == '\0')
		return 0;
	if (text_number(text, strlen(text), &number) == 0)
		return take_numbers(a, vendor, number, why);
	if (colon != NULL && text_number(text, (size_t)(colon - text),
	    &vendor) == 0 && text_number(colon + 1, strlen(colon + 1),
	    &number) == 0)
		return take_numbers(a, vendor, number, why);
	return find_name(a, text, dictionary, why);
}
