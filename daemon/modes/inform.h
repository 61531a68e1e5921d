/*
 * inform.h - the modes of the command line that print something and exit, such
 * as --check, --dump and --help.
 */
#ifndef DAEMON_INFORM_H
#define DAEMON_INFORM_H

#include "common/base.h"
#include "daemon/options.h"

/* Run a mode other than the server, and return the exit status; -1 if the mode
 * is to run the server. */
int inform(const struct options *o) MUST_CHECK;

#endif
