/*
 * data_transfer.h - one command's use of a data connection: open it, announce
 * the transfer, move the data, reply how it ended.  RETR, STOR and the listing
 * commands all go through here, so that the replies are the same everywhere.
 *
 * It lives on the command's stack; while it does, s->transfer points to it.
 */
#ifndef WORKER_ONE_DATA_TRANSFER_H
#define WORKER_ONE_DATA_TRANSFER_H

#include "common/base.h"
#include "common/log/event.h"
#include "worker/data/transfer.h"
#include "worker/session.h"

struct data_transfer {
	struct stream stream;
	struct transfer_result result;	/* so far, or how it ended */
	bool upload;
	bool announced;		/* the 150 was sent */
	char tls_failure[200];	/* why there was no TLS; or "" */
};

/* Open the prepared data connection.  On failure the client has been sent the
 * reply. */
bool data_transfer_open(struct session *s, struct data_transfer *t,
	bool upload) MUST_CHECK;

/* The command is refused: keep the connection for the next one.  The caller
 * replies. */
void data_transfer_cancel(struct session *s, struct data_transfer *t);

/* Reply 150 with this text.  False when the client has already sent ABOR; the
 * reply to that has been sent. */
bool data_transfer_announce(struct session *s, struct data_transfer *t,
	const char *format, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

/* Close the data connection and reply by t->result. */
void data_transfer_finish(struct session *s, struct data_transfer *t);

/* The same, with this text for the 226. */
void data_transfer_finish_with(struct session *s, struct data_transfer *t,
	const char *complete);

/* Reply 552: an upload is, or would be, larger than max_upload_size. */
void data_transfer_too_large(struct session *s, const char *what);

/* The TLS handshake failed: close the connection.  The caller replies. */
void data_transfer_fail_tls(struct session *s, struct data_transfer *t,
	const char *reason);

/* The watch has ended the transfer, or the wait for its connection: reply, or
 * end the session. */
void data_transfer_interrupted(struct session *s, enum transfer_end end);

/* How it ended, or that it never began. */
enum event_status data_transfer_status(const struct data_transfer *t);

/* Why a transfer did not complete, for the log; NULL when it did. */
const char *data_transfer_reason(const struct data_transfer *t);

#endif
