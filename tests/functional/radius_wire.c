/*
 * radius_wire.c - RADIUS packets, for the suites' own server.
 */
#include "common/base.h"
#include "tests/functional/radius_wire.h"

#include "common/tls/tls_mschap.h"
#include "tests/functional/radius.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

const char *wire_secret = RADIUS_SECRET;

void
wire_add(struct wire_packet *p, uint8_t type, const void *value, size_t len)
{
	p->data[p->len] = type;
	p->data[p->len + 1] = (uint8_t)(len + 2);
	memcpy(p->data + p->len + 2, value, len);
	p->len += len + 2;
}

void
wire_md5(const struct wire_packet *p, uint8_t *out)
{
	unsigned len;

	EVP_Digest(p->data, p->len, out, &len, EVP_md5(), NULL);
}

void
wire_hmac(const struct wire_packet *p, const char *secret, uint8_t *out)
{
	unsigned len;

	HMAC(EVP_md5(), secret, (int)strlen(secret), p->data, p->len, out,
		&len);
}

/* The value of an attribute, or NULL. */
uint8_t *
wire_find(struct wire_packet *p, uint8_t type, size_t *len)
{
	for (size_t at = WIRE_HEADER; at + 2 <= p->len && p->data[at + 1] >= 2;
	    at += p->data[at + 1])
		if (p->data[at] == type) {
			*len = p->data[at + 1] - 2u;
			return p->data + at + 2;
		}
	return NULL;
}

bool
wire_is_signed(const struct wire_packet *request)
{
	struct wire_packet copy = *request;
	uint8_t given[WIRE_DIGEST], digest[WIRE_DIGEST];
	uint8_t *at = copy.data + 4;
	size_t len;

	if (request->data[0] == 1)
		at = wire_find(&copy, 80, &len);
	if (at == NULL)
		return false;
	memcpy(given, at, WIRE_DIGEST);
	memset(at, 0, WIRE_DIGEST);
	if (request->data[0] == 1) {
		wire_hmac(&copy, wire_secret, digest);
	} else {
		memcpy(copy.data + copy.len, wire_secret,
			strlen(wire_secret));
		copy.len += strlen(wire_secret);
		wire_md5(&copy, digest);
	}
	return memcmp(given, digest, WIRE_DIGEST) == 0;
}

/* The password of PAP; CHAP is compared. */
void
wire_read_password(struct wire_packet *p, char *out)
{
	size_t len = 0;
	const uint8_t *hidden = wire_find(p, 2, &len);
	const uint8_t *before = p->data + 4;

	out[0] = '\0';
	for (size_t at = 0; hidden != NULL && at < len; at += WIRE_DIGEST) {
		struct wire_packet key = { .len = strlen(wire_secret) +
			WIRE_DIGEST };
		uint8_t mask[WIRE_DIGEST];
		memcpy(key.data, wire_secret, strlen(wire_secret));
		memcpy(key.data + strlen(wire_secret), before, WIRE_DIGEST);
		wire_md5(&key, mask);
		for (size_t i = 0; i < WIRE_DIGEST; i++)
			out[at + i] = (char)(hidden[at + i] ^ mask[i]);
		before = hidden + at;
		out[at + WIRE_DIGEST] = '\0';
	}
}

bool
wire_fits_chap(struct wire_packet *p, const char *password)
{
	size_t len = 0, challenge_len = 0;
	const uint8_t *value = wire_find(p, 3, &len);
	const uint8_t *challenge = wire_find(p, 60, &challenge_len);
	struct wire_packet key = { .len = 1 + strlen(password) };
	uint8_t digest[WIRE_DIGEST];

	if (value == NULL || challenge == NULL || len != 1 + WIRE_DIGEST)
		return false;
	key.data[0] = value[0];
	memcpy(key.data + 1, password, strlen(password));
	memcpy(key.data + key.len, challenge, challenge_len);
	key.len += challenge_len;
	wire_md5(&key, digest);
	return memcmp(digest, value + 1, WIRE_DIGEST) == 0;
}

/* The value of an attribute of Microsoft; each is alone in its
 * Vendor-Specific. */
static const uint8_t *
find_microsoft(const struct wire_packet *p, uint8_t type)
{
	for (size_t at = WIRE_HEADER; at + 8 <= p->len && p->data[at + 1] >= 2;
	    at += p->data[at + 1])
		if (p->data[at] == 26 && p->data[at + 4] == 1 &&
		    p->data[at + 5] == 55 && p->data[at + 6] == type)
			return p->data + at + 8;
	return NULL;
}

bool
wire_fits_mschap(struct wire_packet *p, const char *user, const char *password,
	char *success)
{
	const uint8_t *challenge = find_microsoft(p, 11);
	const uint8_t *response = find_microsoft(p, 25);
	struct tls_mschap_answer expected;
	struct tls_mschap *m;

	if (challenge == NULL || response == NULL)
		return false;
	m = tls_mschap_new();
	bool fits = m != NULL && tls_mschap_respond(m, user, password,
		&(struct tls_mschap_challenges){ challenge, response + 2 },
		&expected) && memcmp(response + 26, expected.response,
		sizeof(expected.response)) == 0;
	success[0] = (char)response[0];
	memcpy(success + 1, expected.success, sizeof(expected.success));
	tls_mschap_free(m);
	return fits;
}

void
wire_add_value(struct buffer *b, uint8_t type, const uint8_t *value, size_t len)
{
	static const uint8_t texts[] = { 1, 18, 25, 31, 32, 44 };

	buffer_addf(b, " %u=", type);
	if (memchr(texts, type, sizeof(texts)) != NULL) {
		buffer_add(b, value, len);
		return;
	}
	if (len == 4) {
		buffer_addf(b, "%u", (unsigned)value[0] << 24 |
			(unsigned)value[1] << 16 | (unsigned)value[2] << 8 |
			value[3]);
		return;
	}
	for (size_t i = 0; i < len; i++)
		buffer_addf(b, "%02x", value[i]);
}
