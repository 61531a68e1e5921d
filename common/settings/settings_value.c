/*
 * settings_value.c - one value from its text, by its row.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_value.h"
#include "common/buffer.h"
#include "common/password_hash.h"
#include "common/text.h"
#include "common/tokens.h"

static bool
in_range(const struct settings_row *row, int64_t n)
{
	return n >= row->min && n <= row->max;
}

static int
parse_bool(const char *text, bool *field)
{
	static const char *const words[][2] = {
		{ "no", "yes" }, { "off", "on" }, { "false", "true" },
		{ "0", "1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (int value = 0; value < 2; value++)
			if (text_is(text, words[i][value])) {
				*field = value == 1;
				return 0;
			}
	return -EINVAL;
}

static int
parse_number(const struct settings_row *row, const char *text, int64_t *field)
{
	int64_t n;

	if (text_number(text, strlen(text), &n) < 0 || !in_range(row, n))
		return -EINVAL;
	*field = n;
	return 0;
}

static int
parse_seconds(const struct settings_row *row, const char *text, int64_t *field)
{
	int64_t n;

	if (text_seconds(text, strlen(text), &n) < 0 || !in_range(row, n))
		return -EINVAL;
	*field = n;
	return 0;
}

static int
parse_mode(const struct settings_row *row, const char *text, int *field)
{
	unsigned n;

	if (*row->unit != '\0' && text_is(text, row->unit)) {
		*field = -1;
		return 0;
	}
	if (text_octal(text, strlen(text), &n) < 0 || !in_range(row, n))
		return -EINVAL;
	*field = (int)n;
	return 0;
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
	return in_range(row, (int64_t)strlen(text)) ?
	    replace_text(field, text) : -EINVAL;
}

/* The words with one blank between, whatever stood there. */
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
	while ((word = text_word(&text, &len)) != NULL) {
		if (b.len > 0)
			buffer_add_char(&b, ' ');
		buffer_add(&b, word, len);
	}
	int r = parse_text(row, buffer_text(&b), field);
	free(list);
	return r;
}

static int
parse_networks(const struct settings_row *row, const char *text, char **field)
{
	struct address none;

	/* It is in no network, so that all of them are looked at. */
	address_clear(&none);
	return address_in_networks(&none, text) < 0 ? -EINVAL :
	    parse_list(row, text, field);
}

/* The hash itself is not kept. */
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

static int
parse_path(const struct settings_row *row, const char *text, char **field)
{
	if (text_is(row->unit, "tokens")) {
		if (tokens_check(text) < 0)
			return -EINVAL;
		if (strncmp(text, "%h", 2) == 0)
			return replace_text(field, text);
	}
	if (*text != '\0' && (*text != '/' || strlen(text) >= PATH_MAX))
		return -EINVAL;
	return replace_text(field, text);
}

/* The next of the words in a|b|c, and its length; NULL at the end. */
static const char *
next_choice(const char **at, size_t *len)
{
	const char *word = *at;

	if (*word == '\0')
		return NULL;
	*len = strcspn(word, "|");
	*at = word + *len + (word[*len] == '|');
	return word;
}

static int
parse_choice(const struct settings_row *row, const char *text, int *field)
{
	const char *at = row->unit, *word;
	size_t len;

	for (int i = 0; (word = next_choice(&at, &len)) != NULL; i++)
		if (text_same(word, len, text, strlen(text))) {
			*field = i;
			return 0;
		}
	return -EINVAL;
}

static int
parse_address(const struct settings_row *row, const char *text,
	struct address *field)
{
	struct address a;

	address_clear(&a);
	if (*text != '\0') {
		if (address_parse(&a, text) < 0)
			return -EINVAL;
		if (text_is(row->unit, "IPv4") && address_family(&a) != AF_INET)
			return -EINVAL;
	}
	*field = a;
	return 0;
}

static int
parse_ports(const struct settings_row *row, const char *text,
	struct port_range *field)
{
	const char *dash = strchr(text, '-');
	int64_t from, to;

