/*
 * data_transfer.h - one command's use of a data connection: open it, announce
 * the transfer, move something, reply how it ended.  RETR, STOR, LIST and
 * their kin all go through here, so that the replies are the same everywhere.
 *
 * It lives on the command's stack; while it does, s->transfer points to it.
 */
#ifndef WORKER_ONE_DATA_TRANSFER_H
#define WORKER_ONE_DATA_TRANSFER_H

#include "common/base.h"
#include "worker/data/transfer.h"
#include "worker/session.h"

struct data_transfer {
	struct stream stream;
	struct transfer_result result;	/* so far, or how it ended */
	bool upload;
	bool announced;		/* the 150 was sent */
	char tls_failure[200];	/* why there was no TLS; or "" */
};

/*
 * Open the prepared data connection.  False after the client has got the reply
 * that says why not.
 */
bool data_transfer_open(struct session *s, struct data_transfer *t,
	bool upload) MUST_CHECK;

/* Nothing is to be moved after all: the connection is kept for the next
 * command.  The caller replies. */
void data_transfer_cancel(struct session *s, struct data_transfer *t);

/* 150 with this text.  False when the client has sent ABOR by then; it has its
 * reply. */
bool data_transfer_announce(struct session *s, struct data_transfer *t,
	const char *format, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

/* Close the data connection and reply by t->result. */
void data_transfer_finish(struct session *s, struct data_transfer *t);

/* The same, with this text for the 226. */
void data_transfer_finish_with(struct session *s, struct data_transfer *t,
	const char *complete);

/* For TLS: the connection is of no use.  Closes it; the caller replies. */
void data_transfer_fail_tls(struct session *s, struct data_transfer *t,
	const char *reason);

/* What the watch found before or during a transfer: replies, or ends the
 * session. */
void data_transfer_interrupted(struct session *s, enum transfer_end end);

/* Why a transfer did not complete, for the log; NULL when it did. */
const char *data_transfer_reason(const struct data_transfer *t);

#endif
