/*
 * host_check.h - what the settings name and does not exist.
 */
#ifndef DAEMON_HOST_CHECK_H
#define DAEMON_HOST_CHECK_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Calls complain() for each program, account, directory, file and command that
 * the settings name and that does not exist; returns how often.  Waits for the
 * name service and for file systems. */
size_t host_check(const struct settings *settings,
	settings_complaint *complain, void *context);

#endif
