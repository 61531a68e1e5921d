/*
 * ftps_certs.c - a CA, its certificates and its CRL.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ftps_certs.h"

#include "common/tls/tls_library.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY (24L * 60 * 60)

struct pair {
	const char *file;
	const char *name;	/* CN */
	bool rsa, stranger;
	EVP_PKEY *key;
	X509 *certificate;
};

/* The first two sign; made once. */
static struct pair pairs[] = {
	{ "ca.pem", "Authority", .rsa = false },
	{ "stranger-ca.pem", "Unknown authority", .rsa = false },
	{ "rsa.pem", "rsa.example", .rsa = true },
	{ "ec.pem", "ec.example", .rsa = false },
	{ "other.pem", "other.example", .rsa = false },
	{ "plain.pem", "plain.example", .rsa = false },
	{ "anna.pem", "anna", .rsa = false },
	{ "bert.pem", "bert", .rsa = false },
	{ "dora.pem", "dora", .rsa = false },
	{ "revoked.pem", "anna", .rsa = false },
	{ "stranger.pem", "anna", .stranger = true },
	{ "address.pem", "127.0.0.1", .rsa = false },
	{ "revoked-address.pem", "127.0.0.1", .rsa = false },
};

enum { CA, STRANGER_CA, RSA_PAIR, EC_PAIR };

static void
add_extension(X509 *x, int nid, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	if (e == NULL || X509_add_ext(x, e, -1) != 1)
		abort();
	X509_EXTENSION_free(e);
}

static X509 *
make_certificate(EVP_PKEY *key, const char *name, long serial,
	const struct pair *issuer)
{
	X509 *x = X509_new();
	char alternatives[300];

	if (x == NULL)
		abort();
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_gmtime_adj(X509_getm_notBefore(x), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(x), 30 * DAY);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
		MBSTRING_UTF8, (const uint8_t *)name, -1, -1, 0);
	X509_set_issuer_name(x, issuer == NULL
			? X509_get_subject_name(x)
			: X509_get_subject_name(issuer->certificate));
	if (issuer == NULL)
		add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	const char *kind = strchr(name, '.') == NULL ? "email" :
		name[0] <= '9' ? "IP" : "DNS";
	snprintf(alternatives, sizeof(alternatives), "%s:%s%s", kind, name,
		strchr(name, '.') != NULL ? "" : "@example.org");
	if (strchr(name, ' ') == NULL)
		add_extension(x, NID_subject_alt_name, alternatives);
	if (X509_sign(x, issuer == NULL ? key : issuer->key, EVP_sha256())
		== 0)
		abort();
	return x;
}

static void
make_pairs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct pair *p = &pairs[i];
		const struct pair *issuer = &pairs[p->stranger ? STRANGER_CA
							       : CA];
		if (p->key != NULL)
			continue;
		p->key = p->rsa ? EVP_RSA_gen(2048) : tls_library_p256_key();
		if (p->key == NULL)
			abort();
		p->certificate = make_certificate(p->key, p->name,
			(long)(100 + i), i <= STRANGER_CA ? NULL : issuer);
	}
}

/* Either may be NULL. */
static void
write_pem(const char *path, X509 *certificate, EVP_PKEY *key)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		abort();
	if (certificate != NULL)
		PEM_write_X509(f, certificate);
	if (key != NULL)
		PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	chmod(path, 0600);
}

static X509_REVOKED *
revocation_of(const struct pair *p, ASN1_TIME *now)
{
	X509_REVOKED *entry = X509_REVOKED_new();

	if (entry == NULL)
		abort();
	X509_REVOKED_set_serialNumber(entry,
		X509_get_serialNumber(p->certificate));
	X509_REVOKED_set_revocationDate(entry, now);
	return entry;
}

static void
write_crl(void)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *now = X509_gmtime_adj(NULL, -DAY);
	ASN1_TIME *next = X509_gmtime_adj(NULL, 30 * DAY);

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl,
		X509_get_subject_name(pairs[CA].certificate));
	X509_CRL_set1_lastUpdate(crl, now);
	X509_CRL_set1_nextUpdate(crl, next);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (strncmp(pairs[i].file, "revoked", 7) == 0)
			X509_CRL_add0_revoked(crl,
				revocation_of(&pairs[i], now));
	X509_CRL_sign(crl, pairs[CA].key, EVP_sha256());
	FILE *f = fopen(CERTS "crl.pem", "we");
	if (f == NULL)
		abort();
	PEM_write_X509_CRL(f, crl);
	fclose(f);
	ASN1_TIME_free(now);
	ASN1_TIME_free(next);
	X509_CRL_free(crl);
}

