/*
 * tls_certificates.c - read certificates in PEM into contexts.
 *
 * Runs in: master; radius, before it takes its role.
 */
#include "common/base.h"
#include "common/tls/tls_certificates.h"

#include "common/log/log.h"
#include "common/tls/tls_library.h"
#include "common/tls/tls_scheme.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define REASON_SIZE 160

static void
warn_about_dates(const char *path, const X509 *certificate)
{
	if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
		log_warning("%s: the certificate has expired", path);
	if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
		log_warning("%s: the certificate is not valid yet", path);
}

/* Did the reader find no further block, which is an error for OpenSSL?  Any
 * other error says that there is one, but damaged. */
static bool
is_read_to_end(void)
{
	unsigned long error = ERR_peek_last_error();

	if (ERR_GET_LIB(error) != ERR_LIB_PEM ||
	    ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
		return false;
	ERR_clear_error();
	return true;
}

/* The certificates after the first one in the file are its chain. */
static bool
use_chain(SSL_CTX *context, BIO *bio)
{
	X509 *next;
	bool ok = SSL_CTX_clear_chain_certs(context) == 1;

	while (ok && (next = PEM_read_bio_X509(bio, NULL, NULL, NULL)) !=
	    NULL) {
		ok = SSL_CTX_add1_chain_cert(context, next) == 1;
		X509_free(next);
	}
	return ok && is_read_to_end();
}

/* A second certificate for the same type of key would replace the first. */
static bool
has_such_key(SSL_CTX *context, X509 *certificate)
{
	int kind = EVP_PKEY_get_base_id(X509_get0_pubkey(certificate));
	long more = SSL_CTX_set_current_cert(context, SSL_CERT_SET_FIRST);

	for (; more == 1;
	     more = SSL_CTX_set_current_cert(context, SSL_CERT_SET_NEXT)) {
		X509 *other = SSL_CTX_get0_certificate(context);

		if (EVP_PKEY_get_base_id(X509_get0_pubkey(other)) == kind)
			return true;
	}
	return false;
}

/* What signs with the key of a certificate. */
struct signing {
	struct tls_provider *provider;
	const struct tls_signer *signer;
	uint8_t *name;		/* of the key */
};

static bool
use_key(struct tls_files *files, SSL_CTX *context, const char *path,
	const EVP_PKEY *public, const struct signing *s)
{
	char reason[REASON_SIZE];
	EVP_PKEY *key = tls_provider_key(s->provider, public, s->signer);
	bool ok = key != NULL && tls_signer_name(public, s->name) &&
		SSL_CTX_use_PrivateKey(context, key) == 1;

	if (!ok)
		tls_files_complain(files, path, "the certificate's key cannot "
			"be used: %s", tls_library_error(reason,
			sizeof(reason), NULL));
	EVP_PKEY_free(key);
	return ok;
}

static bool
use_certificate(struct tls_files *files, SSL_CTX *context, const char *path,
	X509 *certificate, BIO *rest)
{
	char reason[REASON_SIZE];

	if (certificate == NULL && is_read_to_end())
		tls_files_complain(files, path, "has no certificate in PEM");
	else if (certificate == NULL)
		tls_files_complain(files, path, "the certificate cannot be "
			"read: %s", tls_library_error(reason, sizeof(reason),
			NULL));
	else if (!tls_scheme_has(X509_get0_pubkey(certificate)))
		tls_files_complain(files, path, "keys of this kind are not "
			"supported; use RSA, ECDSA, Ed25519 or Ed448");
	else if (has_such_key(context, certificate))
		tls_files_complain(files, path, "there is already a "
			"certificate for this kind of key");
	else if (SSL_CTX_use_certificate(context, certificate) != 1 ||
	    !use_chain(context, rest))
		tls_files_complain(files, path, "the certificate cannot be "
			"used: %s", tls_library_error(reason, sizeof(reason),
			NULL));
	else
		return true;
	return false;
}

/* Without `signing` the key is left out. */
static bool
use_file(struct tls_files *files, SSL_CTX *context, const char *path,
	const struct signing *signing)
{
	struct tls_text *text = tls_files_read(files, path);

	if (text == NULL)
		return false;
	X509 *certificate = PEM_read_bio_X509_AUX(tls_text_bio(text), NULL,
		NULL, NULL);
	bool ok = use_certificate(files, context, path, certificate,
		tls_text_bio(text)) && (signing == NULL || use_key(files,
		context, path, X509_get0_pubkey(certificate), signing));

	if (ok)
		warn_about_dates(path, certificate);
	X509_free(certificate);
	tls_text_free(text);
	return ok;
}

bool
tls_certificates_use(struct tls_files *files, SSL_CTX *context,
	const char *path, struct tls_provider *provider,
	const struct tls_signer *signer, uint8_t *name)
{
	const struct signing signing = { provider, signer, name };

	return use_file(files, context, path, &signing);
}

bool
tls_certificates_present(struct tls_files *files, SSL_CTX *context,
	const char *path)
{
	return use_file(files, context, path, NULL);
}

static bool
add_authorities(SSL_CTX *context, BIO *bio, size_t *count)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);
	X509 *ca;

	while ((ca = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
		/* The names of the authorities are sent to clients, so that
		 * they select a certificate. */
		bool ok = X509_STORE_add_cert(store, ca) == 1 &&
			SSL_CTX_add_client_CA(context, ca) == 1;
		X509_free(ca);
		if (!ok)
			return false;
		(*count)++;
	}
	return is_read_to_end();
}

/* All certificates of a chain are checked, so an authority without a revocation
 * list is not trusted. */
static bool
add_revocations(SSL_CTX *context, BIO *bio, size_t *count)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);
	X509_CRL *crl;

	while ((crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL)) != NULL) {
		bool ok = X509_STORE_add_crl(store, crl) == 1;
		X509_CRL_free(crl);
		if (!ok)
			return false;
		(*count)++;
	}
	return is_read_to_end() && X509_STORE_set_flags(store,
		X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1;
}

static bool
use_list(struct tls_files *files, SSL_CTX *context, const char *path,
	bool (*add)(SSL_CTX *context, BIO *bio, size_t *count),
	const char *lacking)
{
	struct tls_text *text = tls_files_read(files, path);
	char reason[REASON_SIZE];
	size_t count = 0;

	if (text == NULL)
		return false;
	bool ok = add(context, tls_text_bio(text), &count);
	if (!ok)
		tls_files_complain(files, path, "cannot be used: %s",
			tls_library_error(reason, sizeof(reason), NULL));
	else if (count == 0)
		tls_files_complain(files, path, "%s", lacking);
	tls_text_free(text);
	return ok && count > 0;
}

bool
tls_certificates_use_authorities(struct tls_files *files, SSL_CTX *context,
	const char *ca_path, const char *crl_path)
{
	if (!use_list(files, context, ca_path, add_authorities,
	    "has no certificates of authorities in PEM"))
		return false;
	return *crl_path == '\0' || use_list(files, context, crl_path,
		add_revocations, "has no list of revoked certificates in PEM");
}
