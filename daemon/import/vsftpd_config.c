/*
 * vsftpd_config.c - files and options of vsftpd, applied in their order.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/vsftpd_config.h"

#include "common/text.h"
#include "daemon/import/vsftpd_file.h"
#include "daemon/import/vsftpd_value.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* A line, or part of it. */
struct span {
	const char *text;
	size_t len;
};

static bool
is_number(enum vsftpd_kind kind)
{
	return kind == VSFTPD_NUMBER || kind == VSFTPD_OCTAL;
}

static void
set_value(struct vsftpd_value *value, enum vsftpd_kind kind)
{
	size_t len = strlen(value->text);

	if (kind == VSFTPD_BOOL && vsftpd_bool(value->text, len,
	    &value->on) < 0)
		value->on = false;
	if (is_number(kind))
		value->number = vsftpd_number(value->text, len);
}

int
vsftpd_config_init(struct vsftpd_config *c, enum vsftpd_build build)
{
	*c = (struct vsftpd_config){ .build = build };
	for (size_t i = 0; i < VSFTPD_OPTIONS; i++) {
		struct vsftpd_value *value = &c->values[i];
		value->text = strdup(vsftpd_default((enum vsftpd_option)i,
			build));
		value->reading = VSFTPD_UNSET;
		if (value->text == NULL)
			return -ENOMEM;
		set_value(value, vsftpd_table[i].kind);
	}
	return 0;
}

int
vsftpd_config_copy(struct vsftpd_config *c, const struct vsftpd_config *from)
{
	*c = (struct vsftpd_config){ .build = from->build };
	for (size_t i = 0; i < VSFTPD_OPTIONS; i++) {
		c->values[i] = from->values[i];
		c->values[i].reading = VSFTPD_UNSET;
		c->values[i].text = strdup(from->values[i].text);
		if (c->values[i].text == NULL)
			return -ENOMEM;
	}
	return 0;
}

void
vsftpd_config_free(struct vsftpd_config *c)
{
	for (size_t i = 0; i < VSFTPD_OPTIONS; i++)
		free(c->values[i].text);
	for (size_t i = 0; i < c->count; i++) {
		free(c->readings[i].key);
		free(c->readings[i].value);
		free(c->readings[i].fault);
		free(c->readings[i].remark);
	}
	for (size_t i = 0; i < c->source_count; i++) {
		free(c->sources[i]->name);
		free(c->sources[i]);
	}
	free(c->readings);
	free(c->sources);
	*c = (struct vsftpd_config){ 0 };
}

bool
vsftpd_config_is_set(const struct vsftpd_config *c, enum vsftpd_option option)
{
	return c->values[option].reading != VSFTPD_UNSET;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct span
trimmed(struct span s)
{
	while (s.len > 0 && is_space(s.text[0])) {
		s.text++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.text[s.len - 1]))
		s.len--;
	return s;
}

static struct vsftpd_reading *
add_reading(struct vsftpd_config *c, const char *file, int line)
{
	struct vsftpd_reading *grown = reallocarray(c->readings, c->count + 1,
		sizeof(*grown));

	if (grown == NULL)
		return NULL;
	c->readings = grown;
	c->readings[c->count] = (struct vsftpd_reading){
		.file = file, .line = line, .option = VSFTPD_OPTIONS,
	};
	return &c->readings[c->count++];
}

/* Set a sentence for the report unless there is one already. */
static int PRINTF_LIKE(2, 3)
note(char **sentence, const char *format, ...)
{
	va_list ap;

	if (*sentence != NULL)
		return 0;
	va_start(ap, format);
	int n = vasprintf(sentence, format, ap);
	va_end(ap);
	if (n < 0)
		*sentence = NULL;
	return n < 0 ? -ENOMEM : 0;
}

/* Find the option of a key: by its exact name, or after removing blanks around
 * it and a byte-order mark before it, which vsftpd does not accept (a
 * fault). */
