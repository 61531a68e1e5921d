/*
 * reload.h - new settings without a restart.
 */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "common/base.h"
#include "daemon/master.h"

/*
 * Read the settings again, and the certificates they name.  With a mistake in
 * them, or an address that cannot be listened on, everything stays as it was
 * and the log says why.  Otherwise they hold for sessions that begin from now
 * on: spare workers are replaced, running sessions keep what they had by fork.
 */
void reload_settings(struct master *m);

#endif
