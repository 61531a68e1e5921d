/*
 * tls_foreign.h - could another server load these files?  It hands them to
 * OpenSSL one after the other, and so does this; the result is OpenSSL's.
 */
#ifndef COMMON_TLS_TLS_FOREIGN_H
#define COMMON_TLS_TLS_FOREIGN_H

#include "common/base.h"

struct tls_foreign;

/* NULL: out of memory. */
struct tls_foreign *tls_foreign_new(void);
void tls_foreign_free(struct tls_foreign *foreign);

/*
 * Load a certificate with its chain, the key of one, or the certificates of
 * authorities.  A key must fit the certificate of its kind that was loaded
 * before, and must not need a passphrase.  NULL, or the reason why it cannot be
 * loaded, which is valid until the next call.
 */
const char *tls_foreign_certificate(struct tls_foreign *foreign,
	const char *path) MUST_CHECK;
const char *tls_foreign_key(struct tls_foreign *foreign, const char *path)
	MUST_CHECK;
const char *tls_foreign_authorities(struct tls_foreign *foreign,
	const char *path) MUST_CHECK;

#endif
