/*
 * packet.h - RADIUS packets (RFC 2865, 2866, 3579): written as requests, read
 * and verified as answers.
 */
#ifndef DAEMON_RADIUS_PACKET_H
#define DAEMON_RADIUS_PACKET_H

#include "common/base.h"

#define RADIUS_HEADER_SIZE	  20
#define RADIUS_PACKET_SIZE	  4096	/* the longest packet */
#define RADIUS_AUTHENTICATOR_SIZE 16
#define RADIUS_VALUE_MAX	  253	/* of an attribute */

enum radius_code {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCOUNTING_REQUEST = 4,
	RADIUS_ACCOUNTING_RESPONSE = 5,
	RADIUS_ACCESS_CHALLENGE = 11,
};

enum radius_type {
	RADIUS_USER_NAME = 1,
	RADIUS_USER_PASSWORD = 2,
	RADIUS_CHAP_PASSWORD = 3,
	RADIUS_NAS_IP_ADDRESS = 4,
	RADIUS_SERVICE_TYPE = 6,
	RADIUS_FILTER_ID = 11,
	RADIUS_REPLY_MESSAGE = 18,
	RADIUS_STATE = 24,
	RADIUS_CLASS = 25,
	RADIUS_VENDOR_SPECIFIC = 26,
	RADIUS_SESSION_TIMEOUT = 27,
	RADIUS_IDLE_TIMEOUT = 28,
	RADIUS_CALLING_STATION_ID = 31,
	RADIUS_NAS_IDENTIFIER = 32,
	RADIUS_ACCT_STATUS_TYPE = 40,
	RADIUS_ACCT_DELAY_TIME = 41,
	RADIUS_ACCT_INPUT_OCTETS = 42,
	RADIUS_ACCT_OUTPUT_OCTETS = 43,
	RADIUS_ACCT_SESSION_ID = 44,
	RADIUS_ACCT_AUTHENTIC = 45,
	RADIUS_ACCT_SESSION_TIME = 46,
	RADIUS_ACCT_INPUT_PACKETS = 47,
	RADIUS_ACCT_OUTPUT_PACKETS = 48,
	RADIUS_ACCT_TERMINATE_CAUSE = 49,
	RADIUS_ACCT_INPUT_GIGAWORDS = 52,
	RADIUS_ACCT_OUTPUT_GIGAWORDS = 53,
	RADIUS_EVENT_TIMESTAMP = 55,
	RADIUS_CHAP_CHALLENGE = 60,
	RADIUS_NAS_PORT_TYPE = 61,
	RADIUS_MESSAGE_AUTHENTICATOR = 80,
	RADIUS_ACCT_INTERIM_INTERVAL = 85,
	RADIUS_NAS_IPV6_ADDRESS = 95,
};

/* Of the vendor Microsoft (RFC 2548). */
#define RADIUS_MICROSOFT 311
enum radius_microsoft {
	RADIUS_MS_CHAP_CHALLENGE = 11,
	RADIUS_MS_CHAP2_RESPONSE = 25,
	RADIUS_MS_CHAP2_SUCCESS = 26,
};

/* What is shared with a server. */
#define RADIUS_SECRET_MAX 128
struct radius_secret {
	char text[RADIUS_SECRET_MAX + 1];
	size_t len;
};

struct radius_packet {
	size_t len;
	bool overflow;		/* something did not fit */
	uint8_t data[RADIUS_PACKET_SIZE];
};

struct radius_attribute {
	uint32_t vendor;	/* 0: a standard attribute */
	uint8_t type;
	uint8_t len;
	const uint8_t *value;
};

/* --- writing */

/* Begin a request.  An Access-Request has a random authenticator and begins
 * with the attribute Message-Authenticator. */
void radius_packet_begin(struct radius_packet *p, enum radius_code code,
	uint8_t identifier, const uint8_t *authenticator);

/* Add an attribute; one that does not fit sets `overflow`. */
void radius_packet_add(struct radius_packet *p, uint8_t type, const void *value,
	size_t len);
void radius_packet_add_text(struct radius_packet *p, uint8_t type,
	const char *text);
void radius_packet_add_number(struct radius_packet *p, uint8_t type,
	uint32_t number);
void radius_packet_add_vendor(struct radius_packet *p, uint32_t vendor,
	uint8_t type, const void *value, size_t len);

/* Compute the Message-Authenticator of an Access-Request, or the authenticator
 * of an Accounting-Request.  False if something did not fit, or without MD5. */
bool radius_packet_sign(struct radius_packet *p,
	const struct radius_secret *secret) MUST_CHECK;

/* --- reading */

/* Take data[len] as a packet: its length and those of its attributes are
 * checked.  0 or -EBADMSG. */
int radius_packet_take(struct radius_packet *p, const uint8_t *data,
	size_t len) MUST_CHECK;

/*
 * Step through the attributes of a packet that radius_packet_take() accepted;
 * *place is zero at first.  Attributes in a Vendor-Specific one are returned
 * one by one; if its content does not have the usual form, it is returned as a
 * whole, with the type RADIUS_VENDOR_SPECIFIC and vendor 0.
 */
struct radius_place {
	size_t at, vendor_end;
	uint32_t vendor;
};
bool radius_packet_next(const struct radius_packet *p,
	struct radius_place *place, struct radius_attribute *a);

enum radius_trust {
	RADIUS_TRUSTED,
	RADIUS_OTHER_REQUEST,	/* the identifier is not the request's */
	RADIUS_WRONG_AUTHENTICATOR,
	RADIUS_WRONG_MESSAGE_AUTHENTICATOR,
	RADIUS_NO_MESSAGE_AUTHENTICATOR,
};

/* Was the answer to this request made with the secret?  `required`: it must
 * contain a Message-Authenticator. */
enum radius_trust radius_packet_verify(const struct radius_packet *answer,
	const struct radius_packet *request, const struct radius_secret *secret,
	bool required);

/* A sentence for the log. */
const char *radius_packet_trust_text(enum radius_trust trust);

#endif
