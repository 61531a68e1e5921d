/*
 * tls_pem.h - the public parts of PEM text (RFC 7468).
 */
#ifndef COMMON_TLS_TLS_PEM_H
#define COMMON_TLS_TLS_PEM_H

#include "common/base.h"

/* Move the certificates and revocation lists in data[len] to its beginning, and
 * overwrite everything else.  Returns their length. */
size_t tls_pem_keep_public(char *data, size_t len);

#endif
