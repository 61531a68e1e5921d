/*
 * tls_pem.h - what is public in a text of PEM (RFC 7468).
 */
#ifndef COMMON_TLS_TLS_PEM_H
#define COMMON_TLS_TLS_PEM_H

#include "common/base.h"

/* Keep the certificates and lists of revoked ones in data[len], overwrite
 * everything else.  The length of what is left, at the beginning. */
size_t tls_pem_keep_public(char *data, size_t len);

#endif
