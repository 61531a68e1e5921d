/*
 * scores_text.h - scores as text, for the file that keeps them across restarts
 * together with the bans (bans_text.h).
 *
 * One score per line: the address or network, "failures", the score in
 * millionths of a failed login, the time of the last failure, how often it was
 * banned, and the end of the last ban or 0; times in seconds since 1970.
 */
#ifndef DAEMON_SCORES_TEXT_H
#define DAEMON_SCORES_TEXT_H

#include "common/address_range.h"
#include "common/base.h"
#include "common/buffer.h"
#include "daemon/bans/scores.h"

#define SCORES_TEXT_LINE (ADDRESS_RANGE_TEXT_SIZE + 120)
#define SCORES_TEXT_MAX	 (SCORES_MAX * SCORES_TEXT_LINE)

/* Write the scores of addresses, or of networks, that failed or were banned
 * after `oldest`.  The buffer must have room for SCORES_TEXT_MAX.  `now` and
 * `oldest` are of clock_ms(); `wall` is now in seconds since 1970. */
void scores_text_write(struct buffer *b, const struct scores *scores,
	bool networks, int64_t oldest, int64_t now, int64_t wall);

/* Is it a line of this kind, and not a ban? */
bool scores_text_is(const char *line);

/* Parse one line, without its end; *network tells which table it is for.  0 or
 * -EINVAL. */
int scores_text_parse(struct score *score, bool *network, const char *line,
	int64_t now, int64_t wall) MUST_CHECK;

#endif
