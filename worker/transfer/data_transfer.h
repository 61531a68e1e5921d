/*
 * data_transfer.h - the data connection of a command: open it, announce the
 * transfer, transfer the data, reply with the result.  Used by RETR, STOR and
 * the listing commands, so that their replies are the same.
 *
 * It is on the command's stack; s->transfer points to it meanwhile.
 */
#ifndef WORKER_TRANSFER_DATA_TRANSFER_H
#define WORKER_TRANSFER_DATA_TRANSFER_H

#include "common/base.h"
#include "common/process/page.h"
#include "worker/data/send.h"
#include "worker/session.h"

enum direction {
	DOWNLOAD,		/* also listings */
	UPLOAD,
};

struct data_transfer {
	struct stream stream;
	struct transfer_result result;	/* progress, or the result */
	enum direction direction;
	char hash[160];		/* of an upload: "SHA-256 ...", or "" */
	bool announced;		/* the 150 was sent */
	size_t searched;	/* mid_transfer.c: how much of the queued
				 * commands */
	char tls_failure[200];	/* why the TLS handshake failed; or "" */
};

/* Open the prepared data connection.  False after a reply with the reason. */
bool data_transfer_open(struct session *s, struct data_transfer *t,
	enum direction direction) MUST_CHECK;

/* After a refused command: keep the connection for the next one.  The caller
 * replies. */
void data_transfer_cancel(struct session *s, struct data_transfer *t);

/* Reply 150 with this text.  False when the client has already sent ABOR, which
 * has been replied to. */
bool data_transfer_announce(struct session *s, struct data_transfer *t,
	const char *format, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

/* Report the start of the transfer on the session's page (page.h).  `size` is
 * the final size of the file, or PAGE_SIZE_UNKNOWN. */
void data_transfer_show(const struct target *at, enum page_state state,
	int64_t offset, int64_t size);

/* Close the data connection and reply according to t->result. */
void data_transfer_finish(struct session *s, struct data_transfer *t);

/* The same, with this text in the 226. */
void data_transfer_finish_with(struct session *s, struct data_transfer *t,
	const char *complete);

/* Reply 552 to an upload that is, or would be, larger than max_upload_size. */
void data_transfer_too_large(struct session *s, const char *what);

/* After a failed TLS handshake: close the connection.  The caller replies. */
void data_transfer_fail_tls(struct session *s, struct data_transfer *t,
	const char *reason);

/* After the watch has ended the transfer, or the wait for its connection:
 * reply, or end the session. */
void data_transfer_interrupted(struct session *s, enum transfer_end end);

/* Begin a long command without a data connection, such as HASH.  Until the
 * caller sets s->transfer to NULL, ABOR ends it and other commands wait.  Not
 * TRANSFER_RUNNING if the client has already sent ABOR. */
enum transfer_end data_transfer_begin_local(struct session *s,
	struct data_transfer *t) MUST_CHECK;

#endif
