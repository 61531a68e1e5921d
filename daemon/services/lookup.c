/*
 * lookup.c - looks up host names with the name service.
 *
 * Runs in: resolver; sureftpd --nat-check.
 */
#include "common/base.h"
#include "daemon/services/lookup.h"

#include <netdb.h>

bool
lookup_ipv4(const char *name, struct address *a)
{
	const struct addrinfo hints = { .ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;

	if (getaddrinfo(name, NULL, &hints, &found) != 0 || found == NULL)
		return false;
	memcpy(&a->v4, found->ai_addr, sizeof(a->v4));
	freeaddrinfo(found);
	return true;
}
