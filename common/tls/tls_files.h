/*
 * tls_files.h - files of certificates, keys and authorities: read without
 * leaving copies, remembered so that a change shows.
 * For the rooms tls*.c only.
 */
#ifndef COMMON_TLS_TLS_FILES_H
#define COMMON_TLS_TLS_FILES_H

#include "common/base.h"
#include "common/settings/settings.h"

#include <openssl/ssl.h>

struct tls_file;

struct tls_files {
	struct tls_file *first;		/* every file that was looked at */
	settings_complaint *complain;
	void *context;
	size_t complaints;
};

void tls_files_free(struct tls_files *files);

/* Has one of them changed, come or gone since it was read or last asked
 * about?  Every change is told once. */
bool tls_files_changed(struct tls_files *files);

/* Say what is wrong with a file; counts. */
void tls_files_complain(struct tls_files *files, const char *path,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* Add the certificate, its chain and its key (in the same file when key_path
 * is NULL) to the context, beside those of other kinds of keys.  False after
 * a complaint. */
bool tls_files_use_pair(struct tls_files *files, SSL_CTX *context,
	const char *certificate_path, const char *key_path);

/* Believe clients' certificates that come from these authorities and are not
 * revoked; crl_path may be "".  False after a complaint. */
bool tls_files_use_authorities(struct tls_files *files, SSL_CTX *context,
	const char *ca_path, const char *crl_path);

#endif
