/*
 * quick_server.h - the server of a quick share: the same processes as always,
 * without root.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_SERVER_H
#define DAEMON_QUICK_SHARE_QUICK_SERVER_H

#include "common/base.h"
#include "daemon/quick_share/quick_files.h"
#include "daemon/quick_share/quick_options.h"
#include "daemon/upgrade/surroundings.h"

struct quick_server {
	const struct quick_options *options;
	const struct quick_files *files;
	const char *account;	/* of the host: the user's own */
	uint16_t port;
	int control;		/* the listening control socket */
	int log;		/* for the server's standard error */
	struct surroundings *surroundings;
};

/*
 * Fork the master, in a process group of its own, which ends when this process
 * does.  Its pid, or -errno.
 */
pid_t quick_server_start(const struct quick_server *s) MUST_CHECK;

#endif
