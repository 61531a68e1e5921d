/*
 * tls_data.h - TLS on data connections (RFC 4217 9).
 */
#ifndef WORKER_TLS_DATA_H
#define WORKER_TLS_DATA_H

#include "common/base.h"
#include "worker/data_transfer.h"

/* The handshake on the open data connection, after the 150, where PROT P asks
 * for it.  False after a reply with the reason; the connection is closed
 * then. */
bool tls_data_handshake(struct session *s, struct data_transfer *t);

#endif
