/*
 * address_range.h - networks: an address and the number of its bits that count.
 */
#ifndef COMMON_ADDRESS_RANGE_H
#define COMMON_ADDRESS_RANGE_H

#include "common/address.h"
#include "common/base.h"
#include "common/buffer.h"

/* IPv4 is kept in its mapped form, ::ffff:192.0.2.1 with 128 bits. */
struct address_range {
	struct address_prefix base;
	uint8_t bits;
};

#define ADDRESS_RANGE_TEXT_SIZE (ADDRESS_TEXT_SIZE + 8)

/* Parse "192.0.2.0/24" or one address.  0; -EINVAL, also for a scope, for bits
 * after the prefix, and for a network that contains the mapped form of IPv4
 * addresses. */
int address_range_parse(struct address_range *r, const char *text) MUST_CHECK;

/* The range that address_prefix() stands for: one IPv4 address or an IPv6
 * /64. */
struct address_range address_range_of(const struct address *a);

/* The range that address_network() stands for: IPv4 /24 or IPv6 /48. */
struct address_range address_range_network(const struct address *a);

/* As it is parsed, into text[ADDRESS_RANGE_TEXT_SIZE].  Returns text. */
const char *address_range_text(const struct address_range *r, char *text);

bool address_range_has(const struct address_range *r, const struct address *a);
bool address_range_same(const struct address_range *a,
	const struct address_range *b);

#endif
