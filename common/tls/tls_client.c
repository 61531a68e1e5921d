/*
 * tls_client.c - TLS connections to servers.
 *
 * Runs in: radius; the files are read before it takes its role, and by
 * sureftpd --check.
 * Never: accepts a server without a valid certificate for its name.
 */
#include "common/base.h"
#include "common/tls/tls_client.h"

#include "common/address.h"
#include "common/io.h"
#include "common/text.h"
#include "common/tls/tls.h"
#include "common/tls/tls_certificates.h"
#include "common/tls/tls_connection.h"
#include "common/tls/tls_files.h"
#include "common/tls/tls_keys.h"
#include "common/tls/tls_library.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

struct tls_client {
	SSL_CTX *context;
};

/* Only the key exchanges of tls_context.c, so that a key that becomes known
 * later reveals nothing. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

static bool
demand(SSL_CTX *context)
{
	SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION |
		SSL_OP_NO_RENEGOTIATION | SSL_OP_CLEANSE_PLAINTEXT |
		SSL_OP_NO_TICKET);
	SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF |
		SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
		SSL_CTX_set_max_proto_version(context, 0) == 1 &&
		SSL_CTX_set_cipher_list(context, CIPHERS) == 1;
}

static bool
use_key(struct tls_files *files, SSL_CTX *context, const char *path)
{
	char why[160];
	int file, fd = tls_files_open_key(files, path);

	if (fd < 0)
		return false;
	struct tls_keys *keys = tls_keys_read(&fd, 1, &file, why, sizeof(why));
	io_close(&fd);
	bool ok = keys != NULL && tls_keys_use(keys, context);
	if (keys == NULL)
		tls_files_complain(files, path, "%s", why);
	else if (!ok)
		tls_files_complain(files, path, "the private key does not "
			"match the certificate");
	tls_keys_free(keys);
	ERR_clear_error();
	return ok;
}

static bool
load(SSL_CTX *context, const struct tls_client_files *from,
	struct tls_files *files)
{
	const char *key = *from->key != '\0' ? from->key : from->certificate;

	if (context == NULL || !demand(context)) {
		tls_files_complain(files, from->certificate, "OpenSSL cannot "
			"be used");
		return false;
	}
	return tls_certificates_use_authorities(files, context,
		from->authorities, from->revoked) &&
		tls_certificates_present(files, context, from->certificate) &&
		use_key(files, context, key);
}

struct tls_client *
tls_client_load(const struct tls_client_files *from,
	settings_complaint *complain, void *context)
{
	struct tls_files files = { .complain = complain, .context = context };
	struct tls_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	tls_library_begin();
	client->context = SSL_CTX_new(TLS_client_method());
	if (!load(client->context, from, &files)) {
		tls_client_free(client);
		client = NULL;
	}
	tls_files_free(&files);
	return client;
}

void
tls_client_free(struct tls_client *client)
{
	if (client == NULL)
		return;
	SSL_CTX_free(client->context);
	free(client);
}

/* The common name of a certificate is not a host name (RFC 9525). */
static bool
expect(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);
	struct address numeric;
	char name[256];		/* the library's macro casts const away */

	X509_VERIFY_PARAM_set_hostflags(rules,
		X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
		X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (address_parse(&numeric, host) == 0)
		return X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1;
	return text_copy(name, sizeof(name), host) == 0 &&
		X509_VERIFY_PARAM_set1_host(rules, host, 0) == 1 &&
		SSL_set_tlsext_host_name(ssl, name) == 1;
}

struct tls *
tls_client_new(const struct tls_client *client, int fd, const char *host)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (tls == NULL)
		return NULL;
	tls->use = TLS_CLIENT;
	tls->ssl = SSL_new(client->context);
	if (tls->ssl != NULL && SSL_set_fd(tls->ssl, fd) == 1 &&
	    expect(tls->ssl, host)) {
		SSL_set_connect_state(tls->ssl);
		return tls;
	}
	tls_free(tls);
	ERR_clear_error();
	return NULL;
}
