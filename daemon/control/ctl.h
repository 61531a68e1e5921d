/*
 * ctl.h - shared by the commands of sureftpctl.
 *
 * A command is a row: its function with name and description, in its own file
 * ctl_NAME.c.  The table in ctl.c lists the rows; usage is generated from it.
 */
#ifndef DAEMON_CONTROL_CTL_H
#define DAEMON_CONTROL_CTL_H

#include "common/base.h"
#include "common/process/channel.h"

struct ctl {
	const char *socket;	/* the server's control socket */
	const char *accounts;	/* the accounts file */
	bool json;
	FILE *out;
	/* The arguments after the command. */
	int argc;
	char **argv;
};

struct ctl_command {
	const char *name;
	const char *description;
	const char *arguments;	/* for usage; NULL if it takes none */
	/* Run it.  EX_OK; or, after a message on standard error, another status
	 * of sysexits.h. */
	int (*run)(const struct ctl *c);
};

extern const struct ctl_command ctl_who, ctl_status, ctl_passwd;

/* Print "sureftpctl: ..." on standard error.  Returns the status, for the
 * caller to return. */
int ctl_fail(int status, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
