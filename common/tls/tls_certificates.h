/*
 * tls_certificates.h - loads certificates into contexts: the server's, with
 * keys that sign in another process, and the authorities for client
 * certificates.  For tls*.c only.
 */
#ifndef COMMON_TLS_TLS_CERTIFICATES_H
#define COMMON_TLS_TLS_CERTIFICATES_H

#include "common/base.h"
#include "common/tls/tls_files.h"
#include "common/tls/tls_provider.h"

#include <openssl/ssl.h>

/*
 * Add the certificate and its chain to the context, in addition to those with
 * other types of keys; *signer signs for it.  name[MESSAGE_KEY_NAME_SIZE] is
 * set to the name of its private key.  False after a complaint.
 */
bool tls_certificates_use(struct tls_files *files, SSL_CTX *context,
	const char *path, struct tls_provider *provider,
	const struct tls_signer *signer, uint8_t *name);

/* Add a certificate and its chain, without the key.  False after a
 * complaint. */
bool tls_certificates_present(struct tls_files *files, SSL_CTX *context,
	const char *path);

/* Accept peers' certificates that were issued by these authorities and are
 * not revoked; crl_path may be "".  False after a complaint. */
bool tls_certificates_use_authorities(struct tls_files *files,
	SSL_CTX *context, const char *ca_path, const char *crl_path);

#endif
