/*
 * settings_format.c - formats one value, and describes what a row allows.
 *
 * Runs in: the master, and wherever settings are read or shown.
 */
#include "common/base.h"
#include "common/settings/settings_format.h"
#include "common/text.h"

static void
add_choice(struct buffer *b, const char *words, int index)
{
	while (index-- > 0)
		words += strcspn(words, "|") + 1;
	buffer_add(b, words, strcspn(words, "|"));
}

static void
add_letters(struct buffer *b, const char *alphabet, uint32_t bits)
{
	for (size_t i = 0; alphabet[i] != '\0'; i++)
		if (bits & UINT32_C(1) << i)
			buffer_add_char(b, alphabet[i]);
}

static void
add_mode(struct buffer *b, const char *word, int mode)
{
	if (mode < 0)
		buffer_add_text(b, word);
	else
		buffer_addf(b, "%03o", (unsigned)mode);
}

static void
add_address(struct buffer *b, const struct address *a)
{
	char text[ADDRESS_TEXT_SIZE];

	if (address_is_set(a))
		buffer_add_text(b, address_text(a, text));
}

static void
add_ports(struct buffer *b, const struct port_range *ports)
{
	if (ports->to != 0)
		buffer_addf(b, "%u-%u", (unsigned)ports->from,
		    (unsigned)ports->to);
}

void
settings_format_value(const struct settings_row *row, const void *field,
	struct buffer *b)
{
	switch (row->kind) {
	case SETTINGS_BOOL:
		buffer_add_text(b, *(const bool *)field ? "yes" : "no");
		break;
	case SETTINGS_NUMBER:
		buffer_addf(b, "%" PRId64, *(const int64_t *)field);
		break;
	case SETTINGS_SECONDS:
		text_add_seconds(b, *(const int64_t *)field);
		break;
	case SETTINGS_SIZE:
		text_add_size(b, *(const int64_t *)field);
		break;
	case SETTINGS_MODE:
		add_mode(b, row->unit, *(const int *)field);
		break;
	case SETTINGS_TEXT:
	case SETTINGS_LIST:
	case SETTINGS_LINES:
	case SETTINGS_PATH:
	case SETTINGS_TEMPLATE:
	case SETTINGS_NETWORKS:
	case SETTINGS_HASH:
	case SETTINGS_SECRET:
	case SETTINGS_GLOBS:
		buffer_add_text(b, *(char *const *)field);
		break;
	case SETTINGS_CHOICE:
		add_choice(b, row->unit, *(const int *)field);
		break;
	case SETTINGS_ADDRESS:
		add_address(b, field);
		break;
	case SETTINGS_PORTS:
		add_ports(b, field);
		break;
	case SETTINGS_LETTERS:
		add_letters(b, row->unit, *(const uint32_t *)field);
		break;
	}
}

/* "a, b or c" of "a|b|c". */
static void
add_words(struct buffer *b, const char *words)
{
	for (;;) {
		size_t len = strcspn(words, "|");
		buffer_add(b, words, len);
		words += len;
		if (*words == '\0')
			return;
		words++;
		buffer_add_text(b, strchr(words, '|') != NULL ? ", " : " or ");
	}
}

static void
add_length_rule(struct buffer *b, const struct settings_row *row,
	const char *what)
{
	if (row->min > 0)
		buffer_addf(b, "%s of %" PRId64 " to %" PRId64 " bytes", what,
		    row->min, row->max);
	else
		buffer_addf(b, "%s of at most %" PRId64 " bytes", what,
		    row->max);
}

static void
add_list_rule(struct buffer *b, const struct settings_row *row)
{
	if (*row->unit == '\0') {
		add_length_rule(b, row, "words");
		return;
	}
	buffer_add_text(b, "any of ");
	add_words(b, row->unit);
}

static void
add_seconds_rule(struct buffer *b, const struct settings_row *row)
{
	text_add_seconds(b, row->min);
	buffer_add_text(b, " to ");
	text_add_seconds(b, row->max);
	buffer_add_text(b, ", in seconds or with s, m, h or d");
}

static void
add_size_rule(struct buffer *b, const struct settings_row *row)
{
	text_add_size(b, row->min);
	buffer_add_text(b, " to ");
	text_add_size(b, row->max);
	buffer_add_text(b, ", in bytes or with k, M, G or T");
}

