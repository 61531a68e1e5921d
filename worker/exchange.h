/*
 * exchange.h - one command's use of a data connection: open it, move
 * something, say how it ended.  RETR, STOR, LIST and their kin all go through
 * here, so that the replies are the same everywhere.
 */
#ifndef WORKER_EXCHANGE_H
#define WORKER_EXCHANGE_H

#include "common/base.h"
#include "worker/session.h"

/*
 * Open the prepared data connection, s->stream.  False after the client was
 * told why not; what was prepared is used up either way.
 */
bool exchange_open(struct session *s) MUST_CHECK;

/*
 * Close the data connection and answer the client by s->result; forgets REST
 * and the preparation (rule R4).
 */
void exchange_finish(struct session *s);

/* The same, with this text for the 226. */
void exchange_finish_with(struct session *s, const char *complete);

/* What the watch ended before or during a transfer: answers, or ends the
 * session. */
void exchange_interrupted(struct session *s, enum transfer_end end);

/* Nothing is to be moved although the connection stands: close it.  The
 * caller answers the client. */
void exchange_cancel(struct session *s);

/* Why a transfer did not complete, for the log; NULL when it did. */
const char *exchange_reason(const struct transfer_result *result);

#endif
