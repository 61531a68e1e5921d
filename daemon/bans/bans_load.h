/*
 * bans_load.h - reads bans_file.
 *
 * Scores and bans in it are added to those of the running server: a ban of the
 * same range stays as it is, and so does a newer score.  In a full table the
 * automatic ban that ends first gives way, whether it comes from the file or
 * not.  A file that is malformed is ignored as a whole.
 */
#ifndef DAEMON_BANS_LOAD_H
#define DAEMON_BANS_LOAD_H

#include "common/base.h"
#include "daemon/bans/charges.h"
#include "daemon/bans/scores_text.h"

/* A file has at most this many bytes. */
#define BANS_FILE_MAX (BANS_TEXT_MAX + 2 * SCORES_TEXT_MAX)

/* Add what the file contains; what cannot be added is logged.  No automatic ban
 * is longer than max_ban_time, in seconds: one that seems to be was written
 * before the clock was set back. */
void bans_load(const struct charges *charges, const char *path,
	int64_t max_ban_time);

#endif
