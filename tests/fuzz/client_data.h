/*
 * client_data.h - the data connection of the simulated client.  For client.c
 * only.
 */
#ifndef TESTS_FUZZ_CLIENT_DATA_H
#define TESTS_FUZZ_CLIENT_DATA_H

#include "common/base.h"
#include "tests/fuzz/link.h"

struct client_data {
	int listeners[2];	/* for active connections: IPv4 and IPv6 */
	bool six;		/* the server's address is IPv6 */
	struct link link;	/* the last connection */
	bool ended;		/* this side's end was sent */
	bool faithful;		/* it is read to its end */
	int64_t received;	/* bytes that came on it */
};

/* Once.  0 or -errno. */
int client_data_listen(struct client_data *d, uint16_t port) MUST_CHECK;

void client_data_begin(struct client_data *d, bool six);

/* Take a connection, or what has come on it; false when there was nothing. */
bool client_data_act(struct client_data *d);
bool client_data_read(struct client_data *d);

/* Connect to this port of the server's.  A connection that was there before is
 * reset. */
void client_data_connect(struct client_data *d, uint16_t port);

void client_data_secure(struct client_data *d);
void client_data_send(struct client_data *d, const uint8_t *data, size_t len,
	unsigned times);

/* End this side's stream; close or reset the connection before it has ended. */
void client_data_end(struct client_data *d);
void client_data_close(struct client_data *d);
void client_data_reset(struct client_data *d);

/* Reset it, and what nobody has taken. */
void client_data_clear(struct client_data *d);

#endif
