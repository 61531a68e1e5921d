/*
 * surroundings.h - what the server inherits from the process that started it: a
 * service manager, a start script, a container runtime, or a shell.
 */
#ifndef DAEMON_SURROUNDINGS_H
#define DAEMON_SURROUNDINGS_H

#include "common/base.h"
#include "daemon/background.h"
#include "daemon/notify.h"
#include "daemon/passed.h"
#include "daemon/watchdog.h"

struct surroundings {
	struct notify notify;
	struct watchdog watchdog;
	struct passed passed;
	struct background background;
	int control;		/* a listening socket for sureftpctl, in place
				 * of control_socket; -1: none */
};

#endif
