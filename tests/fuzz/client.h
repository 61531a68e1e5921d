/*
 * client.h - a simulated client, which executes the steps of an input, one each
 * time that the server waits (world.h).
 *
 * An input is text.  A line is sent unchanged, with its line feed, when the
 * server waits for more; a line that begins with '!' is another action:
 *
 *   !p   the lines up to the next '!' are sent at once
 *   !h   the next line is sent in two halves
 *   !c   connects to the port that the last 227 or 229 has named
 *   !d   sends the rest of this line, with its line feed, as data
 *   !D   the same a thousand times
 *   !S   begins TLS on the data connection
 *   !e   ends its data
 *   !x   resets the data connection
 *   !n   closes it
 *   !s   begins TLS on the control connection, if that is due
 *   !t   N seconds pass: "!t300"
 *   !q   ends its half of the control connection
 *   !k   closes the control connection
 *   !r   does not read any more
 *   !m   the monitor ends the session after the running transfer
 *   !M   the monitor ends it at once
 *   !z   the monitor is gone
 *
 * It takes active connections on port 40000.  After the last line it ends its
 * data, and when all its commands are answered, its half of the control
 * connection.
 */
#ifndef TESTS_FUZZ_CLIENT_H
#define TESTS_FUZZ_CLIENT_H

#include "common/base.h"
#include "common/process/channel.h"
#include "tests/fuzz/client_data.h"
#include "tests/fuzz/link.h"
#include "tests/fuzz/replies.h"

#define CLIENT_PORT 40000

enum client_line { LINE_EMPTY, LINE_TELNET, LINE_COMMAND };

struct client {
	struct replies replies;
	size_t lines;		/* complete ones that were sent */
	size_t empty;		/* of these, those that may get no reply */
	bool patient;		/* nothing it did may cost it a reply */
	bool ciphered;		/* TLS is due on the control connection, or has
				 * begun: lines cannot be counted any more */
	struct link control;
	struct channel monitor;	/* the monitor's end of the session's */
	/* private to client.c */
	const uint8_t *at, *end;
	const uint8_t *plain;	/* what comes before is sent as it is */
	bool half;		/* of that, half */
	enum client_line line;	/* what was sent of it so far */
	bool ended;		/* its half of the control connection */
	bool deaf;
	unsigned stops;		/* !m and !M */
	struct client_data data;
};

/* Once: where active connections arrive.  0 or -errno. */
int client_listen(struct client *c) MUST_CHECK;

void client_begin(struct client *c, const uint8_t *script, size_t size,
	int control, bool six, bool implicit_tls);

/* One step; false when there is nothing left to do but to wait. */
bool client_act(struct client *c);

/* The server has ended: read what it has said before.  Then close everything
 * but the listeners. */
void client_read(struct client *c);
void client_end(struct client *c);

#endif
