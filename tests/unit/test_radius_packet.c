/*
 * test_radius_packet.c - RADIUS packets: the examples of the RFCs, what others
 * may send.
 */
#include "common/base.h"
#include "daemon/radius/packet.h"

#include "common/tls/tls_md5.h"
#include "daemon/radius/password.h"
#include "tests/unit/unit.h"

const char *const unit_name = "radius_packet";

#define SECRET	   "xyzzy5461"
#define SECRET_LEN 9

static const struct radius_secret secret = { SECRET, SECRET_LEN };
static const struct radius_secret wrong_secret = { "other", 5 };

static size_t
from_hex(const char *text, uint8_t *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (; text[0] != '\0'; text += text[0] == ' ' ? 1 : 2)
		if (text[0] != ' ')
			out[n++] = (uint8_t)((strchr(digits, text[0]) -
			    digits) << 4 | (strchr(digits, text[1]) - digits));
	return n;
}

static void
take(struct radius_packet *p, const char *hex)
{
	uint8_t data[RADIUS_PACKET_SIZE];
	size_t len = from_hex(hex, data);

	CU_ASSERT_EQUAL(radius_packet_take(p, data, len), 0);
}

static const uint8_t *
find(const struct radius_packet *p, uint8_t type, size_t *len)
{
	struct radius_place place = { 0 };
	struct radius_attribute a;

	while (radius_packet_next(p, &place, &a))
		if (a.vendor == 0 && a.type == type) {
			*len = a.len;
			return a.value;
		}
	return NULL;
}

/* RFC 2865 section 7.1: nemo, with the password arctangent. */
static void
test_pap(void)
{
	uint8_t authenticator[16], expected[16];
	struct radius_packet p;
	size_t len = 0;

	from_hex("0f403f9473978057bd83d5cb98f4227a", authenticator);
	from_hex("0dbe708d93d413ce3196e43f782a0aee", expected);
	radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 0, authenticator);
	CU_ASSERT(radius_password_add_pap(&p, "arctangent", &secret));
	const uint8_t *value = find(&p, RADIUS_USER_PASSWORD, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	CU_ASSERT_EQUAL(len, 16);
	CU_ASSERT_EQUAL(memcmp(value, expected, sizeof(expected)), 0);
}

/* Every length up to the longest; the blocks are those of another reading of
 * section 5.2. */
static void
test_lengths_of_pap(void)
{
	char password[RADIUS_PASSWORD_MAX + 2] = "";
	uint8_t authenticator[16] = { 7 };

	for (size_t n = 0; n <= RADIUS_PASSWORD_MAX; n++) {
		struct radius_packet p;
		uint8_t mask[TLS_MD5_SIZE];
		const uint8_t *before = authenticator;
		size_t len = 0;

		radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 0,
		    authenticator);
		CU_ASSERT(radius_password_add_pap(&p, password, &secret));
		const uint8_t *value = find(&p, RADIUS_USER_PASSWORD, &len);
		CU_ASSERT_EQUAL(len, n == 0 ? 16 : (n + 15) / 16 * 16);
		for (size_t i = 0; i < len; i++) {
			const struct tls_md5_part parts[] = {
				{ SECRET, SECRET_LEN }, { before, 16 } };
			if (i % 16 == 0) {
				CU_ASSERT(tls_md5(parts, 2, mask));
				before = value + i;
			}
			CU_ASSERT_EQUAL(value[i] ^ mask[i % 16], i < n ?
			    password[i] : 0);
		}
		password[n] = 'a' + (char)(n % 26);
	}
	struct radius_packet p;
	radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 0, authenticator);
	CU_ASSERT_FALSE(radius_password_add_pap(&p, password, &secret));
}

/* Section 7.2: flopsy, with the password arctangent, identifier 22. */
static void
test_chap(void)
{
	uint8_t challenge[16], expected[17];
	struct radius_packet p;
	size_t len = 0;

	from_hex("2aee86f08d0d55969ca5978e0d3367a2", challenge);
	from_hex("16e97557c316185895f293ff6344077275", expected);
	radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 1, challenge);
	CU_ASSERT(radius_password_add_chap(&p, "arctangent", 22, challenge));
	const uint8_t *value = find(&p, RADIUS_CHAP_PASSWORD, &len);
	CU_ASSERT_EQUAL_FATAL(len, 17);
	CU_ASSERT_EQUAL(memcmp(value, expected, 17), 0);
	value = find(&p, RADIUS_CHAP_CHALLENGE, &len);
	CU_ASSERT_EQUAL_FATAL(len, 16);
	CU_ASSERT_EQUAL(memcmp(value, challenge, 16), 0);
}

