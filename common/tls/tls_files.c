/*
 * tls_files.c - read PEM files into contexts.
 *
 * Runs in: master.
 * Never: lets the library read a key by itself; its buffers are not ours to
 * wipe.
 */
#include "common/base.h"
#include "common/tls/tls_files.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/tls/tls_library.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#define FILE_SIZE_MAX (1024 * 1024)
#define REASON_SIZE   160

struct tls_file {
	struct tls_file *next;
	char *path;
	struct stat seen;	/* all zero: was not there */
};

void
tls_files_free(struct tls_files *files)
{
	while (files->first != NULL) {
		struct tls_file *file = files->first;

		files->first = file->next;
		free(file->path);
		free(file);
	}
}

static bool
same_moment(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Whatever a tool does to replace a file, one of these changes. */
static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		same_moment(&a->st_mtim, &b->st_mtim) &&
		same_moment(&a->st_ctim, &b->st_ctim);
}

static void
look_at(const char *path, struct stat *st)
{
	if (stat(path, st) < 0)
		memset(st, 0, sizeof(*st));
}

bool
tls_files_changed(struct tls_files *files)
{
	bool changed = false;

	for (struct tls_file *f = files->first; f != NULL; f = f->next) {
		struct stat now;

		look_at(f->path, &now);
		changed = changed || !same_file(&f->seen, &now);
		f->seen = now;
	}
	return changed;
}

void
tls_files_complain(struct tls_files *files, const char *path,
	const char *format, ...)
{
	char sentence[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(sentence, sizeof(sentence), format, ap);
	va_end(ap);
	files->complaints++;
	files->complain(files->context, path, sentence);
}

/* Before it is read, so that a change in between shows later. */
static const struct stat *
remember(struct tls_files *files, const char *path)
{
	struct tls_file *file = calloc(1, sizeof(*file));

	if (file == NULL || (file->path = strdup(path)) == NULL) {
		free(file);
		tls_files_complain(files, path, "out of memory");
		return NULL;
	}
	look_at(path, &file->seen);
	file->next = files->first;
	files->first = file;
	return &file->seen;
}

/* The whole file as a source for OpenSSL; *data is to be freed after it. */
static BIO *
open_file(struct tls_files *files, const char *path, char **data)
{
	BIO *bio;

	*data = NULL;
	if (remember(files, path) == NULL)
		return NULL;
	*data = secret_new(FILE_SIZE_MAX);
	ssize_t len = *data == NULL ? -ENOMEM :
		io_read_file(path, *data, FILE_SIZE_MAX);
	bio = len < 0 ? NULL : BIO_new_mem_buf(*data, (int)len);
	if (bio != NULL)
		return bio;
	tls_files_complain(files, path, "cannot be read: %s",
		log_errno(len < 0 ? (int)len : -ENOMEM));
	secret_free(*data, FILE_SIZE_MAX);
	return NULL;
}

static void
close_file(BIO *bio, char *data)
{
	BIO_free(bio);
	secret_free(data, FILE_SIZE_MAX);
	/* Reading to the end of a file leaves an error behind. */
	ERR_clear_error();
}

static void
warn_about_dates(const char *path, const X509 *certificate)
{
	if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
		log_warning("%s: the certificate has expired", path);
	if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
		log_warning("%s: the certificate is not valid yet", path);
}

/* Debian's group ssl-cert may read keys; nobody else has reason to. */
static void
warn_about_rights(const struct tls_files *files, const char *path)
{
	const struct stat *st = &files->first->seen;

	if (st->st_uid != 0 && st->st_uid != geteuid())
		log_warning("%s: the private key does not belong to root",
			path);
	if (st->st_mode & S_IRWXO)
		log_warning("%s: everybody may use the private key (mode "
			"%04o)", path, st->st_mode & 07777);
	else if (st->st_mode & S_IWGRP)
		log_warning("%s: the group may change the private key (mode "
			"%04o)", path, st->st_mode & 07777);
}

/* A terminal must never be asked for a passphrase. */
static int
no_passphrase(char *text UNUSED, int size UNUSED, int writing UNUSED,
	void *asked)
{
	*(bool *)asked = true;
	return -1;
}

static bool
use_key(struct tls_files *files, SSL_CTX *context, const char *path)
{
	char reason[REASON_SIZE], *data;
	bool asked = false;
	BIO *bio = open_file(files, path, &data);

	if (bio == NULL)
		return false;
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase,
		&asked);
	/* The library itself would take a key of another kind for the next
	 * certificate's. */
	bool ok = key != NULL && X509_check_private_key(
		SSL_CTX_get0_certificate(context), key) == 1 &&
		SSL_CTX_use_PrivateKey(context, key) == 1;

	if (asked)
		tls_files_complain(files, path, "the private key wants a "
			"passphrase; a server starts without anybody to ask");
	else if (key == NULL)
		tls_files_complain(files, path, "has no private key in PEM");
	else if (!ok)
		tls_files_complain(files, path, "the private key cannot be "
			"used: %s", tls_library_error(reason, sizeof(reason),
			NULL));
	else
		warn_about_rights(files, path);
	EVP_PKEY_free(key);
	close_file(bio, data);
	return ok;
}

