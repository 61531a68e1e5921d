/*
 * who.h - the list of sessions for SITE WHO.
 *
 * A text, which any process can read: a line for each session that is logged
 * in, with user, address, seconds since its connection, state or command and
 * path.
 */
#ifndef DAEMON_WHO_H
#define DAEMON_WHO_H

#include "common/base.h"
#include "daemon/sessions/board.h"
#include "daemon/sessions/sessions.h"

/* Make the list: its descriptor, sealed, or -errno. */
int who_make(const struct sessions *sessions, const struct board *board)
	MUST_CHECK;

#endif
