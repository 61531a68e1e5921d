/*
 * tls_data.h - TLS on data connections (RFC 4217 9).
 */
#ifndef WORKER_TRANSFER_TLS_DATA_H
#define WORKER_TRANSFER_TLS_DATA_H

#include "common/base.h"
#include "worker/transfer/data_transfer.h"

/* With PROT P: the handshake on the open data connection, after the 150. False
 * after a reply with the reason, with the connection closed. */
bool tls_data_handshake(struct session *s, struct data_transfer *t);

#endif
