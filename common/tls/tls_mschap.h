/*
 * tls_mschap.h - the computations of MS-CHAPv2 (RFC 2759), with MD4 and DES
 * from OpenSSL's legacy provider.
 */
#ifndef COMMON_TLS_TLS_MSCHAP_H
#define COMMON_TLS_TLS_MSCHAP_H

#include "common/base.h"

#define TLS_MSCHAP_CHALLENGE_SIZE 16
#define TLS_MSCHAP_RESPONSE_SIZE  24
#define TLS_MSCHAP_SUCCESS_SIZE	  43	/* "S=" and 40 digits, with the NUL */

struct tls_mschap;

/* Load the provider; NULL if this system does not have it. */
struct tls_mschap *tls_mschap_new(void);
void tls_mschap_free(struct tls_mschap *m);

/* Can there be a response for this password: UTF-8, not empty, not too long? */
bool tls_mschap_takes(const char *password) MUST_CHECK;

/* Both of TLS_MSCHAP_CHALLENGE_SIZE bytes. */
struct tls_mschap_challenges {
	const uint8_t *server, *peer;
};

struct tls_mschap_answer {
	uint8_t response[TLS_MSCHAP_RESPONSE_SIZE];
	/* What the server must answer to prove that it knows the password. */
	char success[TLS_MSCHAP_SUCCESS_SIZE];
};

/*
 * Compute the answer to the server's challenge.  A domain before the user's
 * name (DOMAIN\) is left out.  False if tls_mschap_takes() does not hold, or
 * when OpenSSL fails.
 */
bool tls_mschap_respond(const struct tls_mschap *m, const char *user,
	const char *password, const struct tls_mschap_challenges *challenges,
	struct tls_mschap_answer *answer) MUST_CHECK;

#endif
