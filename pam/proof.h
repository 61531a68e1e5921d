/*
 * proof.h - what proves who a client is: a password, a certificate, or both
 * (login_with).
 */
#ifndef PAM_PROOF_H
#define PAM_PROOF_H

#include "common/base.h"
#include "common/buffer.h"
#include "pam/monitor_state.h"

/*
 * Has the client proved to be m->given?  Certificates are the greeter's word:
 * the TLS is its own.  False with the true reason for the log.
 */
bool proof_holds(struct monitor *m, const char *password,
	struct buffer *reason) MUST_CHECK;

#endif
