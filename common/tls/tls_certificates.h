/*
 * tls_certificates.h - certificates into contexts: the server's, with a key
 * that signs elsewhere, and the authorities for clients' certificates.
 * For the rooms tls*.c only.
 */
#ifndef COMMON_TLS_TLS_CERTIFICATES_H
#define COMMON_TLS_TLS_CERTIFICATES_H

#include "common/base.h"
#include "common/tls/tls_files.h"
#include "common/tls/tls_provider.h"

#include <openssl/ssl.h>

/*
 * Add the certificate and its chain to the context, beside those of other
 * kinds of keys, and let *signer sign for it.  name[MESSAGE_KEY_NAME_SIZE] is
 * set to the name of its private key.  False after a complaint.
 */
bool tls_certificates_use(struct tls_files *files, SSL_CTX *context,
	const char *path, struct tls_provider *provider,
	const struct tls_signer *signer, uint8_t *name);

/* Accept clients' certificates that were issued by these authorities and are
 * not revoked; crl_path may be "".  False after a complaint. */
bool tls_certificates_use_authorities(struct tls_files *files,
	SSL_CTX *context, const char *ca_path, const char *crl_path);

#endif
