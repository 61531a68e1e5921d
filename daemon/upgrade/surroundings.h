/*
 * surroundings.h - what the server inherits from the process that started it: a
 * service manager, a start script, a container runtime, or a shell.
 */
#ifndef DAEMON_SURROUNDINGS_H
#define DAEMON_SURROUNDINGS_H

#include "common/base.h"
#include "daemon/background.h"
#include "daemon/clients/listener.h"
#include "daemon/manager/notify.h"
#include "daemon/manager/passed.h"
#include "daemon/state/state.h"
#include "daemon/manager/watchdog.h"

struct surroundings {
	struct notify notify;
	struct watchdog watchdog;
	struct passed passed;
	struct background background;
	const char *program;		/* argv[0] */
	struct state_reader *state;	/* of the previous program, or NULL */
	int control;		/* a listening socket for sureftpctl, in place
				 * of control_socket; -1: none */
};

/* For the next program (state.h): what it does not inherit from its environment
 * any more; and the listening sockets, with those that the server has opened
 * itself. */
void surroundings_save(const struct surroundings *s,
	const struct listeners *listeners, struct state_writer *w);
void surroundings_restore(struct surroundings *s, struct state_reader *r);

#endif
