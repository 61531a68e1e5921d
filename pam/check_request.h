/*
 * check_request.h - has an upload checked by the runner (upload_check).
 *
 * The session may have been taken over: it could have any file checked that its
 * account can write, under any name, and nothing else.
 */
#ifndef PAM_CHECK_REQUEST_H
#define PAM_CHECK_REQUEST_H

#include "common/base.h"
#include "common/identity.h"
#include "common/process/message.h"

struct message;		/* common/process/channel.h */

/* Ask the runner, at `service`, to check this file, whose path is what the
 * client sees.  Closes fd; *reply is the answer to send: a socket that gets the
 * verdict, or why there is none. */
void check_request(int service, const struct identity *identity,
	const struct message_client *client, const char *path, int fd,
	struct message *reply);

#endif
