/*
 * directory_message.h - the message file of a directory (the setting
 * directory_message), shown once per session and directory.
 */
#ifndef WORKER_TREE_DIRECTORY_MESSAGE_H
#define WORKER_TREE_DIRECTORY_MESSAGE_H

#include "common/base.h"
#include "worker/tree/tree.h"

#define DIRECTORY_MESSAGE_SIZE	 4096	/* of a file, bytes beyond it are not
					 * shown */
#define DIRECTORY_MESSAGES_SHOWN 64

/* The directories whose message was shown most recently. */
struct directory_messages {
	struct {
		dev_t dev;
		ino_t ino;
	} shown[DIRECTORY_MESSAGES_SHOWN];
	size_t next;
};

/*
 * Read the message of the working directory, as the user, into
 * text[DIRECTORY_MESSAGE_SIZE + 1]: a regular file, not a symbolic link.  Its
 * length; 0 when there is none, the account may not read it, or it was already
 * shown.
 */
size_t directory_message_read(struct tree *t, struct directory_messages *m,
	char *text);

#endif
