/*
 * conversation.h - questions and messages of PAM modules during a login.
 *
 * The password answers the first secret question, and a code that was sent
 * with it the next one.  All other questions are sent to the client in a 332
 * reply, and answered by ACCT.  Messages of modules are kept twice: for the
 * log, and for the client, which gets them only when the login succeeds.
 */
#ifndef PAM_CONVERSATION_H
#define PAM_CONVERSATION_H

#include "common/base.h"
#include "common/buffer.h"

#include <security/pam_appl.h>

/* PAM_USER_PROMPT: how a module asks for the user name if it forgot it. */
#define CONVERSATION_USER_PROMPT "FTP user: "

#define CONVERSATION_QUESTIONS 8	/* to the client, in one login */
#define CONVERSATION_NOTICES 20		/* lines for the client */
#define CONVERSATION_NOTICES_SIZE 2048

/*
 * Ask the client: `text` are lines for the 332, escaped.  0 with the answer in
 * answer[size], or -errno when there is none: this login is over.
 */
struct conversation_client {
	int (*ask)(void *context, const char *text, char *answer,
		size_t size);
	void *context;
};

struct conversation {
	struct conversation_client client;	/* ask NULL: no client */
	const char *user;
	const char *password;	/* NULL when there is none (any more) */
	size_t password_len;	/* without the code in it */
	const char *code;	/* NULL likewise */
	int questions;		/* asked of the client in this login */
	bool unanswered;	/* one of them; this login fails even if the
				 * modules accept that */
	struct buffer said;	/* texts of modules, and what was not
				 * answered; for the log, escaped there */
	char said_storage[512];
	struct buffer notices;	/* texts of modules, escaped, '\n' between
				 * lines; for the client */
	int notice_lines;
	char notices_storage[CONVERSATION_NOTICES_SIZE];
};

/* Without a client to ask. */
void conversation_init(struct conversation *c);

/* A new login: user and password (NULL: none) belong to the caller.  If the
 * password contains a code, by code_in_password, they are split. */
void conversation_begin(struct conversation *c, const char *user,
	const char *password, int code_in_password);

/* The password was used or was wrong; it, its code and the name are forgotten.
 * The client can still be asked.  The messages stay until the next begin. */
void conversation_forget(struct conversation *c);

/* The function PAM calls; context is the struct conversation. */
int conversation_answer(int count, const struct pam_message **messages,
	struct pam_response **responses, void *context);

#endif
