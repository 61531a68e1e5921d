/*
 * strays.h - processes that have left the group of their command.
 *
 * A command and what it starts are one process group, which is killed when the
 * command ends.  What has made a group or a session of its own becomes a child
 * of the runner when its parent exits, and is found by that.  To which command
 * it belonged is not known any more.
 */
#ifndef DAEMON_RUNNER_STRAYS_H
#define DAEMON_RUNNER_STRAYS_H

#include "common/base.h"

/* From now on they become children of this process. */
void strays_adopt(void);

/* In a command: be killed when the runner is, which could not end it later. */
void strays_die_with_runner(void);

/* Kill all children, and their descendants, that are not in the groups of these
 * commands, which are running. */
void strays_kill(const pid_t *commands, size_t count);

#endif
