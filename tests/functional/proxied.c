/*
 * proxied.c - a client that comes through a proxy.
 */
#include "common/base.h"
#include "tests/functional/proxied.h"

#include "tests/functional/functional.h"
#include "tests/functional/network.h"

bool
proxied_open(struct ftp *c, const char *from)
{
	ftp_init(c, FTP_HOST, NULL);
	c->fd = network_connect(FTP_HOST, 21, from);
	return CHECK(c->fd >= 0);
}

int
proxied_connect(struct ftp *c, const char *client)
{
	char line[128];

	snprintf(line, sizeof(line), "PROXY TCP%c %s %s 4711 21\r\n",
		strchr(client, ':') != NULL ? '6' : '4', client,
		strchr(client, ':') != NULL ? "2001:db8::21" : "192.0.2.21");
	if (!proxied_open(c, PROXY) || !ftp_send_text(c, line))
		return -1;
	return ftp_reply(c);
}
