/*
 * tls.c - one TLS connection: handshake, bytes, tickets, end.
 *
 * Runs in: greeter (control), session (data).
 * Never: goes on after a fatal error, not even to say goodbye.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/tls/tls_library.h"
#include "common/tls/tls_peer.h"
#include "common/tls/tls_tickets.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>

/* Several records a read(2): uploads come in full ones. */
#define READ_AHEAD (4 * (SSL3_RT_MAX_PLAIN_LENGTH + 256))

struct tls {
	SSL *ssl;
	struct tls_ticket_rights rights;
	enum tls_use use;
	int certificate_user;
	int error;		/* -errno for good, or 0 */
	bool cut;
	bool ended;		/* our close_notify went out */
	bool ticket;		/* one is on its way */
	bool more;		/* a read will not have to wait */
	char why[160];
};

static int
use_on(struct tls *tls, int fd, enum tls_use use)
{
	static const size_t tickets[] = {
		[TLS_CONTROL] = 2,
		[TLS_DATA] = 1,
		[TLS_DATA_UPLOAD] = 0,
	};

	/* Idle control connections should cost next to nothing. */
	if (use == TLS_CONTROL)
		SSL_set_mode(tls->ssl, SSL_MODE_RELEASE_BUFFERS);
	/* The kernel's TLS cannot be left again (CCC), nor change its keys,
	 * which a client does on what it sends: it is for downloads only. */
	if (use != TLS_DATA)
		SSL_clear_options(tls->ssl, SSL_OP_ENABLE_KTLS);
	tls->use = use;
	SSL_set_app_data(tls->ssl, &tls->rights);
	SSL_set_accept_state(tls->ssl);
	return SSL_set_num_tickets(tls->ssl, tickets[use]) == 1 &&
		SSL_set_fd(tls->ssl, fd) == 1;
}

struct tls *
tls_new(struct tls_server *server, int fd, enum tls_use use,
	const struct tls_binding *binding)
{
	SSL_CTX *context = tls_server_context(server, use != TLS_CONTROL);
	struct tls *tls = context != NULL ? calloc(1, sizeof(*tls)) : NULL;

	if (tls == NULL)
		return NULL;
	tls->rights.binding = *binding;
	tls->rights.saved = tls_server_saved(server);
	tls->rights.begins = tls_server_context(server, false) != NULL;
	tls->certificate_user = tls_server_certificate_user(server);
	tls->ssl = SSL_new(context);
	if (tls->ssl != NULL && use_on(tls, fd, use))
		return tls;
	tls_free(tls);
	return NULL;
}

void
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_free(tls->ssl);
	explicit_bzero(tls, sizeof(*tls));
	free(tls);
}

/* It is over, for good. */
static int
fail(struct tls *tls, int error, const char *words)
{
	tls->error = error;
	snprintf(tls->why, sizeof(tls->why), "%s", words);
	return error;
}

static int
fail_broken(struct tls *tls)
{
	char words[sizeof(tls->why)];
	int reason;

	tls_library_error(words, sizeof(words), &reason);
	if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
		return fail(tls, -EBADMSG, X509_verify_cert_error_string(
			SSL_get_verify_result(tls->ssl)));
	tls->cut = reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	return fail(tls, -EBADMSG, tls->cut ?
		"the stream was cut without close_notify" : words);
}

/* What a call's failure means: -EAGAIN, 0 for the peer's orderly end, or an
 * error for good. */
static int
judge(struct tls *tls, int result, short *events)
{
	int saved = errno;

	switch (SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		*events = POLLIN;
		return -EAGAIN;
	case SSL_ERROR_WANT_WRITE:
		*events = POLLOUT;
		return -EAGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	case SSL_ERROR_SYSCALL:
		if (saved == 0)
			saved = ECONNRESET;
		return fail(tls, -saved, log_errno(-saved));
	default:
		return fail_broken(tls);
	}
}

/* Before every call: the queue of errors must not hold another's. */
static void
prepare(void)
{
	ERR_clear_error();
	errno = 0;
}

/* Uploads are read with fewer calls than records.  Not so control connections:
 * behind the end of TLS (CCC) may stand what is not TLS. */
static void
begin_bytes(struct tls *tls)
{
	if (tls->use == TLS_DATA_UPLOAD) {
		SSL_set_read_ahead(tls->ssl, 1);
		SSL_set_default_read_buffer_len(tls->ssl, READ_AHEAD);
		/* The next is made in that size. */
		(void)SSL_free_buffers(tls->ssl);
	}
	tls->more = SSL_has_pending(tls->ssl) == 1;
}

int
tls_handshake(struct tls *tls, short *events)
{
	if (tls->error < 0)
		return -EPROTO;
	prepare();
	int result = SSL_do_handshake(tls->ssl);
	if (result == 1) {
		begin_bytes(tls);
		return 1;
	}
	result = judge(tls, result, events);
	if (result == 0)
		fail(tls, -EPROTO, "the client ended the connection");
	return result == -EAGAIN ? -EAGAIN : -EPROTO;
}

/* What one buffer of the library's held; *result is the last call's. */
static size_t
read_records(struct tls *tls, char *data, size_t size, int *result)
{
	size_t filled = 0, n = 0;

	do {
		prepare();
		*result = SSL_read_ex(tls->ssl, data + filled, size - filled,
			&n);
		if (*result == 1)
			filled += n;
	} while (*result == 1 && filled < size &&
		SSL_has_pending(tls->ssl) == 1);
	return filled;
}

