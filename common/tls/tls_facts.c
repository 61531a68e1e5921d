/*
 * tls_facts.c - describes a TLS connection to other processes.
 *
 * Runs in: greeter (control), session (data).
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "common/tls/tls_connection.h"
#include "common/tls/tls_peer.h"

#include <openssl/bio.h>

void
tls_save(const struct tls *tls, struct tls_saved *saved)
{
	SSL_SESSION *session = SSL_get_session(tls->ssl);
	uint8_t *to = saved->data;

	saved->len = 0;
	if (session == NULL || SSL_version(tls->ssl) >= TLS1_3_VERSION)
		return;
	int len = i2d_SSL_SESSION(session, NULL);
	if (len <= 0 || (size_t)len > sizeof(saved->data))
		return;
	saved->len = (uint16_t)i2d_SSL_SESSION(session, &to);
}

void
tls_describe(const struct tls *tls, struct tls_facts *facts)
{
	const SSL *ssl = tls->ssl;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	memset(facts, 0, sizeof(*facts));
	facts->on = true;
	snprintf(facts->version, sizeof(facts->version), "%s",
		SSL_get_version(ssl));
	snprintf(facts->cipher, sizeof(facts->cipher), "%s",
		SSL_get_cipher_name(ssl));
	snprintf(facts->name, sizeof(facts->name), "%s",
		name != NULL ? name : "");
	facts->resumed = tls_resumed(tls);
	facts->kernel_send = BIO_get_ktls_send(SSL_get_wbio(ssl)) != 0;
	tls_peer_describe(ssl, tls->certificate_user, facts);
}
