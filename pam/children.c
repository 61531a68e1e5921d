/*
 * children.c - forks the greeter and the session, asks them to end, reaps them.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/children.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/process/child.h"

#define END_MS	   1000	/* for a child that was asked to end now */
#define ORDERLY_MS 500	/* for a child to log what it was doing */
#define RELAY_MS   5000	/* for a relay to send the client's last bytes */

void
children_init(struct children *c)
{
	*c = (struct children){
		.greeter = { .channel = { .fd = -1 } },
		.session = { .channel = { .fd = -1 } },
		.handover = -1,
		.kill_at = CLOCK_NEVER,
	};
}

int
children_send(struct child *child, const struct message *m)
{
	int error = channel_send(&child->channel, m);

	return error == -EPIPE ? 0 : error;
}

static void
ask_to_end(struct children *c, struct child *child)
{
	struct message m UNINITIALIZED;

	if (child->channel.fd < 0)
		return;
	message_begin(&m, MESSAGE_end_session);
	m.end_session.now = c->now;
	(void)!children_send(child, &m);
}

static void
started(struct children *c, struct child *child, pid_t pid, int fd,
	enum party party, const enum phase *phase)
{
	child->pid = pid;
	channel_open(&child->channel, fd, PARTY_MONITOR, party, phase);
	if (c->ending)
		ask_to_end(c, child);
}

int
children_start_greeter(struct children *c, struct greeter_start *start,
	const enum phase *phase)
{
	int fd;
	pid_t pid = child_fork_with_channel(&fd);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		start->monitor_fd = fd;
		greeter_main(start);
	}
	started(c, &c->greeter, pid, fd, PARTY_GREETER, phase);
	return 0;
}

int
children_greet(struct children *c, const struct message *greet,
	struct greeter_start *start, const enum phase *phase)
{
	int error = channel_send(&c->greeter.channel, greet);

	if (error != -EPIPE)
		return error;
	(void)children_reap(&c->greeter);
	error = children_start_greeter(c, start, phase);
	return error < 0 ? error : channel_send(&c->greeter.channel, greet);
}

int
children_start_session(struct children *c, struct session_start *start,
	const enum phase *phase)
{
	int pair[2], fd;
	int error = channel_pair(pair);

	if (error < 0)
		return error;
	pid_t pid = child_fork_with_channel(&fd);
	if (pid == 0) {
		start->monitor_fd = fd;
		start->handover_fd = pair[1];
		session_main(start);
	}
	io_close(&pair[1]);
	if (pid < 0) {
		io_close(&pair[0]);
		return pid;
	}
	started(c, &c->session, pid, fd, PARTY_SESSION, phase);
	c->handover = pair[0];
	return 0;
}

int
children_grant(struct children *c, const uint8_t *ticket_keys)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_granted);
	m.fds[0] = c->handover;
	memcpy(m.granted.ticket_keys, ticket_keys,
		sizeof(m.granted.ticket_keys));
	int error = children_send(&c->greeter, &m);
	message_zero(&m);
	io_close(&c->handover);
	return error;
}

void
children_drop_session(struct children *c)
{
	io_close(&c->handover);
	(void)children_reap(&c->session);
}

void
children_end(struct children *c, bool now)
{
	c->ending = true;
	c->now = c->now || now;
	if (c->now)
		c->kill_at = clock_earlier(c->kill_at, clock_ms() + END_MS);
	ask_to_end(c, &c->greeter);
	ask_to_end(c, &c->session);
}

static enum outcome
reap(struct child *child, int64_t patience_ms)
{
	pid_t pid = child->pid;

	channel_close(&child->channel);
	child->pid = 0;
	return pid > 0 ? child_reap(pid, patience_ms) : OUTCOME_ERROR;
}

enum outcome
children_reap(struct child *child)
{
	return reap(child, ORDERLY_MS);
}

void
children_close(struct children *c, bool violation)
{
	bool relay = c->greeter.channel.fd < 0;

	io_close(&c->handover);
	(void)reap(&c->session, violation ? 0 : ORDERLY_MS);
	(void)reap(&c->greeter, violation ? 0 : relay ? RELAY_MS : ORDERLY_MS);
}
