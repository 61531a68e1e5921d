/*
 * ftps_wire.c - sockets below OpenSSL, and OpenSSL below struct ftp.
 *
 * The BIO is our own: it never raises SIGPIPE and sees every record's length.
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ftps_wire.h"

#include "common/clock.h"
#include "tests/functional/network.h"

#include <openssl/err.h>

static const struct ftp_wire wire;

/* Below one SSL. */
struct socket_below {
	int fd;
	uint8_t head[5];	/* of the record that is arriving */
	size_t head_len, rest;
	size_t longest;
};

static int
below_write(BIO *bio, const char *data, int len)
{
	const struct socket_below *b = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	ssize_t n = send(b->fd, data, (size_t)len, MSG_NOSIGNAL);
	if (n < 0 && errno == EAGAIN)
		BIO_set_retry_write(bio);
	return (int)n;
}

static void
look_at_records(struct socket_below *b, const uint8_t *data, size_t len)
{
	while (len > 0) {
		if (b->rest > 0) {
			size_t step = len < b->rest ? len : b->rest;
			b->rest -= step;
			data += step;
			len -= step;
			continue;
		}
		b->head[b->head_len++] = *data++;
		len--;
		if (b->head_len < sizeof(b->head))
			continue;
		b->head_len = 0;
		b->rest = (size_t)b->head[3] << 8 | b->head[4];
		if (b->rest > b->longest)
			b->longest = b->rest;
	}
}

static int
below_read(BIO *bio, char *data, int size)
{
	struct socket_below *b = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	ssize_t n = recv(b->fd, data, (size_t)size, 0);
	if (n < 0 && errno == EAGAIN)
		BIO_set_retry_read(bio);
	if (n > 0)
		look_at_records(b, (const uint8_t *)data, (size_t)n);
	if (n == 0)
		BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
	return (int)n;
}

static long
below_ctrl(BIO *bio, int command, long number, void *pointer)
{
	(void)number;
	(void)pointer;
	if (command == BIO_CTRL_EOF)
		return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
	return command == BIO_CTRL_FLUSH;
}

static int
below_free(BIO *bio)
{
	free(BIO_get_data(bio));
	return 1;
}

static BIO *
below_new(int fd)
{
	static BIO_METHOD *method;	/* set once */
	struct socket_below *b = calloc(1, sizeof(*b));

	if (method == NULL) {
		method = BIO_meth_new(BIO_get_new_index(), "socket below");
		BIO_meth_set_write(method, below_write);
		BIO_meth_set_read(method, below_read);
		BIO_meth_set_ctrl(method, below_ctrl);
		BIO_meth_set_destroy(method, below_free);
	}
	BIO *bio = BIO_new(method);
	if (bio == NULL || b == NULL)
		abort();
	b->fd = fd;
	BIO_set_data(bio, b);
	BIO_set_init(bio, 1);
	return bio;
}

/* Every ticket: in TLS 1.3 after the handshake, in TLS 1.2 within it. */
static void
see_message(int sent, int version, int type, const void *data, size_t len,
	SSL *ssl, void *arg)
{
	struct ftps *t = arg;
	const uint8_t *at = data;

	(void)version;
	if (sent)
		return;
	if (type == SSL3_RT_ALERT && len == 2) {
		if (ssl == t->data)
			t->data_alert = at[1];
		else
			t->control_alert = at[1];
	}
	if (type != SSL3_RT_HANDSHAKE || len < 8 ||
	    at[0] != SSL3_MT_NEWSESSION_TICKET)
		return;
	t->lifetime = (unsigned long)at[4] << 24 | (unsigned long)at[5] << 16 |
		(unsigned long)at[6] << 8 | at[7];
	if (ssl == t->data)
		t->data_tickets++;
	else
		t->control_tickets++;
}

/* OpenSSL hands over every new session; 1 means that we keep it. */
static int
keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct ftps *t = SSL_get_app_data(ssl);

	if (t->ntickets == FTPS_TICKETS)
		return 0;
	t->tickets[t->ntickets++] = session;
	return 1;
}

