/*
 * activation.h - finds out how vsftpd is started if it does not listen itself:
 * by an xinetd service or a systemd socket unit.
 */
#ifndef DAEMON_IMPORT_ACTIVATION_H
#define DAEMON_IMPORT_ACTIVATION_H

#include "common/base.h"

struct activation {
	char file[256];		/* where it was found; "" if nowhere */
	bool disabled;		/* xinetd: disable = yes */
	char address[64];	/* "" for all */
	int64_t port;		/* 0 if not specified */
	int64_t sessions;	/* xinetd: instances; 0 for no limit */
	int64_t per_address;	/* xinetd: per_source; 0 for no limit */
	char only_from[1000];	/* xinetd's only_from, verbatim */
	char no_access[1000];
	char arguments[1000];	/* of vsftpd.service's ExecStart */
};

/* Search xinetd's files (xinetd.conf(5)), `conf` with the defaults and those of
 * a directory, for a service whose server is vsftpd, then the unit directories
 * (a NULL-terminated array) for vsftpd.socket (systemd.socket(5)). */
void activation_find(struct activation *a, const char *conf, const char *xinetd,
	const char *const *units);

/* Find vsftpd.service in the unit directories: sets file and arguments only. */
void activation_service(struct activation *a, const char *const *units);

#endif
