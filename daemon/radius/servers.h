/*
 * servers.h - the RADIUS servers: names, secrets, and which ones do not answer.
 */
#ifndef DAEMON_RADIUS_SERVERS_H
#define DAEMON_RADIUS_SERVERS_H

#include "common/base.h"
#include "common/radius/server_name.h"
#include "common/settings/settings.h"
#include "daemon/radius/packet.h"

struct radius_server {
	char name[300];		/* as in the settings, for the log */
	char host[254];		/* also in its certificate */
	uint16_t port;
	bool tls;		/* asked over TLS */
	struct radius_stream *stream;	/* to it; NULL: datagrams */
	struct radius_secret secret;
	int64_t dead_until;	/* clock_ms(); 0: it answers */
};

struct radius_servers {
	const char *what;	/* "RADIUS server", for the log */
	struct radius_sockets *sockets;	/* where to get them */
	uint32_t target;	/* number of the first one (connector.h) */
	struct radius_server list[RADIUS_MAX_SERVERS];
	size_t count;
	uint32_t *silent;	/* bits for the status: which do not answer */
	int64_t timeout_ms;
	int64_t tries;		/* of each server */
	int64_t dead_ms;
};

/* Read this list.  servers->what and ->silent must be set.  0 or -errno. */
int radius_servers_read(struct radius_servers *servers,
	const struct server_settings *s, const char *list, int64_t port)
	MUST_CHECK;

/* For the connector, with empty addresses, in targets[servers->count].  Returns
 * the count. */
struct radius_target;
size_t radius_servers_targets(const struct radius_servers *servers,
	struct radius_target *targets);

/* Read their secrets, as root, because they are readable by root only.  0, or
 * -errno after the reason was logged. */
int radius_servers_read_secrets(struct radius_servers *servers,
	const struct settings *settings) MUST_CHECK;

/* The order in which to try them: those that did not answer come last. */
void radius_servers_order(const struct radius_servers *servers, int64_t now,
	uint8_t *order);

/* A server has answered, or has not; changes are logged. */
void radius_servers_alive(struct radius_servers *servers, size_t i);
void radius_servers_dead(struct radius_servers *servers, size_t i,
	int64_t now);

#endif
