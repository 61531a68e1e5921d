/*
 * servers.c - the RADIUS servers.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/servers.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/text.h"
#include "daemon/radius/secrets.h"
#include "daemon/radius/target.h"

/* RFC 6614 section 2.3: it has to be this one, and protects nothing. */
#define TLS_SECRET "radsec"

static int
add_server(struct radius_servers *servers, const char *word, size_t len,
	int64_t port)
{
	struct radius_server_name name;
	struct radius_server *server = &servers->list[servers->count];

	if (servers->count == RADIUS_MAX_SERVERS ||
	    len >= sizeof(server->name) || radius_server_name_parse(&name,
	    word, len, (uint16_t)port) < 0)
		return -EINVAL;		/* the settings were checked */
	*server = (struct radius_server){ 0 };
	memcpy(server->name, word, len);
	memcpy(server->host, name.host, sizeof(name.host));
	server->port = name.port;
	server->tls = name.tls;
	servers->count++;
	return 0;
}

int
radius_servers_read(struct radius_servers *servers,
	const struct server_settings *s, const char *list, int64_t port)
{
	const char *word;
	size_t len;

	servers->timeout_ms = s->timeout * 1000;
	servers->tries = s->retries + 1;
	servers->dead_ms = s->dead_time * 1000;
	*servers->silent = 0;
	while ((word = text_word(&list, &len)) != NULL) {
		int error = add_server(servers, word, len, port);
		if (error < 0)
			return error;
	}
	return 0;
}

size_t
radius_servers_targets(const struct radius_servers *servers,
	struct radius_target *targets)
{
	for (size_t i = 0; i < servers->count; i++)
		targets[i] = (struct radius_target){
			.host = servers->list[i].host,
			.port = servers->list[i].port,
			.tls = servers->list[i].tls };
	return servers->count;
}

static int
take_secret(const struct radius_servers *servers,
	struct radius_server *server, const struct radius_secrets *secrets)
{
	if (server->tls)
		return 0;
	if (radius_secrets_find(secrets, server->name, &server->secret))
		return 0;
	log_error("%s %s: there is no secret for it", servers->what,
		server->name);
	return -ENOENT;
}

/* True if no server needs the file. */
static bool
set_tls_secrets(struct radius_servers *servers)
{
	size_t datagrams = 0;

	for (size_t i = 0; i < servers->count; i++) {
		struct radius_server *server = &servers->list[i];

		if (!server->tls) {
			datagrams++;
			continue;
		}
		server->secret = (struct radius_secret){ TLS_SECRET,
			strlen(TLS_SECRET) };
	}
	return datagrams == 0;
}

int
radius_servers_read_secrets(struct radius_servers *servers,
	const struct settings *settings)
{
	struct radius_secrets secrets;

	if (set_tls_secrets(servers))
		return 0;
	int error = radius_secrets_read(&secrets, settings);
	for (size_t i = 0; i < servers->count && error == 0; i++)
		error = take_secret(servers, &servers->list[i], &secrets);
	explicit_bzero(&secrets, sizeof(secrets));
	return error;
}

static bool
is_dead(const struct radius_server *server, int64_t now)
{
	return now < server->dead_until;
}

void
radius_servers_order(const struct radius_servers *servers, int64_t now,
	uint8_t *order)
{
	size_t n = 0;

	for (int dead = 0; dead < 2; dead++)
		for (size_t i = 0; i < servers->count; i++)
			if (is_dead(&servers->list[i], now) == (dead == 1))
				order[n++] = (uint8_t)i;
}

void
radius_servers_alive(struct radius_servers *servers, size_t i)
{
	struct radius_server *server = &servers->list[i];

	if (server->dead_until != 0)
		log_info("%s %s answers again", servers->what, server->name);
	server->dead_until = 0;
	*servers->silent &= ~(UINT32_C(1) << i);
}

void
radius_servers_dead(struct radius_servers *servers, size_t i, int64_t now)
{
	struct radius_server *server = &servers->list[i];

	/* Log it once, not for each request. */
	if (server->dead_until == 0 || !is_dead(server, now))
		log_warning("%s %s does not answer", servers->what,
			server->name);
	*servers->silent |= UINT32_C(1) << i;
	server->dead_until = now + (servers->dead_ms > 0 ? servers->dead_ms :
		1);
}
