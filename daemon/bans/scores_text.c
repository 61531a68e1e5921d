/*
 * scores_text.c - scores as text.
 *
 * Runs in: master, and the child of it that writes the file.
 */
#include "common/base.h"
#include "daemon/bans/scores_text.h"

#include "common/text.h"

#define WORD "failures"

/* Later times than this would overflow in milliseconds. */
#define LATEST (INT64_MAX / 4000)

static uint8_t
bits_of(const struct address_prefix *p, bool network)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool v4 = memcmp(p->bytes, mapped, sizeof(mapped)) == 0;

	if (network)
		return v4 ? 120 : 48;
	return v4 ? 128 : 64;
}

/* clock_ms() as seconds since 1970. */
static int64_t
to_wall(int64_t ms, int64_t now, int64_t wall)
{
	int64_t then = wall - (now - ms) / 1000;

	return then < 1 ? 1 : then;
}

void
scores_text_write(struct buffer *b, const struct scores *scores,
	bool networks, int64_t oldest, int64_t now, int64_t wall)
{
	char text[ADDRESS_RANGE_TEXT_SIZE];
	struct score s;

	for (size_t at = 0; scores_next(scores, &at, &s);) {
		const struct address_range range = { s.prefix,
			bits_of(&s.prefix, networks) };

		if (s.last < oldest && s.banned_until < oldest)
			continue;
		buffer_addf(b, "%s " WORD " %" PRId64 " %" PRId64 " %d %"
			PRId64 "\n", address_range_text(&range, text), s.value,
			to_wall(s.last, now, wall), s.bans, s.bans == 0 ? 0 :
			to_wall(s.banned_until, now, wall));
	}
}

bool
scores_text_is(const char *line)
{
	const char *word;
	size_t len;

	return text_word(&line, &len) != NULL &&
	    (word = text_word(&line, &len)) != NULL &&
	    len == strlen(WORD) && memcmp(word, WORD, len) == 0;
}

static int
next_number(const char **at, int64_t most, int64_t *number)
{
	size_t len;
	const char *word = text_word(at, &len);

	return word != NULL && text_number(word, len, number) == 0 &&
	    *number <= most ? 0 : -EINVAL;
}

static int
parse_range(struct score *score, bool *network, const char *word, size_t len)
{
	char text[ADDRESS_RANGE_TEXT_SIZE];
	struct address_range range;

	if (len >= sizeof(text))
		return -EINVAL;
	memcpy(text, word, len);
	text[len] = '\0';
	if (address_range_parse(&range, text) < 0)
		return -EINVAL;
	score->prefix = range.base;
	*network = range.bits == bits_of(&range.base, true);
	return *network || range.bits == bits_of(&range.base, false) ? 0 :
	    -EINVAL;
}

int
scores_text_parse(struct score *score, bool *network, const char *line,
	int64_t now, int64_t wall)
{
	int64_t last, bans, until;
	size_t len, word_len;
	const char *range = text_word(&line, &len);

	*score = (struct score){ 0 };
	if (range == NULL || parse_range(score, network, range, len) < 0 ||
	    text_word(&line, &word_len) == NULL ||
	    next_number(&line, INT64_MAX, &score->value) < 0 ||
	    next_number(&line, LATEST, &last) < 0 ||
	    next_number(&line, SCORES_MAX_BANS, &bans) < 0 ||
	    next_number(&line, LATEST, &until) < 0 ||
	    text_word(&line, &len) != NULL)
		return -EINVAL;
	/* After a correction of the clock it may seem to be in the future. */
	score->last = last > wall ? now : now + (last - wall) * 1000;
	score->bans = (int)bans;
	score->banned_until = bans == 0 ? 0 : now + (until - wall) * 1000;
	return 0;
}
