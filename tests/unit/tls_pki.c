/*
 * tls_pki.c - make an authority and what it signs.
 */
#include "common/base.h"
#include "tests/unit/tls_pki.h"

#include "common/tls/tls_library.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

static char directory[64];

static const char *const names[] = {
	"ca.pem", "rsa.pem", "rsa.key", "ec.pem", "ec.key", "other.pem",
	"anna.pem", "revoked.pem", "stranger.pem", "crl.pem",
};

const char *
tls_pki_path(const char *name)
{
	static char paths[4][128];
	static unsigned at;
	char *path = paths[at++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

static FILE *
create(const char *name)
{
	int fd = open(tls_pki_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	return fd >= 0 ? fdopen(fd, "w") : NULL;
}

int
tls_pki_write(const char *name, const char *text, mode_t mode)
{
	(void)unlink(tls_pki_path(name));
	FILE *file = create(name);

	if (file == NULL)
		return -1;
	bool ok = fputs(text, file) >= 0 && fchmod(fileno(file), mode) == 0;
	return fclose(file) == 0 && ok ? 0 : -1;
}

EVP_PKEY *
tls_pki_new_key(const char *kind)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL,
		kind[0] == 'P' ? "EC" : kind, NULL);
	EVP_PKEY *key = NULL;

	if (EVP_PKEY_keygen_init(context) != 1 || (kind[0] == 'P' &&
		EVP_PKEY_CTX_set_group_name(context, kind) != 1) ||
		EVP_PKEY_generate(context, &key) != 1)
		abort();
	EVP_PKEY_CTX_free(context);
	return key;
}

EVP_PKEY *
tls_pki_key(const char *name)
{
	FILE *file = fopen(tls_pki_path(name), "r");
	EVP_PKEY *key = file == NULL ? NULL :
		PEM_read_PrivateKey(file, NULL, NULL, NULL);

	if (file != NULL)
		fclose(file);
	return key;
}

X509 *
tls_pki_certificate(const char *name)
{
	FILE *file = fopen(tls_pki_path(name), "r");
	X509 *certificate = file == NULL ? NULL :
		PEM_read_X509(file, NULL, NULL, NULL);

	if (file != NULL)
		fclose(file);
	return certificate;
}

static bool
extend(X509 *certificate, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&context);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid,
		value);
	bool ok = extension != NULL && X509_add_ext(certificate, extension,
		-1) == 1;

	X509_EXTENSION_free(extension);
	return ok;
}

/* Issued by `issuer` (NULL: itself) with its key. */
static X509 *
issue(const char *cn, const char *alternative, EVP_PKEY *key, X509 *issuer,
	EVP_PKEY *issuer_key)
{
	static long serial = 100;
	X509 *c = X509_new();

	if (c == NULL)
		return NULL;
	X509_NAME *subject = X509_get_subject_name(c);
	bool ok = X509_set_version(c, 2) == 1 &&
		ASN1_INTEGER_set(X509_get_serialNumber(c), serial++) == 1 &&
		X509_gmtime_adj(X509_getm_notBefore(c), -3600) != NULL &&
		X509_gmtime_adj(X509_getm_notAfter(c), 86400) != NULL &&
		X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
			(const unsigned char *)cn, -1, -1, 0) == 1 &&
		X509_set_issuer_name(c, issuer == NULL ? subject :
			X509_get_subject_name(issuer)) == 1 &&
		X509_set_pubkey(c, key) == 1 &&
		extend(c, NID_basic_constraints, issuer == NULL ?
			"critical,CA:TRUE" : "critical,CA:FALSE") &&
		(alternative == NULL || extend(c, NID_subject_alt_name,
			alternative)) &&
		X509_sign(c, issuer_key, EVP_sha256()) > 0;
	if (ok)
		return c;
	X509_free(c);
	return NULL;
}

