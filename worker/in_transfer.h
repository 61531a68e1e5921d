/*
 * in_transfer.h - what a client may send while a transfer command runs.
 *
 * Until its 150 nothing is answered, so that replies come in order; ABOR ends
 * it all the same.  After the 150 those commands are answered that have
 * COMMAND_IN_TRANSFER (RFC 959 4.1.3: ABOR, STAT; RFC 1123 4.1.3.2); any other
 * waits until the transfer has ended, and with it what comes after.
 */
#ifndef WORKER_IN_TRANSFER_H
#define WORKER_IN_TRANSFER_H

#include "common/base.h"
#include "worker/session.h"

/* Fill in s->watch, which the transfer commands use. */
void in_transfer_init(struct session *s);

#endif