static int
find_option(struct vsftpd_reading *r, struct span key, bool has_value)
{
	struct span meant = key;

	r->option = vsftpd_find(key.text, key.len);
	if (r->option != VSFTPD_OPTIONS)
		return 0;
	if (meant.len > 3 && memcmp(meant.text, BYTE_ORDER_MARK, 3) == 0) {
		meant.text += 3;
		meant.len -= 3;
	}
	meant = trimmed(meant);
	r->option = vsftpd_find(meant.text, meant.len);
	if (r->option == VSFTPD_OPTIONS)
		return note(&r->fault, "%s: no known build of vsftpd has "
			"this option", has_value ?
			"unrecognised variable in config file" :
			"missing value in config file");
	return note(&r->fault, "unrecognised variable in config file: "
		"%s", meant.text == key.text ? "a blank before the =" :
		"blanks or a byte-order mark before the name");
}

static int
check_build(const struct vsftpd_config *c, struct vsftpd_reading *r)
{
	if (r->option == VSFTPD_OPTIONS)
		return 0;
	/* The files do not show which version it is. */
	if (vsftpd_build_has(c->build, r->option))
		return vsftpd_table[r->option].origin != VSFTPD_SINCE_304 ? 0 :
			note(&r->remark, "before 3.0.4 vsftpd did not start "
				"with this option");
	return note(&r->fault, "unrecognised variable in config file: only "
		"in %s",
		vsftpd_origin_name(vsftpd_table[r->option].origin));
}

/* Remark on a number that vsftpd interprets unexpectedly. */
static int
remark_number(struct vsftpd_reading *r, enum vsftpd_kind kind,
	struct span value)
{
	uint32_t number = vsftpd_number(value.text, value.len);
	bool octal = value.len > 1 && value.text[0] == '0';

	if (!vsftpd_number_is_plain(value.text, value.len))
		return note(&r->remark, "vsftpd read this as %" PRIu32,
			number);
	if (kind == VSFTPD_NUMBER && octal)
		return note(&r->remark, "a leading 0 makes it octal: %" PRIu32
			" in decimal", number);
	if (kind == VSFTPD_OCTAL && !octal && number > 0)
		return note(&r->remark, "without a leading 0 it is decimal, "
			"and acts as 0%" PRIo32, number);
	return 0;
}

static int
check_text(const struct vsftpd_config *c, struct vsftpd_reading *r,
	struct span value)
{
	size_t len = trimmed(value).len;

	if (value.len > 0 && len == 0 && c->build == VSFTPD_BUILD_DEBIAN)
		return note(&r->fault, "vsftpd crashes at a value of nothing "
			"but blanks");
	if (len != value.len && !vsftpd_build_trims(c->build))
		return note(&r->remark, "blanks or a CR around the value are "
			"part of it");
	if (memmem(value.text, value.len, " #", 2) == NULL)
		return 0;
	bool address = r->option == OPTION_listen_address ||
		r->option == OPTION_pasv_address;
	return note(&r->remark, "# and what follows it are %s", address ?
		"ignored after an IPv4 address" : "part of the value");
}

/* Note a value that vsftpd rejects, or interprets unexpectedly. */
static int
check_value(const struct vsftpd_config *c, struct vsftpd_reading *r,
	struct span value)
{
	bool on;

	if (r->option == VSFTPD_OPTIONS)
		return 0;
	enum vsftpd_kind kind = vsftpd_table[r->option].kind;
	if (value.len == 0 && kind != VSFTPD_TEXT)
		return note(&r->fault, "missing value in config file");
	if (kind == VSFTPD_BOOL && vsftpd_bool(value.text, value.len, &on) < 0)
		return note(&r->fault, "bad bool value in config file%s",
			value.text[value.len - 1] == '\r' ?
			": the line ends with CR and LF" : "");
	if (is_number(kind))
		return remark_number(r, kind, value);
	return kind == VSFTPD_TEXT ? check_text(c, r, value) : 0;
}

/* The effective value.  Blanks around a bool, which vsftpd rejects, are
 * ignored. */
static struct span
effective(const struct vsftpd_config *c, enum vsftpd_kind kind,
	struct span value)
{
	if (kind == VSFTPD_BOOL ||
	    (kind == VSFTPD_TEXT && vsftpd_build_trims(c->build)))
		return trimmed(value);
	/* A CR at the end comes from a CR LF line end. */
	if (kind == VSFTPD_TEXT && value.len > 0 &&
	    value.text[value.len - 1] == '\r')
		value.len--;
	return value;
}

