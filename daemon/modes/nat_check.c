/*
 * nat_check.c - shows and checks the addresses and ports that PASV and EPSV
 * announce.
 *
 * Runs in: sureftpd --nat-check, outside the server: it may wait for the name
 * service.
 */
#include "common/base.h"
#include "daemon/modes/nat_check.h"

#include "common/address.h"
#include "common/settings/settings_lines.h"
#include "common/text.h"
#include "daemon/services/lookup.h"

#include <ifaddrs.h>

/* Not reachable from the Internet (RFC 6890). */
#define PRIVATE_NETWORKS "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 " \
	"100.64.0.0/10 169.254.0.0/16 127.0.0.0/8 0.0.0.0/8"

struct check {
	const struct listener_settings *l;
	FILE *out;
	size_t warnings;
};

static void PRINTF_LIKE(2, 3)
warn(struct check *c, const char *format, ...)
{
	va_list ap;

	fputs("  warning: ", c->out);
	va_start(ap, format);
	vfprintf(c->out, format, ap);
	va_end(ap);
	fputc('\n', c->out);
	c->warnings++;
}

static bool
is_private(const struct address *a)
{
	return address_in_networks(a, PRIVATE_NETWORKS) == 1;
}

/* Print and check what one setting announces, and to which clients; private
 * addresses are valid for local clients. */
static void
announce(struct check *c, const char *whom, const char *what, bool outside)
{
	char text[ADDRESS_TEXT_SIZE];
	struct address a;

	if (strcmp(what, "local") == 0 || *what == '\0') {
		fprintf(c->out, "  PASV to %s: the address they connected "
			"to\n", whom);
		return;
	}
	if (address_parse(&a, what) == 0) {
		fprintf(c->out, "  PASV to %s: %s\n", whom, what);
	} else if (lookup_ipv4(what, &a)) {
		fprintf(c->out, "  PASV to %s: %s (%s)\n", whom,
			address_text(&a, text), what);
	} else {
		fprintf(c->out, "  PASV to %s: %s\n", whom, what);
		warn(c, "%s cannot be resolved: PASV will be refused", what);
		return;
	}
	if (outside && is_private(&a))
		warn(c, "%s is a private address: clients on the Internet "
			"cannot connect to it", address_text(&a, text));
}

static void
announce_lines(struct check *c, const char *lines, const char *kind)
{
	struct settings_pair pair;
	const char *line;
	char whom[128];
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL)
		if (settings_lines_pair(line, len, &pair) == 0) {
			snprintf(whom, sizeof(whom), "clients %s %s", kind,
				pair.network);
			announce(c, whom, pair.word, false);
		}
}

/* Without passive_address, the local address of the control connection is
 * announced: warn if the host has only private ones. */
static void
check_own_addresses(struct check *c)
{
	struct ifaddrs *list = NULL;
	bool public = false;

	if (getifaddrs(&list) < 0)
		return;
	for (struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
		struct address a = { 0 };

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&a.v4, i->ifa_addr, sizeof(a.v4));
		public = public || !is_private(&a);
	}
	freeifaddrs(list);
	if (!public)
		warn(c, "this host has only private IPv4 addresses: clients "
			"outside its network need passive_address, or EPSV");
}

/* --- ports */

static bool
is_free(uint16_t port)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return true;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	bool bound = bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0 &&
		listen(fd, 1) == 0;
	close(fd);
	return bound;
}

static void
check_busy(struct check *c, struct port_range range)
{
	unsigned busy = 0;

	for (uint32_t port = range.from; port <= range.to; port++)
		busy += !is_free((uint16_t)port);
	if (busy > 0)
		warn(c, "%u of these ports cannot be used: other programs have "
			"them, or transfers are running", busy);
}

/* The kernel assigns ports of this range to outgoing connections. */
static void
check_ephemeral(struct check *c, struct port_range range)
{
	int64_t from = 0, to = 0;
	char line[64] = "";
	const char *at = line, *word;
	size_t len;
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");

	if (file == NULL)
		return;
	bool whole = fgets(line, sizeof(line), file) != NULL;
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	if (!whole || (word = text_word(&at, &len)) == NULL ||
	    text_number(word, len, &from) < 0 ||
	    (word = text_word(&at, &len)) == NULL ||
	    text_number(word, len, &to) < 0)
		return;
	if (range.from <= to && range.to >= from)
		warn(c, "the kernel gives ports %" PRId64 "-%" PRId64
			" to other programs; "
			"reserve these with sysctl "
			"net.ipv4.ip_local_reserved_ports=%u-%u", from, to,
			range.from, range.to);
}

static void
check_ports(struct check *c, int64_t max_clients)
{
	struct port_range range = c->l->passive_ports;
	int64_t count = range.to - range.from + 1;

	if (range.from == 0) {
		fputs("  passive ports: any\n", c->out);
		warn(c, "a firewall or NAT would have to forward all ports: "
			"set passive_ports, and forward those");
		return;
	}
	fprintf(c->out, "  passive ports: %u-%u (%" PRId64 ")\n", range.from,
		range.to, count);
	if (max_clients == 0)
		warn(c, "max_clients is 0 (no limit): more clients may come "
			"than there are ports");
	else if (count < max_clients)
		warn(c, "fewer ports than max_clients (%" PRId64 ")",
			max_clients);
	check_ephemeral(c, range);
	check_busy(c, range);
}

static size_t
check_listener(const struct settings *settings, size_t i, FILE *out)
{
	struct check c = { .l = &settings->listeners[i], .out = out };

	fprintf(out, "[listener%s%s] port %" PRId64 "\n",
		*c.l->name != '\0' ? " " : "", c.l->name, c.l->port);
	if (!c.l->allow_passive) {
		fputs("  passive mode is off\n", out);
		return 0;
	}
	announce_lines(&c, c.l->passive_address_for, "from");
	announce_lines(&c, c.l->passive_address_map, "connected to");
	announce(&c, "all other clients", c.l->passive_address, true);
	if (*c.l->passive_address == '\0' &&
	    address_family(&c.l->address) != AF_INET6)
		check_own_addresses(&c);
	check_ports(&c, settings->server.max_clients);
	return c.warnings;
}

size_t
nat_check(const struct settings *settings, FILE *out)
{
	size_t warnings = 0;

	for (size_t i = 0; i < settings->listener_count; i++)
		warnings += check_listener(settings, i, out);
	return warnings;
}
