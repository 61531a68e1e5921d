/*
 * ctl_board.h - the server's scoreboard, as sureftpctl reads it.
 */
#ifndef DAEMON_CONTROL_CTL_BOARD_H
#define DAEMON_CONTROL_CTL_BOARD_H

#include "common/base.h"
#include "daemon/control/ctl.h"
#include "daemon/control/scoreboard.h"

struct ctl_board {
	struct scoreboard head;		/* its counts are those of the lists */
	struct scoreboard_listener *listeners;
	struct scoreboard_session *sessions;	/* sorted by number */
};

/*
 * Read it from the descriptor in the server's answer.  0 or -errno; -EPROTO for
 * another version, which is in b->head.version if known.  All texts are
 * terminated.  Call ctl_board_clear() in any case.
 */
int ctl_board_read(struct ctl_board *b, int fd) MUST_CHECK;
void ctl_board_clear(struct ctl_board *b);

/* Request it: EX_OK, and the caller clears it; else a status after a
 * message. */
int ctl_board_get(const struct ctl *c, struct ctl_board *b) MUST_CHECK;

/* For commands: request it, and show it with this function. */
int ctl_board_show(const struct ctl *c,
	void (*show)(const struct ctl *c, const struct ctl_board *b));

#endif