static void
make_context(struct ftps *t)
{
	t->context = SSL_CTX_new(TLS_client_method());
	if (t->context == NULL)
		abort();
	SSL_CTX_set_session_cache_mode(t->context,
		SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(t->context, keep_session);
	/* The client accepts anything; the tests are about the server's
	 * limits. */
	SSL_CTX_set_security_level(t->context, 0);
}

SSL *
ftps_wire_new(struct ftps *t, int fd)
{
	if (t->context == NULL)
		make_context(t);
	t->c.wire = &wire;
	SSL *ssl = SSL_new(t->context);
	if (ssl == NULL)
		abort();
	BIO *below = below_new(fd);
	SSL_set_bio(ssl, below, below);
	SSL_set_connect_state(ssl);
	SSL_set_app_data(ssl, t);
	SSL_set_msg_callback(ssl, see_message);
	SSL_set_msg_callback_arg(ssl, t);
	if (t->version != 0) {
		SSL_set_min_proto_version(ssl, t->version);
		SSL_set_max_proto_version(ssl, t->version);
	}
	if (t->no_tickets)
		SSL_set_options(ssl, SSL_OP_NO_TICKET);
	if (t->ciphers != NULL && SSL_set_cipher_list(ssl, t->ciphers) != 1)
		abort();
	/* OpenSSL's macros take what they only read as if they wrote it. */
	if (t->groups != NULL && SSL_set1_groups_list(ssl,
					 (uintptr_t)t->groups) != 1)
		abort();
	if (t->name != NULL)
		SSL_set_tlsext_host_name(ssl, (uintptr_t)t->name);
	if (t->alpn != NULL)
		SSL_set_alpn_protos(ssl, (const uint8_t *)t->alpn,
			(unsigned)strlen(t->alpn));
	if (t->certificate != NULL &&
	    (SSL_use_certificate_chain_file(ssl, t->certificate) != 1 ||
		    SSL_use_PrivateKey_file(ssl, t->certificate,
			    SSL_FILETYPE_PEM) != 1))
		abort();
	return ssl;
}

void
ftps_wire_free(SSL **ssl)
{
	if (*ssl == NULL)
		return;
	/* Otherwise an unclean end spoils the session for further use. */
	SSL_set_shutdown(*ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(*ssl);
	*ssl = NULL;
	ERR_clear_error();
}

bool
ftps_wire_handshake(struct ftps *t, SSL *ssl)
{
	ERR_clear_error();
	t->error[0] = '\0';
	int n = SSL_connect(ssl);
	if (n == 1)
		return true;
	unsigned long why = ERR_peek_last_error();
	if (why != 0)
		ERR_error_string_n(why, t->error, sizeof(t->error));
	else
		snprintf(t->error, sizeof(t->error), "closed");
	ERR_clear_error();
	return false;
}

/* The client that c is the first member of. */
static struct ftps *
client_of(struct ftp *c)
{
	return (struct ftps *)(void *)c;
}

static SSL *
ssl_of(struct ftps *t, int fd)
{
	return fd == t->c.fd ? t->control : t->data;
}

static ssize_t
wire_send(struct ftp *c, int fd, const void *data, size_t len)
{
	SSL *ssl = ssl_of(client_of(c), fd);
	size_t n = 0;

	if (ssl == NULL)
		return send(fd, data, len, MSG_NOSIGNAL);
	ERR_clear_error();
	return SSL_write_ex(ssl, data, len, &n) == 1 ? (ssize_t)n : -1;
}

static enum ftps_last
how_it_ended(SSL *ssl, int result)
{
	switch (SSL_get_error(ssl, result)) {
	case SSL_ERROR_ZERO_RETURN:
		return FTPS_NOTIFIED;
	case SSL_ERROR_WANT_READ:
		return FTPS_OPEN;
	case SSL_ERROR_SSL:
		if (ERR_GET_REASON(ERR_peek_error()) ==
		    SSL_R_UNEXPECTED_EOF_WHILE_READING)
			return FTPS_CUT;
		return FTPS_BROKEN;
	default:
		return FTPS_BROKEN;
	}
}

static ssize_t
wire_receive(struct ftp *c, int fd, void *data, size_t size)
{
	struct ftps *t = client_of(c);
	SSL *ssl = ssl_of(t, fd);

	if (ssl == NULL)
		return recv(fd, data, size, 0);
	ERR_clear_error();
	int n = SSL_read(ssl, data, (int)size);
	if (ssl == t->data) {
		const struct socket_below *b = BIO_get_data(
			SSL_get_rbio(ssl));
		t->longest_record = b->longest;
	}
	if (n > 0)
		return n;
	enum ftps_last last = how_it_ended(ssl, n);
	if (ssl == t->data)
		t->data_last = last;
	else
		t->control_last = last;
	ERR_clear_error();
	return last == FTPS_NOTIFIED ? 0 : -1;
}

/* A ticket makes the socket readable, but contains no data. */
static bool
wire_readable(struct ftp *c, int fd, int64_t ms)
{
	SSL *ssl = ssl_of(client_of(c), fd);
	int64_t deadline = clock_ms() + ms;
	char byte;

	if (ssl == NULL)
		return network_readable(fd, ms);
	for (;;) {
		int64_t left = deadline - clock_ms();
		if (!SSL_has_pending(ssl) &&
		    !network_readable(fd, left > 0 ? left : 0))
			return false;
		SSL_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
		ERR_clear_error();
		int n = SSL_peek(ssl, &byte, 1);
		bool again = n <= 0 &&
			SSL_get_error(ssl, n) == SSL_ERROR_WANT_READ;
		SSL_set_mode(ssl, SSL_MODE_AUTO_RETRY);
		if (!again)
			return true;
	}
}

static void
wire_forget(struct ftp *c)
{
	struct ftps *t = client_of(c);

	ftps_wire_free(&t->data);
	ftps_wire_free(&t->control);
	for (size_t i = 0; i < t->ntickets; i++)
		SSL_SESSION_free(t->tickets[i]);
	t->ntickets = 0;
	SSL_CTX_free(t->context);
	t->context = NULL;
}

static bool
wire_open(struct ftp *c)
{
	struct ftps *t = client_of(c);

	return t->clear_data || ftps_data_handshake(t);
}

static void
wire_end(struct ftp *c)
{
	struct ftps *t = client_of(c);

	if (t->data != NULL && t->end == FTPS_END_NOTIFY) {
		SSL_shutdown(t->data);
		ERR_clear_error();
	}
	ftps_wire_free(&t->data);
	if (t->end != FTPS_END_RESET)
		return;
	network_reset(c->data);
	c->data = -1;
}

static const struct ftp_wire wire = {
	.send = wire_send,
	.receive = wire_receive,
	.readable = wire_readable,
	.open = wire_open,
	.end = wire_end,
	.forget = wire_forget,
};
