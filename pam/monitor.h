/*
 * monitor.h - how the master starts a worker.
 */
#ifndef PAM_MONITOR_H
#define PAM_MONITOR_H

#include "common/base.h"
#include "common/names.h"
#include "common/settings/settings.h"

struct tls_server;	/* common/tls/tls_server.h */

struct monitor_start {
	int master_fd;			/* channel to the master */
	const struct settings *settings;
	struct tls_server *tls;		/* of these settings; never NULL */
	struct names *names;
	int keeper_service;		/* its sending end; -1 without TLS */
	int runner_service;		/* likewise, for upload_check; -1 */
};

/* In a freshly forked child of the master that holds no other descriptors than
 * those above, the log and the empty root directory: fork the greeter, wait
 * for a client, serve its session, exit with its enum outcome. */
void monitor_main(const struct monitor_start *start) NORETURN;

#endif
