/*
 * tls_pair.h - for the TLS suites: our server and an OpenSSL client on the two
 * ends of a connection, moved in turns by one process.
 */
#ifndef TESTS_UNIT_TLS_PAIR_H
#define TESTS_UNIT_TLS_PAIR_H

#include "common/base.h"
#include "common/tls/tls.h"

#include <openssl/ssl.h>

/* A server from this text of a settings file, where $D is the directory of
 * tls_pki.h; `complaints` gets what was wrong (may be NULL). */
struct complaints;
struct tls_server *tls_pair_from(const char *settings_text,
	struct complaints *complaints);

/* The usual one: RSA and ECDSA for ftp.example.org. */
struct tls_server *tls_pair_usual_server(void);

/* For the first and the last test of a suite: make the files of tls_pki.h and
 * that server; free both. */
struct tls_server *tls_pair_begin(void);
void tls_pair_end(struct tls_server *server);

extern const struct tls_binding tls_pair_binding;

struct tls_pair {
	int fds[2];		/* server's, client's */
	struct tls *server;
	SSL *client;
	int result;		/* of the server's handshake */
};

/* A client context that speaks only this version; 0: all. */
SSL_CTX *tls_pair_client(int version);

/* Connect both over a socketpair or, with tcp, over loopback; no handshake
 * yet.  False when that failed. */
bool tls_pair_new(struct tls_pair *p, struct tls_server *server,
	enum tls_use use, const struct tls_binding *binding, SSL_CTX *client,
	bool tcp);
void tls_pair_free(struct tls_pair *p);

/* Does the kernel have TLS?  Says so aloud when it does not. */
bool tls_pair_kernel_has_tls(struct tls_server *server);

/* Wait a moment, until one side has something to read. */
void tls_pair_wait(const struct tls_pair *p);

/* Let the client ask for this host (SNI). */
void tls_pair_ask_for(struct tls_pair *p, const char *host);

/* Both handshakes, until done or one failed; then the tickets.  True when
 * both stand. */
bool tls_pair_handshake(struct tls_pair *p);

/* What the relay does when the login was granted: two tickets (TLS 1.3) under
 * the binding's account keys. */
bool tls_pair_log_in(struct tls_pair *p, const struct tls_binding *binding);

/* All of that, and on a control connection the login, for a download the ticket
 * that precedes it; the session to resume may be NULL. */
bool tls_pair_open(struct tls_pair *p, struct tls_server *server,
	enum tls_use use, const struct tls_binding *binding, SSL_CTX *client,
	SSL_SESSION *resume);

/* The same with a new client of this TLS version; checks that it succeeds. */
bool tls_pair_opened(struct tls_pair *p, struct tls_server *server,
	enum tls_use use, int version);

/* Open the control connection that others resume, as tls_pair_binding; checks
 * what must be. */
bool tls_pair_control(struct tls_pair *p, struct tls_server *server,
	SSL_CTX *client);

/* Open a data connection with this session (NULL: none), checks that both sides
 * agree and talk.  Was it resumed?  *tickets (may be NULL): how many came. */
bool tls_pair_resumes(struct tls_server *server, enum tls_use use,
	const struct tls_binding *binding, SSL_CTX *client,
	SSL_SESSION *session, int *tickets);

/* How many tickets came to this pair's client, and the last one (NULL: none;
 * owned by the pair). */
int tls_pair_tickets(const struct tls_pair *p);
SSL_SESSION *tls_pair_ticket(const struct tls_pair *p);

/* Let the client read what is there without data (tickets, key updates). */
void tls_pair_let_client_read(struct tls_pair *p);

/* One line there and back. */
bool tls_pair_talks(struct tls_pair *p);

#endif