void
ftps_certs_write(void)
{
	make_pairs();
	mkdir("/etc/sureftpd", 0755);
	mkdir(CERTS, 0755);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		char path[128];
		bool plain = strcmp(pairs[i].file, "plain.pem") == 0;

		snprintf(path, sizeof(path), CERTS "%s", pairs[i].file);
		write_pem(path, pairs[i].certificate,
			plain || i <= STRANGER_CA ? NULL : pairs[i].key);
		if (plain)
			write_pem(CERTS "plain.key", NULL, pairs[i].key);
	}
	write_crl();
}

void
ftps_certs_make(const char *path, const char *name)
{
	EVP_PKEY *key = tls_library_p256_key();
	X509 *x = make_certificate(key, name, 7, NULL);

	write_pem(path, x, key);
	X509_free(x);
	EVP_PKEY_free(key);
}

/* As libcrypto's numbers lie in memory, and as files have them. */
static size_t
add_secret(struct ftps_secret *list, size_t n, const char *what,
	EVP_PKEY *key, const char *parameter)
{
	struct ftps_secret *s = &list[n];
	BIGNUM *number = NULL;

	if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
		abort();
	s[0].what = s[1].what = what;
	s[0].len = s[1].len = (size_t)BN_num_bytes(number);
	BN_bn2bin(number, (uint8_t *)s[0].bytes);
	BN_bn2lebinpad(number, (uint8_t *)s[1].bytes, (int)s[1].len);
	BN_clear_free(number);
	return n + 2;
}

/* The second line of the key's text: numbers only. */
static size_t
add_text(struct ftps_secret *list, size_t n, const char *what,
	const char *path)
{
	char text[8192];

	if (files_read(path, text, sizeof(text)) <= 0)
		abort();
	const char *at = strstr(text, "BEGIN PRIVATE KEY-----\n");
	for (int lines = 0; at != NULL && lines < 2; lines++)
		at = strchr(at, '\n') + 1;
	if (at == NULL)
		abort();
	list[n].what = what;
	list[n].len = 64;
	memcpy(list[n].bytes, at, 64);
	explicit_bzero(text, sizeof(text));
	return n + 1;
}

size_t
ftps_certs_secrets(struct ftps_secret *list)
{
	EVP_PKEY *rsa = pairs[RSA_PAIR].key, *ec = pairs[EC_PAIR].key;
	size_t n = 0;

	memset(list, 0, FTPS_SECRETS * sizeof(*list));
	n = add_secret(list, n, "RSA d", rsa, OSSL_PKEY_PARAM_RSA_D);
	n = add_secret(list, n, "RSA p", rsa, OSSL_PKEY_PARAM_RSA_FACTOR1);
	n = add_secret(list, n, "RSA q", rsa, OSSL_PKEY_PARAM_RSA_FACTOR2);
	n = add_secret(list, n, "RSA dp", rsa, OSSL_PKEY_PARAM_RSA_EXPONENT1);
	n = add_secret(list, n, "RSA dq", rsa, OSSL_PKEY_PARAM_RSA_EXPONENT2);
	n = add_secret(list, n, "RSA qinv", rsa,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
	n = add_secret(list, n, "EC d", ec, OSSL_PKEY_PARAM_PRIV_KEY);
	n = add_text(list, n, "RSA key in PEM", CERTS "rsa.pem");
	return add_text(list, n, "EC key in PEM", CERTS "ec.pem");
}

int
ftps_certs_held(pid_t pid, const char **what)
{
	struct ftps_secret list[FTPS_SECRETS];
	struct procs_secret secrets[FTPS_SECRETS];
	size_t n = ftps_certs_secrets(list);

	for (size_t i = 0; i < n; i++)
		secrets[i] = (struct procs_secret){ list[i].bytes,
			list[i].len };
	int found = procs_memory_find(pid, secrets, (int)n);
	*what = found > 0 ? list[found - 1].what : "all of them";
	explicit_bzero(list, sizeof(list));
	return found > 0 ? 1 : found;
}

void
ftps_certs_configure(void)
{
	if (files_exist(CERTS "ec.pem"))
		return;
	ftps_certs_write();
	server_configure("[tls]\ncertificate = " CERTS "ec.pem\n"
			 "certificate = " CERTS "rsa.pem\n");
}
