/*
 * tls_tickets.h - session tickets that open only for the control session that
 * gave them out (rule R13).  For the rooms tls*.c only.
 *
 * Stateless: nothing is kept in the server.  Every SSL of such a context must
 * have its struct tls_ticket_rights as application data.
 */
#ifndef COMMON_TLS_TLS_TICKETS_H
#define COMMON_TLS_TLS_TICKETS_H

#include "common/base.h"

#include "common/process/message.h"

#include <openssl/ssl.h>

struct tls_ticket_rights {
	struct tls_binding binding;
	/*
	 * A full handshake gives good tickets.  Not in a session process that
	 * lives with session_reuse = require: a stranger's data connection
	 * must get none that would open the next one.
	 */
	bool begins;
	/* What a client may resume by its number, or NULL; the server's. */
	SSL_SESSION *saved;
};

/* All connections of this context use tickets as described.  False when out
 * of memory. */
bool tls_tickets_use(SSL_CTX *context);

#endif
