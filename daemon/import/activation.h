/*
 * activation.h - how vsftpd is started where it does not listen itself: a
 * service of xinetd, or a socket unit of systemd.
 */
#ifndef DAEMON_IMPORT_ACTIVATION_H
#define DAEMON_IMPORT_ACTIVATION_H

#include "common/base.h"

struct activation {
	char file[256];		/* where it was found; "" if nowhere */
	bool disabled;		/* xinetd: disable = yes */
	char address[64];	/* "" for all */
	int64_t port;		/* 0 if the file does not say */
	int64_t sessions;	/* xinetd: instances; 0 for no limit */
	int64_t per_address;	/* xinetd: per_source; 0 for no limit */
	char only_from[1000];	/* xinetd, as it stands there */
	char no_access[1000];
};

/* Look in xinetd's directory (xinetd.conf(5)) for a service whose server is
 * vsftpd, then for vsftpd.socket (systemd.socket(5)) in the units' directories,
 * an array that NULL ends. */
void activation_find(struct activation *a, const char *xinetd,
	const char *const *units);

#endif
