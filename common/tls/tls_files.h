/*
 * tls_files.h - the files of certificates, keys and authorities: opened, read
 * and remembered, so that a change shows.
 * For the rooms tls*.c only.
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

/* Has one of them changed, appeared or been removed since it was read or last
 * checked?  Every change is reported once. */
bool tls_files_changed(struct tls_files *files);

/* Report an error in a file or in the settings, and count it.  The text is
 * escaped. */
void tls_files_complain(struct tls_files *files, const char *path,
	const char *format, ...) PRINTF_LIKE(3, 4);
void tls_files_complain_of_settings(struct tls_files *files,
	const struct settings *settings, const char *format, ...)
	PRINTF_LIKE(3, 4);

/*
 * What is public in a file in PEM: its certificates and lists of revoked ones,
 * as a source for OpenSSL.  A private key in the same file never reaches it.
 * NULL after a complaint.
 */
struct tls_text;
struct tls_text *tls_files_read(struct tls_files *files, const char *path);
BIO *tls_text_bio(struct tls_text *text);
void tls_text_free(struct tls_text *text);

/* Open a file with a private key, and warn in the log where others than root
 * may read or change it.  The descriptor, or -1 after a complaint. */
int tls_files_open_key(struct tls_files *files, const char *path);

#endif
