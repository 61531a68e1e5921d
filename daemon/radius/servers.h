/*
 * servers.h - the RADIUS servers: addresses, secrets, and which ones do not
 * answer.
 */
#ifndef DAEMON_RADIUS_SERVERS_H
#define DAEMON_RADIUS_SERVERS_H

#include "common/address.h"
#include "common/base.h"
#include "common/radius/server_name.h"
#include "common/settings/settings.h"

#define RADIUS_SECRET_SIZE 129

struct radius_server {
	char name[300];		/* as in the settings, for the log */
	struct address address;	/* empty: not found */
	char host[254];		/* in its certificate */
	bool tls;		/* asked over TLS */
	struct radius_stream *stream;	/* to it; NULL: datagrams */
	char secret[RADIUS_SECRET_SIZE];
	size_t secret_len;
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

/*
 * Find the servers of this list.  Host names are looked up by a child without
 * rights; it is a copy of this process, so no secret may have been read yet.
 * servers->what and ->silent must be set.  0 or -errno.
 */
int radius_servers_find(struct radius_servers *servers,
	const struct server_settings *s, const char *list, int64_t port)
	MUST_CHECK;

/* Their addresses, for the connector, in targets[servers->count]. */
struct radius_target;
void radius_servers_targets(const struct radius_servers *servers,
	struct radius_target *targets);

/* Does any of them have an address? */
bool radius_servers_found(const struct radius_servers *servers);

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
