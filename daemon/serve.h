/*
 * serve.h - the server itself, as opposed to the modes that print something.
 */
#ifndef DAEMON_SERVE_H
#define DAEMON_SERVE_H

#include "common/base.h"
#include "daemon/options.h"
#include "daemon/upgrade/surroundings.h"

/*
 * Load the configuration, set up this process and run the master until a signal
 * ends it.  The process is root, or has called role_without_root().  The exit
 * status, after an error message if it is not EX_OK.
 */
int serve(struct options *options, struct surroundings *surroundings);

#endif
