/*
 * ftps_data.c - data connections over TLS, regular and with protocol
 * violations.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ftps.h"

#include "tests/functional/ftps_wire.h"
#include "tests/functional/network.h"

#include <openssl/err.h>

/* The session to resume, the caller's to free, or NULL.  OpenSSL spoils a
 * TLS 1.3 session by using it, so those that are kept are copied. */
static SSL_SESSION *
choose_session(struct ftps *t)
{
	if (t->foreign != NULL)
		return SSL_SESSION_dup(t->foreign);
	if (t->ntickets == 0 || t->reuse == FTPS_REUSE_NONE)
		return NULL;
	SSL_SESSION *newest = t->tickets[t->ntickets - 1];
	if (t->reuse == FTPS_REUSE_FIRST)
		return SSL_SESSION_dup(t->tickets[0]);
	if (t->reuse == FTPS_REUSE_LAST ||
	    SSL_SESSION_get_protocol_version(newest) < TLS1_3_VERSION)
		return SSL_SESSION_dup(newest);
	t->ntickets--;
	return newest;
}

bool
ftps_data_handshake(struct ftps *t)
{
	SSL_SESSION *session = choose_session(t);

	ftps_wire_free(&t->data);
	t->data_last = FTPS_OPEN;
	t->data_alert = -1;
	t->data = ftps_wire_new(t, t->c.data);
	if (session != NULL && SSL_set_session(t->data, session) != 1)
		abort();
	SSL_SESSION_free(session);
	bool good = ftps_wire_handshake(t, t->data);
	t->resumed = good && SSL_session_reused(t->data) == 1;
	if (!good)
		ftps_wire_free(&t->data);
	return good;
}

int
ftps_start_raw(struct ftps *t, const char *format, ...)
{
	bool clear_data = t->clear_data;
	char command[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	t->clear_data = true;
	int code = ftp_start(&t->c, "%s", command);
	t->clear_data = clear_data;
	return code;
}

void
ftps_data_drain(struct ftps *t)
{
	char rest[4096];

	if (t->data == NULL)
		return;
	ERR_clear_error();
	SSL_shutdown(t->data);
	shutdown(t->c.data, SHUT_WR);
	while (SSL_read(t->data, rest, sizeof(rest)) > 0)
		;
	ERR_clear_error();
}

bool
ftps_key_update(struct ftps *t)
{
	/* The second call sends what the first one plans. */
	return SSL_key_update(t->data, SSL_KEY_UPDATE_REQUESTED) == 1 &&
		SSL_do_handshake(t->data) == 1;
}

bool
ftps_renegotiate(SSL *ssl)
{
	ERR_clear_error();
	bool good = SSL_renegotiate(ssl) == 1 && SSL_do_handshake(ssl) == 1;
	ERR_clear_error();
	return good;
}

size_t
ftps_client_hello(struct ftps *t, uint8_t *bytes, size_t size)
{
	SSL *ssl = ftps_wire_new(t, -1);
	BIO *out = BIO_new(BIO_s_mem());
	BIO *in = BIO_new(BIO_s_mem());

	if (in == NULL || out == NULL)
		abort();
	SSL_set_bio(ssl, in, out);
	SSL_connect(ssl);
	int n = BIO_read(out, bytes, (int)size);
	ftps_wire_free(&ssl);
	return n > 0 ? (size_t)n : 0;
}
