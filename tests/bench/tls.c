/*
 * tls.c - TLS for the client of the measurements: one ticket of the control
 * connection for each data connection; certificates are not verified.  Every
 * server gets the same offer of one version, cipher and group, which all have.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#define READ_AHEAD (128 * 1024)

/* The newest ticket of a connection is the client's. */
static int
keep_ticket(SSL *ssl, SSL_SESSION *ticket)
{
	struct client *c = SSL_get_app_data(ssl);

	SSL_SESSION_free(c->ticket);
	c->ticket = ticket;
	return 1;
}

static SSL_CTX *
context_new(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL ||
	    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") != 1 ||
	    SSL_CTX_set1_groups_list(context, "P-256") != 1)
		client_fail("OpenSSL");
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT |
		SSL_SESS_CACHE_NO_INTERNAL_STORE);
	SSL_CTX_sess_set_new_cb(context, keep_ticket);
	return context;
}

SSL *
tls_begin(struct client *c, int fd)
{
	static SSL_CTX *context;

	if (context == NULL)
		context = context_new();
	SSL *ssl = SSL_new(context);
	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1)
		client_fail("OpenSSL");
	SSL_set_app_data(ssl, c);
	if (fd == c->data) {
		SSL_set_read_ahead(ssl, 1);
		SSL_set_default_read_buffer_len(ssl, READ_AHEAD);
	}
	if (c->ticket != NULL)
		SSL_set_session(ssl, c->ticket);
	if (SSL_connect(ssl) != 1)
		client_fail("TLS handshake");
	return ssl;
}

ssize_t
tls_receive(SSL *ssl, void *data, size_t size)
{
	int n = SSL_read(ssl, data, (int)size);

	if (n > 0)
		return n;
	return SSL_get_error(ssl, n) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

ssize_t
tls_send(SSL *ssl, const void *data, size_t len)
{
	return SSL_write(ssl, data, (int)len);
}

/* Closing over a server's unread tickets would be a reset, and vsftpd would
 * take the upload for failed. */
static void
end_properly(SSL *ssl)
{
	char rest[4096];
	int fd = SSL_get_fd(ssl);

	SSL_shutdown(ssl);
	shutdown(fd, SHUT_WR);
	while (read(fd, rest, sizeof(rest)) > 0)
		;
}

void
tls_close(SSL **ssl, bool end)
{
	if (*ssl != NULL && end)
		end_properly(*ssl);
	SSL_free(*ssl);
	*ssl = NULL;
}

void
tls_forget(struct client *c)
{
	SSL_SESSION_free(c->ticket);
	c->ticket = NULL;
}
