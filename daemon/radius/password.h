/*
 * password.h - how a password is written in a request (RFC 2865).
 */
#ifndef DAEMON_RADIUS_PASSWORD_H
#define DAEMON_RADIUS_PASSWORD_H

#include "common/base.h"
#include "daemon/radius/packet.h"

#define RADIUS_PASSWORD_MAX 128	/* RFC 2865 section 5.2 */

/* Add User-Password, encrypted with the secret and the packet's authenticator
 * (PAP).  False for a longer password, or without MD5. */
bool radius_password_add_pap(struct radius_packet *p, const char *password,
	const char *secret, size_t secret_len) MUST_CHECK;

/* Add CHAP-Password and CHAP-Challenge. */
bool radius_password_add_chap(struct radius_packet *p, const char *password,
	uint8_t identifier, const uint8_t *challenge) MUST_CHECK;

#endif
