/*
 * in_transfer.h - what a client may send while a transfer command runs.
 *
 * Until the 150 nothing is answered, so that replies come in order, but ABOR
 * ends the transfer.  After the 150 the commands with COMMAND_IN_TRANSFER are
 * answered (RFC 959 4.1.3: ABOR, STAT; RFC 1123 4.1.3.2); any other command,
 * and all that follow it, wait until the transfer has ended.
 */
#ifndef WORKER_IN_TRANSFER_H
#define WORKER_IN_TRANSFER_H

#include "common/base.h"
#include "worker/session.h"

/* Fill in s->watch, which the transfer commands use. */
void in_transfer_init(struct session *s);

#endif
