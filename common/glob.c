/*
 * glob.c - file name patterns with one backtrack point.
 *
 * Runs in: master, session.
 *
 * A character is a well-formed UTF-8 character, or else a single byte, so that
 * `?` matches one letter as displayed.
 */
#include "common/base.h"
#include "common/glob.h"

#include "common/text.h"

/* The rest of a pattern or name. */
struct rest {
	const char *at, *end;
};

static bool
is_empty(const struct rest *r)
{
	return r->at == r->end;
}

/* Take the next character of a rest that is not empty.  Returns a number in the
 * order of Unicode. */
static uint32_t
take(struct rest *r)
{
	size_t n = text_utf8(r->at, (size_t)(r->end - r->at));
	uint32_t number = 0;

	if (n == 0)	/* a byte that is not part of a character */
		return 0x100u + (unsigned char)*r->at++;
	for (; n > 0; n--)
		number = number << 8 | (unsigned char)*r->at++;
	return number;
}

/* Find the closing bracket, or NULL; p is after the opening one.  A `]` that
 * comes first is a member of the set. */
static const char *
bracket_end(struct rest p)
{
	if (!is_empty(&p) && *p.at == '!')
		p.at++;
	if (is_empty(&p))
		return NULL;
	p.at++;
	return memchr(p.at, ']', (size_t)(p.end - p.at));
}

/* Does the bracket expression contain c?  p is after its `[`, and is moved
 * after its `]`. */
static bool
bracket_has(struct rest *p, uint32_t c)
{
	struct rest set = { p->at, bracket_end(*p) };
	bool wanted = true, found = false;

	if (set.end == NULL)
		return c == '[';
	p->at = set.end + 1;
	if (*set.at == '!') {
		wanted = false;
		set.at++;
	}
	while (!is_empty(&set)) {
		uint32_t from = take(&set), to = from;
		if (set.end - set.at >= 2 && *set.at == '-') {
			set.at++;
			to = take(&set);
		}
		if (c >= from && c <= to)
			found = true;
	}
	return found == wanted;
}

bool
glob_has_wildcard(const char *pattern, size_t len)
{
	struct rest p = { pattern, pattern + len };

	while (!is_empty(&p)) {
		char c = *p.at++;
		if (c == '*' || c == '?' ||
		    (c == '[' && bracket_end(p) != NULL))
			return true;
	}
	return false;
}

int
glob_check(const char *pattern, size_t len)
{
	struct rest p = { pattern, pattern + len };
	int wildcards = 0, error = 0;

	while (!is_empty(&p)) {
		char c = *p.at++;
		const char *end = c == '[' ? bracket_end(p) : NULL;
		if (c == '[' && end == NULL)
			error = -EINVAL;
		if (c == '*' || c == '?' || end != NULL)
			wildcards++;
		if (end != NULL)
			p.at = end + 1;
	}
	return wildcards > GLOB_MAX_WILDCARDS ? -E2BIG : error;
}

/* Where the set that begins after `p` ends, as in bracket_end(). */
static const char *
set_end(const char *p)
{
	if (*p == '!')
		p++;
	return *p != '\0' ? strchr(p + 1, ']') : NULL;
}

const char *
glob_word(const char **at, size_t *len)
{
	const char *word = *at;

	while (text_is_separator(*word))
		word++;
	if (*word == '\0')
		return NULL;
	*at = word;
	while (**at != '\0' && !text_is_separator(**at)) {
		const char *end = **at == '[' ? set_end(*at + 1) : NULL;
		*at = end != NULL ? end + 1 : *at + 1;
	}
	*len = (size_t)(*at - word);
	return word;
}

/* Match one character of the name against the beginning of the pattern, which
 * is not a star; advances both. */
static bool
match_one(struct rest *p, struct rest *name)
{
	if (is_empty(p))
		return false;
	uint32_t c = take(name);
	if (*p->at == '?') {
		p->at++;
		return true;
	}
	if (*p->at == '[') {
		p->at++;
		return bracket_has(p, c);
	}
	return take(p) == c;
}

bool
glob_match(const char *pattern, size_t plen, const char *name, size_t nlen)
{
	struct rest p = { pattern, pattern + plen };
	struct rest n = { name, name + nlen };
	struct rest star = { NULL, p.end };	/* after the last star ... */
	struct rest retry = n;			/* ... and where it ends */

	while (!is_empty(&n)) {
		if (!is_empty(&p) && *p.at == '*') {
			p.at++;
			star.at = p.at;
			retry = n;
		} else if (!match_one(&p, &n)) {
			if (star.at == NULL)
				return false;
			take(&retry);
			p = star;
			n = retry;
		}
	}
	while (!is_empty(&p) && *p.at == '*')
		p.at++;
	return is_empty(&p);
}
