/*
 * address_range.c - networks: an address and the number of its bits that count.
 *
 * Runs in: master, sureftpctl.
 */
#include "common/base.h"
#include "common/address_range.h"

#include "common/text.h"

#define MAPPED_BITS 96	/* before the IPv4 address */
#define ALL_BITS    128

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

/* All bytes of the address. */
static struct address_prefix
whole(const struct address *a)
{
	struct address_prefix p = { 0 };

	if (address_family(a) == AF_INET)
		return address_prefix(a);
	if (address_family(a) == AF_INET6)
		memcpy(p.bytes, &a->v6.sin6_addr, sizeof(p.bytes));
	return p;
}

static bool
same_bits(const struct address_prefix *a, const struct address_prefix *b,
	size_t bits)
{
	size_t bytes = bits / 8;
	unsigned rest = 8 - bits % 8;

	if (memcmp(a->bytes, b->bytes, bytes) != 0)
		return false;
	return rest == 8 ||
	    (a->bytes[bytes] >> rest) == (b->bytes[bytes] >> rest);
}

static bool
is_mapped(const struct address_range *r)
{
	return r->bits >= MAPPED_BITS &&
	    memcmp(r->base.bytes, mapped, sizeof(mapped)) == 0;
}

/* No bits are set after the prefix. */
static bool
is_clean(const struct address_range *r)
{
	for (size_t i = r->bits; i < ALL_BITS; i++)
		if ((r->base.bytes[i / 8] >> (7 - i % 8) & 1) != 0)
			return false;
	return true;
}

int
address_range_parse(struct address_range *r, const char *text)
{
	const char *slash = strchrnul(text, '/');
	BUFFER(host, ADDRESS_TEXT_SIZE);
	struct address a;
	int64_t bits;

	buffer_add(&host, text, (size_t)(slash - text));
	if (host.overflow || strchr(buffer_text(&host), '%') != NULL ||
	    address_parse(&a, buffer_text(&host)) < 0)
		return -EINVAL;
	bool v4 = address_family(&a) == AF_INET;
	int64_t most = v4 ? ALL_BITS - MAPPED_BITS : ALL_BITS;
	bits = most;
	if (*slash != '\0' && (text_number(slash + 1, strlen(slash + 1),
	    &bits) < 0 || bits > most))
		return -EINVAL;
	*r = (struct address_range){ .base = whole(&a),
		.bits = (uint8_t)(v4 ? bits + MAPPED_BITS : bits) };
	return is_clean(r) && (v4 || !is_mapped(r)) ? 0 : -EINVAL;
}

struct address_range
address_range_of(const struct address *a)
{
	return (struct address_range){ .base = address_prefix(a),
		.bits = address_family(a) == AF_INET ? ALL_BITS : 64 };
}

struct address_range
address_range_network(const struct address *a)
{
	return (struct address_range){ .base = address_network(a),
		.bits = address_family(a) == AF_INET ? MAPPED_BITS + 24 : 48 };
}

const char *
address_range_text(const struct address_range *r, char *text)
{
	bool v4 = is_mapped(r);
	struct address a;
	struct buffer b;
	char host[ADDRESS_TEXT_SIZE];

	memset(&a, 0, sizeof(a));
	if (v4) {
		a.v4.sin_family = AF_INET;
		memcpy(&a.v4.sin_addr, r->base.bytes + sizeof(mapped), 4);
	} else {
		a.v6.sin6_family = AF_INET6;
		memcpy(&a.v6.sin6_addr, r->base.bytes, sizeof(r->base.bytes));
	}
	buffer_init(&b, text, ADDRESS_RANGE_TEXT_SIZE);
	buffer_add_text(&b, address_text(&a, host));
	if (r->bits != ALL_BITS)
		buffer_addf(&b, "/%d", r->bits - (v4 ? MAPPED_BITS : 0));
	return buffer_text(&b);
}

bool
address_range_has(const struct address_range *r, const struct address *a)
{
	struct address_prefix bytes = whole(a);

	return (address_family(a) == AF_INET) == is_mapped(r) &&
	    address_is_set(a) && same_bits(&r->base, &bytes, r->bits);
}

bool
address_range_same(const struct address_range *a,
	const struct address_range *b)
{
	return a->bits == b->bits && address_prefix_same(&a->base, &b->base);
}
