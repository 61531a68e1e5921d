/*
 * state_file.h - the file that state.h writes and reads.
 *
 * Used by state.h, and by tests that damage it.
 */
#ifndef DAEMON_STATE_FILE_H
#define DAEMON_STATE_FILE_H

#include "common/base.h"

#define STATE_FORMAT_SIZE 128

#define STATE_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)
#define STATE_MAX_SIZE ((off_t)1 << 30)

/* Followed by the numbers of the descriptors, and the parts. */
struct state_head {
	char format[STATE_FORMAT_SIZE];
	int64_t pid;
	uint64_t descriptors, bytes;
};

struct state_part_head {
	uint32_t part, unused;
	uint64_t bytes;
};

#endif
