/*
 * data.h - prepares and opens the data connection (RFC 959 3.2, RFC 2428).
 *
 * There is at most one preparation (PASV/EPSV or PORT/EPRT) at a time.  A new
 * one replaces it, and a transfer consumes it; a command that is refused before
 * its 150 does not, so that the client's connection is not reset before it has
 * read the reply.
 */
#ifndef WORKER_DATA_DATA_H
#define WORKER_DATA_DATA_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/passive_ports.h"
#include "common/settings/settings.h"
#include "worker/authority.h"
#include "worker/data/watch.h"

enum data_mode {
	DATA_NONE,
	DATA_PASSIVE,
	DATA_ACTIVE,
	DATA_CONNECTED,		/* opened for a command that was refused */
};

struct data {
	/* set once by data_init() */
	struct address peer;	/* the client's end of the control connection */
	struct address local;	/* our end */
	struct address proxy;	/* instead of the peer, passive connections come
				 * from there, and do not name the client; or
				 * empty */
	const struct listener_settings *rules;
	const struct authority *authority; /* for active_source_port */
	/* set afterwards, or NULL */
	struct passive_ports *ports;	/* of all sessions */
	const struct user_settings *limits;	/* for data_send_buffer and
						 * data_receive_buffer */
	/* state: */
	enum data_mode mode;
	int fd;			/* the listening or the connected socket, or
				 * -1 */
	bool accept_failed;	/* DATA_PASSIVE: not polled any more, but
				 * data_open() tries again */
	uint16_t reserved;	/* DATA_PASSIVE: the port, in `ports`; 0 */
	struct address target;	/* DATA_ACTIVE */
	struct address endpoint; /* where the connection is accepted, or which
				 * it is made to: for the log, until the next
				 * preparation */
	struct address refused;	/* whose connection to the last passive port was
				 * closed, because it is not the client's; or
				 * empty.  Valid until the next preparation. */
};

void data_init(struct data *d, const struct address *peer,
	const struct address *local, const struct listener_settings *rules,
	const struct authority *authority);

/* Discard the preparation and close its socket. */
void data_reset(struct data *d);

/*
 * PASV, EPSV: listen on a random port of the range (passive.h), on the address
 * of the control connection.  *bound is set to address and port.  0,
 * -EADDRINUSE when the whole range is in use, or another -errno.  A previous
 * listener is closed first.
 */
int data_passive(struct data *d, struct address *bound) MUST_CHECK;

/*
 * PORT, EPRT: store the address to connect to.  0; -EPERM for a foreign
 * address, -EACCES for a port below 1024 (both by the listener's rules) and for
 * port 0; -EAFNOSUPPORT for the other IP version.  A previous preparation is
 * discarded, also on failure.
 */
int data_active(struct data *d, const struct address *to) MUST_CHECK;

/*
 * While the session waits for a command: the listening socket to poll, or -1;
 * and, when it is readable, accept the client's connection, or close those of
 * others, which would otherwise fill the queue before the client comes.
 */
int data_poll_fd(const struct data *d);
void data_accept_early(struct data *d);

/*
 * Open the connection: accept from, or connect to, the client.  Connections
 * from other addresses, or whose PROXY header names another client, are closed,
 * and the wait continues.  Returns the connected socket (non-blocking,
 * close-on-exec); -ENOTCONN: nothing was prepared; -ETIMEDOUT: the deadline has
 * passed; -ECANCELED: the watch ended it, with the reason in *end; or another
 * -errno.  Consumes the preparation, except with -ECANCELED.  If the monitor
 * answers a request for a socket with the end of the session, *end is
 * TRANSFER_STOPPED.
 */
int data_open(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end) MUST_CHECK;

/* Set TCP keepalive on an open connection by the listener's rules.  Needed only
 * when nothing is transferred, so most connections go without its calls. */
void data_keepalive(const struct data *d, int fd);

/* After a refused command: keep the unused socket for the next one. */
void data_keep(struct data *d, int fd);

#endif
