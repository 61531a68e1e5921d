/*
 * tls_foreign.c - loads certificates and keys of another server's
 * configuration.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "common/tls/tls_foreign.h"

#include "common/tls/tls_library.h"

#include <openssl/ssl.h>

#include <sys/stat.h>

#define FILE_SIZE_MAX (1024 * 1024)

struct tls_foreign {
	SSL_CTX *context;
	char reason[160];
};

/* There is nobody to type in a passphrase. */
static int
no_passphrase(char *text UNUSED, int size UNUSED, int writing UNUSED,
	void *context UNUSED)
{
	return -1;
}

struct tls_foreign *
tls_foreign_new(void)
{
	struct tls_foreign *foreign = calloc(1, sizeof(*foreign));

	if (foreign == NULL)
		return NULL;
	tls_library_begin();
	foreign->context = SSL_CTX_new(TLS_server_method());
	if (foreign->context == NULL) {
		free(foreign);
		return NULL;
	}
	SSL_CTX_set_default_passwd_cb(foreign->context, no_passphrase);
	return foreign;
}

void
tls_foreign_free(struct tls_foreign *foreign)
{
	if (foreign == NULL)
		return;
	SSL_CTX_free(foreign->context);
	free(foreign);
}

/* Why OpenSSL should not even open it: it would wait for a FIFO's writer, and
 * read a huge file to its end. */
static const char *
unusable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	return st.st_size > FILE_SIZE_MAX ? "the file is too large" : NULL;
}

static const char *
result(struct tls_foreign *foreign, bool loaded)
{
	const char *reason = tls_library_error(foreign->reason,
		sizeof(foreign->reason), NULL);

	return loaded ? NULL : reason;
}

const char *
tls_foreign_certificate(struct tls_foreign *foreign, const char *path)
{
	const char *why = unusable(path);

	return why != NULL ? why : result(foreign,
		SSL_CTX_use_certificate_chain_file(foreign->context, path) ==
		1);
}

const char *
tls_foreign_key(struct tls_foreign *foreign, const char *path)
{
	const char *why = unusable(path);

	return why != NULL ? why : result(foreign, SSL_CTX_use_PrivateKey_file(
		foreign->context, path, SSL_FILETYPE_PEM) == 1);
}

const char *
tls_foreign_authorities(struct tls_foreign *foreign, const char *path)
{
	const char *why = unusable(path);

	return why != NULL ? why : result(foreign,
		SSL_CTX_load_verify_locations(foreign->context, path, NULL) ==
		1);
}
