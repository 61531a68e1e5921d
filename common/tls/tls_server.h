/*
 * tls_server.h - what a generation of settings serves TLS with: certificates,
 * ciphers, and the signer.  The master loads it before the workers are
 * forked; greeter and session inherit it.
 */
#ifndef COMMON_TLS_TLS_SERVER_H
#define COMMON_TLS_TLS_SERVER_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "common/tls/tls_signer.h"

struct tls_server;

/*
 * Load everything that the [tls] sections name but the private keys.  NULL
 * after at least one complaint (a file that cannot be read, an unknown
 * cipher); with no certificate named, a server that refuses AUTH
 * (tls_server_on() is false).  complain() is kept for complaints about the
 * keys.
 */
struct tls_server *tls_server_load(const struct settings *settings,
	settings_complaint *complain, void *context);
/* After the last of its connections. */
void tls_server_free(struct tls_server *server);

/* Is there a certificate at all? */
bool tls_server_on(const struct tls_server *server);

/* Have the files changed since they were loaded or last asked about (stat
 * only)?  Every change is reported once, so a broken file is not loaded again
 * and again. */
bool tls_server_changed(struct tls_server *server);

/*
 * The files of the private keys, opened for tls_keys_read(), in the
 * certificates' order into fds[MESSAGE_KEYS].  How many, or -1 after a
 * complaint.  Where others than root may read or change one, the log has a
 * warning.
 */
int tls_server_open_keys(struct tls_server *server, int *fds) MUST_CHECK;

/* Do both need the same keys, in the same order? */
bool tls_server_same_keys(const struct tls_server *a,
	const struct tls_server *b) MUST_CHECK;

/* Do the keys of these names fit the certificates, in that order?  False after
 * a complaint. */
bool tls_server_check_keys(struct tls_server *server,
	const uint8_t (*names)[MESSAGE_KEY_NAME_SIZE], size_t count)
	MUST_CHECK;

/* Report an error of tls_keys_read() about this file, or -1. */
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

/* In the session process: data connections may resume this session of the
 * control connection (common/tls/tls.h, tls_save) by its number. */
void tls_server_resume_saved(struct tls_server *server,
	const struct tls_saved *saved);

/* --make-certificate: write a self-signed pair for this host (a name or a
 * numeric address) to the path: mode 0600, certificate and key in one file,
 * whole or not at all, never over something that is there (-EEXIST).  0 or
 * -errno. */
int tls_server_make_certificate(const char *path, const char *host) MUST_CHECK;

/* For tls.c: OpenSSL's context, NULL when there is none, and the row of that
 * name. */
struct ssl_ctx_st *tls_server_context(const struct tls_server *server);
struct ssl_session_st *tls_server_saved(const struct tls_server *server);
int tls_server_certificate_user(const struct tls_server *server);

#endif
