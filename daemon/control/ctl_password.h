/*
 * ctl_password.h - a password from the terminal or from standard input.
 */
#ifndef DAEMON_CONTROL_CTL_PASSWORD_H
#define DAEMON_CONTROL_CTL_PASSWORD_H

#include "common/base.h"

#define CTL_PASSWORD_SIZE 512	/* as much as a client may send */

/*
 * Read it into password[CTL_PASSWORD_SIZE], for the caller to wipe: twice and
 * without an echo from a terminal, else the first line of standard input.
 * EX_OK, or another status after a message.
 */
int ctl_password_read(char *password) MUST_CHECK;

#endif
