/*
 * explain_proof.h - what a client would have to present to log in.  For
 * explain.c.
 */
#ifndef DAEMON_EXPLAIN_PROOF_H
#define DAEMON_EXPLAIN_PROOF_H

#include "common/accounts/backends.h"
#include "common/base.h"
#include "common/buffer.h"

enum explain_proof {
	EXPLAIN_PROOF_UNKNOWN,		/* the account cannot be looked up */
	EXPLAIN_PROOF_IMPOSSIBLE,	/* nothing: the reason is appended */
	EXPLAIN_PROOF_NEEDED,		/* what, and by whom it is checked */
};

/* With TLS, or without. */
enum explain_proof explain_proof(const struct settings *settings,
	const struct account_choice *choice, bool tls, struct buffer *text);

#endif