/* Certificate and key into files, which may be the same. */
static bool
save(const char *certificate_name, X509 *certificate, const char *key_name,
	EVP_PKEY *key)
{
	FILE *file = create(certificate_name);
	bool ok = file != NULL && certificate != NULL &&
		PEM_write_X509(file, certificate) == 1;

	if (file != NULL)
		fclose(file);
	if (key_name == NULL)
		return ok;
	file = create(key_name);
	ok = ok && file != NULL && PEM_write_PrivateKey(file, key, NULL, NULL,
		0, NULL, NULL) == 1;
	if (file != NULL)
		fclose(file);
	return ok;
}

/* A pair signed by the authority; `issuer` NULL: by itself. */
static bool
pair(const char *cn, const char *alternative, EVP_PKEY *key,
	const char *certificate_name, const char *key_name, X509 *issuer,
	EVP_PKEY *issuer_key)
{
	X509 *c = key == NULL ? NULL : issue(cn, alternative, key, issuer,
		issuer != NULL ? issuer_key : key);
	bool ok = c != NULL && save(certificate_name, c, key_name, key);

	X509_free(c);
	EVP_PKEY_free(key);
	return ok;
}

static bool
write_crl(const char *name, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *c = tls_pki_certificate(name);
	X509_CRL *crl = X509_CRL_new();
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *now = X509_gmtime_adj(NULL, -60);
	ASN1_TIME *later = X509_gmtime_adj(NULL, 86400);
	FILE *file = create("crl.pem");
	bool ok = c != NULL && crl != NULL && entry != NULL && file != NULL &&
		X509_CRL_set_version(crl, 1) == 1 &&
		X509_CRL_set_issuer_name(crl,
			X509_get_subject_name(issuer)) == 1 &&
		X509_CRL_set1_lastUpdate(crl, now) == 1 &&
		X509_CRL_set1_nextUpdate(crl, later) == 1 &&
		X509_REVOKED_set_serialNumber(entry,
			X509_get_serialNumber(c)) == 1 &&
		X509_REVOKED_set_revocationDate(entry, now) == 1 &&
		X509_CRL_add0_revoked(crl, entry) == 1 &&
		X509_CRL_sign(crl, issuer_key, EVP_sha256()) > 0 &&
		PEM_write_X509_CRL(file, crl) == 1;

	X509_free(c);
	X509_CRL_free(crl);
	ASN1_TIME_free(now);
	ASN1_TIME_free(later);
	if (file != NULL)
		fclose(file);
	return ok;
}

int
tls_pki_directory(void)
{
	snprintf(directory, sizeof(directory), "/tmp/sureftpd-tls.XXXXXX");
	return mkdtemp(directory) != NULL && chmod(directory, 0755) == 0 ? 0 :
		-1;
}

int
tls_pki_begin(void)
{
	return tls_pki_directory() < 0 ? -1 : tls_pki_make();
}

int
tls_pki_make(void)
{
	const char *host = "DNS:ftp.example.org";

	tls_library_begin();
	EVP_PKEY *ca_key = tls_library_p256_key();
	X509 *ca = issue("Test authority", NULL, ca_key, NULL, ca_key);

	bool ok = ca != NULL &&
		save("ca.pem", ca, NULL, NULL) &&
		pair("ftp.example.org", host, EVP_RSA_gen(2048), "rsa.pem",
			"rsa.key", ca, ca_key) &&
		pair("ftp.example.org", host, tls_library_p256_key(), "ec.pem",
			"ec.key", ca, ca_key) &&
		pair("other.example.org", "DNS:other.example.org",
			tls_library_p256_key(), "other.pem", "other.pem", ca,
			ca_key) &&
		pair("anna", "email:anna@example.org", tls_library_p256_key(),
			"anna.pem", "anna.pem", ca, ca_key) &&
		pair("revoked", NULL, tls_library_p256_key(), "revoked.pem",
			"revoked.pem", ca, ca_key) &&
		pair("anna", NULL, tls_library_p256_key(), "stranger.pem",
			"stranger.pem", NULL, NULL) &&
		write_crl("revoked.pem", ca, ca_key);
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	return ok ? 0 : -1;
}

void
tls_pki_end(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void)unlink(tls_pki_path(names[i]));
	(void)rmdir(directory);
}
