/*
 * radius_wire.h - RADIUS packets, for the suites' own server: written after the
 * RFCs, without the program's code.
 */
#ifndef TESTS_FUNCTIONAL_RADIUS_WIRE_H
#define TESTS_FUNCTIONAL_RADIUS_WIRE_H

#include "common/base.h"
#include "common/buffer.h"

#define WIRE_PACKET 4096
#define WIRE_HEADER 20
#define WIRE_DIGEST 16

struct wire_packet {
	uint8_t data[WIRE_PACKET];
	size_t len;
};

/* RADIUS_SECRET, or over TLS that of the RFC. */
extern const char *wire_secret;

/* Add an attribute. */
void wire_add(struct wire_packet *p, uint8_t type, const void *value,
	size_t len);

/* The value of an attribute, or NULL. */
uint8_t *wire_find(struct wire_packet *p, uint8_t type, size_t *len);

void wire_md5(const struct wire_packet *p, uint8_t *out);
void wire_hmac(const struct wire_packet *p, const char *secret, uint8_t *out);

/* Is the request signed with the secret? */
bool wire_is_signed(const struct wire_packet *request);

/* The password of PAP into out[200]; with CHAP it can only be compared. */
void wire_read_password(struct wire_packet *p, char *out);
bool wire_fits_chap(struct wire_packet *p, const char *password);

/* The same for MS-CHAPv2, for this User-Name; success[44] gets the value of
 * MS-CHAP2-Success. */
bool wire_fits_mschap(struct wire_packet *p, const char *user,
	const char *password, char *success);

/* " NUMBER=VALUE" */
void wire_add_value(struct buffer *b, uint8_t type, const uint8_t *value,
	size_t len);

#endif
