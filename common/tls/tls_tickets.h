/*
 * tls_tickets.h - session tickets and resumption.  For tls*.c only.
 *
 * Stateless: the server stores no sessions.  Every SSL of such a context must
 * have its struct tls_ticket_rights as application data.
 */
#ifndef COMMON_TLS_TLS_TICKETS_H
#define COMMON_TLS_TLS_TICKETS_H

#include "common/base.h"
#include "common/tls/tls_binding.h"

#include <openssl/ssl.h>

/* The announced lifetime: the maximum of RFC 8446 section 4.6.1.  Some clients
 * discard tickets with a longer one, also with TLS 1.2. */
#define TLS_TICKET_SECONDS (7 * 86400L)

struct tls_ticket_rights {
	struct tls_binding binding;
	bool control;		/* a ticket of it proves its session; that of a
				 * data connection only if the connection
				 * resumed with a proven one */
	SSL_SESSION *saved;	/* the session that may be resumed by its
				 * session id, or NULL; owned by the server */
	/* set by the handshake: */
	bool resumed_proven;	/* the ticket proved its session */
	bool began;		/* the ClientHello resumed nothing */
};

/* Make all connections of this context use tickets as described.  False when
 * out of memory. */
bool tls_tickets_use(SSL_CTX *context);

#endif
