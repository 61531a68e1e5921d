/*
 * bans_text.h - the table of bans as text, for sureftpctl and for the file that
 * keeps it across restarts.
 *
 * The first line is BANS_TEXT_HEAD; then one ban per line: the address or
 * network, the end in seconds since 1970 or "never", "manual" or "automatic",
 * and the reason.
 */
#ifndef DAEMON_BANS_TEXT_H
#define DAEMON_BANS_TEXT_H

#include "common/base.h"
#include "common/buffer.h"
#include "daemon/bans/bans.h"

#define BANS_TEXT_HEAD "# bans of sureftpd, version 1"
#define BANS_TEXT_LINE (ADDRESS_RANGE_TEXT_SIZE + BANS_REASON_SIZE + 40)
#define BANS_TEXT_MAX  (BANS_MAX * BANS_TEXT_LINE + 64)

/* Write all bans; b must have room for BANS_TEXT_MAX.  `now` is clock_ms(),
 * `wall` the same moment in seconds since 1970. */
void bans_text_write(struct buffer *b, const struct bans *bans, int64_t now,
	int64_t wall);

/* Parse one line, without its end and not the first; `until` is computed from
 * the two times.  0 or -EINVAL. */
int bans_text_parse(struct ban *ban, const char *line, int64_t now,
	int64_t wall) MUST_CHECK;

#endif
