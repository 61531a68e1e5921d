/*
 * text.c - the program's own ASCII: numbers, letter case, escaping, words.
 *
 * Runs in: every process.
 * Never: looks at the locale.
 */
#include "common/base.h"
#include "common/text.h"

int
text_number(const char *text, size_t len, int64_t *number)
{
	int64_t n = 0;

	if (len == 0)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (!text_is_digit(text[i]))
			return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, text[i] - '0', &n))
			return -ERANGE;
	*number = n;
	return 0;
}

int
text_octal(const char *text, size_t len, unsigned *number)
{
	unsigned n = 0;

	if (len == 0)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '7')
			return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		n = n * 8 + (unsigned)(text[i] - '0');
		if (n > 07777)
			return -ERANGE;
	}
	*number = n;
	return 0;
}

static const struct {
	char letter;
	int64_t seconds;
} units[] = {
	{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 },
};

int
text_seconds(const char *text, size_t len, int64_t *seconds)
{
	int64_t factor = 1;

	for (size_t i = 0; len > 0 && i < ARRAY_SIZE(units); i++)
		if (text[len - 1] == units[i].letter) {
			factor = units[i].seconds;
			len--;
			break;
		}
	int r = text_number(text, len, seconds);
	if (r == 0 && __builtin_mul_overflow(*seconds, factor, seconds))
		r = -ERANGE;
	return r;
}

void
text_add_seconds(struct buffer *b, int64_t seconds)
{
	for (size_t i = 0; seconds > 0 && i < ARRAY_SIZE(units); i++)
		if (seconds % units[i].seconds == 0) {
			buffer_addf(b, "%" PRId64 "%c",
				seconds / units[i].seconds, units[i].letter);
			return;
		}
	buffer_addf(b, "%" PRId64, seconds);
}

static const struct {
	char letter;
	int shift;
} sizes[] = {
	{ 'T', 40 }, { 'G', 30 }, { 'M', 20 }, { 'k', 10 },
};

int
text_size(const char *text, size_t len, int64_t *bytes)
{
	int64_t factor = 1;

	for (size_t i = 0; len > 0 && i < ARRAY_SIZE(sizes); i++)
		if (text_upper(text[len - 1]) == text_upper(sizes[i].letter)) {
			factor = INT64_C(1) << sizes[i].shift;
			len--;
			break;
		}
	int r = text_number(text, len, bytes);
	if (r == 0 && __builtin_mul_overflow(*bytes, factor, bytes))
		r = -ERANGE;
	return r;
}

void
text_add_size(struct buffer *b, int64_t bytes)
{
	for (size_t i = 0; bytes > 0 && i < ARRAY_SIZE(sizes); i++)
		if (bytes % (INT64_C(1) << sizes[i].shift) == 0) {
			buffer_addf(b, "%" PRId64 "%c",
				bytes >> sizes[i].shift, sizes[i].letter);
			return;
		}
	buffer_addf(b, "%" PRId64, bytes);
}

bool
text_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
text_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

char
text_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

char
text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_same(const char *a, size_t alen, const char *b, size_t blen)
{
	if (alen != blen)
		return false;
	for (size_t i = 0; i < alen; i++)
		if (text_upper(a[i]) != text_upper(b[i]))
			return false;
	return true;
}

bool
text_is(const char *a, const char *b)
{
	return text_same(a, strlen(a), b, strlen(b));
}

/* Is this byte within from..to?  Used for the continuation bytes of UTF-8. */
static bool
continues(char c, unsigned from, unsigned to)
{
	unsigned char u = (unsigned char)c;

	return u >= from && u <= to;
}

/* The table of well-formed sequences in RFC 3629, section 4: the range of the
 * second byte excludes overlong forms, surrogates and code points above
 * U+10FFFF. */
