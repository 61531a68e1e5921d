/*
 * tls_server.h - the TLS configuration of one generation of settings:
 * certificates, ciphers, and the signer.  The master loads it before the
 * workers are forked; greeter and session inherit it.
 */
#ifndef COMMON_TLS_TLS_SERVER_H
#define COMMON_TLS_TLS_SERVER_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "common/tls/tls_signer.h"

struct tls_server;

/*
 * Load everything that the [tls] sections name, except the private keys. NULL
 * after at least one complaint (a file that cannot be read, an unknown cipher).
 * Without a certificate in the settings, the result is a server without TLS
 * (tls_server_on() is false).  complain() is stored for later complaints about
 * the keys.
 */
struct tls_server *tls_server_load(const struct settings *settings,
	settings_complaint *complain, void *context);
/* Free it, after the last of its connections. */
void tls_server_free(struct tls_server *server);

/* Does OpenSSL know any of these ciphers, or (`suites`) suites of TLS 1.3?  For
 * settings of other servers. */
bool tls_server_knows_ciphers(const char *list, bool suites);

/* Is there a certificate? */
bool tls_server_on(const struct tls_server *server);

/* Have the files changed since they were loaded or last asked about (stat
 * only)?  Every change is reported once, so a broken file is not loaded again
 * and again. */
bool tls_server_changed(struct tls_server *server);

/*
 * Open the files of the private keys for tls_keys_read(), in the order of the
 * certificates, into fds[MESSAGE_KEYS].  Their number, or -1 after a complaint.
 * A key that others than root can read or change is logged as a warning.
 */
int tls_server_open_keys(struct tls_server *server, int *fds) MUST_CHECK;

/* Do both use the same keys, in the same order? */
bool tls_server_same_keys(const struct tls_server *a,
	const struct tls_server *b) MUST_CHECK;

/* Do the keys with these names match the certificates, in that order?  False
 * after a complaint. */
bool tls_server_check_keys(struct tls_server *server,
	const uint8_t (*names)[MESSAGE_KEY_NAME_SIZE], size_t count)
	MUST_CHECK;

/* Complain about an error of tls_keys_read() in this file (-1: none). */
void tls_server_complain_of_key(struct tls_server *server, int file,
	const char *text);

/* Sign with this function from now on, for existing connections, too. */
void tls_server_sign_by(struct tls_server *server, tls_sign_function *sign,
	void *context);

/*
 * Read and check the keys, and sign in this process: for --check and for
 * tests.  False after a complaint.
 */
bool tls_server_take_keys(struct tls_server *server) MUST_CHECK;

/* In the session process: allow data connections to resume this session of the
 * control connection (tls_save() in common/tls/tls.h) by its session id. */
void tls_server_resume_saved(struct tls_server *server,
	const struct tls_saved *saved);

/* --make-certificate: write a self-signed pair for this host (a name or a
 * numeric address) to the path: mode 0600, certificate and key in one file,
 * created atomically; an existing file is not replaced (-EEXIST).  0 or
 * -errno. */
int tls_server_make_certificate(const char *path, const char *host) MUST_CHECK;

/* For tls.c: OpenSSL's context and the saved session, or NULL; and
 * certificate_user. */
struct ssl_ctx_st *tls_server_context(const struct tls_server *server);
struct ssl_session_st *tls_server_saved(const struct tls_server *server);
int tls_server_certificate_user(const struct tls_server *server);

#endif
