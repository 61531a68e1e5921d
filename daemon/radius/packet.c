/*
 * packet.c - RADIUS packets: lengths, attributes, authenticators.
 *
 * Runs in: radius.  Never: reads a byte that a length has not covered.
 */
#include "common/base.h"
#include "daemon/radius/packet.h"

#include "common/tls/tls_md5.h"

#define ATTRIBUTE_HEADER 2
#define VENDOR_HEADER	 4	/* of the value of a Vendor-Specific */
#define LENGTH_AT	 2
#define AUTHENTICATOR_AT 4
/* The first attribute of an Access-Request. */
#define MESSAGE_AUTHENTICATOR_AT (RADIUS_HEADER_SIZE + ATTRIBUTE_HEADER)

static void
put_number(uint8_t *to, uint32_t n)
{
	to[0] = (uint8_t)(n >> 24);
	to[1] = (uint8_t)(n >> 16);
	to[2] = (uint8_t)(n >> 8);
	to[3] = (uint8_t)n;
}

static void
put_length(struct radius_packet *p)
{
	p->data[LENGTH_AT] = (uint8_t)(p->len >> 8);
	p->data[LENGTH_AT + 1] = (uint8_t)p->len;
}

void
radius_packet_begin(struct radius_packet *p, enum radius_code code,
	uint8_t identifier, const uint8_t *authenticator)
{
	static const uint8_t zero[TLS_MD5_SIZE];

	p->len = RADIUS_HEADER_SIZE;
	p->overflow = false;
	memset(p->data, 0, RADIUS_HEADER_SIZE);
	p->data[0] = (uint8_t)code;
	p->data[1] = identifier;
	if (code != RADIUS_ACCESS_REQUEST)
		return;
	memcpy(p->data + AUTHENTICATOR_AT, authenticator,
		RADIUS_AUTHENTICATOR_SIZE);
	radius_packet_add(p, RADIUS_MESSAGE_AUTHENTICATOR, zero, sizeof(zero));
}

void
radius_packet_add(struct radius_packet *p, uint8_t type, const void *value,
	size_t len)
{
	if (len > RADIUS_VALUE_MAX ||
	    len + ATTRIBUTE_HEADER > sizeof(p->data) - p->len) {
		p->overflow = true;
		return;
	}
	p->data[p->len] = type;
	p->data[p->len + 1] = (uint8_t)(len + ATTRIBUTE_HEADER);
	if (len > 0)
		memcpy(p->data + p->len + ATTRIBUTE_HEADER, value, len);
	p->len += len + ATTRIBUTE_HEADER;
}

void
radius_packet_add_text(struct radius_packet *p, uint8_t type, const char *text)
{
	/* RFC 2865 section 5: a text of length zero is left out. */
	if (*text != '\0')
		radius_packet_add(p, type, text, strlen(text));
}

void
radius_packet_add_number(struct radius_packet *p, uint8_t type, uint32_t number)
{
	uint8_t value[4];

	put_number(value, number);
	radius_packet_add(p, type, value, sizeof(value));
}

void
radius_packet_add_vendor(struct radius_packet *p, uint32_t vendor, uint8_t type,
	const void *value, size_t len)
{
	uint8_t whole[RADIUS_VALUE_MAX];
	size_t before = VENDOR_HEADER + ATTRIBUTE_HEADER;

	if (vendor == 0) {
		radius_packet_add(p, type, value, len);
		return;
	}
	if (len > sizeof(whole) - before) {
		p->overflow = true;
		return;
	}
	put_number(whole, vendor);
	whole[VENDOR_HEADER] = type;
	whole[VENDOR_HEADER + 1] = (uint8_t)(len + ATTRIBUTE_HEADER);
	memcpy(whole + before, value, len);
	radius_packet_add(p, RADIUS_VENDOR_SPECIFIC, whole, before + len);
}

bool
radius_packet_sign(struct radius_packet *p, const struct radius_secret *secret)
{
	const struct tls_md5_part parts[] = {
		{ p->data, p->len }, { secret->text, secret->len },
	};

	if (p->overflow)
		return false;
	put_length(p);
	if (p->data[0] == RADIUS_ACCESS_REQUEST)
		return tls_md5_hmac(secret->text, secret->len, p->data, p->len,
			p->data + MESSAGE_AUTHENTICATOR_AT);
	return tls_md5(parts, ARRAY_SIZE(parts), p->data + AUTHENTICATOR_AT);
}

/* --- reading */

static bool
attributes_fit(const uint8_t *data, size_t len)
{
	while (len > 0) {
		if (len < ATTRIBUTE_HEADER || data[1] < ATTRIBUTE_HEADER ||
		    data[1] > len)
			return false;
		len -= data[1];
		data += data[1];
	}
	return true;
}

int
radius_packet_take(struct radius_packet *p, const uint8_t *data, size_t len)
{
	if (len < RADIUS_HEADER_SIZE)
		return -EBADMSG;
	size_t stated = (size_t)data[LENGTH_AT] << 8 | data[LENGTH_AT + 1];
	/* What follows the packet in the datagram is padding. */
	if (stated < RADIUS_HEADER_SIZE || stated > len ||
	    stated > sizeof(p->data) || !attributes_fit(data +
	    RADIUS_HEADER_SIZE, stated - RADIUS_HEADER_SIZE))
		return -EBADMSG;
	memcpy(p->data, data, stated);
	p->len = stated;
	p->overflow = false;
	return 0;
}

