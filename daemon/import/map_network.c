/*
 * map_network.c - listening, and addresses and ports of data connections.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/address.h"

static bool
listens(const struct mapping *m)
{
	return map_on(m, OPTION_listen) || map_on(m, OPTION_listen_ipv6);
}

/* The address that the option stands for: that of listen_address or
 * listen_address6, or all. */
static void
set_address(struct mapping *m)
{
	bool six = map_on(m, OPTION_listen_ipv6);
	const char *text = map_text(m, six ? OPTION_listen_address6 :
		OPTION_listen_address);
	struct address address;

	if (text[0] == '\0')
		map_set(m, "listener", "address", "%s", six ? "" : "0.0.0.0");
	else if (address_parse(&address, text) == 0)
		map_set(m, "listener", "address", "%s", text);
	else
		map_say(m, IMPORT_REFUSED, "%s is not a numeric address; the "
			"server listens on all addresses", text);
}

void
map_listen(struct mapping *m)
{
	if (!listens(m)) {
		map_say(m, IMPORT_CHANGED, "vsftpd was started by inetd, "
			"xinetd or a socket unit; sureftpd listens itself, or "
			"gets its sockets from sureftpd.socket");
		return;
	}
	if (!map_on(m, m->option)) {
		map_say(m, IMPORT_SAME, "the other of listen and "
			"listen_ipv6 counts");
		return;
	}
	set_address(m);
}

void
map_listen_port(struct mapping *m)
{
	/* vsftpd uses the low 16 bits. */
	uint32_t port = map_number(m, OPTION_listen_port) & 0xffff;

	if (port == 0) {
		map_say(m, IMPORT_REFUSED, "0 is not a port; 21 is used");
		return;
	}
	map_set(m, "listener", "port", "%" PRIu32, port);
	if (port != map_number(m, OPTION_listen_port))
		map_say(m, IMPORT_CHANGED, "vsftpd listened on port %" PRIu32
			", the low 16 bits of the number", port);
}

void
map_listen_address(struct mapping *m)
{
	bool six = m->option == OPTION_listen_address6;

	if (!map_on(m, six ? OPTION_listen_ipv6 : OPTION_listen))
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use it without "
			"%s", six ? "listen_ipv6" : "listen");
	else if (map_text(m, m->option)[0] != '\0')
		set_address(m);
}

void
map_pasv_enable(struct mapping *m)
{
	map_set_bool(m, "listener", "allow_passive",
		map_on(m, OPTION_pasv_enable));
}

void
map_port_enable(struct mapping *m)
{
	map_set_bool(m, "listener", "allow_active",
		map_on(m, OPTION_port_enable));
}

/* As vsftpd does: what is out of range counts as the end of the range. */
void
map_passive_ports(struct mapping *m)
{
	uint32_t low = map_number(m, OPTION_pasv_min_port);
	uint32_t high = map_number(m, OPTION_pasv_max_port);

	uint32_t from = low > 1024 && low <= 65535 ? low : 1024;
	uint32_t to = high >= from && high < 65535 ? high : 65535;
	map_set(m, "listener", "passive_ports", "%" PRIu32 "-%" PRIu32, from,
		to);
	if ((m->option == OPTION_pasv_min_port && from != low) ||
	    (m->option == OPTION_pasv_max_port && to != high && high != 0))
		map_say(m, IMPORT_SAME, "passive_ports in [listener] is "
			"%" PRIu32 "-%" PRIu32 ": vsftpd ignored the number",
			from, to);
}

void
map_pasv_address(struct mapping *m)
{
	const char *text = map_text(m, OPTION_pasv_address);
	struct address address;

	if (text[0] == '\0')
		return;
	bool numeric = address_parse(&address, text) == 0 &&
		address_family(&address) == AF_INET;
	if (!numeric && !map_on(m, OPTION_pasv_addr_resolve)) {
		map_say(m, IMPORT_REFUSED, "%s is not an IPv4 address; vsftpd "
			"ended each session at its first PASV", text);
		return;
	}
	map_set(m, "listener", "passive_address", "%s", text);
}

void
map_promiscuous(struct mapping *m)
{
	bool port = map_on(m, OPTION_port_promiscuous);

	map_set_bool(m, "listener", "allow_fxp",
		port || map_on(m, OPTION_pasv_promiscuous));
	map_set_bool(m, "listener", "allow_privileged_ports", port);
	if (port != map_on(m, OPTION_pasv_promiscuous) &&
	    map_on(m, m->option))
		map_say(m, IMPORT_CHANGED, "allow_fxp in [listener] is on, "
			"which permits other addresses in active and in "
			"passive mode; it permits the bounce attack of RFC "
			"2577");
}

void
map_port_20(struct mapping *m)
{
	uint32_t port = map_number(m, OPTION_ftp_data_port);

	if (!map_on(m, OPTION_connect_from_port_20)) {
		map_set(m, "listener", "active_source_port", "0");
		if (m->option == OPTION_ftp_data_port)
			map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use it "
				"without connect_from_port_20");
		return;
	}
	if (port == 0 || port > 1023) {
		map_set(m, "listener", "active_source_port", "20");
		map_say(m, IMPORT_CHANGED, "active data connections come from "
			"port 20 instead of %" PRIu32, port);
		return;
	}
	map_set(m, "listener", "active_source_port", "%" PRIu32, port);
}
