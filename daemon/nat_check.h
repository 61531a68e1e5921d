/*
 * nat_check.h - sureftpd --nat-check: what clients are told about passive
 * connections, and what is wrong with it.
 */
#ifndef DAEMON_NAT_CHECK_H
#define DAEMON_NAT_CHECK_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Print for each listener what PASV announces to which clients, the ports, and
 * warnings.  The number of warnings. */
size_t nat_check(const struct settings *settings, FILE *out);

#endif