/* A vendor's attributes follow its number. */
static bool
has_usual_form(const uint8_t *value, size_t len)
{
	return len > VENDOR_HEADER && value[0] == 0 &&
		(value[1] | value[2] | value[3]) != 0 &&
		attributes_fit(value + VENDOR_HEADER, len - VENDOR_HEADER);
}

static uint32_t
vendor_at(const uint8_t *value)
{
	return (uint32_t)value[1] << 16 | (uint32_t)value[2] << 8 | value[3];
}

static void
read_attribute(const struct radius_packet *p, struct radius_place *place,
	struct radius_attribute *a)
{
	const uint8_t *at = p->data + place->at;

	a->type = at[0];
	a->len = (uint8_t)(at[1] - ATTRIBUTE_HEADER);
	a->value = at + ATTRIBUTE_HEADER;
	place->at += at[1];
}

bool
radius_packet_next(const struct radius_packet *p, struct radius_place *place,
	struct radius_attribute *a)
{
	if (place->at == 0)
		place->at = RADIUS_HEADER_SIZE;
	if (place->at >= p->len)
		return false;
	bool inside = place->at < place->vendor_end;
	a->vendor = inside ? place->vendor : 0;
	read_attribute(p, place, a);
	if (inside || a->type != RADIUS_VENDOR_SPECIFIC ||
	    !has_usual_form(a->value, a->len))
		return true;
	place->vendor_end = place->at;
	place->at -= (size_t)(a->len - VENDOR_HEADER);
	a->vendor = place->vendor = vendor_at(a->value);
	read_attribute(p, place, a);
	return true;
}

/* Response Authenticator (RFC 2865 section 3). */
static bool
is_authentic(const struct radius_packet *answer,
	const struct radius_packet *request, const struct radius_secret *secret)
{
	uint8_t digest[TLS_MD5_SIZE];
	const struct tls_md5_part parts[] = {
		{ answer->data, AUTHENTICATOR_AT },
		{ request->data + AUTHENTICATOR_AT, RADIUS_AUTHENTICATOR_SIZE },
		{ answer->data + RADIUS_HEADER_SIZE,
			answer->len - RADIUS_HEADER_SIZE },
		{ secret->text, secret->len },
	};

	return tls_md5(parts, ARRAY_SIZE(parts), digest) &&
		tls_md5_same(digest, answer->data + AUTHENTICATOR_AT);
}

/* RFC 3579 section 3.2: over the answer with the request's authenticator, and
 * zeros in this attribute. */
static bool
is_message_authentic(const struct radius_packet *answer, size_t at,
	const struct radius_packet *request, const struct radius_secret *secret)
{
	struct radius_packet copy UNINITIALIZED;
	uint8_t digest[TLS_MD5_SIZE];

	memcpy(copy.data, answer->data, answer->len);
	memcpy(copy.data + AUTHENTICATOR_AT, request->data + AUTHENTICATOR_AT,
		RADIUS_AUTHENTICATOR_SIZE);
	memset(copy.data + at, 0, TLS_MD5_SIZE);
	return tls_md5_hmac(secret->text, secret->len, copy.data, answer->len,
		digest) && tls_md5_same(digest, answer->data + at);
}

enum radius_trust
radius_packet_verify(const struct radius_packet *answer,
	const struct radius_packet *request, const struct radius_secret *secret,
	bool required)
{
	struct radius_place place = { 0 };
	struct radius_attribute a;
	bool found = false;

	if (answer->data[1] != request->data[1])
		return RADIUS_OTHER_REQUEST;
	if (!is_authentic(answer, request, secret))
		return RADIUS_WRONG_AUTHENTICATOR;
	while (radius_packet_next(answer, &place, &a)) {
		if (a.vendor != 0 || a.type != RADIUS_MESSAGE_AUTHENTICATOR)
			continue;
		if (found || a.len != TLS_MD5_SIZE ||
		    !is_message_authentic(answer,
		    (size_t)(a.value - answer->data), request, secret))
			return RADIUS_WRONG_MESSAGE_AUTHENTICATOR;
		found = true;
	}
	return found || !required ? RADIUS_TRUSTED :
		RADIUS_NO_MESSAGE_AUTHENTICATOR;
}

const char *
radius_packet_trust_text(enum radius_trust trust)
{
	switch (trust) {
	case RADIUS_TRUSTED:
		return "valid";
	case RADIUS_OTHER_REQUEST:
		return "an answer to another request";
	case RADIUS_WRONG_AUTHENTICATOR:
		return "an answer with a wrong authenticator (is the secret "
			"the same on both sides?)";
	case RADIUS_WRONG_MESSAGE_AUTHENTICATOR:
		return "an answer with a wrong Message-Authenticator";
	case RADIUS_NO_MESSAGE_AUTHENTICATOR:
		return "an answer without Message-Authenticator "
			"(require_message_authenticator)";
	}
	return "an invalid answer";
}
