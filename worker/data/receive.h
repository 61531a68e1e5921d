/*
 * receive.h - the transfer of a file from the client: STOR, STOU, APPE.  See
 * send.h for the common properties of transfers.
 */
#ifndef WORKER_DATA_RECEIVE_H
#define WORKER_DATA_RECEIVE_H

#include "common/base.h"
#include "worker/data/copy_loop.h"
#include "worker/data/hash.h"

struct receive {
	int file;		/* written at its current offset */
	bool ascii;		/* CR LF becomes LF */
	int64_t room;		/* maximum bytes to store; more is TOO_LARGE */
	/* Or NULL: called for more room.  Returns how many bytes there are in
	 * addition, 0 for none (TOO_LARGE), or -errno (LOCAL_ERROR). */
	int64_t (*more)(void *context);
	void *context;
	int64_t stall;		/* data_timeout in seconds, 0 for none */
	struct hash *hash;	/* of what is stored; NULL: none */
};

/* Receive until the client ends the stream. */
void receive_file(struct watch *watch, struct stream *data,
	const struct receive *how, struct transfer_result *result);

#endif
