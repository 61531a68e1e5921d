/*
 * reason.h - the text and the reply code for an errno.
 */
#ifndef WORKER_REASON_H
#define WORKER_REASON_H

#include "common/base.h"

/* Errors without an errno; above permissions_errno(). */
#define REASON_LINK 5100	/* a symbolic link that is not followed */
#define REASON_NAME 5101	/* a name that is not allowed by the settings */
#define REASON_REJECTED 5102	/* an upload that upload_check refuses */
#define REASON_DEPTH 5103	/* more directory levels than one command
				 * makes or removes */
#define REASON_MODE 5104	/* mode bits that the settings do not allow */
#define REASON_ENTRIES 5105	/* more entries than one command removes */
#define REASON_INSIDE 5106	/* a directory moved into itself */
#define REASON_QUOTA 5110	/* + enum quota_refusal */
#define REASON_QUOTA_ASKED 5119	/* the bookkeeper did not answer */

/* Would a quota be exceeded, the server's or the kernel's? */
bool reason_is_quota(int error);

/* A short phrase without a full stop, for replies and the log. */
const char *reason_text(int error);

/* The reply code of a failed file operation: 450, 452, 552 or 553 if RFC 959
 * 4.2.2 defines one for this error, else `otherwise` (550 before a transfer,
 * 451 during one). */
int reason_code(int error, int otherwise);

#endif