/* Section 7.1: the answer to nemo. */
static void
test_response(void)
{
	struct radius_packet request, answer;
	static const char right[] = "02000026 86fe220e7624ba2a1005f6bf9b55e0b2"
		"06060000 00010f06 00000000 0e06c0a8 0103";

	take(&request, "01000038 0f403f9473978057bd83d5cb98f4227a"
	    "01066e65 6d6f0212 0dbe708d 93d413ce 3196e43f 782a0aee"
	    "0406c0a8 01100506 00000003");
	take(&answer, right);
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &request, &secret, false),
	    RADIUS_TRUSTED);
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &request, &secret, true),
	    RADIUS_NO_MESSAGE_AUTHENTICATOR);
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &request, &wrong_secret,
	    false), RADIUS_WRONG_AUTHENTICATOR);
	/* Any byte that is changed. */
	for (size_t i = 0; i < answer.len; i++) {
		struct radius_packet changed = answer;
		changed.data[i] ^= 1;
		CU_ASSERT_NOT_EQUAL(radius_packet_verify(&changed, &request,
		    &secret, false), RADIUS_TRUSTED);
	}
}

/* RFC 3579 section 3.2: an answer as the server makes it, and the request's own
 * Message-Authenticator. */
static void
make_answer(struct radius_packet *p, const struct radius_packet *request)
{
	uint8_t digest[TLS_MD5_SIZE];

	radius_packet_begin(p, RADIUS_ACCESS_REQUEST, request->data[1],
	    request->data + 4);
	p->data[0] = RADIUS_ACCESS_ACCEPT;
	radius_packet_add_text(p, RADIUS_REPLY_MESSAGE, "Hello");
	p->data[2] = (uint8_t)(p->len >> 8);
	p->data[3] = (uint8_t)p->len;
	CU_ASSERT(tls_md5_hmac(SECRET, SECRET_LEN, p->data, p->len, digest));
	memcpy(p->data + 22, digest, sizeof(digest));
	const struct tls_md5_part parts[] = { { p->data, p->len },
		{ SECRET, SECRET_LEN } };
	CU_ASSERT(tls_md5(parts, 2, digest));
	memcpy(p->data + 4, digest, sizeof(digest));
}

static void
test_message_authenticator(void)
{
	uint8_t authenticator[16] = { 1, 2, 3 };
	struct radius_packet request, answer;

	radius_packet_begin(&request, RADIUS_ACCESS_REQUEST, 9, authenticator);
	radius_packet_add_text(&request, RADIUS_USER_NAME, "nemo");
	CU_ASSERT(radius_packet_sign(&request, &secret));
	/* It is the first attribute, and over the packet with zeros in it. */
	CU_ASSERT_EQUAL(request.data[20], RADIUS_MESSAGE_AUTHENTICATOR);
	struct radius_packet zeroed = request;
	uint8_t digest[TLS_MD5_SIZE];
	memset(zeroed.data + 22, 0, 16);
	CU_ASSERT(tls_md5_hmac(SECRET, SECRET_LEN, zeroed.data, zeroed.len,
	    digest));
	CU_ASSERT_EQUAL(memcmp(digest, request.data + 22, 16), 0);

	make_answer(&answer, &request);
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &request, &secret, true),
	    RADIUS_TRUSTED);
	struct radius_packet other = request;
	other.data[1]++;
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &other, &secret, true),
	    RADIUS_OTHER_REQUEST);
	other = request;
	other.data[4]++;
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &other, &secret, true),
	    RADIUS_WRONG_AUTHENTICATOR);
	/* Right as a whole, but not the attribute: required or not. */
	answer.data[22] ^= 1;
	memcpy(answer.data + 4, request.data + 4, 16);
	const struct tls_md5_part parts[] = { { answer.data, answer.len },
		{ SECRET, SECRET_LEN } };
	CU_ASSERT(tls_md5(parts, 2, digest));
	memcpy(answer.data + 4, digest, 16);
	CU_ASSERT_EQUAL(radius_packet_verify(&answer, &request, &secret, false),
	    RADIUS_WRONG_MESSAGE_AUTHENTICATOR);
}

/* RFC 2866 section 3: the authenticator of an Accounting-Request. */
static void
test_accounting(void)
{
	struct radius_packet p;
	uint8_t digest[TLS_MD5_SIZE], given[TLS_MD5_SIZE];

	radius_packet_begin(&p, RADIUS_ACCOUNTING_REQUEST, 3, NULL);
	radius_packet_add_number(&p, RADIUS_ACCT_STATUS_TYPE, 1);
	CU_ASSERT(radius_packet_sign(&p, &secret));
	CU_ASSERT_EQUAL(p.len, 26);
	memcpy(given, p.data + 4, 16);
	memset(p.data + 4, 0, 16);
	const struct tls_md5_part parts[] = { { p.data, p.len },
		{ SECRET, SECRET_LEN } };
	CU_ASSERT(tls_md5(parts, 2, digest));
	CU_ASSERT_EQUAL(memcmp(digest, given, 16), 0);
}