/* Put the value of a reading into effect, if it is valid. */
static int
take_effect(struct vsftpd_config *c, const struct vsftpd_reading *r,
	struct span value)
{
	bool on;

	if (r->option == VSFTPD_OPTIONS)
		return 0;
	struct vsftpd_value *slot = &c->values[r->option];
	enum vsftpd_kind kind = vsftpd_table[r->option].kind;
	struct span meant = effective(c, kind, value);
	if (kind != VSFTPD_TEXT && meant.len == 0)
		return 0;
	if (kind == VSFTPD_BOOL && vsftpd_bool(meant.text, meant.len, &on) < 0)
		return 0;
	char *text = strndup(meant.text, meant.len);
	if (text == NULL)
		return -ENOMEM;
	free(slot->text);
	slot->text = text;
	set_value(slot, kind);
	if (slot->reading != VSFTPD_UNSET)
		c->readings[slot->reading].superseded = true;
	slot->reading = c->count - 1;
	return 0;
}

/* Apply one assignment, which a NUL ends, as for vsftpd. */
static int
assign(struct vsftpd_config *c, const char *file, int line, struct span text)
{
	bool has_nul = memchr(text.text, '\0', text.len) != NULL;
	text.len = strnlen(text.text, text.len);
	const char *equals = memchr(text.text, '=', text.len);
	size_t key_len = equals != NULL ? (size_t)(equals - text.text) :
		text.len;
	struct span key = { text.text, key_len };
	struct span value = { text.text + key_len, 0 };

	if (equals != NULL)
		value = (struct span){ equals + 1, text.len - key_len - 1 };
	struct vsftpd_reading *r = add_reading(c, file, line);
	if (r == NULL)
		return -ENOMEM;
	r->key = strndup(key.text, key.len);
	r->value = strndup(value.text, value.len);
	if (r->key == NULL || r->value == NULL)
		return -ENOMEM;
	int error = has_nul ? note(&r->remark, "a NUL ends the line") : 0;
	if (error == 0)
		error = find_option(r, key, value.len > 0);
	if (error == 0)
		error = check_build(c, r);
	if (error == 0)
		error = check_value(c, r, value);
	return error < 0 ? error : take_effect(c, r, value);
}

static bool
is_blank_line(struct span line)
{
	return trimmed(line).len == 0;
}

static int
apply_line(struct vsftpd_config *c, const char *file, int number,
	struct span line)
{
	if (is_blank_line(line) || line.text[0] == '#')
		return 0;
	while (is_space(line.text[0])) {
		line.text++;
		line.len--;
	}
	return assign(c, file, number, line);
}

/* Store a file's name, which its readings refer to. */
static struct vsftpd_source *
add_source(struct vsftpd_config *c, const char *path)
{
	struct vsftpd_source **grown = reallocarray(c->sources,
		c->source_count + 1, sizeof(*grown));

	if (grown == NULL)
		return NULL;
	c->sources = grown;
	struct vsftpd_source *source = calloc(1, sizeof(*source));
	if (source == NULL)
		return NULL;
	c->sources[c->source_count++] = source;
	source->name = strdup(path);
	return source->name != NULL ? source : NULL;
}

static int
apply_lines(struct vsftpd_config *c, const char *name,
	const struct vsftpd_file *file)
{
	size_t at = 0;
	int number = 0, error = 0;
	struct span line;

	while (error == 0 && (line.text = vsftpd_file_line(file, &at,
	    &line.len)) != NULL)
		error = apply_line(c, name, ++number, line);
	return error;
}

int
vsftpd_config_file(struct vsftpd_config *c, const char *path)
{
	struct vsftpd_file file;
	struct vsftpd_source *source = add_source(c, path);

	if (source == NULL)
		return -ENOMEM;
	int error = vsftpd_file_read(&file, path);
	source->cut = file.cut;
	source->owner_wrong = file.owner_wrong;
	if (error == 0)
		error = apply_lines(c, source->name, &file);
	vsftpd_file_free(&file);
	return error;
}

int
vsftpd_config_option(struct vsftpd_config *c, const char *assignment)
{
	struct span text = { assignment, strlen(assignment) };

	return assign(c, "-o", 0, text);
}
