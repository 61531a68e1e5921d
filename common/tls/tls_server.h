/*
 * tls_server.h - what a generation of settings serves TLS with: certificates,
 * keys, ciphers.  The door to TLS for the master, which loads it before the
 * workers are forked; greeter and session use it by fork.
 */
#ifndef COMMON_TLS_TLS_SERVER_H
#define COMMON_TLS_TLS_SERVER_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

struct tls_server;

/*
 * Load everything that the [tls] sections name.  NULL after at least one
 * complaint (a file that cannot be read, a key that does not fit, an unknown
 * cipher); with no certificate named, a server that refuses AUTH
 * (tls_server_on() is false).  Key files that others may read or that do not
 * belong to root are loaded, with a warning in the log.
 */
struct tls_server *tls_server_load(const struct settings *settings,
	settings_complaint *complain, void *context);
void tls_server_free(struct tls_server *server);

/* Is there a certificate at all? */
bool tls_server_on(const struct tls_server *server);

/* Have the files changed since they were loaded or last asked about (stat
 * only)?  Every change is told once, so a broken file is not loaded again and
 * again. */
bool tls_server_changed(struct tls_server *server);

/*
 * In the session process, before it becomes the user: with session_reuse =
 * require the private keys are wiped from memory and only resumption is left
 * (design section 5); otherwise they stay.  Afterwards there are only data
 * connections.
 */
void tls_server_become_user(struct tls_server *server, bool keep_keys);

/* In the session process: data connections may resume this session of the
 * control connection (common/tls/tls.h, tls_save) by its number. */
void tls_server_resume_saved(struct tls_server *server,
	const struct tls_saved *saved);

/* --make-certificate: write a self-signed pair for this host (a name or a
 * numeric address) to the path: mode 0600, certificate and key in one file,
 * whole or not at all, never over something that is there (-EEXIST).  0 or
 * -errno. */
int tls_server_make_certificate(const char *path, const char *host) MUST_CHECK;

/* For tls.c: OpenSSL's context for a control or data connection, NULL when
 * there is none, and the row of that name. */
struct ssl_ctx_st *tls_server_context(const struct tls_server *server,
	bool data);
struct ssl_session_st *tls_server_saved(const struct tls_server *server);
int tls_server_certificate_user(const struct tls_server *server);

#endif
