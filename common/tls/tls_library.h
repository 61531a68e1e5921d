/*
 * tls_library.h - OpenSSL as a whole: its start, and its errors in words.
 */
#ifndef COMMON_TLS_TLS_LIBRARY_H
#define COMMON_TLS_TLS_LIBRARY_H

#include "common/base.h"

/* Start OpenSSL in the master: its configuration, texts and random numbers are
 * loaded before a process loses sight of the file system.  Does nothing when
 * called again. */
void tls_library_begin(void);

/* Why OpenSSL failed, in a few words, into text[size]; its errors are
 * forgotten.  Returns text.  *reason (may be NULL) is the number of what its
 * TLS part reported (SSL_R_..), or 0. */
const char *tls_library_error(char *text, size_t size, int *reason);

#endif
