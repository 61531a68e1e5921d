/*
 * notice.h - the message file of a directory (directory_message), shown once
 * per session and directory.
 */
#ifndef WORKER_TREE_NOTICE_H
#define WORKER_TREE_NOTICE_H

#include "common/base.h"
#include "worker/tree/tree.h"

#define NOTICE_SIZE	   4096	/* maximum bytes of a file that are shown */
#define NOTICE_DIRECTORIES 64

/* The directories whose message was shown most recently. */
struct notices {
	struct {
		dev_t dev;
		ino_t ino;
	} shown[NOTICE_DIRECTORIES];
	size_t next;
};

/*
 * Read the message of the working directory, as the user, into text[NOTICE_SIZE
 * + 1]: a regular file, not a symbolic link.  Its length; 0 when there is none,
 * the account may not read it, or it was already shown.
 */
size_t notice_read(struct tree *t, struct notices *n, char *text);

#endif
