/*
 * charset.h - conversion between UTF-8 and the character set of old clients
 * (filename_charset).
 *
 * Only sets without states, in which no character takes more bytes than in
 * UTF-8: so a text never grows on its way to the client, each line can be
 * converted alone, and the decoders with states, which have had exploitable
 * errors in C libraries, are never loaded.
 */
#ifndef COMMON_CHARSET_H
#define COMMON_CHARSET_H

#include "common/base.h"

enum { CHARSET_UTF8, CHARSETS = 13 };	/* in the order of the setting */

struct charset {
	const char *name;	/* as in the setting; NULL: not open */
	void *from, *to;	/* iconv_t: from the client, to the client */
};

/* The name of a set that is not UTF-8. */
const char *charset_name(int which);

/* Open it, which may load modules of the C library.  0, or -errno: -EINVAL if
 * the C library does not have it. */
int charset_open(struct charset *c, int which) MUST_CHECK;
void charset_close(struct charset *c);

/* A client's bytes as UTF-8 into out[size], not terminated: the length;
 * -EILSEQ if they are not valid in this set, -EMSGSIZE if they do not fit. */
ssize_t charset_decode(const struct charset *c, const char *text, size_t len,
	char *out, size_t size) MUST_CHECK;

/* Convert UTF-8 for the client, in place: the new length, which is not larger.
 * A character that the set does not have, or a byte that is not UTF-8, becomes
 * a question mark. */
size_t charset_encode(const struct charset *c, char *text, size_t len);

#endif
