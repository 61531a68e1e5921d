/*
 * account.h - the account of the host that a command runs as.
 */
#ifndef DAEMON_RUNNER_ACCOUNT_H
#define DAEMON_RUNNER_ACCOUNT_H

#include "common/base.h"

/* In a command's process, as root: permanently become this account with its
 * groups; runner_user if uid is EVENT_NO_UID, root or unknown. */
void account_enter(uint32_t uid);

#endif
