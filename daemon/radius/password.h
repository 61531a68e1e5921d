/*
 * password.h - how a password is written in a request (RFC 2865).
 */
#ifndef DAEMON_RADIUS_PASSWORD_H
#define DAEMON_RADIUS_PASSWORD_H

#include "common/base.h"
#include "common/tls/tls_mschap.h"
#include "daemon/radius/packet.h"

#define RADIUS_PASSWORD_MAX 128	/* RFC 2865 section 5.2 */

/* Add User-Password, encrypted with the secret and the packet's authenticator
 * (PAP).  False for a longer password, or without MD5. */
bool radius_password_add_pap(struct radius_packet *p, const char *password,
	const struct radius_secret *secret) MUST_CHECK;

/*
 * Add MS-CHAP-Challenge and MS-CHAP2-Response (RFC 2548), with random
 * challenges, for this user, as named in the request.
 * success[TLS_MSCHAP_SUCCESS_SIZE] is what the accepting answer must contain.
 */
bool radius_password_add_mschap(struct radius_packet *p,
	const struct tls_mschap *m, const char *user, const char *password,
	char *success) MUST_CHECK;

/* Does the accepting answer contain it? */
bool radius_password_is_proven(const struct radius_packet *answer,
	const char *success) MUST_CHECK;

/* Add CHAP-Password and CHAP-Challenge. */
bool radius_password_add_chap(struct radius_packet *p, const char *password,
	uint8_t identifier, const uint8_t *challenge) MUST_CHECK;

#endif
