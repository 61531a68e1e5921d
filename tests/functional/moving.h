/*
 * moving.h - imports a configuration of vsftpd, for the suites about it.
 */
#ifndef TESTS_FUNCTIONAL_MOVING_H
#define TESTS_FUNCTIONAL_MOVING_H

#include "common/base.h"
#include "tests/functional/ctl.h"
#include "tests/functional/world.h"

#define MOVING_CONF   "/etc/vsftpd.conf"
#define MOVING_NEW    "/etc/new.conf"
#define MOVING_REPORT "/var/log/report"
#define MOVING_LOCAL  "listen=YES\nlocal_enable=YES\nanonymous_enable=NO\n"

/* Run the server's program; the exit status. */
#define MOVING_RUN(result, ...)                       \
	ctl_run_program((result), WORLD_SERVER, NULL, \
		(const char *const[]){ __VA_ARGS__, NULL })

/* Import MOVING_CONF with this text as MOVING_NEW, and the report as
 * MOVING_REPORT; the exit status. */
int moving_import(struct ctl_result *r, const char *text);

/* --check accepts what the import wrote, and has no warning about it. */
void moving_check_accepted(void);

#endif
