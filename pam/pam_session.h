/*
 * pam_session.h - one PAM handle, from pam_start to pam_end in one process.
 *
 * Functions that return bool return false for a refusal, and append the true
 * reason, which is for the log only, never for the client.
 */
#ifndef PAM_PAM_SESSION_H
#define PAM_PAM_SESSION_H

#include "common/address.h"
#include "common/base.h"
#include "common/buffer.h"
#include "pam/conversation.h"

struct pam_session {
	const char *service;
	char rhost[ADDRESS_TEXT_SIZE];	/* "" before there is a client */
	pam_handle_t *handle;		/* NULL: not started */
	int status;			/* of the last call, for pam_end */
	int refusal;			/* of the call that refused this login;
					 * or PAM_SUCCESS */
	bool has_credentials;
	bool is_open;
	struct conversation conversation;
};

/* Start PAM, so that the modules are loaded before a client connects.  A
 * failure is reported at the login. */
void pam_session_start(struct pam_session *p, const char *service);

/* Set the client's address (PAM_RHOST); numeric, so that no module waits for
 * DNS. */
void pam_session_set_client(struct pam_session *p, const struct address *peer);

/* Set the function that asks the client for other answers than the password. */
void pam_session_ask_by(struct pam_session *p,
	struct conversation_client client);

/* Is this the user's password (with the code of code_in_password)?  It is not
 * kept.  Every attempt starts a new handle. */
bool pam_session_authenticate(struct pam_session *p, const char *user,
	const char *password, int code_in_password, struct buffer *reason)
	MUST_CHECK;

/* The user was authenticated by other means (a certificate): the next steps are
 * the same as after pam_session_authenticate(). */
bool pam_session_assume(struct pam_session *p, const char *user,
	struct buffer *reason) MUST_CHECK;

/* The user's name as the modules have set it (PAM_USER may be rewritten). */
bool pam_session_user(struct pam_session *p, char *user, size_t size,
	struct buffer *reason) MUST_CHECK;

/* May the account log in now?  False also if the password must be changed
 * first. */
bool pam_session_account(struct pam_session *p, struct buffer *reason)
	MUST_CHECK;

/* Append the reason for the client, in lines, when a login failed after a
 * correct password: the messages of the modules, and the meaning of PAM's
 * result. */
void pam_session_explain(const struct pam_session *p, struct buffer *lines);

/* Messages of the modules for the client: escaped lines, separated by '\n'. */
const char *pam_session_notices(const struct pam_session *p);

/* Set the credentials and open the session.  pam_session_close() undoes what
 * succeeded, also after a failure. */
bool pam_session_open(struct pam_session *p, struct buffer *reason) MUST_CHECK;
void pam_session_close(struct pam_session *p);

/* Delete the messages after a failed login, so that the next attempt does not
 * show them.  The session must be closed. */
void pam_session_forget(struct pam_session *p);

/* Close the session if it is open, and end the handle. */
void pam_session_end(struct pam_session *p);

#endif
