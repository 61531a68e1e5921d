/*
 * lookup.h - looks up host names with the name service.
 */
#ifndef DAEMON_LOOKUP_H
#define DAEMON_LOOKUP_H

#include "common/base.h"

#include "common/address.h"

/* Store the first IPv4 address of this name, without a port.  False if there
 * is none.  May block for a long time. */
bool lookup_ipv4(const char *name, struct address *a);

#endif
