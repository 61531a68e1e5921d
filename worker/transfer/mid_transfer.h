/*
 * mid_transfer.h - handles what a client sends during a transfer command.
 *
 * Before the 150 no command is replied to, so that replies are in order, but
 * ABOR ends the transfer.  After the 150 commands with COMMAND_MID_TRANSFER are
 * executed (RFC 959 4.1.3: ABOR, STAT; RFC 1123 4.1.3.2); any other command,
 * and all that follow it, wait until the transfer has ended.
 */
#ifndef WORKER_TRANSFER_MID_TRANSFER_H
#define WORKER_TRANSFER_MID_TRANSFER_H

#include "common/base.h"
#include "worker/session.h"

/* Fill in s->watch, which the transfer commands use. */
void mid_transfer_init(struct session *s);

/* Call it when all of an upload was received: a client that dies closes its
 * data connection, too, which looks like the end of the file.  If the relay
 * still has the end of the control connection, or ABOR, that is the result. */
void mid_transfer_check_end(struct session *s);

#endif
