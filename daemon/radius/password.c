/*
 * password.c - how a password is written in a request.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/password.h"

#include "common/tls/tls_md5.h"

#include <sys/random.h>

#define AUTHENTICATOR_AT 4

/* Each block of 16 bytes is combined with the digest of the secret and the
 * block before it; the first with the authenticator (section 5.2). */
static bool
hide(uint8_t *text, size_t len, const uint8_t *authenticator,
	const struct radius_secret *secret)
{
	const uint8_t *before = authenticator;
	uint8_t mask[TLS_MD5_SIZE];
	bool good = true;

	for (size_t at = 0; at < len && good; at += sizeof(mask)) {
		const struct tls_md5_part parts[] = {
			{ secret->text, secret->len },
			{ before, sizeof(mask) },
		};
		good = tls_md5(parts, ARRAY_SIZE(parts), mask);
		for (size_t i = 0; i < sizeof(mask); i++)
			text[at + i] ^= mask[i];
		before = text + at;
	}
	explicit_bzero(mask, sizeof(mask));
	return good;
}

bool
radius_password_add_pap(struct radius_packet *p, const char *password,
	const struct radius_secret *secret)
{
	uint8_t text[RADIUS_PASSWORD_MAX] = { 0 };
	size_t len = strlen(password);
	/* An empty password is one block of zeros. */
	size_t padded = len == 0 ? TLS_MD5_SIZE : (len + TLS_MD5_SIZE - 1) /
		TLS_MD5_SIZE * TLS_MD5_SIZE;

	if (len > sizeof(text))
		return false;
	memcpy(text, password, len);
	bool good = hide(text, padded, p->data + AUTHENTICATOR_AT, secret);
	if (good)
		radius_packet_add(p, RADIUS_USER_PASSWORD, text, padded);
	explicit_bzero(text, sizeof(text));
	return good;
}

bool
radius_password_add_chap(struct radius_packet *p, const char *password,
	uint8_t identifier, const uint8_t *challenge)
{
	const struct tls_md5_part parts[] = {
		{ &identifier, 1 }, { password, strlen(password) },
		{ challenge, TLS_MD5_SIZE },
	};
	uint8_t value[1 + TLS_MD5_SIZE] = { identifier };

	if (!tls_md5(parts, ARRAY_SIZE(parts), value + 1))
		return false;
	radius_packet_add(p, RADIUS_CHAP_PASSWORD, value, sizeof(value));
	radius_packet_add(p, RADIUS_CHAP_CHALLENGE, challenge, TLS_MD5_SIZE);
	return true;
}

bool
radius_password_add_mschap(struct radius_packet *p, const struct tls_mschap *m,
	const char *user, const char *password, char *success)
{
	struct {
		uint8_t identifier;
		uint8_t server[TLS_MSCHAP_CHALLENGE_SIZE];
		uint8_t peer[TLS_MSCHAP_CHALLENGE_SIZE];
	} random;
	struct tls_mschap_answer answer;
	/* identifier, flags, challenge of the client, 8 reserved, response */
	uint8_t value[2 + TLS_MSCHAP_CHALLENGE_SIZE + 8 +
		TLS_MSCHAP_RESPONSE_SIZE] = { 0 };

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random) ||
	    !tls_mschap_respond(m, user, password,
	    &(struct tls_mschap_challenges){ random.server, random.peer },
	    &answer))
		return false;
	value[0] = random.identifier;
	memcpy(value + 2, random.peer, sizeof(random.peer));
	memcpy(value + sizeof(value) - TLS_MSCHAP_RESPONSE_SIZE,
		answer.response, TLS_MSCHAP_RESPONSE_SIZE);
	memcpy(success, answer.success, TLS_MSCHAP_SUCCESS_SIZE);
	radius_packet_add_vendor(p, RADIUS_MICROSOFT, RADIUS_MS_CHAP_CHALLENGE,
		random.server, sizeof(random.server));
	radius_packet_add_vendor(p, RADIUS_MICROSOFT, RADIUS_MS_CHAP2_RESPONSE,
		value, sizeof(value));
	return true;
}

bool
radius_password_is_proven(const struct radius_packet *answer,
	const char *success)
{
	struct radius_place place = { 0 };
	struct radius_attribute a;
	size_t len = strlen(success);

	/* After the identifier; a message may follow. */
	while (radius_packet_next(answer, &place, &a))
		if (a.vendor == RADIUS_MICROSOFT &&
		    a.type == RADIUS_MS_CHAP2_SUCCESS)
			return a.len > len &&
				memcmp(a.value + 1, success, len) == 0;
	return false;
}
