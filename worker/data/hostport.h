/*
 * hostport.h - parses and formats the addresses of PORT, EPRT, PASV and EPSV.
 */
#ifndef WORKER_DATA_HOSTPORT_H
#define WORKER_DATA_HOSTPORT_H

#include "common/address.h"
#include "common/base.h"
#include "common/buffer.h"

/* PORT's "h1,h2,h3,h4,p1,p2" (RFC 959 4.1.2): six numbers from 0 to 255 that
 * blanks may precede, a port other than 0.  0, or -EINVAL with *a empty. */
int hostport_parse_port(const char *text, size_t len, struct address *a)
	MUST_CHECK;

/* EPRT's "|1|address|port|" with any delimiter (RFC 2428 2).  0, -EINVAL, or
 * -EAFNOSUPPORT for a network protocol other than 1 and 2; *a is empty then.
 * An IPv4-mapped address of protocol 2 becomes IPv4.  The zone of a link-local
 * address is ignored. */
int hostport_parse_eprt(const char *text, size_t len, struct address *a)
	MUST_CHECK;

/* Append "h1,h2,h3,h4,p1,p2"; the address must be IPv4. */
void hostport_add_port(struct buffer *b, const struct address *a);

#endif
