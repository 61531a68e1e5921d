/*
 * bookkeeper.h - the process that keeps the counts of quotas.
 *
 * It owns all counts (store.h).  Each session with a quota has a channel to it,
 * which its monitor attaches on the service socket
 * (common/process/quota_attach.h), and asks before it stores anything.  When
 * the channel ends, the bookkeeper ends the session's upload: it examines the
 * file itself.
 *
 * Its only settings are those that come with each session, so a reload or an
 * upgrade of the server leaves it running, with all reservations.
 */
#ifndef DAEMON_QUOTA_BOOKKEEPER_H
#define DAEMON_QUOTA_BOOKKEEPER_H

#include "common/base.h"

struct bookkeeper_start {
	int service;		/* receiving end of its service socket */
	int master;		/* its end of a channel to the master */
};

/* Run in a newly forked child of the master, after child_begin(); ends when
 * there are neither senders nor sessions any more. */
void bookkeeper_main(const struct bookkeeper_start *start) NORETURN;

#endif
