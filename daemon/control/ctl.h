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

/* Options that only some commands accept. */
enum ctl_option {
	CTL_JSON = 1 << 0,
	CTL_WIDE = 1 << 1,
	CTL_USER = 1 << 2,
	CTL_ADDRESS = 1 << 3,
	CTL_ALL = 1 << 4,
	CTL_END = 1 << 5,
	CTL_CONFIG = 1 << 6,
	CTL_FROM = 1 << 7,
	CTL_TLS = 1 << 8,
	CTL_FILE = 1 << 9,
	CTL_FOLLOW = 1 << 10,
};

struct ctl {
	unsigned options;	/* the given ones: bits of enum ctl_option */
	const char *socket;	/* the server's control socket */
	const char *accounts;	/* the accounts file */
	const char *user, *address, *config, *from;	/* their arguments */
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
	unsigned options;	/* the ones it accepts */
	/* Run it.  EX_OK; or, after a message on standard error, another status
	 * of sysexits.h. */
	int (*run)(const struct ctl *c);
};

extern const struct ctl_command ctl_who, ctl_top, ctl_status, ctl_kick,
	ctl_drain, ctl_resume, ctl_reload, ctl_upgrade, ctl_set, ctl_log,
	ctl_check, ctl_explain_login, ctl_nat_check, ctl_passwd, ctl_events,
	ctl_metrics, ctl_ban, ctl_unban, ctl_bans, ctl_quota;

/* Print "sureftpctl: ..." on standard error.  Returns the status, for the
 * caller to return. */
int ctl_fail(int status, const char *format, ...) PRINTF_LIKE(2, 3);

/* From now on store error messages in text[size] instead of printing them;
 * NULL: print them again. */
void ctl_fail_keep(char *text, size_t size);

#endif
