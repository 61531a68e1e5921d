/*
 * tls_tickets.h - session tickets that open only for the control session that
 * gave them out (rule R13).  For the rooms tls*.c only.
 *
 * Stateless: nothing is kept in the server.  The keys and the number are in
 * the connection's binding (worker/tls.h), which every SSL of such a context
 * must have as its application data.
 */
#ifndef WORKER_TLS_TICKETS_H
#define WORKER_TLS_TICKETS_H

#include "common/base.h"

#include <openssl/ssl.h>

/* All connections of this context use tickets as described.  False when out
 * of memory. */
bool tls_tickets_use(SSL_CTX *context);

#endif
