/*
 * ctl_password.h - reads a password from the terminal or from standard input.
 */
#ifndef DAEMON_CONTROL_CTL_PASSWORD_H
#define DAEMON_CONTROL_CTL_PASSWORD_H

#include "common/base.h"

#define CTL_PASSWORD_SIZE 512	/* the maximum that a client may send */

/*
 * Read it into password[CTL_PASSWORD_SIZE], which the caller must wipe: from a
 * terminal twice and without echo, else the first line of standard input.
 * EX_OK, or another status after a message.
 */
int ctl_password_read(char *password) MUST_CHECK;

#endif
