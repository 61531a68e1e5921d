/*
 * role_prepare.h - what the master prepares once, so that processes can enter
 * their roles (role.h).
 */
#ifndef COMMON_PROCESS_ROLE_PREPARE_H
#define COMMON_PROCESS_ROLE_PREPARE_H

#include "common/base.h"
#include "common/buffer.h"

/*
 * Called once, in the master, as root: find the service accounts (names from
 * the settings; a missing one is replaced by "nobody", with a warning), make
 * the empty directory that unprivileged processes get as their root, compile
 * the system call filters.  0 or -errno, logged.
 */
int role_prepare(const char *greeter_user, const char *recorder_user,
	const char *keeper_user) MUST_CHECK;

/* Find the account of the runner, if one is needed. 0 or -errno, logged. */
int role_prepare_runner(const char *runner_user) MUST_CHECK;

/* The same for the process radius. */
int role_prepare_radius(const char *radius_user) MUST_CHECK;

/* The same for the bookkeeper. */
int role_prepare_bookkeeper(const char *quota_user) MUST_CHECK;

/* Append the names of the capabilities that the master needs but was not
 * granted, separated by blanks. */
void role_add_missing_caps(struct buffer *b);

#endif
