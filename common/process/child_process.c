/*
 * child_process.c - forks a child of a monitor, sends messages to it and reaps
 * it.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/process/child_process.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/text.h"

pid_t
child_process_fork(struct child_process *child, enum log_source_role role,
	int *fd)
{
	int log;
	int error = log_source_open(&child->log, role, &log);

	if (error < 0)
		return error;
	pid_t pid = child_fork_with_channel(fd);
	if (pid == 0)
		log_source_use(log);
	io_close(&log);
	if (pid < 0)
		log_source_close(&child->log);
	return pid;
}

void
child_process_attach_log(struct child_process *child,
	const struct message_client *client, const char *user)
{
	struct log_identity *identity = &child->log.identity;

	identity->session = client->session;
	identity->peer = client->peer;
	identity->local = client->local;
	if (text_copy(identity->user, sizeof(identity->user), user) < 0)
		bug("a user name that does not fit the log");
	log_source_attach(&child->log);
}

void
child_process_reattach_log(const struct child_process *child)
{
	/* Before there is a client, it is not attached yet. */
	if (child->log.identity.session != 0)
		log_source_attach(&child->log);
}

int
child_process_send(struct child_process *child, const struct message *m)
{
	int error = channel_send(&child->channel, m);

	return error == -EPIPE ? 0 : error;
}

enum outcome
child_process_reap(struct child_process *child, int64_t patience_ms)
{
	pid_t pid = child->pid;

	channel_close(&child->channel);
	child->pid = 0;
	enum outcome outcome = pid > 0 ? child_reap(pid, patience_ms) :
		OUTCOME_ERROR;
	log_source_close(&child->log);
	return outcome;
}
