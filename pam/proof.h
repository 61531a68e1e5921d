/*
 * proof.h - authentication: by a password, a certificate, or both
 * (login_with).
 */
#ifndef PAM_PROOF_H
#define PAM_PROOF_H

#include "common/accounts/backends.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/process/message.h"
#include "common/settings/settings.h"
#include "pam/pam_session.h"

/* The credentials of the client. */
struct proof {
	const char *user;		/* the name sent by the client, as it is
					 * looked up, */
	const struct account_choice *choice;	/* and where it was found */
	const char *password;
	const struct tls_facts *tls;	/* with the name in the certificate, as
					 * reported by the greeter */
};

/* Do the credentials prove that the client is this user?  The name must be
 * valid.  False with the true reason, for the log. */
bool proof_holds(const struct settings *settings, struct pam_session *pam,
	const struct proof *proof, struct buffer *reason) MUST_CHECK;

/* Does the client's certificate belong to this user? */
bool proof_certificate_names(const struct server_settings *s,
	const struct tls_facts *tls, const char *user, struct buffer *reason)
	MUST_CHECK;

#endif
