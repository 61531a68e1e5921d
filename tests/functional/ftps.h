/*
 * ftps.h - the TLS part of the test's client, which can also violate the
 * protocol.
 *
 * A struct ftps is a struct ftp (its first member) that every ftp_*() and
 * EXPECT() works with.  Options are set after ftps_init() and may change at any
 * time; they apply from the next handshake or close on.
 */
#ifndef TESTS_FUNCTIONAL_FTPS_H
#define TESTS_FUNCTIONAL_FTPS_H

#include "common/base.h"
#include "tests/functional/ftp.h"

#include <openssl/ssl.h>

/* What a data connection resumes. */
enum ftps_reuse {
	FTPS_REUSE_ONCE,	/* TLS 1.3: the newest ticket, each once */
	FTPS_REUSE_FIRST,	/* always the first ticket */
	FTPS_REUSE_LAST,	/* the newest ticket, even if it was used */
	FTPS_REUSE_NONE,
};

/* How the client ends a data connection. */
enum ftps_end {
	FTPS_END_NOTIFY,	/* close_notify, FIN */
	FTPS_END_CUT,		/* FIN alone */
	FTPS_END_RESET,
};

/* What was received at the end of a connection. */
enum ftps_last {
	FTPS_OPEN,		/* not closed yet */
	FTPS_NOTIFIED,		/* close_notify */
	FTPS_CUT,		/* FIN alone */
	FTPS_BROKEN,		/* an alert, a reset or invalid data */
};

#define FTPS_TICKETS 512

struct ftps {
	struct ftp c;

	/* options */
	const char *from;	/* our address, or NULL for any */
	int version;		/* TLS1_2_VERSION..., or 0 for any */
	const char *ciphers;	/* of TLS 1.2, or NULL */
	const char *groups;	/* key exchange, or NULL */
	const char *name;	/* SNI, or NULL */
	const char *alpn;	/* in wire format ("\3ftp"), or NULL */
	const char *certificate; /* of the client: both in one file, or NULL */
	bool no_tickets;	/* TLS 1.2: resume by session ID alone, like
				 * curl and Java before 13 */
	enum ftps_reuse reuse;
	enum ftps_end end;
	bool clear_data;	/* PROT C is in force */
	SSL_SESSION *foreign;	/* resume this one, on the control connection
				 * too; owned by somebody else */

	/* observed */
	SSL_CTX *context;
	SSL *control, *data;
	SSL_SESSION *tickets[FTPS_TICKETS];
	size_t ntickets;	/* in tickets[], the newest last */
	size_t control_tickets;	/* NewSessionTicket messages on the control */
	size_t data_tickets;	/* and on all data connections */
	bool resumed;		/* the last data connection */
	unsigned long lifetime;	/* hint of the last ticket, seconds */
	size_t longest_record;	/* received on a data connection, bytes */
	int control_alert, data_alert;	/* received; -1 = none */
	enum ftps_last control_last, data_last;
	char error[256];	/* of the last handshake that failed */
};

void ftps_init(struct ftps *t);

/* Connect, greeting, AUTH TLS, 234; to be followed by ftps_handshake(). */
bool ftps_begin(struct ftps *t);

/* Connect to port 21, AUTH TLS and handshake: true if both succeed. */
bool ftps_connect(struct ftps *t);

/* Implicit TLS: the handshake comes first, then the greeting, whose code is
 * returned; -1 when the handshake failed. */
int ftps_connect_implicit(struct ftps *t, uint16_t port);

/* Connect, log in, PBSZ 0, PROT P; fails the test when something fails. */
bool ftps_enter(struct ftps *t, const char *account);
bool ftps_login(struct ftps *t, const char *account);	/* after connecting */

/* The client's handshake on the connected t->c.fd.  On failure false, the
 * reason in t->error, and the connection is left as it is. */
bool ftps_handshake(struct ftps *t);

/* Send close_notify on the control connection and continue without TLS
 * (CCC). */
bool ftps_clear_control(struct ftps *t);

/* The control connection's: version ("TLSv1.3"), cipher, common name and kind
 * of key ("RSA", "EC") of the server's certificate; "" when there is none. */
const char *ftps_version(const struct ftps *t);
const char *ftps_cipher(const struct ftps *t);
const char *ftps_server_name(const struct ftps *t);
const char *ftps_server_key(const struct ftps *t);

/* A ticket of this client, for t->foreign of another one; to be freed by the
 * caller.  NULL if it has none. */
SSL_SESSION *ftps_steal(const struct ftps *t);

/* --- ftps_data.c */

/* Prepare and send the command; on 150 have the TCP connection in t->c.data
 * and leave the handshake to ftps_data_handshake().  The command's code. */
int ftps_start_raw(struct ftps *t, const char *format, ...) PRINTF_LIKE(2, 3);
bool ftps_data_handshake(struct ftps *t);

/* Begin an upload's end: close_notify and FIN, then read until the server
 * ends too, so that everything it sends is seen. */
void ftps_data_drain(struct ftps *t);

/* TLS 1.3: update the keys of both directions of the data connection. */
bool ftps_key_update(struct ftps *t);
/* TLS 1.2: request renegotiation on a connection; true if the server accepted
 * it. */
bool ftps_renegotiate(SSL *ssl);

/* The ClientHello that a handshake would begin with; its length. */
size_t ftps_client_hello(struct ftps *t, uint8_t *bytes, size_t size);

#endif
