/*
 * tls_tickets.h - session tickets, and what they open (rule R13).
 * For the rooms tls*.c only.
 *
 * Stateless: nothing is kept in the server.  Every SSL of such a context must
 * have its struct tls_ticket_rights as application data.
 */
#ifndef COMMON_TLS_TLS_TICKETS_H
#define COMMON_TLS_TLS_TICKETS_H

#include "common/base.h"
#include "common/tls/tls_binding.h"

#include <openssl/ssl.h>

/* The lifetime to announce (RFC 8446 section 4.6.1 allows no more, and some
 * clients throw away what is announced for longer, under TLS 1.2 too). */
#define TLS_TICKET_SECONDS (7 * 86400L)

struct tls_ticket_rights {
	struct tls_binding binding;
	bool control;		/* its tickets prove their session; those of
				 * data connections only when they resumed */
	SSL_SESSION *saved;	/* what a client may resume by its number, or
				 * NULL; the server's */
	/* Set by the handshake: */
	bool resumed_proven;	/* the ticket proved its session */
	bool began;		/* the client's hello resumed nothing */
};

/* All connections of this context use tickets as described.  False when out
 * of memory. */
bool tls_tickets_use(SSL_CTX *context);

#endif