size_t
text_utf8(const char *data, size_t len)
{
	static const struct {
		unsigned char first, last, from, to;
		size_t len;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (len == 0)
		return 0;
	if (continues(data[0], 0x00, 0x7f))
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!continues(data[0], forms[i].first, forms[i].last))
			continue;
		if (len < forms[i].len ||
		    !continues(data[1], forms[i].from, forms[i].to))
			return 0;
		for (size_t k = 2; k < forms[i].len; k++)
			if (!continues(data[k], 0x80, 0xbf))
				return 0;
		return forms[i].len;
	}
	return 0;
}

uint32_t
text_code_point(const char *data, size_t len)
{
	uint32_t c = (unsigned char)data[0];

	if (len > 1)
		c &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++)
		c = c << 6 | ((unsigned char)data[i] & 0x3f);
	return c;
}

/* May this well-formed character be written to a log line unescaped? */
static bool
is_harmless(const char *c, size_t len)
{
	/* Bidirectional controls, and line and paragraph separators. */
	static const char *const harmful[] = {
		"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
		"\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
		"\u2068", "\u2069",
	};

	if (len == 1)
		return *c >= 0x20 && *c < 0x7f && *c != '\\';
	if (c[0] == '\xc2' && (unsigned char)c[1] < 0xa0)	/* C1 */
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(harmful); i++)
		if (strlen(harmful[i]) == len &&
		    memcmp(harmful[i], c, len) == 0)
			return false;
	return true;
}

void
text_escape(struct buffer *b, const char *data, size_t len)
{
	/* Stop at the first overflow: a shorter character might still fit, and
	 * the gap would not be visible. */
	for (size_t i = 0; i < len && !b->overflow;) {
		size_t n = text_utf8(data + i, len - i);
		if (n > 0 && is_harmless(data + i, n)) {
			buffer_add(b, data + i, n);
			i += n;
			continue;
		}
		for (size_t end = i + (n > 0 ? n : 1); i < end; i++)
			buffer_addf(b, "\\x%02X", (unsigned char)data[i]);
	}
}

static bool
is_trimmed(char c)
{
	return text_is_blank(c) || c == '\n' || c == '\r';
}

bool
text_is_dots(const char *name, size_t len)
{
	return (len == 1 || len == 2) && memcmp(name, "..", len) == 0;
}

char *
text_trim(char *text)
{
	size_t len;

	while (is_trimmed(*text))
		text++;
	len = strlen(text);
	while (len > 0 && is_trimmed(text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

bool
text_is_separator(char c)
{
	return text_is_blank(c) || c == ',';
}

const char *
text_word(const char **at, size_t *len)
{
	const char *word = *at;

	while (text_is_separator(*word))
		word++;
	if (*word == '\0')
		return NULL;
	*at = word;
	while (**at != '\0' && !text_is_separator(**at))
		(*at)++;
	*len = (size_t)(*at - word);
	return word;
}

bool
text_list_has(const char *list, const char *word)
{
	const char *w;
	size_t len;

	while ((w = text_word(&list, &len)) != NULL)
		if (len == strlen(word) && memcmp(w, word, len) == 0)
			return true;
	return false;
}

int
text_copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size) {
		if (size > 0)
			to[0] = '\0';
		return -ENAMETOOLONG;
	}
	memcpy(to, from, len + 1);
	return 0;
}

int
text_escape_lines(struct buffer *to, const char *text, int max, size_t width)
{
	char storage[1024];
	int added = 0;

	while (*text != '\0' && added < max) {
		struct buffer line;
		size_t len = strcspn(text, "\r\n"), visible = len;

		while (visible > 0 && text_is_blank(text[visible - 1]))
			visible--;
		buffer_init(&line, storage, width < sizeof(storage) ? width :
			sizeof(storage));
		text_escape(&line, text, visible);
		if (line.len > 0 && line.len + 1 <= buffer_room(to)) {
			if (to->len > 0)
				buffer_add_char(to, '\n');
			buffer_add(to, line.data, line.len);
			added++;
		}
		text += len + (text[len] != '\0');
	}
	return added;
}
