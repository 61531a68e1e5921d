/*
 * radius_world.h - users of the suites' RADIUS server, and the settings for it.
 */
#ifndef TESTS_FUNCTIONAL_RADIUS_WORLD_H
#define TESTS_FUNCTIONAL_RADIUS_WORLD_H

#include "common/base.h"
#include "tests/functional/ftp.h"
#include "tests/functional/radius.h"

#define RADIUS_SECRET_FILE "/etc/sureftpd/radius.secret"
#define RADIUS_PWP	   582		/* vendor */

enum { RADIUS_VIRT, RADIUS_ANNA, RADIUS_BERT, RADIUS_TOKEN, RADIUS_USERS };

/*
 * The passwords are pw-1 to pw-4, in this order.  virt is not known to the
 * host, and its home directory is /home/virt, which belongs to 7001:7002; anna
 * and bert are, and bert gets no home directory; token has the one of virt, and
 * gets the challenge "Code, please:", whose answer is 4711.
 */
extern struct radius_user radius_users[RADIUS_USERS];

/* Reset the users, and create the secret, the log and the home of virt. */
void radius_prepare(void);

/* Write SECRET_FILE, readable by root only. */
void radius_write_secret(const char *text);

/* A server with these users. */
pid_t radius_serve(uint16_t port, enum radius_way way);

/* What the log says of a login, before what each server did. */
#define RADIUS_NO_ANSWER "no RADIUS server has answered "

/* -o assignments */
#define RADIUS_ON "auth.backends=radius", "radius.servers=127.0.0.1", \
	"radius.map_uid=7001", "radius.map_gid=7002"

/* Connect and log in; a failure fails the test. */
bool radius_enter(struct ftp *c, const char *user, const char *password);

/*
 * Log in as virt; while that waits, the session `other` is served.  It succeeds
 * or, with a reason, fails: `servers` is what the log says before the reason.
 */
void radius_try_beside(struct ftp *other, const char *servers,
	const char *reason);

#endif
