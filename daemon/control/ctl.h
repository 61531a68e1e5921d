/*
 * ctl.h - what the commands of sureftpctl share.
 *
 * A command is a row: its function with its name and description, in a file
 * ctl_NAME.c of its own; the table in ctl.c lists the rows, and usage follows.
 */
#ifndef DAEMON_CONTROL_CTL_H
#define DAEMON_CONTROL_CTL_H

#include "common/base.h"
#include "common/process/channel.h"

struct ctl {
	const char *socket;	/* where the server answers */
	const char *accounts;	/* the accounts file */
	bool json;
	FILE *out;
	/* What follows the command, for those that take arguments. */
	int argc;
	char **argv;
};

struct ctl_command {
	const char *name;
	const char *description;
	const char *arguments;	/* for usage, or NULL: it takes none */
	/* Run it: EX_OK or, after a message on standard error, another status
	 * of sysexits.h. */
	int (*run)(const struct ctl *c);
};

extern const struct ctl_command ctl_who, ctl_status, ctl_passwd, ctl_events,
	ctl_metrics;

/* "sureftpctl: ..." on standard error; the status, for the caller to
 * return. */
int ctl_fail(int status, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
