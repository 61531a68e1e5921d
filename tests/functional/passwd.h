/*
 * passwd.h - accounts of the accounts file, by sureftpctl passwd.
 */
#ifndef TESTS_FUNCTIONAL_PASSWD_H
#define TESTS_FUNCTIONAL_PASSWD_H

#include "common/base.h"
#include "tests/functional/ctl.h"
#include "tests/functional/world.h"

#define PASSWD_FILE "/etc/sureftpd/accounts"
#define PASSWD_BACKENDS "auth.backends=pam file"

/* sureftpctl passwd with this on its standard input. */
#define PASSWD(r, input, ...) \
	ctl_run_program((r), WORLD_CTL, (input), \
		(const char *const[]){ "passwd", __VA_ARGS__, NULL })

/* Add an account that works as anna, with a setting such as "home=/srv". */
bool passwd_add(const char *name, const char *password, const char *setting);

#endif
