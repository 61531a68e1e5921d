/*
 * accounts.h - the accounts of a suite's world, and the other files in its
 * /etc.
 */
#ifndef TESTS_FUNCTIONAL_ACCOUNTS_H
#define TESTS_FUNCTIONAL_ACCOUNTS_H

#include "common/base.h"

#define ACCOUNTS_TEAM_GID 2000	/* anna and bert */

struct account {
	const char *name;
	uid_t uid;
	gid_t gid;
	const char *home;
	const char *shell;
	const char *password;	/* "": empty, NULL: locked account */
	const char *aging;	/* the rest of the shadow line: lastchg:... */
};

/*
 *   anna, bert  ordinary, members of the group team
 *   carl        shell /usr/sbin/nologin
 *   dora        account expired
 *   eve         must change the password
 *   finn        home directory does not exist
 *   gina        locked
 *   hans        empty password
 *   iris        home directory belongs to another user, 0700
 *   jan         a password with blanks, quotes and bytes above 127
 *   root        password "rootpass"
 *
 * The password of the others is their name and "-pass".
 */
const struct account *accounts_find(const char *name);

/* Write /etc and the home directories. */
void accounts_write(void);

/* Change the home directory of an account in /etc/passwd to any bytes except a
 * colon. */
void accounts_set_home(const char *name, const char *home);

/* PAM services other than "sureftpd": "permit" allows everyone, "limits" is
 * pam_unix with pam_limits (/etc/security/limits.conf). */
#define ACCOUNTS_PERMIT "permit"
#define ACCOUNTS_LIMITS "limits"

/* Write a PAM service with pam_unix and then these lines, for a server with
 * this option. */
#define ACCOUNTS_SERVICE_FILE "/etc/pam.d/service"
#define ACCOUNTS_SERVICE "auth.pam_service=service"
void accounts_write_service(const char *lines);

#endif
