/*
 * message_owner.h - the bodies of the messages about owners of files.  For
 * message.h, which has the rules for all of them.
 */
#ifndef COMMON_PROCESS_MESSAGE_OWNER_H
#define COMMON_PROCESS_MESSAGE_OWNER_H

#include "common/base.h"

/* Give an upload to upload_user; comes with the open file. */
struct message_give_upload { int32_t unused; };

struct message_upload_given {
	int32_t error;		/* errno; 0: it was given */
};

/* Change owner and group of the attached file or directory (allow_chown). */
struct message_change_owner {
	int64_t uid, gid;	/* or CHANGE_OWNER_KEEP */
};

struct message_owner_changed {
	int32_t error;		/* 0, errno or enum owner_refusal */
};

#endif
