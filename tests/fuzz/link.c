/*
 * link.c - see link.h.
 */
#include "common/base.h"

#include "tests/fuzz/link.h"

#include "common/io.h"
#include "tests/fuzz/fuzz.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

struct link
link_on(int fd)
{
	return (struct link){ .fd = fd };
}

bool
link_is_open(const struct link *l)
{
	return l->fd >= 0;
}

/* A client that asks for nobody's name. */
static SSL_CTX *
context(void)
{
	static SSL_CTX *shared;

	if (shared == NULL)
		shared = SSL_CTX_new(TLS_client_method());
	fuzz_must(shared != NULL, "SSL_CTX_new");
	return shared;
}

void
link_secure(struct link *l)
{
	if (l->ssl != NULL || l->fd < 0)
		return;
	l->ssl = SSL_new(context());
	fuzz_must(l->ssl != NULL && SSL_set_fd(l->ssl, l->fd) == 1, "SSL_new");
	SSL_set_connect_state(l->ssl);
	SSL_set_mode(l->ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
		SSL_MODE_ENABLE_PARTIAL_WRITE);
	l->moved = 0;
}

/* What a call for TLS has returned. */
static ssize_t
result(struct link *l, int n)
{
	int error = SSL_get_error(l->ssl, n);

	ERR_clear_error();
	switch (error) {
	case SSL_ERROR_NONE:
		return n;
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return -EAGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		return -EPROTO;
	}
}

ssize_t
link_read(struct link *l, void *data, size_t size)
{
	ssize_t n;

	if (l->ssl != NULL)
		return result(l, SSL_read(l->ssl, data, (int)size));
	n = recv(l->fd, data, size, MSG_DONTWAIT);
	return n < 0 ? -errno : n;
}

ssize_t
link_write(struct link *l, const void *data, size_t len)
{
	ssize_t n;

	if (l->ssl != NULL)
		return len == 0 ? 0 :
			result(l, SSL_write(l->ssl, data, (int)len));
	n = send(l->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 ? -errno : n;
}

bool
link_has_moved(struct link *l)
{
	uint64_t before = l->moved;

	if (l->ssl == NULL)
		return false;
	l->moved = BIO_number_read(SSL_get_rbio(l->ssl)) +
		BIO_number_written(SSL_get_wbio(l->ssl));
	return l->moved != before;
}

void
link_end(struct link *l)
{
	if (l->ssl != NULL && SSL_is_init_finished(l->ssl))
		(void)SSL_shutdown(l->ssl);
	if (l->fd >= 0)
		(void)shutdown(l->fd, SHUT_WR);
}

void
link_close(struct link *l)
{
	SSL_free(l->ssl);
	l->ssl = NULL;
	io_close(&l->fd);
}

void
link_reset(struct link *l)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (l->fd >= 0)
		(void)setsockopt(l->fd, SOL_SOCKET, SO_LINGER, &now,
			sizeof(now));
	link_close(l);
}