/* What follows the certificate in its file leads to its authority. */
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
	return ok;
}

/* A second certificate for the same kind of key would push the first out. */
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

static bool
use_certificate(struct tls_files *files, SSL_CTX *context, const char *path)
{
	char reason[REASON_SIZE], *data;
	bool ok = false;
	BIO *bio = open_file(files, path, &data);

	if (bio == NULL)
		return false;
	X509 *certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL);

	if (certificate == NULL)
		tls_files_complain(files, path, "has no certificate in PEM");
	else if (has_such_key(context, certificate))
		tls_files_complain(files, path, "there is a certificate for "
			"this kind of key already");
	else if (SSL_CTX_use_certificate(context, certificate) != 1 ||
	    !use_chain(context, bio))
		tls_files_complain(files, path, "the certificate cannot be "
			"used: %s", tls_library_error(reason, sizeof(reason),
			NULL));
	else
		ok = true;
	if (ok)
		warn_about_dates(path, certificate);
	X509_free(certificate);
	close_file(bio, data);
	return ok;
}

bool
tls_files_use_pair(struct tls_files *files, SSL_CTX *context,
	const char *certificate_path, const char *key_path)
{
	return use_certificate(files, context, certificate_path) &&
		use_key(files, context,
			key_path != NULL ? key_path : certificate_path);
}

static bool
add_authorities(SSL_CTX *context, BIO *bio)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);
	size_t count = 0;
	X509 *ca;

	while ((ca = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
		/* Their names tell clients which certificate to send. */
		bool ok = X509_STORE_add_cert(store, ca) == 1 &&
			SSL_CTX_add_client_CA(context, ca) == 1;
		X509_free(ca);
		if (!ok)
			return false;
		count++;
	}
	return count > 0;
}

/* Every certificate of a chain is looked for, so an authority without a list
 * is not believed. */
static bool
add_revocations(SSL_CTX *context, BIO *bio)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);
	size_t count = 0;
	X509_CRL *crl;

	while ((crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL)) != NULL) {
		bool ok = X509_STORE_add_crl(store, crl) == 1;
		X509_CRL_free(crl);
		if (!ok)
			return false;
		count++;
	}
	return count > 0 && X509_STORE_set_flags(store,
		X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1;
}

static bool
use_list(struct tls_files *files, SSL_CTX *context, const char *path,
	bool (*add)(SSL_CTX *context, BIO *bio), const char *lacking)
{
	char *data;
	BIO *bio = open_file(files, path, &data);

	if (bio == NULL)
		return false;
	bool ok = add(context, bio);
	if (!ok)
		tls_files_complain(files, path, "%s", lacking);
	close_file(bio, data);
	return ok;
}

bool
tls_files_use_authorities(struct tls_files *files, SSL_CTX *context,
	const char *ca_path, const char *crl_path)
{
	if (!use_list(files, context, ca_path, add_authorities,
	    "has no certificates of authorities in PEM"))
		return false;
	return *crl_path == '\0' || use_list(files, context, crl_path,
		add_revocations, "has no list of revoked certificates in PEM");
}
