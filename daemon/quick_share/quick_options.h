/*
 * quick_options.h - the command line of sureftpd --share.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_OPTIONS_H
#define DAEMON_QUICK_SHARE_QUICK_OPTIONS_H

#include "common/address.h"
#include "common/base.h"

#define QUICK_OPTIONS_PORT 2121	/* unless it is in use: one of the next */

struct quick_options {
	const char *directory;	/* as given */
	const char *user;	/* NULL: anonymous */
	struct address address;	/* empty: all */
	uint16_t port;		/* 0: none given */
	bool writable;
	bool ask_password;
	bool require_tls;
	bool debug;
};

/* Parse the arguments after --share, which is argv[0].  -1, or, after help or
 * an error message, the exit status.  Keeps pointers into argv. */
int quick_options_parse(struct quick_options *o, int argc, char **argv)
	MUST_CHECK;

#endif
