/*
 * nat_check.h - sureftpd --nat-check: shows and checks the addresses and ports
 * that PASV and EPSV announce.
 */
#ifndef DAEMON_NAT_CHECK_H
#define DAEMON_NAT_CHECK_H

#include "common/base.h"
#include "common/settings/settings.h"

/* Print, for each listener, the addresses that PASV announces and to which
 * clients, the ports, and warnings.  Returns the number of warnings. */
size_t nat_check(const struct settings *settings, FILE *out);

#endif