	if (*text == '\0') {
		*field = (struct port_range){ 0, 0 };
		return 0;
	}
	if (dash == NULL ||
	    text_number(text, (size_t)(dash - text), &from) < 0 ||
	    text_number(dash + 1, strlen(dash + 1), &to) < 0 ||
	    !in_range(row, from) || !in_range(row, to) || from > to)
		return -EINVAL;
	*field = (struct port_range){ (uint16_t)from, (uint16_t)to };
	return 0;
}

static int
parse_letters(const struct settings_row *row, const char *text,
	uint32_t *field)
{
	uint32_t bits = 0;

	for (; *text != '\0'; text++) {
		const char *letter = strchr(row->unit, *text);
		if (letter == NULL)
			return -EINVAL;
		bits |= UINT32_C(1) << (letter - row->unit);
	}
	*field = bits;
	return 0;
}

/* Control characters would not come back from a file, or would draw on the
 * reader's terminal. */
static bool
holds_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (((unsigned char)*text < 0x20 && *text != '\t') ||
		    *text == 0x7f)
			return true;
	return false;
}

int
settings_value_parse(const struct settings_row *row, const char *text,
	void *field)
{
	if (holds_control(text))
		return -EINVAL;
	switch (row->kind) {
	case SETTINGS_BOOL:
		return parse_bool(text, field);
	case SETTINGS_NUMBER:
		return parse_number(row, text, field);
	case SETTINGS_SECONDS:
		return parse_seconds(row, text, field);
	case SETTINGS_MODE:
		return parse_mode(row, text, field);
	case SETTINGS_TEXT:
	case SETTINGS_LINES:
		return parse_text(row, text, field);
	case SETTINGS_LIST:
		return parse_list(row, text, field);
	case SETTINGS_PATH:
		return parse_path(row, text, field);
	case SETTINGS_CHOICE:
		return parse_choice(row, text, field);
	case SETTINGS_ADDRESS:
		return parse_address(row, text, field);
	case SETTINGS_PORTS:
		return parse_ports(row, text, field);
	case SETTINGS_LETTERS:
		return parse_letters(row, text, field);
	case SETTINGS_NETWORKS:
		return parse_networks(row, text, field);
	case SETTINGS_HASH:
		return parse_hash(text, field);
	}
	return -EINVAL;
}

/* Nothing added to a text changes it, and something added to nothing is no
 * second line. */
int
settings_value_add(const struct settings_row *row, const char *text,
	char **field)
{
	bool lines = row->kind == SETTINGS_LINES;
	char *both;
	int r;

	if (holds_control(text))
		return -EINVAL;
	if (asprintf(&both, "%s%s%s", *field, *text == '\0' ||
	    **field == '\0' ? "" : lines ? "\n" : " ", text) < 0)
		return -ENOMEM;
	r = lines ? parse_text(row, both, field) :
	    settings_value_parse(row, both, field);
	free(both);
	return r;
}

int
settings_value_defaults(enum settings_scope scope, void *scope_struct)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		if (row->scope != scope)
			continue;
		int r = settings_value_parse(row, row->default_text,
		    settings_table_field(row, scope_struct));
		if (r < 0)
			return r;
	}
	return 0;
}

bool
settings_value_adds_up(const struct settings_row *row)
{
	return row->kind == SETTINGS_LIST || row->kind == SETTINGS_LINES ||
	    row->kind == SETTINGS_NETWORKS;
}

bool
settings_value_is_text(const struct settings_row *row)
{
	return row->kind == SETTINGS_TEXT || row->kind == SETTINGS_LIST ||
	    row->kind == SETTINGS_LINES || row->kind == SETTINGS_PATH ||
	    row->kind == SETTINGS_NETWORKS || row->kind == SETTINGS_HASH;
}

void
settings_value_free(enum settings_scope scope, void *scope_struct)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		if (row->scope != scope || !settings_value_is_text(row))
			continue;
		char **text = settings_table_field(row, scope_struct);
		free(*text);
		*text = NULL;
	}
}
