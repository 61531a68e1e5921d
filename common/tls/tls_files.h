/*
 * tls_files.h - opens and reads the files of certificates, keys and
 * authorities, and detects changes.  For tls*.c only.
 */
#ifndef COMMON_TLS_TLS_FILES_H
#define COMMON_TLS_TLS_FILES_H

#include "common/base.h"
#include "common/settings/settings.h"

#include <openssl/bio.h>

struct tls_file;

struct tls_files {
	struct tls_file *first;		/* every file that was checked */
	settings_complaint *complain;
	void *context;
	size_t complaints;
};

void tls_files_free(struct tls_files *files);

/* Has one of them changed, been created or been removed since it was read or
 * last checked?  Every change is reported once. */
bool tls_files_changed(struct tls_files *files);

/* Report an error in a file or in the settings, and count it.  The text is
 * escaped. */
void tls_files_complain(struct tls_files *files, const char *path,
	const char *format, ...) PRINTF_LIKE(3, 4);
void tls_files_complain_of_settings(struct tls_files *files,
	const struct settings *settings, const char *format, ...)
	PRINTF_LIKE(3, 4);

/*
 * The public parts of a PEM file, certificates and revocation lists, as an
 * OpenSSL source.  OpenSSL never gets a private key in the same file.  NULL
 * after a complaint.
 */
struct tls_text;
struct tls_text *tls_files_read(struct tls_files *files, const char *path);
BIO *tls_text_bio(struct tls_text *text);
void tls_text_free(struct tls_text *text);

/* Open a file with a private key, and log a warning if others than root can
 * read or change it.  The descriptor, or -1 after a complaint. */
int tls_files_open_key(struct tls_files *files, const char *path);

#endif
