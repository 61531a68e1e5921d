/*
 * data.h - the data connection: where it comes from or goes to, and how it is
 * opened (RFC 959 3.2, RFC 2428, rule R12).
 *
 * At most one preparation (PASV/EPSV or PORT/EPRT) stands at a time; a new one
 * replaces the old, a transfer uses it up.
 */
#ifndef WORKER_DATA_DATA_H
#define WORKER_DATA_DATA_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/channel.h"
#include "common/settings/settings.h"
#include "worker/data/transfer.h"

enum data_mode {
	DATA_NONE,
	DATA_PASSIVE,
	DATA_ACTIVE,
};

struct data {
	/* set once by data_init() */
	struct address peer;	/* the client's end of the control connection */
	struct address local;	/* our end */
	const struct listener_settings *rules;
	struct channel *monitor; /* for a privileged source port */
	/* state */
	enum data_mode mode;
	int listener;		/* DATA_PASSIVE: the listening socket, or -1 */
	struct address target;	/* DATA_ACTIVE */
};

void data_init(struct data *d, const struct address *peer,
	const struct address *local, const struct listener_settings *rules,
	struct channel *monitor);

/* Forget the preparation and close its socket. */
void data_reset(struct data *d);

/*
 * PASV, EPSV: listen on a random port of the range, on the address of the
 * control connection.  *bound gets address and port.  0, -EADDRINUSE when
 * the whole range is taken, or another -errno.  A listener that stood before
 * is closed first.
 */
int data_passive(struct data *d, struct address *bound) MUST_CHECK;

/*
 * PORT, EPRT: remember where to connect to.  0; -EPERM for a foreign address,
 * -EACCES for a port below 1024 (both by the listener's rules) and for port 0;
 * -EAFNOSUPPORT for the other IP version.  A preparation that stood before is
 * gone, also after a refusal (rule R12).
 */
int data_active(struct data *d, const struct address *to) MUST_CHECK;

/*
 * Open the connection: accept from, or connect to, the client.  A connection
 * from somebody else is closed and the wait goes on.  Uses the preparation up.
 * Returns the connected socket (non-blocking, close-on-exec, TCP_NODELAY), or
 * -ENOTCONN nothing was prepared, -ETIMEDOUT the deadline came, -ECANCELED
 * the watch ended it (*end says how), or another -errno.  Where the monitor is
 * asked for a socket and answers that the session shall leave, *end is
 * TRANSFER_STOPPED: a transfer that has not begun is not waited for.
 */
int data_open(struct data *d, struct watch *watch, int64_t deadline,
	enum transfer_end *end) MUST_CHECK;

#endif
