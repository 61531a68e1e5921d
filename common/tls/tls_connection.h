/*
 * tls_connection.h - the state of one TLS connection.  For tls*.c only.
 */
#ifndef COMMON_TLS_TLS_CONNECTION_H
#define COMMON_TLS_TLS_CONNECTION_H

#include "common/base.h"
#include "common/tls/tls_tickets.h"

#include <openssl/ssl.h>

struct tls {
	SSL *ssl;
	struct tls_ticket_rights rights;
	int use;		/* enum tls_use */
	int certificate_user;
	int error;		/* 0, or -errno after a fatal error */
	bool open;		/* the handshake is done */
	bool may_be_cut;	/* tls_accept_cut() */
	bool notified;		/* may_be_cut: close_notify has come */
	bool ended;		/* our close_notify was sent */
	bool ticket;		/* a ticket is being sent */
	bool more;		/* a read will not block */
	char why[160];
};

#endif
