/*
 * tls_selfsigned.h - self-signed certificates, for --make-certificate.  For
 * tls*.c only.
 */
#ifndef COMMON_TLS_TLS_SELFSIGNED_H
#define COMMON_TLS_TLS_SELFSIGNED_H

#include "common/base.h"

#include <openssl/ssl.h>

/* A new P-256 key and its certificate for `host` (a name or a numeric address),
 * valid for ten years: it is rarely renewed, and clients that know it warn
 * about a new one.  0, or -EINVAL for a host that is not valid in a
 * certificate, or -ENOMEM.  The caller frees both. */
int tls_selfsigned_new(const char *host, EVP_PKEY **key, X509 **certificate)
	MUST_CHECK;

/* tls_server_make_certificate(). */
int tls_selfsigned_write(const char *path, const char *host) MUST_CHECK;

#endif
