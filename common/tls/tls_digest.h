/*
 * tls_digest.h - unsalted password digests, as stored by other servers.
 */
#ifndef COMMON_TLS_TLS_DIGEST_H
#define COMMON_TLS_TLS_DIGEST_H

#include "common/base.h"

#define TLS_DIGEST_HEX_SIZE 129	/* of the longest, with its NUL */

/* The digest ("MD5", "SHA256") of a text in lower-case hexadecimal; false when
 * OpenSSL does not offer it. */
bool tls_digest_hex(const char *name, const char *text, char *hex) MUST_CHECK;

#endif
