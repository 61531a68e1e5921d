/*
 * texts.h - sends the administrator's texts: greeting, login, directories,
 * denial, quit.
 *
 * Tokens in them: %u the user name and %w the working directory (both empty
 * before login), %a the client's address, %s the server's, %t the time in UTC,
 * %v the program's version, %% a percent sign.  Anything else is copied.
 * Control characters are shown as '?'.
 */
#ifndef WORKER_TEXTS_H
#define WORKER_TEXTS_H

#include "common/base.h"
#include "worker/session.h"

/* Reply with a setting's text ("\n" begins a new line); or, unless the path
 * `file` is "", with the text of that file (settings_messages.h). */
void texts_send(struct session *s, int code, const char *text,
	const char *file);

/* Reply with a text that has no tokens, preceded by the message file of the
 * working directory, if it must be shown (worker/tree/directory_message.h). */
void texts_send_with_message(struct session *s, int code, const char *text);

/* The 230 reply: the messages of PAM's modules (lines separated by '\n', or
 * ""), the message file of the directory, then msg_login. */
void texts_send_welcome(struct session *s, const char *lines);

#endif
