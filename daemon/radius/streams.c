/*
 * streams.c - the streams to all servers of a list.
 *
 * Runs in: radius; sureftpd --check.
 */
#include "common/base.h"
#include "daemon/radius/streams.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/settings/settings_radius.h"
#include "common/tls/tls_client.h"
#include "daemon/radius/stream.h"

static void
complain(void *context UNUSED, const char *where, const char *sentence)
{
	log_error("RADIUS over TLS: %s: %s", where, sentence);
}

static int
open_all(struct radius_servers *servers, const struct tls_client *client)
{
	for (size_t i = 0; i < servers->count; i++) {
		struct radius_server *server = &servers->list[i];
		const struct radius_stream_place to = { servers->what,
			server->name, server->host, servers->sockets,
			servers->target + (uint32_t)i };

		if (!server->tls)
			continue;
		server->stream = radius_stream_new(client, &to);
		if (server->stream == NULL)
			return -ENOMEM;
	}
	return 0;
}

static struct tls_client *
load(const struct server_settings *s, settings_complaint *to, void *context)
{
	const struct tls_client_files files = { s->tls_ca, s->tls_crl,
		s->tls_certificate, s->tls_key };

	return tls_client_load(&files, to, context);
}

bool
radius_streams_check(const struct server_settings *s, settings_complaint *to,
	void *context)
{
	struct tls_client *client;

	if (!settings_radius_used(s) || !settings_radius_kinds(s).tls)
		return true;
	client = load(s, to, context);
	tls_client_free(client);
	return client != NULL;
}

/* The certificates are kept as long as the process. */
int
radius_streams_open(const struct server_settings *s,
	struct radius_servers *servers, struct radius_servers *accounting)
{
	struct tls_client *client;

	if (!settings_radius_kinds(s).tls)
		return 0;
	client = load(s, complain, NULL);
	if (client == NULL)
		return -EINVAL;
	int error = open_all(servers, client);
	return error == 0 ? open_all(accounting, client) : error;
}

size_t
radius_streams_watch(const struct radius_servers *servers, struct pollfd *fds)
{
	for (size_t i = 0; i < servers->count; i++) {
		const struct radius_stream *s = servers->list[i].stream;

		fds[i] = s != NULL ? radius_stream_watch(s) :
			(struct pollfd){ -1, 0, 0 };
	}
	return servers->count;
}

int64_t
radius_streams_due(const struct radius_servers *servers)
{
	int64_t due = CLOCK_NEVER;

	for (size_t i = 0; i < servers->count; i++)
		if (servers->list[i].stream != NULL)
			due = clock_earlier(due, radius_stream_due(
				servers->list[i].stream));
	return due;
}

void
radius_streams_step(const struct radius_servers *servers,
	const struct pollfd *fds, int64_t now)
{
	for (size_t i = 0; i < servers->count; i++)
		if (servers->list[i].stream != NULL)
			radius_stream_step(servers->list[i].stream, &fds[i],
				now);
}

void
radius_streams_end(const struct radius_servers *servers)
{
	for (size_t i = 0; i < servers->count; i++)
		if (servers->list[i].stream != NULL)
			radius_stream_end(servers->list[i].stream);
}
