/*
 * quota_command.h - sureftpd --quota: shows, counts and sets the quotas of
 * accounts, for sureftpctl quota.
 *
 * It works with quota_file, whether a server is running or not.  A running
 * server notices that a file was changed, and counts that directory itself when
 * nothing changes in it.
 */
#ifndef DAEMON_QUOTA_REPORT_QUOTA_COMMAND_H
#define DAEMON_QUOTA_REPORT_QUOTA_COMMAND_H

#include "common/base.h"
#include "common/settings/settings.h"

struct quota_request {
	const char *action;	/* show, report, scan or set */
	const char *name;	/* of the account; not for report */
	const char *bytes;	/* set: what is used, */
	const char *files;
	bool json;
};

/* The exit status; errors are on standard error. */
int quota_command(const struct settings *settings,
	const struct quota_request *request, FILE *out);

#endif
