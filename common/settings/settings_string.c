/*
 * settings_string.c - values that are stored as strings.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_string.h"

#include "common/address.h"
#include "common/buffer.h"
#include "common/glob.h"
#include "common/password_hash.h"
#include "common/text.h"
#include "common/tokens.h"

const char *
settings_words_next(const char **at, size_t *len)
{
	const char *word = *at;

	if (*word == '\0')
		return NULL;
	*len = strcspn(word, "|");
	*at = word + *len + (word[*len] == '|');
	return word;
}

/* Find the text among the words a|b|c; returns the word there, or NULL. */
static const char *
find_word(const char *words, const char *text, size_t *len)
{
	const char *word;

	while ((word = settings_words_next(&words, len)) != NULL)
		if (text_same(word, *len, text, strlen(text)))
			return word;
	return NULL;
}

static int
replace_text(char **field, const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int
parse_text(const struct settings_row *row, const char *text, char **field)
{
	return (int64_t)strlen(text) >= row->min &&
	    (int64_t)strlen(text) <= row->max ?
	    replace_text(field, text) : -EINVAL;
}

/* Is it one of the words a|b|c?  If there are none, all are. */
static bool
is_listed(const char *words, const char *word, size_t len)
{
	const char *at = words, *allowed;
	size_t allowed_len;

	while ((allowed = settings_words_next(&at, &allowed_len)) != NULL)
		if (text_same(allowed, allowed_len, word, len))
			return true;
	return *words == '\0';
}

const char *
settings_string_word(const struct settings_row *row, const char **at,
	size_t *len)
{
	return row->kind == SETTINGS_GLOBS ? glob_word(at, len) :
		text_word(at, len);
}

/* The words, each separated by one blank. */
static int
parse_list(const struct settings_row *row, const char *text, char **field)
{
	char *list = malloc(strlen(text) + 1);
	struct buffer b;
	const char *word;
	size_t len;

	if (list == NULL)
		return -ENOMEM;
	buffer_init(&b, list, strlen(text) + 1);
	int r = 0;
	while (r == 0 &&
	    (word = settings_string_word(row, &text, &len)) != NULL) {
		if (row->kind == SETTINGS_LIST &&
		    !is_listed(row->unit, word, len))
			r = -EINVAL;
		if (b.len > 0)
			buffer_add_char(&b, ' ');
		buffer_add(&b, word, len);
	}
	if (r == 0)
		r = parse_text(row, buffer_text(&b), field);
	free(list);
	return r;
}

/* If the value is one of the row's words, store it in the table's spelling: 1;
 * 0 if it is none; or -errno. */
static int
parse_word(const struct settings_row *row, const char *text, char **field)
{
	char word[16];
	size_t len;
	const char *found = find_word(row->unit, text, &len);

	if (found == NULL || len >= sizeof(word))
		return 0;
	memcpy(word, found, len);
	word[len] = '\0';
	int error = replace_text(field, word);
	return error < 0 ? error : 1;
}

static int
parse_networks(const struct settings_row *row, const char *text, char **field)
{
	struct address none;
	int found = parse_word(row, text, field);

	if (found != 0)
		return found < 0 ? found : 0;
	/* An address that is in no network, so that the whole list is
	 * checked. */
	address_clear(&none);
	return address_in_networks(&none, text) < 0 ? -EINVAL :
	    parse_list(row, text, field);
}

/* The hash itself is not stored. */
static int
parse_hash(const char *text, char **field)
{
	if (*text == '\0')
		return replace_text(field, "");
	switch (password_hash_kind(text)) {
	case PASSWORD_HASH_STRONG:
		return replace_text(field, SETTINGS_HASH_STRONG);
	case PASSWORD_HASH_LEGACY:
		return replace_text(field, SETTINGS_HASH_LEGACY);
	case PASSWORD_HASH_INVALID:
		break;
	}
	return -EINVAL;
}

/* The secret is not stored, only that there is one (settings_secret.h). */
static int
parse_secret(const struct settings_row *row, const char *text, char **field)
{
	if ((int64_t)strlen(text) > row->max)
		return -EINVAL;
	return replace_text(field, *text != '\0' ? SETTINGS_SECRET_SET : "");
}

static int
parse_path(const struct settings_row *row, const char *text, char **field)
{
	if (strcmp(row->unit, "tokens") == 0) {
		if (tokens_check(text) < 0)
			return -EINVAL;
		if (strncmp(text, "%h", 2) == 0)
			return replace_text(field, text);
	}
	if (*text != '\0' && (*text != '/' || strlen(text) >= PATH_MAX))
		return -EINVAL;
	return replace_text(field, text);
}

static int
parse_template(const struct settings_row *row, const char *text, char **field)
{
	int found = parse_word(row, text, field);

	if (found != 0)
		return found < 0 ? found : 0;
	if (row->min > 0 && *text != '/' && strncmp(text, "%h", 2) != 0)
		return -EINVAL;
	if (tokens_check(text) < 0 || strlen(text) >= PATH_MAX)
		return -EINVAL;
	return replace_text(field, text);
}

/* A slash would never match, because names are single components. */
static int
parse_globs(const struct settings_row *row, const char *text, char **field)
{
	const char *at = text, *word;
	size_t len;

	while ((word = glob_word(&at, &len)) != NULL)
		if (glob_check(word, len) < 0 || memchr(word, '/', len) != NULL)
			return -EINVAL;
	return parse_list(row, text, field);
}

int
settings_string_parse(const struct settings_row *row, const char *text,
	char **field)
{
	switch (row->kind) {
	case SETTINGS_TEXT:
	case SETTINGS_LINES:
		return parse_text(row, text, field);
	case SETTINGS_LIST:
		return parse_list(row, text, field);
	case SETTINGS_PATH:
		return parse_path(row, text, field);
	case SETTINGS_TEMPLATE:
		return parse_template(row, text, field);
	case SETTINGS_NETWORKS:
		return parse_networks(row, text, field);
	case SETTINGS_HASH:
		return parse_hash(text, field);
	case SETTINGS_SECRET:
		return parse_secret(row, text, field);
	case SETTINGS_GLOBS:
		return parse_globs(row, text, field);
	default:
		return -EINVAL;
	}
}

bool
settings_string_is(const struct settings_row *row)
{
	switch (row->kind) {
	case SETTINGS_TEXT:
	case SETTINGS_LINES:
	case SETTINGS_LIST:
	case SETTINGS_PATH:
	case SETTINGS_TEMPLATE:
	case SETTINGS_NETWORKS:
	case SETTINGS_HASH:
	case SETTINGS_SECRET:
	case SETTINGS_GLOBS:
		return true;
	default:
		return false;
	}
}

bool
settings_string_adds_up(const struct settings_row *row)
{
	return row->kind == SETTINGS_LIST || row->kind == SETTINGS_LINES ||
	    row->kind == SETTINGS_NETWORKS || row->kind == SETTINGS_GLOBS;
}
