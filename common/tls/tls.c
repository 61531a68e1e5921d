/*
 * tls.c - one TLS connection: handshake, data, tickets, shutdown.
 *
 * Runs in: greeter (control), session (data), radius (to its servers).
 * Never: continues after a fatal error, not even to send close_notify.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/tls/tls_connection.h"
#include "common/tls/tls_library.h"
#include "common/tls/tls_tickets.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>

/* Room for several full records per read(2), for uploads. */
#define READ_AHEAD (4 * (SSL3_RT_MAX_PLAIN_LENGTH + 256))

static int
use_on(struct tls *tls, int fd, enum tls_use use)
{
	if (use == TLS_CONTROL)	/* uses little memory while idle */
		SSL_set_mode(tls->ssl, SSL_MODE_RELEASE_BUFFERS);
	/* The kernel's TLS supports neither CCC nor key updates when receiving,
	 * so it is used for downloads only. */
	if (use != TLS_DATA)
		SSL_clear_options(tls->ssl, SSL_OP_ENABLE_KTLS);
	tls->use = use;
	tls->rights.control = use == TLS_CONTROL;
	SSL_set_app_data(tls->ssl, &tls->rights);
	SSL_set_accept_state(tls->ssl);
	/* Read ahead, with fewer system calls than records.  Not on control
	 * connections, where cleartext may follow the end of TLS (CCC). */
	if (use == TLS_DATA_UPLOAD) {
		SSL_set_read_ahead(tls->ssl, 1);
		SSL_set_default_read_buffer_len(tls->ssl, READ_AHEAD);
	}
	/* Those of TLS 1.3 are sent by tls_send_ticket(), after the login. */
	return SSL_set_num_tickets(tls->ssl, 0) == 1 &&
		SSL_set_fd(tls->ssl, fd) == 1;
}

struct tls *
tls_new(struct tls_server *server, int fd, enum tls_use use,
	const struct tls_binding *binding)
{
	SSL_CTX *context = tls_server_context(server);
	struct tls *tls = context != NULL ? calloc(1, sizeof(*tls)) : NULL;

	if (tls == NULL)
		return NULL;
	tls->rights.binding = *binding;
	tls->rights.saved = tls_server_saved(server);
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

/* Record a fatal error: the connection cannot be used any more. */
static int
fail(struct tls *tls, int error, const char *words)
{
	tls->error = error;
	snprintf(tls->why, sizeof(tls->why), "%s", words);
	return error;
}

static int
fail_cut(struct tls *tls)
{
	const char *early = tls->use == TLS_CLIENT ?
		"the server closed the connection during the handshake" :
		"the client closed the connection during the handshake";

	return fail(tls, -EBADMSG, tls->open ?
		"the stream ended without close_notify" : early);
}

static int
fail_broken(struct tls *tls)
{
	char words[sizeof(tls->why)];
	int reason;

	tls_library_error(words, sizeof(words), &reason);
	switch (reason) {
	case SSL_R_CERTIFICATE_VERIFY_FAILED:
		return fail(tls, -EBADMSG, X509_verify_cert_error_string(
			SSL_get_verify_result(tls->ssl)));
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return fail_cut(tls);
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
		if (!tls->open)
			return fail(tls, -EBADMSG, tls->use == TLS_CLIENT ?
				"server did not use TLS" :
				"client did not use TLS");
		break;
	default:
		break;
	}
	return fail(tls, -EBADMSG, words);
}

/* Translate a failed call: -EAGAIN, 0 for close_notify from the peer, or -errno
 * for a fatal error. */
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

/* Called before every call, because OpenSSL's error queue must be empty. */
static void
prepare(void)
{
	ERR_clear_error();
	errno = 0;
}

static void
begin_bytes(struct tls *tls)
{
	tls->more = SSL_has_pending(tls->ssl) == 1;
	tls->open = true;
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
		(void)fail_cut(tls);
	return result == -EAGAIN ? -EAGAIN : -EPROTO;
}

/* Read one buffer of the library; *result is that of the last call. */
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
	/* An end within a record is a truncation. */
	if (result == 0 && tls->may_be_cut && !tls->notified &&
	    tls_holds_bytes(tls))
		result = fail_cut(tls);
	/* After data, the next call returns an end or an error. */
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

bool
tls_in_kernel(const struct tls *tls)
{
	return BIO_get_ktls_send(SSL_get_wbio(tls->ssl)) != 0;
}

ssize_t
tls_send_file(struct tls *tls, int file, off_t *offset, size_t len,
	short *events)
{
	if (tls->error < 0)
		return tls->error;
	if (!tls_in_kernel(tls))
		return -ENOSYS;
	prepare();
	/* If asked for more than the file has, the kernel would delay the last
	 * record until more data follows. */
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

/* After a header nothing is pending, but OpenSSL waits for the body ("RB"). */
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
	return tls->error == 0 &&
		(SSL_get_shutdown(tls->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}

bool
tls_resumed(const struct tls *tls)
{
	return SSL_session_reused(tls->ssl) == 1;
}

bool
tls_did_not_resume(const struct tls *tls)
{
	return tls->rights.began && !tls_resumed(tls);
}

/* A mere end is no alert.  Newer versions of OpenSSL may tell that they hold
 * bytes after an alert. */
static void
note_alert(const SSL *ssl, int where, int alert)
{
	char *rights = SSL_get_app_data(ssl);
	struct tls *tls = (void *)(rights - offsetof(struct tls, rights));

	if (where == SSL_CB_READ_ALERT &&
	    (alert & 0xff) == SSL3_AD_CLOSE_NOTIFY)
		tls->notified = true;
}

void
tls_accept_cut(struct tls *tls)
{
	tls->may_be_cut = true;
	SSL_set_info_callback(tls->ssl, note_alert);
	SSL_set_options(tls->ssl, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

void
tls_give_account_keys(struct tls *tls, const uint8_t *keys)
{
	memcpy(tls->rights.binding.account, keys, MESSAGE_TICKET_KEYS_SIZE);
	tls->rights.binding.has_account = true;
}

int
tls_send_ticket(struct tls *tls, short *events)
{
	if (tls->error < 0)
		return tls->error;
	if (SSL_version(tls->ssl) < TLS1_3_VERSION ||
	    !tls->rights.binding.has_account)
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

const char *
tls_error(const struct tls *tls)
{
	return tls->why;
}
