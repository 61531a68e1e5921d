/*
 * child_process.h - a child of a monitor, with its channel and its log socket.
 */
#ifndef COMMON_PROCESS_CHILD_PROCESS_H
#define COMMON_PROCESS_CHILD_PROCESS_H

#include "common/base.h"
#include "common/process/channel.h"
#include "common/process/log_source.h"

struct child_process {
	pid_t pid;		/* 0: not running */
	struct channel channel;	/* fd is -1 after it has closed its end; opened
				 * by the caller (channel_open()) */
	struct log_source log;	/* fd is -1 when not running */
};

#define CHILD_PROCESS_NONE { .channel = { .fd = -1 }, .log = { .fd = -1 } }

/* Fork a child with a channel, *fd in both, and a log socket, which the child
 * uses.  Its pid, 0 in the child, or -errno. */
pid_t child_process_fork(struct child_process *child,
	enum log_source_role role, int *fd) MUST_CHECK;

/* Attach the child's log to the recorder, for a session with this client; to be
 * called before the child gets the connection. */
void child_process_attach_log(struct child_process *child,
	const struct message_client *client, const char *user);

/* Attach it again, after the recorder was restarted. */
void child_process_reattach_log(const struct child_process *child);

/* Send a message to a child.  0 or -errno; 0 also when the child has exited,
 * which the next poll() reports. */
int child_process_send(struct child_process *child, const struct message *m)
	MUST_CHECK;

/* Close the channel of a child that is about to exit, wait for its exit at most
 * this long, then kill it.  Returns its outcome. */
enum outcome child_process_reap(struct child_process *child,
	int64_t patience_ms);

#endif
