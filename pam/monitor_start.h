/*
 * monitor_start.h - what a monitor inherits from the master.
 */
#ifndef PAM_MONITOR_START_H
#define PAM_MONITOR_START_H

#include "common/base.h"
#include "common/names.h"
#include "common/settings/settings.h"

struct passive_ports;	/* common/process/passive_ports.h */
struct tls_server;	/* common/tls/tls_server.h */

struct monitor_start {
	int master_fd;			/* channel to the master */
	const struct settings *settings;
	struct tls_server *tls;		/* for these settings; never NULL */
	struct names *names;
	struct passive_ports *ports;	/* of all sessions; or NULL */
	int keeper_service;		/* sending end of the keeper's service
					 * socket; -1 without TLS */
	int runner_service;		/* the same for upload_check; -1 */
	int radius_service;		/* for logins by RADIUS; -1 */
	int bookkeeper_service;		/* the same for quotas; -1 */
};

#endif
