/*
 * map_network.c - maps options of listening, and of addresses and ports of data
 * connections.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/address.h"
#include "common/text.h"
#include "daemon/import/vsftpd_value.h"
#include "daemon/import/wrappers.h"

/* The address to listen on: listen_address or listen_address6, or all
 * addresses. */
static void
set_address(struct mapping *m)
{
	bool six = map_on(m, OPTION_listen_ipv6);
	const char *text = map_text(m, six ? OPTION_listen_address6 :
		OPTION_listen_address);
	char ipv4[VSFTPD_IPV4_SIZE];
	struct address address;

	if (text[0] == '\0')
		map_set(m, "listener", "address", "%s", six ? "" : "0.0.0.0");
	else if (!six && vsftpd_ipv4(text, ipv4))
		map_set(m, "listener", "address", "%s", ipv4);
	else if (address_parse(&address, text) == 0)
		map_set(m, "listener", "address", "%s", text);
	else
		map_say(m, IMPORT_REFUSED, "%s is not a numeric address; the "
			"server listens on all addresses", text);
}

/* Trailing zeros are wildcards: 192.0.2.0 means 192.0.2.0/24, and 0.0.0.0
 * every address (xinetd.conf(5)). */
static bool
add_network(struct buffer *networks, const char *address, size_t len)
{
	static const char every[] = "0.0.0.0/0";

	if (text_same(address, len, every, strlen("0.0.0.0")))
		return wrappers_add_network(networks, every, strlen(every));
	if (len > 2 && memcmp(address + len - 2, ".0", 2) == 0)
		len--;
	while (len > 3 && memcmp(address + len - 3, ".0.", 3) == 0)
		len -= 2;
	return wrappers_add_network(networks, address, len);
}

/* xinetd's lists of networks.  Host names cannot be expressed: if the list has
 * nothing else, no client is allowed. */
static void
set_networks(struct mapping *m, const char *key, const char *list)
{
	bool allows = strcmp(key, "allow_from") == 0;
	BUFFER(networks, 2000);
	const char *word;
	size_t len;

	while ((word = text_word(&list, &len)) != NULL)
		if (!add_network(&networks, word, len))
			map_say(m, IMPORT_REFUSED, "%.*s in %s is not a "
				"network, and left out of %s in [listener]%s",
				(int)len, word, m->activation->file, key,
				allows ? ": such clients are refused" : "");
	if (networks.len > 0)
		map_set(m, "listener", key, "%s", buffer_text(&networks));
	else if (allows && m->answer.verdict == IMPORT_REFUSED)
		map_set(m, "listener", key, DRAFT_NOBODY);
}

/* Use the addresses and ports that xinetd or systemd listened on. */
static void
take_over(struct mapping *m)
{
	const struct activation *a = m->activation;
	struct address address;

	if (a->file[0] == '\0') {
		map_say(m, IMPORT_CHANGED, "vsftpd is started by another "
			"program, which was not found; sureftpd listens on "
			"port 21 itself, or gets its sockets from "
			"sureftpd.socket");
		return;
	}
	if (a->address[0] != '\0' && address_parse(&address, a->address) == 0)
		map_set(m, "listener", "address", "%s", a->address);
	if (a->port > 0 && a->port <= 65535)
		map_set(m, "listener", "port", "%" PRId64, a->port);
	map_say(m, IMPORT_CHANGED, "sureftpd listens itself, or gets its "
		"sockets from sureftpd.socket; address, port and limits are "
		"those of %s%s", a->file, a->disabled ? ", which is disabled" :
		"");
	set_networks(m, "allow_from", a->only_from);
	set_networks(m, "deny_from", a->no_access);
}

void
map_listen(struct mapping *m)
{
	if (!map_listens(m) && m->option == OPTION_listen)
		take_over(m);
	else if (!map_on(m, m->option))
		map_say(m, IMPORT_SAME, "see the other of listen and "
			"listen_ipv6");
	else
		set_address(m);
	if (map_on(m, OPTION_listen_ipv6) && m->option == OPTION_listen_ipv6 &&
	    map_text(m, OPTION_listen_address6)[0] == '\0')
		map_say(m, IMPORT_CHANGED, "address in [listener] is empty, "
			"for IPv6 and IPv4; in logs, and for PAM, an IPv4 "
			"client is 192.0.2.7 and not ::ffff:192.0.2.7");
}

void
map_listen_port(struct mapping *m)
{
	/* vsftpd uses the low 16 bits. */
	uint32_t port = map_number(m, OPTION_listen_port) & 0xffff;

	if (!map_listens(m)) {
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use it, because "
			"it does not listen itself");
		return;
	}
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

static void
allow_data(struct mapping *m, const char *key, const char *commands)
{
	bool on = map_on(m, m->option);

	map_set_bool(m, "listener", key, on);
	if (!on)
		map_say(m, IMPORT_CHANGED, "%s in [listener]; %s are answered "
			"with 502 instead of 550", key, commands);
}

void
map_pasv_enable(struct mapping *m)
{
	allow_data(m, "allow_passive", "PASV and EPSV");
}

void
map_port_enable(struct mapping *m)
{
	allow_data(m, "allow_active", "PORT and EPRT");
}

/* Like vsftpd: values out of range are clamped to the range. */
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
	char address[VSFTPD_IPV4_SIZE];

	if (text[0] == '\0')
		return;
	bool numeric = vsftpd_ipv4(text, address);
	if (!numeric && !map_on(m, OPTION_pasv_addr_resolve)) {
		map_say(m, IMPORT_REFUSED, "%s is not an IPv4 address; vsftpd "
			"ended each session at its first PASV", text);
		return;
	}
	map_set(m, "listener", "passive_address", "%s", numeric ? address :
		text);
}

void
map_promiscuous(struct mapping *m)
{
	static const char *const words[2][2] = {
		{ "no", "passive" }, { "active", "yes" },
	};
	bool port = map_on(m, OPTION_port_promiscuous);

	map_set(m, "listener", "allow_fxp", "%s",
		words[port][map_on(m, OPTION_pasv_promiscuous)]);
	map_set_bool(m, "listener", "allow_privileged_ports", port);
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