static void
add_mode_rule(struct buffer *b, const struct settings_row *row)
{
	buffer_addf(b, "octal, %03o to %03o", (unsigned)row->min,
	    (unsigned)row->max);
	if (*row->unit != '\0')
		buffer_addf(b, ", or %s", row->unit);
}

static void
add_template_rule(struct buffer *b, const struct settings_row *row)
{
	for (const char *c = row->unit; *c != '\0'; c++)
		if (*c == '|')
			buffer_add_text(b, ", ");
		else
			buffer_add_char(b, *c);
	buffer_addf(b, "%sa%s path with tokens (%%u %%n %%h %%g %%d "
	    "%%%%)%s",
	    *row->unit != '\0' ? " or " : "", row->min > 0 ? "n absolute" : "",
	    row->min > 0 ? "" : ", or empty");
}

static void
add_networks_rule(struct buffer *b, const struct settings_row *row)
{
	if (*row->unit == '\0') {
		buffer_add_text(b, "addresses and networks such as "
		    "192.0.2.0/24 or 2001:db8::/32");
		return;
	}
	add_words(b, row->unit);
	buffer_add_text(b, ", or networks such as 192.0.2.0/24");
}

/* The text for kinds whose values have the same form in all rows; or NULL. */
static const char *
fixed_rule(enum settings_kind kind)
{
	switch (kind) {
	case SETTINGS_BOOL:
		return "yes or no";
	case SETTINGS_HASH:
		return "a hash of crypt(5) such as $y$... or $6$..., or empty";
	case SETTINGS_GLOBS:
		return "patterns with * ? [a-z] [!a-z], of at most 8 "
			"wildcards each";
	default:
		return NULL;
	}
}

void
settings_format_rule(const struct settings_row *row, struct buffer *b)
{
	const char *fixed = fixed_rule(row->kind);

	if (fixed != NULL) {
		buffer_add_text(b, fixed);
		return;
	}
	switch (row->kind) {
	case SETTINGS_NUMBER:
		buffer_addf(b, "%" PRId64 " to %" PRId64 "%s%s", row->min,
		    row->max, *row->unit != '\0' ? " " : "", row->unit);
		break;
	case SETTINGS_SECONDS:
		add_seconds_rule(b, row);
		break;
	case SETTINGS_SIZE:
		add_size_rule(b, row);
		break;
	case SETTINGS_MODE:
		add_mode_rule(b, row);
		break;
	case SETTINGS_TEXT:
	case SETTINGS_SECRET:
		add_length_rule(b, row, "a text");
		break;
	case SETTINGS_LIST:
		add_list_rule(b, row);
		break;
	case SETTINGS_LINES:
		add_length_rule(b, row, "lines");
		break;
	case SETTINGS_PATH:
		buffer_add_text(b, text_is(row->unit, "tokens") ?
		    "an absolute path with tokens such as %u, or empty" :
		    "an absolute path, or empty");
		break;
	case SETTINGS_CHOICE:
		add_words(b, row->unit);
		break;
	case SETTINGS_NETWORKS:
		add_networks_rule(b, row);
		break;
	case SETTINGS_ADDRESS:
		buffer_addf(b, "a numeric %s%saddress, or empty", row->unit,
		    *row->unit != '\0' ? " " : "");
		break;
	case SETTINGS_PORTS:
		buffer_addf(b, "FROM-TO within %" PRId64 "-%" PRId64
		    ", or empty", row->min, row->max);
		break;
	case SETTINGS_LETTERS:
		buffer_addf(b, "letters of %s", row->unit);
		break;
	default:
		add_template_rule(b, row);
		break;
	}
}

void
settings_format_wrap(FILE *out, const char *indent, size_t width,
	const char *text)
{
	while (*text != '\0') {
		size_t room = width - strlen(indent);
		size_t len = strlen(text);
		if (len > room) {
			len = room;
			while (len > 0 && text[len] != ' ')
				len--;
			if (len == 0)	/* a word that is longer than the
					 * line */
				len = strcspn(text, " ");
		}
		fprintf(out, "%s%.*s\n", indent, (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
}
