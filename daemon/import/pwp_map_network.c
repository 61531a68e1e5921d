/*
 * pwp_map_network.c - listening, data connections, and limits of sessions.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

#include "common/address.h"
#include "common/text.h"

#include <netdb.h>

#define LOWEST_PORT 1024	/* of passive_ports */
#define MOST_CLIENTS 50000

void
pwp_map_listen_port(struct pwp_mapping *m)
{
	int64_t port = pwp_nonzero(m, m->option);

	if (port < 1 || port > UINT16_MAX)
		pwp_say(m, IMPORT_REFUSED, "not a port; 21 is used");
	else
		pwp_set(m, "listener", "port", "%" PRId64, port);
}

void
pwp_map_address(struct pwp_mapping *m)
{
	struct address address;

	if (*m->text == '\0')
		pwp_map_no_need(m);
	else if (address_parse(&address, m->text) < 0)
		pwp_say(m, IMPORT_REFUSED, "not an address; set address in "
			"[listener], without which all are used");
	else if (draft_get(m->answer.draft, "listener", "address") != NULL)
		pwp_say(m, IMPORT_REFUSED, "there is one address in "
			"[listener] already; use a section [listener NAME] for "
			"another");
	else
		pwp_set(m, "listener", "address", "%s", m->text);
}

/* "LOW-HIGH" or "PORT"; false for anything else. */
static bool
parse_range(const char *text, size_t len, int64_t *low, int64_t *high)
{
	const char *dash = memchr(text, '-', len);
	size_t first = dash != NULL ? (size_t)(dash - text) : len;

	if (text_number(text, first, low) < 0)
		return false;
	*high = *low;
	return dash == NULL || text_number(dash + 1, len - first - 1, high) ==
		0;
}

/* The largest of several ranges with commas between; false if there is none. */
static bool
largest_range(const char *text, int64_t *low, int64_t *high, int *ranges)
{
	int64_t from, to;

	*low = 0;
	*high = -1;
	for (*ranges = 0; *text != '\0'; (*ranges)++) {
		size_t len = strcspn(text, ",");
		if (!parse_range(text, len, &from, &to))
			return false;
		if (from < LOWEST_PORT)
			from = LOWEST_PORT;
		if (to > UINT16_MAX)
			to = UINT16_MAX;
		if (to - from > *high - *low) {
			*low = from;
			*high = to;
		}
		text += len + (text[len] == ',');
	}
	return *high >= *low;
}

void
pwp_map_passive(struct pwp_mapping *m)
{
	int64_t low, high;
	BUFFER(range, 20);
	int ranges;

	if (strcmp(m->text, "0") == 0) {
		pwp_set(m, "listener", "passive_ports", "%s", "");
		return;
	}
	if (!largest_range(m->text, &low, &high, &ranges)) {
		pwp_set(m, "listener", "passive_ports", "49152-65535");
		pwp_say(m, IMPORT_REFUSED, "not a range of ports from 1024 to "
			"65535; passive_ports in [listener] is 49152-65535");
		return;
	}
	buffer_addf(&range, "%" PRId64 "-%" PRId64, low, high);
	pwp_set(m, "listener", "passive_ports", "%s", buffer_text(&range));
	if (strcmp(buffer_text(&range), m->text) != 0)
		pwp_say(m, IMPORT_CHANGED, "passive_ports in [listener] is "
			"%s%s", buffer_text(&range), ranges > 1 ? ", the "
			"largest of the ranges: there can be only one" : "");
}

/* "0", "20", "ftp-data" or "ftp-data(20)"; -1 for anything else. */
static int64_t
find_port(const char *text)
{
	BUFFER(name, 40);

	if (pwp_number_is_plain(text))
		return pwp_number(text);
	buffer_add(&name, text, strcspn(text, "("));
	const struct servent *service = name.overflow ? NULL :
		getservbyname(buffer_text(&name), "tcp");
	if (service != NULL)
		return ntohs((uint16_t)service->s_port);
	return text_is(buffer_text(&name), "ftp-data") ? 20 : -1;
}

void
pwp_map_data_port(struct pwp_mapping *m)
{
	int64_t port = find_port(m->text);

	if (port < 0 || port > 1023)
		pwp_say(m, IMPORT_REFUSED, "active_source_port in [listener] "
			"must be below 1024, or 0 for any port; it is 0");
	else
		pwp_set(m, "listener", "active_source_port", "%" PRId64, port);
}

void
pwp_map_proxy(struct pwp_mapping *m)
{
	pwp_set_bool(m, "listener", "allow_fxp", pwp_is_true(m->text));
	if (pwp_is_true(m->text))
		pwp_say(m, IMPORT_SAME, "allow_fxp in [listener]; it permits "
			"the bounce attack of RFC 2577: name the other servers "
			"instead of yes");
}

void
pwp_map_low_port(struct pwp_mapping *m)
{
	pwp_set_bool(m, "listener", "allow_privileged_ports",
		pwp_is_true(m->text));
}

void
pwp_map_keepalive(struct pwp_mapping *m)
{
	if (!pwp_is_true(m->text))
		pwp_set(m, "listener", "keepalive", "0");
}

void
pwp_map_daemon(struct pwp_mapping *m)
{
	if (m->is_set && pwp_is_true(m->text))
		pwp_map_no_need(m);
	else
		pwp_say(m, IMPORT_CHANGED, "the server was started by inetd or "
			"xinetd, or with -s or -S; sureftpd listens itself, or "
			"gets its sockets from sureftpd.socket: remove it from "
			"inetd.conf or xinetd.d");
}

void
pwp_map_virtual_hosts(struct pwp_mapping *m)
{
	if (!pwp_is_true(m->text))
		pwp_say(m, IMPORT_NOT_NEEDED, "off: sections <Host> had no "
			"effect");
	else if (m->c->host != NULL)
		pwp_say(m, IMPORT_CHANGED, "this is the configuration of %s "
			"only; each host needs its own server",
			m->c->host);
	else
		pwp_say(m, IMPORT_REFUSED, "each host needs its own server: "
			"convert them one by one with --host=NAME, and run "
			"them with -C FILE");
}

void
pwp_map_idle(struct pwp_mapping *m)
{
	pwp_set_number(m, "limits", "idle_timeout", pwp_number(m->text));
}

void
pwp_map_max_clients(struct pwp_mapping *m)
{
	int64_t clients = pwp_nonzero(m, m->option);
	bool good = clients > 0 && clients <= MOST_CLIENTS;

	if (!good) {
		pwp_say(m, IMPORT_CHANGED, "max_clients in [limits] is %d",
			MOST_CLIENTS);
		clients = MOST_CLIENTS;
	}
	pwp_set(m, "limits", "max_clients", "%" PRId64, clients);
	pwp_set(m, "limits", "max_per_ip", "0");
	/* Idle workers come on top of the busy ones. */
	pwp_set(m, "server", "max_workers", "%" PRId64,
		clients + clients / 8 + 16);
}

void
pwp_map_titles(struct pwp_mapping *m)
{
	pwp_set_bool(m, "server", "process_titles", pwp_is_true(m->text));
}
