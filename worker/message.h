/*
 * message.h - the administrator's texts: greeting, login, directories, denial,
 * farewell.
 *
 * Tokens in them: %u the user name and %w the working directory (both empty
 * before login), %a the client's address, %s the server's, %t the time in UTC,
 * %v the program's version, %% a percent sign.  Anything else stays as it is.
 * Control characters show as '?'.
 */
#ifndef WORKER_MESSAGE_H
#define WORKER_MESSAGE_H

#include "common/base.h"
#include "worker/session.h"

/* Reply with a setting's text ("\n" begins a new line); or, unless the path
 * `file` is "", with the text of that file (settings_messages.h). */
void message_send(struct session *s, int code, const char *text,
	const char *file);

/* The same, after the message file of the working directory, if that is to be
 * shown (worker/tree/notice.h). */
void message_send_with_notice(struct session *s, int code, const char *text,
	const char *file);

/* The 230: the lines that PAM's modules had for the user ('\n' between them, or
 * ""), the message file of the directory, then msg_login. */
void message_send_welcome(struct session *s, const char *lines);

#endif
