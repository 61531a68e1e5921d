/*
 * tls_pki.h - for the TLS suites: an authority, certificates and keys, as
 * files in a directory of their own.
 */
#ifndef TESTS_UNIT_TLS_PKI_H
#define TESTS_UNIT_TLS_PKI_H

#include "common/base.h"

#include <openssl/ssl.h>

/* Make them all: 0, or -1.  tls_pki_end() removes them. */
int tls_pki_begin(void);

/* The same in two steps, where the second is a child's, which keeps the keys
 * out of this process. */
int tls_pki_directory(void);
int tls_pki_make(void);

void tls_pki_end(void);

/* "DIR/NAME" in static memory; the last four stay valid. */
const char *tls_pki_path(const char *name);

/*
 * The files:
 *   ca.pem          the authority
 *   rsa.pem, ec.pem server certificates for ftp.example.org, with rsa.key
 *                   and ec.key
 *   other.pem       certificate and key for other.example.org in one file
 *   anna.pem        client certificate and key: CN=anna, anna@example.org
 *   revoked.pem     client certificate and key: CN=revoked
 *   stranger.pem    client certificate and key of no authority: CN=anna
 *   crl.pem         says that revoked.pem is
 */

/* Write a file there: 0 or -1. */
int tls_pki_write(const char *name, const char *text, mode_t mode);

EVP_PKEY *tls_pki_key(const char *name);	/* to be freed */
/* A new one, of a curve ("P-256") or another kind ("RSA"); to be freed. */
EVP_PKEY *tls_pki_new_key(const char *kind);
X509 *tls_pki_certificate(const char *name);	/* to be freed */

#endif
