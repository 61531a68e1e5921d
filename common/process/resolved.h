/*
 * resolved.h - the addresses of host names in the settings (passive_address),
 * found by the resolver process (daemon/services/resolver.h).
 *
 * One page of memory: the master writes the names, the resolver their
 * addresses, and sessions read them, through a mapping that cannot be made
 * writable.  So sessions never query the name service, and the master never
 * waits for it.
 */
#ifndef COMMON_PROCESS_RESOLVED_H
#define COMMON_PROCESS_RESOLVED_H

#include "common/address.h"
#include "common/base.h"

#define RESOLVED_NAMES	   15
#define RESOLVED_NAME_SIZE 256

/* In the master, once: create the page.  Children inherit its read-only
 * mapping.  Returns the writable descriptor, for the resolver, or -errno. */
int resolved_open(void) MUST_CHECK;

/* The same with a page that an earlier program has made.  0 or -errno. */
int resolved_use(int fd) MUST_CHECK;

/* Set the names; addresses already known for the same names are kept. 0 or
 * -errno. */
int resolved_set_names(int fd, const char *const *names, size_t count)
	MUST_CHECK;

/* The name with this number; "" at the end. */
const char *resolved_name(size_t number);

/* In the resolver: store the IPv4 address of a name. */
int resolved_put(int fd, size_t number, const struct address *a) MUST_CHECK;

/* The address of a name. False if it is not known (yet). */
bool resolved_find(const char *name, struct address *a);

#endif