static bool
refused(const char *hex)
{
	uint8_t data[RADIUS_PACKET_SIZE + 1] = { 0 };
	struct radius_packet p;

	return radius_packet_take(&p, data, from_hex(hex, data)) == -EBADMSG;
}

#define AUTHENTICATOR "00000000000000000000000000000000"

static void
test_malformed(void)
{
	uint8_t data[RADIUS_PACKET_SIZE + 100] = { 2, 0, 0x10, 0x01 };
	struct radius_packet p;

	CU_ASSERT(refused(""));
	CU_ASSERT(refused("02"));
	CU_ASSERT(refused("02000013" AUTHENTICATOR));
	CU_ASSERT(refused("02000014" "000000"));
	/* The length is more than has come, */
	CU_ASSERT(refused("02000015" AUTHENTICATOR));
	/* more than a packet may have, */
	CU_ASSERT_EQUAL(radius_packet_take(&p, data, sizeof(data)), -EBADMSG);
	/* and attributes of length 0, 1, too long, cut. */
	CU_ASSERT(refused("02000016" AUTHENTICATOR "1200"));
	CU_ASSERT(refused("02000016" AUTHENTICATOR "1201"));
	CU_ASSERT(refused("02000016" AUTHENTICATOR "1203"));
	CU_ASSERT(refused("02000015" AUTHENTICATOR "12"));
	/* What follows is padding. */
	take(&p, "02000014" AUTHENTICATOR "ffff");
	CU_ASSERT_EQUAL(p.len, 20);
}

/* Attributes of vendors, one or several in one; and unusual ones. */
static void
test_vendors(void)
{
	struct radius_place place = { 0 };
	struct radius_attribute a;
	struct radius_packet p;

	take(&p, "02000040" AUTHENTICATOR
	    "1a0f 00000246 01042f61 05050000 07"	/* two of 582 */
	    "1a06 00000246"				/* none */
	    "1a09 00000246 01ff00"			/* broken */
	    "1a0a 01000246 01042f61"			/* no vendor number */
	    "1204 4869");
	CU_ASSERT(radius_packet_next(&p, &place, &a));
	CU_ASSERT_EQUAL(a.vendor, 582);
	CU_ASSERT_EQUAL(a.type, 1);
	CU_ASSERT_EQUAL(a.len, 2);
	CU_ASSERT(radius_packet_next(&p, &place, &a));
	CU_ASSERT_EQUAL(a.vendor, 582);
	CU_ASSERT_EQUAL(a.type, 5);
	CU_ASSERT_EQUAL(a.len, 3);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT(radius_packet_next(&p, &place, &a));
		CU_ASSERT_EQUAL(a.vendor, 0);
		CU_ASSERT_EQUAL(a.type, RADIUS_VENDOR_SPECIFIC);
	}
	CU_ASSERT(radius_packet_next(&p, &place, &a));
	CU_ASSERT_EQUAL(a.type, RADIUS_REPLY_MESSAGE);
	CU_ASSERT_FALSE(radius_packet_next(&p, &place, &a));
}

/* What does not fit is noticed. */
static void
test_overflow(void)
{
	uint8_t authenticator[16] = { 0 }, value[300] = { 0 };
	struct radius_packet p;

	radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 0, authenticator);
	radius_packet_add(&p, RADIUS_CLASS, value, 254);
	CU_ASSERT(p.overflow);
	CU_ASSERT_FALSE(radius_packet_sign(&p, &secret));
	radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 0, authenticator);
	radius_packet_add_vendor(&p, 582, 1, value, 248);
	CU_ASSERT(p.overflow);
	radius_packet_begin(&p, RADIUS_ACCESS_REQUEST, 0, authenticator);
	for (int i = 0; i < 15; i++)
		radius_packet_add(&p, RADIUS_CLASS, value, 253);
	CU_ASSERT_FALSE(p.overflow);
	radius_packet_add(&p, RADIUS_CLASS, value, 253);
	CU_ASSERT(p.overflow);
	CU_ASSERT(p.len <= sizeof(p.data));
}

CU_TestInfo unit_tests[] = {
	{ "RFC 2865 7.1: PAP", test_pap },
	{ "passwords of any length", test_lengths_of_pap },
	{ "RFC 2865 7.2: CHAP", test_chap },
	{ "RFC 2865 7.1: the Response Authenticator", test_response },
	{ "RFC 3579: Message-Authenticator", test_message_authenticator },
	{ "RFC 2866: accounting", test_accounting },
	{ "truncated and malformed packets", test_malformed },
	{ "attributes of vendors", test_vendors },
	{ "what does not fit", test_overflow },
	CU_TEST_INFO_NULL
};
