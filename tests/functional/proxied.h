/*
 * proxied.h - a client that comes through a proxy, which names it by the PROXY
 * protocol.
 */
#ifndef TESTS_FUNCTIONAL_PROXIED_H
#define TESTS_FUNCTIONAL_PROXIED_H

#include "tests/functional/ftp.h"

#define PROXY  "127.0.0.1"
#define BEHIND "listener.proxy_protocol=require", "listener.proxy_from=" PROXY

/* Connect from this address, and send nothing. */
bool proxied_open(struct ftp *c, const char *from);

/* Connect as the proxy, and name this client; the code of the first reply. */
int proxied_connect(struct ftp *c, const char *client);

#endif
