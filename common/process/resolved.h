/*
 * resolved.h - the addresses of host names in the settings (passive_address),
 * found by the resolver process (daemon/resolver.h).
 *
 * One page of memory: the master writes the names, the resolver their
 * addresses, and sessions read them, through a mapping that cannot be made
 * writable.  So no session asks the name service, and the master waits for
 * none.
 */
#ifndef COMMON_PROCESS_RESOLVED_H
#define COMMON_PROCESS_RESOLVED_H

#include "common/address.h"
#include "common/base.h"

#define RESOLVED_NAMES	   15
#define RESOLVED_NAME_SIZE 256

/* In the master, once: make the page.  Children inherit its mapping; the
 * descriptor that can be written to, or -errno, is the resolver's. */
int resolved_open(void) MUST_CHECK;

/* The same with a page that an earlier program has made.  0 or -errno. */
int resolved_use(int fd) MUST_CHECK;

/* The names from now on; what was known of the same ones stays.  0 or
 * -errno. */
int resolved_set_names(int fd, const char *const *names, size_t count)
	MUST_CHECK;

/* The name with this number; "" at the end. */
const char *resolved_name(size_t number);

/* The resolver found this IPv4 address. */
int resolved_put(int fd, size_t number, const struct address *a) MUST_CHECK;

/* The address of a name.  False when it is not known, or not yet. */
bool resolved_find(const char *name, struct address *a);

#endif
