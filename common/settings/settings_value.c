/*
 * settings_value.c - parses one value.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_value.h"
#include "common/buffer.h"
#include "common/settings/settings_string.h"
#include "common/text.h"

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

/* "-1" for none, where the row allows it; other negative numbers never. */
static bool
is_none(const struct settings_row *row, const char *text)
{
	return row->min < 0 && strcmp(text, "-1") == 0;
}

static int
parse_number(const struct settings_row *row, const char *text, int64_t *field)
{
	int64_t n = -1;

	if (!is_none(row, text) && (text_number(text, strlen(text), &n) < 0 ||
	    !in_range(row, n)))
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
parse_size(const struct settings_row *row, const char *text, int64_t *field)
{
	int64_t n = -1;

	if (!is_none(row, text) && (text_size(text, strlen(text), &n) < 0 ||
	    !in_range(row, n)))
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
parse_choice(const struct settings_row *row, const char *text, int *field)
{
	const char *at = row->unit, *word;
	size_t len;

	for (int i = 0; (word = settings_words_next(&at, &len)) != NULL; i++)
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

/* Control characters could not be written to a file and read back, or would be
 * interpreted by a terminal. */
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
	case SETTINGS_SIZE:
		return parse_size(row, text, field);
	case SETTINGS_MODE:
		return parse_mode(row, text, field);
	case SETTINGS_CHOICE:
		return parse_choice(row, text, field);
	case SETTINGS_ADDRESS:
		return parse_address(row, text, field);
	case SETTINGS_PORTS:
		return parse_ports(row, text, field);
	case SETTINGS_LETTERS:
		return parse_letters(row, text, field);
	default:
		return settings_string_parse(row, text, field);
	}
}

/* Adding an empty text changes nothing; adding to an empty value starts no
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
	r = settings_string_parse(row, both, field);
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

void
settings_value_free(enum settings_scope scope, void *scope_struct)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		if (row->scope != scope || !settings_string_is(row))
			continue;
		char **text = settings_table_field(row, scope_struct);
		free(*text);
		*text = NULL;
	}
}
