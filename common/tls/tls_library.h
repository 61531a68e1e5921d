/*
 * tls_library.h - starts OpenSSL, and formats its errors.
 */
#ifndef COMMON_TLS_TLS_LIBRARY_H
#define COMMON_TLS_TLS_LIBRARY_H

#include "common/base.h"

#include <openssl/evp.h>

/* Start OpenSSL in the master: its configuration, error texts and random
 * numbers are loaded before processes lose access to the file system.  Further
 * calls do nothing. */
void tls_library_begin(void);

/* Store the reason of OpenSSL's last failure in text[size], and clear its error
 * queue.  Returns text.  *reason (may be NULL) is set to the reason code of
 * libssl (SSL_R_..), or 0. */
const char *tls_library_error(char *text, size_t size, int *reason);

/* A new key on the curve P-256, or NULL.  OpenSSL's EVP_EC_gen(3) is a macro
 * that newer compilers warn about. */
EVP_PKEY *tls_library_p256_key(void);

#endif
