/*
 * passive.h - the listening socket of PASV and EPSV.
 */
#ifndef WORKER_DATA_PASSIVE_H
#define WORKER_DATA_PASSIVE_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/passive_ports.h"
#include "common/settings/settings.h"

/*
 * Listen on this address, on a random port of the listener's passive_ports or,
 * if that is empty, on any port.  The socket, with the port in *a and, if it
 * was reserved in `ports` (which may be NULL), in *reserved (else 0);
 * -EADDRINUSE when the whole range is in use; or another -errno.
 */
int passive_listen(struct address *a, const struct listener_settings *rules,
	struct passive_ports *ports, uint16_t *reserved) MUST_CHECK;

#endif
