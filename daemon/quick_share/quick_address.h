/*
 * quick_address.h - where a quick share listens, and the addresses by which
 * clients reach it.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_ADDRESS_H
#define DAEMON_QUICK_SHARE_QUICK_ADDRESS_H

#include "common/address.h"
#include "common/base.h"
#include "common/buffer.h"

#define QUICK_ADDRESS_MAX 16
#define QUICK_ADDRESS_URL 160

struct quick_addresses {
	struct address list[QUICK_ADDRESS_MAX];	/* the best first */
	size_t count;
};

/* The host's addresses, without those of one link only; or only `chosen`, if
 * set.  0 or -errno. */
int quick_address_list(struct quick_addresses *found,
	const struct address *chosen) MUST_CHECK;

/* A free port at this address: `wanted`, or if that is 0, the first from
 * QUICK_OPTIONS_PORT on.  The port or -errno. */
int quick_address_port(const struct address *address, uint16_t wanted)
	MUST_CHECK;

/* Append "ftp://anna@[2001:db8::1]:2121/"; user may be NULL. */
void quick_address_url(struct buffer *b, const struct address *a,
	uint16_t port, const char *user);

#endif
