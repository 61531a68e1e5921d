/*
 * credentials.h - checks what a client presents to log in: a password, a
 * certificate, or both (login_with).
 */
#ifndef COMMON_ACCOUNTS_CREDENTIALS_H
#define COMMON_ACCOUNTS_CREDENTIALS_H

#include "common/accounts/backends.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

/* The credentials of the client. */
struct credentials {
	const char *user;		/* the name sent by the client, as it is
					 * looked up, */
	const struct account_choice *choice;	/* and where it was found */
	const char *password;
	const struct tls_facts *tls;	/* with the name in the certificate, as
					 * reported by the greeter */
};

/* Why RADIUS servers do not accept anonymous users. */
#define CREDENTIALS_NO_ANONYMOUS "anonymous logins are off, and RADIUS " \
	"servers are not asked about them"

enum credentials_result {
	CREDENTIALS_REFUSED,
	CREDENTIALS_GOOD,	/* for accounts of PAM, its account phase
				 * follows */
	CREDENTIALS_ASK_PAM,	/* PAM must check the password */
	CREDENTIALS_ASK_RADIUS,	/* a RADIUS server must */
};

/*
 * Do the credentials prove that the client is this user?  The name must be
 * valid. *known is set to the settings that apply before the login.  With
 * CREDENTIALS_REFUSED the actual reason is appended, for the log.
 */
enum credentials_result credentials_check(const struct settings *settings,
	const struct credentials *c, struct user_settings *known,
	struct buffer *reason) MUST_CHECK;

/* Does the client's certificate belong to this user?  False with the reason
 * appended. */
bool credentials_certificate_names(const struct server_settings *s,
	const struct tls_facts *tls, const char *user, struct buffer *reason)
	MUST_CHECK;

#endif
