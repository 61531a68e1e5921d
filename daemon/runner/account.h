/*
 * account.h - the account of the host that a command runs as.
 */
#ifndef DAEMON_RUNNER_ACCOUNT_H
#define DAEMON_RUNNER_ACCOUNT_H

#include "common/base.h"

/* In a command's process, which is root's: become this account with its
 * groups, for good; runner_user when it is EVENT_NO_UID, root or unknown. */
void account_enter(uint32_t uid);

#endif
