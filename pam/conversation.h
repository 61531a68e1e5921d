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

/* PAM_USER_PROMPT, set to recognise a module that asks for the user name. */
#define CONVERSATION_USER_PROMPT "FTP user: "

#define CONVERSATION_QUESTIONS 8	/* to the client, in one login */
#define CONVERSATION_NOTICES 20		/* lines for the client, */
#define CONVERSATION_LINE_SIZE 240	/* and the maximum length of each */
#define CONVERSATION_NOTICES_SIZE 2048

/*
 * Ask the client: `text` holds the escaped lines of the 332 reply.  0 with the
 * answer in answer[size]; -errno when there is no answer, and the login fails.
 */
struct conversation_client {
	int (*ask)(void *context, const char *text, char *answer,
		size_t size);
	void *context;
};

struct conversation {
	struct conversation_client client;	/* ask is NULL: there is no
						 * client */
	const char *user;
	const char *password;	/* NULL: none, or already used */
	size_t password_len;	/* without the code in it */
	const char *code;	/* NULL: none, or already used */
	int questions;		/* questions sent to the client in this login */
	bool unanswered;	/* a question was not answered: the login fails
				 * even if the modules succeed */
	struct buffer said;	/* texts of modules and unanswered questions,
				 * for the log; escaped when logged */
	char said_storage[512];
	struct buffer notices;	/* texts of modules, escaped, '\n' between
				 * lines; for the client */
	int notice_lines;
	char notices_storage[CONVERSATION_NOTICES_SIZE];
};

/* Initialise, without a client. */
void conversation_init(struct conversation *c);

/* Begin a login.  user and password (NULL: none) remain the caller's.  A code
 * in the password (code_in_password) is split off. */
void conversation_begin(struct conversation *c, const char *user,
	const char *password, int code_in_password);

/* Forget the password, its code and the name, after they were used.  The client
 * can still be asked; the messages are kept until the next
 * conversation_begin(). */
void conversation_forget(struct conversation *c);

/* The function that PAM calls; context is the struct conversation. */
int conversation_answer(int count, const struct pam_message **messages,
	struct pam_response **responses, void *context);

#endif
