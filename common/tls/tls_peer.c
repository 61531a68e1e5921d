/*
 * tls_peer.c - extracts the account's name from a client's certificate.
 *
 * Runs in: greeter.
 */
#include "common/base.h"
#include "common/tls/tls_peer.h"

#include "common/settings/settings.h"

#include <openssl/bio.h>
#include <openssl/x509v3.h>

/* Copied if it fits and contains no NUL; else "". */
static void
put(char *text, size_t size, const void *data, size_t len)
{
	*text = '\0';
	if (len == 0 || len >= size || memchr(data, '\0', len) != NULL)
		return;
	memcpy(text, data, len);
	text[len] = '\0';
}

static void
common_name(X509 *certificate, char *text, size_t size)
{
	X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *utf8 = NULL;

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName,
	    at) >= 0)
		return;
	int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(
		X509_NAME_get_entry(subject, at)));
	if (len > 0)
		put(text, size, utf8, (size_t)len);
	OPENSSL_free(utf8);
}

/* From the subject and the alternative names, without repetitions. */
static void
mail_address(X509 *certificate, char *text, size_t size)
{
	STACK_OF(OPENSSL_STRING) *all = X509_get1_email(certificate);

	if (all != NULL && sk_OPENSSL_STRING_num(all) == 1) {
		const char *one = sk_OPENSSL_STRING_value(all, 0);
		put(text, size, one, strlen(one));
	}
	X509_email_free(all);
}

static void
whole_subject(X509 *certificate, char *text, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL;

	if (bio != NULL && X509_NAME_print_ex(bio,
	    X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) > 0) {
		long len = BIO_get_mem_data(bio, &data);
		if (len > 0)
			put(text, size, data, (size_t)len);
	}
	BIO_free(bio);
}

void
tls_peer_name(X509 *certificate, int certificate_user, char *text, size_t size)
{
	*text = '\0';
	if (certificate_user == CERTIFICATE_USER_CN)
		common_name(certificate, text, size);
	else if (certificate_user == CERTIFICATE_USER_EMAIL)
		mail_address(certificate, text, size);
	else
		whole_subject(certificate, text, size);
}

void
tls_peer_describe(const SSL *ssl, int certificate_user,
	struct tls_facts *facts)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);

	if (certificate == NULL || SSL_get_verify_result(ssl) != X509_V_OK)
		return;
	facts->has_certificate = true;
	tls_peer_name(certificate, certificate_user, facts->subject,
		sizeof(facts->subject));
}
