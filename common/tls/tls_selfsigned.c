/*
 * tls_selfsigned.c - creates P-256 keys with self-signed certificates.
 *
 * Runs in: master (also as --make-certificate).
 */
#include "common/base.h"
#include "common/tls/tls_selfsigned.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"
#include "common/tls/tls_library.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define VALID_DAYS 3650
#define NAME_MAX_LENGTH 64	/* ub-common-name, RFC 5280 appendix A.1 */

static bool
is_host_name(const char *host)
{
	size_t len = strlen(host);

	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alpha(host[i]) && !text_is_digit(host[i]) &&
		    strchr("-._*", host[i]) == NULL)
			return false;
	return true;
}

/* The host in the form that clients compare: the bytes of an address, or a
 * name. */
static GENERAL_NAME *
general_name(const char *host)
{
	uint8_t address[16];
	size_t size = strlen(host);
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *value;
	int type = GEN_IPADD;

	if (inet_pton(AF_INET, host, address) == 1)
		size = 4;
	else if (inet_pton(AF_INET6, host, address) == 1)
		size = 16;
	else
		type = GEN_DNS;
	value = type == GEN_DNS ? ASN1_IA5STRING_new() :
		ASN1_OCTET_STRING_new();
	if (name == NULL || value == NULL || ASN1_STRING_set(value,
	    type == GEN_DNS ? (const void *)host : address, (int)size) != 1) {
		GENERAL_NAME_free(name);
		ASN1_STRING_free(value);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, type, value);
	return name;
}

static bool
add_host(X509 *certificate, const char *host)
{
	X509_NAME *subject = X509_get_subject_name(certificate);
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = general_name(host);
	bool ok = names != NULL && name != NULL &&
		sk_GENERAL_NAME_push(names, name) > 0;

	if (ok)
		name = NULL;
	ok = ok && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names,
		0, X509V3_ADD_APPEND) == 1;
	GENERAL_NAME_free(name);
	GENERAL_NAMES_free(names);
	if (strlen(host) <= NAME_MAX_LENGTH)
		ok = ok && X509_NAME_add_entry_by_NID(subject, NID_commonName,
			MBSTRING_UTF8, (const unsigned char *)host, -1, -1,
			0) == 1;
	return ok && X509_set_issuer_name(certificate, subject) == 1;
}

static bool
add_extension(X509 *certificate, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&context);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid,
		value);
	bool ok = extension != NULL &&
		X509_add_ext(certificate, extension, -1) == 1;

	X509_EXTENSION_free(extension);
	return ok;
}

static bool
set_serial(X509 *certificate)
{
	BIGNUM *number = BN_new();
	bool ok = number != NULL &&
		BN_rand(number, 127, BN_RAND_TOP_ONE,
			BN_RAND_BOTTOM_ANY) == 1 &&
		BN_to_ASN1_INTEGER(number,
			X509_get_serialNumber(certificate)) != NULL;

	BN_free(number);
	return ok;
}

static bool
fill(X509 *certificate, EVP_PKEY *key, const char *host)
{
	/* Valid from a bit earlier, for clients whose clock is slow. */
	return X509_set_version(certificate, X509_VERSION_3) == 1 &&
		set_serial(certificate) &&
		X509_gmtime_adj(X509_getm_notBefore(certificate),
			-86400) != NULL &&
		X509_time_adj_ex(X509_getm_notAfter(certificate), VALID_DAYS,
			0, NULL) != NULL &&
		X509_set_pubkey(certificate, key) == 1 &&
		add_host(certificate, host) &&
		add_extension(certificate, NID_basic_constraints,
			"critical,CA:FALSE") &&
		add_extension(certificate, NID_key_usage,
			"critical,digitalSignature") &&
		add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
		add_extension(certificate, NID_subject_key_identifier,
			"hash") &&
		X509_sign(certificate, key, EVP_sha256()) > 0;
}

int
tls_selfsigned_new(const char *host, EVP_PKEY **key, X509 **certificate)
{
	uint8_t address[16];

	*key = NULL;
	*certificate = NULL;
	if (!is_host_name(host) && inet_pton(AF_INET6, host, address) != 1)
		return -EINVAL;
	*key = tls_library_p256_key();
	*certificate = X509_new();
	if (*key != NULL && *certificate != NULL &&
	    fill(*certificate, *key, host))
		return 0;
	EVP_PKEY_free(*key);
	X509_free(*certificate);
	*key = NULL;
	*certificate = NULL;
	return -ENOMEM;
}

/* Key and certificate as PEM, in a memory BIO that is wiped when freed. */
static BIO *
pair_text(EVP_PKEY *key, X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL,
	    0, NULL, NULL) == 1 && PEM_write_bio_X509(bio, certificate) == 1)
		return bio;
	BIO_free(bio);
	return NULL;
}

static int
write_new(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	int error = io_write_all(fd, data, len, CLOCK_NEVER);
	if (error == 0 && fsync(fd) < 0)
		error = -errno;
	close(fd);
	if (error < 0)
		unlink(path);
	return error;
}

/* Written under a temporary name, so that an incomplete file never has the
 * final name; and link() does not replace an existing file. */
static int
write_whole(const char *path, BIO *text)
{
	BUFFER(name, PATH_MAX);
	char *data = NULL;
	long len = BIO_get_mem_data(text, &data);

	buffer_addf(&name, "%s.%ld.new", path, (long)getpid());
	if (name.overflow || len <= 0)
		return name.overflow ? -ENAMETOOLONG : -ENOMEM;
	int error = write_new(name.data, data, (size_t)len);
	if (error < 0)
		return error;
	if (link(name.data, path) < 0)
		error = -errno;
	unlink(name.data);
	return error;
}

int
tls_selfsigned_write(const char *path, const char *host)
{
	EVP_PKEY *key;
	X509 *certificate;
	int error = tls_selfsigned_new(host, &key, &certificate);

	if (error < 0)
		return error;
	BIO *text = pair_text(key, certificate);
	error = text != NULL ? write_whole(path, text) : -ENOMEM;
	BIO_free(text);
	EVP_PKEY_free(key);
	X509_free(certificate);
	return error;
}
