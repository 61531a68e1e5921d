/*
 * quick_share.h - sureftpd --share: shares a directory, as an ordinary user and
 * without a configuration, until it is interrupted.
 */
#ifndef DAEMON_QUICK_SHARE_QUICK_SHARE_H
#define DAEMON_QUICK_SHARE_QUICK_SHARE_H

#include "common/base.h"
#include "daemon/upgrade/surroundings.h"

/* argv[0] is --share.  The exit status, after a message if it is not EX_OK. */
int quick_share_main(int argc, char **argv, struct surroundings *surroundings);

#endif
