/*
 * modes.h - the modes of the command line that print something and exit, such
 * as --check, --dump and --help.
 */
#ifndef DAEMON_MODES_H
#define DAEMON_MODES_H

#include "common/base.h"
#include "daemon/options.h"

/* Run a mode other than the server, and return the exit status; -1 if the mode
 * is to run the server. */
int modes_run(const struct options *o) MUST_CHECK;

#endif
