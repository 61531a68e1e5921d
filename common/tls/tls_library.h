/*
 * tls_library.h - OpenSSL as a whole: begun once, wiping what it frees.
 * For the rooms tls*.c only.
 */
#ifndef COMMON_TLS_TLS_LIBRARY_H
#define COMMON_TLS_TLS_LIBRARY_H

#include "common/base.h"

/*
 * Begin, in the master, before anything else uses OpenSSL: memory that it
 * frees is overwritten, its settings, texts and random numbers are there
 * before the first process loses sight of the file system.  Again is fine.
 */
void tls_library_begin(void);

/* Why OpenSSL failed, in a few words, into text[size]; its errors are
 * forgotten.  Returns text.  *reason (may be NULL) is the number of what its
 * TLS part had to say (SSL_R_..), or 0. */
const char *tls_library_error(char *text, size_t size, int *reason);

#endif
