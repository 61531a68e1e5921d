/*
 * bookkeeper.h - the process that counts what accounts with a quota store.
 *
 * It owns all counts (shelf.h).  Each session with a quota has a channel to it,
 * which its monitor attaches on the service socket
 * (common/process/quota_attach.h), and asks before it stores anything.  When
 * the channel ends, whatever the session has left open is settled: the
 * bookkeeper examines the file itself.
 *
 * It needs nothing of the settings but what comes with a session.  So a reload
 * or an upgrade of the server leaves it running, with all that is reserved.
 */
#ifndef DAEMON_QUOTA_BOOKKEEPER_H
#define DAEMON_QUOTA_BOOKKEEPER_H

#include "common/base.h"

struct bookkeeper_start {
	int service;		/* receiving end of its service socket */
	int master;		/* its end of a channel to the master */
};

/* Run in a newly forked child of the master; ends when there are neither
 * senders nor sessions any more. */
void bookkeeper_main(const struct bookkeeper_start *start) NORETURN;

#endif
