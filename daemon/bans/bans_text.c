/*
 * bans_text.c - the table of bans as text.
 *
 * Runs in: master, sureftpctl.
 */
#include "common/base.h"
#include "daemon/bans/bans_text.h"

#include "common/clock.h"
#include "common/text.h"

/* Later ends than this would overflow in milliseconds. */
#define LATEST (INT64_MAX / 4000)

void
bans_text_write(struct buffer *b, const struct bans *bans, int64_t now,
	int64_t wall)
{
	const struct ban *ban;
	char range[ADDRESS_RANGE_TEXT_SIZE];

	buffer_add_text(b, BANS_TEXT_HEAD "\n");
	for (size_t i = 0; (ban = bans_get(bans, i)) != NULL; i++) {
		if (ban->until <= now)
			continue;
		buffer_addf(b, "%s ", address_range_text(&ban->range, range));
		if (ban->until == CLOCK_NEVER)
			buffer_add_text(b, "never");
		else
			buffer_addf(b, "%" PRId64,
				wall + (ban->until - now + 999) / 1000);
		buffer_addf(b, " %s %s\n", ban->manual ? "manual" :
			"automatic", ban->reason);
	}
}

/* The next word, up to one blank, into word[size]. */
static int
next_word(const char **at, char *word, size_t size)
{
	size_t len = strcspn(*at, " ");

	if (len == 0 || len >= size || (*at)[len] != ' ')
		return -EINVAL;
	memcpy(word, *at, len);
	word[len] = '\0';
	*at += len + 1;
	return 0;
}

static int
parse_end(const char *word, int64_t now, int64_t wall, int64_t *until)
{
	int64_t seconds;

	if (strcmp(word, "never") == 0) {
		*until = CLOCK_NEVER;
		return 0;
	}
	if (text_number(word, strlen(word), &seconds) < 0 || seconds > LATEST)
		return -EINVAL;
	*until = now + (seconds - wall) * 1000;
	return 0;
}

int
bans_text_parse(struct ban *ban, const char *line, int64_t now, int64_t wall)
{
	char word[ADDRESS_RANGE_TEXT_SIZE];

	*ban = (struct ban){ 0 };
	if (next_word(&line, word, sizeof(word)) < 0 ||
	    address_range_parse(&ban->range, word) < 0 ||
	    next_word(&line, word, sizeof(word)) < 0 ||
	    parse_end(word, now, wall, &ban->until) < 0 ||
	    next_word(&line, word, sizeof(word)) < 0)
		return -EINVAL;
	ban->manual = strcmp(word, "manual") == 0;
	if (!ban->manual && strcmp(word, "automatic") != 0)
		return -EINVAL;
	for (const char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return -EINVAL;
	return text_copy(ban->reason, sizeof(ban->reason), line);
}
