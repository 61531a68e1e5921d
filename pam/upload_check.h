/*
 * upload_check.h - has an upload checked by the runner (upload_check).
 *
 * The session may have been taken over: it could have any file checked that its
 * account can write, under any name, and nothing else.
 */
#ifndef PAM_UPLOAD_CHECK_H
#define PAM_UPLOAD_CHECK_H

#include "common/base.h"
#include "pam/request_case.h"

struct message;		/* common/process/channel.h */

/* Answer check_upload: ask the runner to check the file in m->fds[0], which is
 * closed.  *reply is the answer to send: a socket that gets the verdict, or why
 * there is none. */
void upload_check_request(const struct request_case *c, const struct message *m,
	struct message *reply);

#endif
