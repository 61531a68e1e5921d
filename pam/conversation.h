/*
 * conversation.h - what PAM's modules ask and say during a login.
 *
 * FTP has one question and one answer, so there is one secret to give: the
 * password, once.  Everything modules say is kept for the log; nothing of it
 * goes to the client.
 */
#ifndef PAM_CONVERSATION_H
#define PAM_CONVERSATION_H

#include "common/base.h"
#include "common/buffer.h"

#include <security/pam_appl.h>

/* PAM_USER_PROMPT: how a module asks for the user name if it forgot it. */
#define CONVERSATION_USER_PROMPT "FTP user: "

struct conversation {
	const char *user;
	const char *password;	/* NULL when there is none (any more) */
	struct buffer said;	/* texts of modules, and what was asked in
				 * vain; for the log, escaped there */
	char said_storage[512];
};

void conversation_init(struct conversation *c);

/* The answers from here on; both belong to the caller. */
void conversation_begin(struct conversation *c, const char *user,
	const char *password);

/* No more answers.  What was said stays until the next begin. */
void conversation_end(struct conversation *c);

/* The function PAM calls; context is the struct conversation. */
int conversation_answer(int count, const struct pam_message **messages,
	struct pam_response **responses, void *context);

#endif