ssize_t
tls_read(struct tls *tls, void *data, size_t size, short *events)
{
	int result;

	if (tls->error < 0)
		return tls->error;
	size_t filled = read_records(tls, data, size, &result);
	if (result == 1) {
		tls->more = SSL_has_pending(tls->ssl) == 1;
		return (ssize_t)filled;
	}
	result = judge(tls, result, events);
	/* Behind bytes, an end or an error is the next call's. */
	tls->more = filled > 0 && result != -EAGAIN;
	return filled > 0 ? (ssize_t)filled : result;
}

ssize_t
tls_write(struct tls *tls, const void *data, size_t len, short *events)
{
	size_t done = 0, n = 0;

	if (tls->error < 0)
		return tls->error;
	while (done < len) {
		prepare();
		int result = SSL_write_ex(tls->ssl, (const char *)data + done,
			len - done, &n);
		if (result <= 0) {
			result = judge(tls, result, events);
			if (result == 0)
				result = fail(tls, -EPIPE, "already ended");
			return done > 0 ? (ssize_t)done : result;
		}
		done += n;
	}
	return (ssize_t)done;
}

ssize_t
tls_send_file(struct tls *tls, int file, off_t *offset, size_t len,
	short *events)
{
	if (tls->error < 0)
		return tls->error;
	if (!BIO_get_ktls_send(SSL_get_wbio(tls->ssl)))
		return -ENOSYS;
	prepare();
	/* Asked for more than the file has, the kernel would hold its last
	 * record back until there is more to send. */
	len = io_within_file(file, *offset, len);
	ssize_t n = SSL_sendfile(tls->ssl, file, *offset, len, 0);
	if (n >= 0) {
		*offset += n;
		return n;
	}
	if (errno == EINVAL)
		return -ENOSYS;
	if (errno != EAGAIN && errno != EINTR && errno != 0)
		return fail(tls, -errno, log_errno(-errno));
	return judge(tls, -1, events);
}

bool
tls_pending(const struct tls *tls)
{
	return tls->more;
}

/* A header alone is no longer pending, but the body is waited for ("RB"). */
bool
tls_holds_bytes(const struct tls *tls)
{
	return SSL_has_pending(tls->ssl) == 1 ||
		strcmp(SSL_rstate_string(tls->ssl), "RB") == 0;
}

int
tls_end(struct tls *tls, short *events)
{
	if (tls->error < 0)
		return tls->error;
	if (tls->ended)
		return 0;
	int result = tls->ticket ? tls_send_ticket(tls, events) : 0;
	if (result < 0)
		return result;
	if (!SSL_is_init_finished(tls->ssl))
		return -ENOTCONN;
	prepare();
	result = SSL_shutdown(tls->ssl);
	if (result < 0)
		return judge(tls, result, events);
	tls->ended = true;
	return 0;
}

bool
tls_ended(const struct tls *tls)
{
	return (SSL_get_shutdown(tls->ssl) & SSL_RECEIVED_SHUTDOWN) != 0 &&
		!tls->cut;
}

bool
tls_cut(const struct tls *tls)
{
	return tls->cut;
}

bool
tls_resumed(const struct tls *tls)
{
	return SSL_session_reused(tls->ssl) == 1;
}

int
tls_send_ticket(struct tls *tls, short *events)
{
	if (tls->error < 0)
		return tls->error;
	if (SSL_version(tls->ssl) < TLS1_3_VERSION)
		return -ENOTSUP;
	prepare();
	if (!tls->ticket && SSL_new_session_ticket(tls->ssl) != 1)
		return -ENOTCONN;
	tls->ticket = true;
	int result = SSL_do_handshake(tls->ssl);
	if (result != 1)
		return judge(tls, result, events);
	tls->ticket = false;
	return 0;
}

void
tls_save(const struct tls *tls, struct tls_saved *saved)
{
	SSL_SESSION *session = SSL_get_session(tls->ssl);
	uint8_t *to = saved->data;

	saved->len = 0;
	if (session == NULL || SSL_version(tls->ssl) >= TLS1_3_VERSION)
		return;
	int len = i2d_SSL_SESSION(session, NULL);
	if (len <= 0 || (size_t)len > sizeof(saved->data))
		return;
	saved->len = (uint16_t)i2d_SSL_SESSION(session, &to);
}

void
tls_describe(const struct tls *tls, struct tls_facts *facts)
{
	const SSL *ssl = tls->ssl;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	X509 *certificate = SSL_get0_peer_certificate(ssl);

	memset(facts, 0, sizeof(*facts));
	facts->on = true;
	snprintf(facts->version, sizeof(facts->version), "%s",
		SSL_get_version(ssl));
	snprintf(facts->cipher, sizeof(facts->cipher), "%s",
		SSL_get_cipher_name(ssl));
	snprintf(facts->name, sizeof(facts->name), "%s",
		name != NULL ? name : "");
	facts->resumed = tls_resumed(tls);
	facts->kernel_send = BIO_get_ktls_send(SSL_get_wbio(ssl)) != 0;
	facts->kernel_receive = BIO_get_ktls_recv(SSL_get_rbio(ssl)) != 0;
	if (certificate == NULL || SSL_get_verify_result(ssl) != X509_V_OK)
		return;
	facts->has_certificate = true;
	tls_peer_name(certificate, tls->certificate_user, facts->subject,
		sizeof(facts->subject));
}

const char *
tls_error(const struct tls *tls)
{
	return tls->why;
}
