/*
 * fuzz_glob.c - a pattern, a line feed and a name: glob_match() must agree
 * with a simple matcher, which compares all suffixes of the pattern with all
 * suffixes of the name.
 */
#include "common/base.h"

#include "common/glob.h"
#include "tests/fuzz/fuzz.h"

#define LONGEST 600	/* the simple matcher takes time for the product */

/* A character of the pattern, or of the name. */
enum kind { PLAIN, ONE, MANY, SET };

struct part {
	enum kind kind;
	uint32_t c;
	bool negated;
	size_t first, count;	/* of a set: its ranges */
};

static struct part pattern[LONGEST], name[LONGEST];
static struct range { uint32_t from, to; } ranges[LONGEST];
static size_t range_count;

const char *
fuzz_prepare(void)
{
	return NULL;
}

/* The character at text[*at], which is moved on: those of more than one byte
 * in the order of Unicode, above stray bytes, above ASCII. */
static uint32_t
character(const uint8_t *text, size_t size, size_t *at)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t lead = text[(*at)++];
	size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
	uint32_t c = lead & (0x3fu >> more);

	if (lead < 0x80)
		return lead;
	if (lead < 0xc0 || lead > 0xf7 || *at + more > size)
		return 0x100u + lead;
	for (size_t i = 0; i < more; i++) {
		if ((text[*at + i] & 0xc0) != 0x80)
			return 0x100u + lead;
		c = c << 6 | (text[*at + i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0x100u + lead;
	*at += more;
	return 0x1000u + c;
}

/* What stands between brackets, from text[*at] on, to the closing one.  False
 * when there is none. */
static bool
read_set(struct part *p, const uint8_t *text, size_t size, size_t *at)
{
	size_t end;

	p->kind = SET;
	p->first = range_count;
	p->negated = *at < size && text[*at] == '!';
	*at += p->negated;
	for (end = *at + 1; end < size && text[end] != ']'; end++)
		;
	if (end >= size)
		return false;
	while (*at < end) {
		struct range *r = &ranges[range_count++];
		r->from = r->to = character(text, end, at);
		if (*at + 1 < end && text[*at] == '-') {
			(*at)++;
			r->to = character(text, end, at);
		}
	}
	p->count = range_count - p->first;
	*at = end + 1;
	return true;
}

/* How many parts; *wildcards is the number of stars, question marks, sets. */
static int
read_pattern(const uint8_t *text, size_t size, int *wildcards, bool *unclosed)
{
	int n = 0;

	*wildcards = 0;
	*unclosed = false;
	range_count = 0;
	for (size_t at = 0; at < size; n++) {
		struct part *p = &pattern[n];
		p->kind = text[at] == '*' ? MANY : text[at] == '?' ? ONE
								  : PLAIN;
		*wildcards += p->kind != PLAIN;
		if (text[at] == '[') {
			size_t set = at + 1;
			if (read_set(p, text, size, &set)) {
				++*wildcards;
				at = set;
				continue;
			}
			*unclosed = true;
			p->kind = PLAIN;
		}
		p->c = character(text, size, &at);
	}
	return n;
}

static bool
fits(const struct part *p, uint32_t c)
{
	bool found = false;

	if (p->kind != SET)
		return p->kind == ONE || p->c == c;
	for (size_t i = 0; i < p->count; i++)
		if (c >= ranges[p->first + i].from &&
			c <= ranges[p->first + i].to)
			found = true;
	return found != p->negated;
}

/* matches[j]: the parts so far match the first j characters. */
static bool
other_match(int parts, size_t characters)
{
	static bool matches[LONGEST + 1];

	memset(matches, 0, sizeof(matches));
	matches[0] = true;
	for (int i = 0; i < parts; i++) {
		const struct part *p = &pattern[i];
		if (p->kind == MANY) {
			for (size_t j = 1; j <= characters; j++)
				matches[j] |= matches[j - 1];
			continue;
		}
		for (size_t j = characters; j > 0; j--)
			matches[j] = matches[j - 1] && fits(p, name[j - 1].c);
		matches[0] = false;
	}
	return matches[characters];
}

static bool
has_wildcard(int parts)
{
	for (int i = 0; i < parts; i++)
		if (pattern[i].kind != PLAIN)
			return true;
	return false;
}

static size_t
read_name(const uint8_t *text, size_t size)
{
	size_t n = 0;

	for (size_t at = 0; at < size; n++)
		name[n].c = character(text, size, &at);
	return n;
}

static void
check(const uint8_t *p, size_t plen, const uint8_t *n, size_t nlen)
{
	int wildcards;
	bool unclosed;
	int parts = read_pattern(p, plen, &wildcards, &unclosed);
	int expected = wildcards > GLOB_MAX_WILDCARDS ? -E2BIG :
		unclosed ? -EINVAL : 0;
	const char *text = (const char *)p, *of = (const char *)n;

	if (glob_check(text, plen) != expected)
		fuzz_fail("glob_check() says %d", glob_check(text, plen));
	/* Which must end, if nothing else. */
	bool match = glob_match(text, plen, of, nlen);
	if (glob_has_wildcard(text, plen) != has_wildcard(parts))
		fuzz_fail("a wildcard is overlooked, or none is seen");
	if (match != other_match(parts, read_name(n, nlen)))
		fuzz_fail("glob_match() says %d", match);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *lf = size > 0 ? memchr(data, '\n', size) : NULL;

	if (lf == NULL || size > LONGEST)
		return 0;
	check(data, (size_t)(lf - data), lf + 1,
		size - (size_t)(lf + 1 - data));
	return 0;
}
