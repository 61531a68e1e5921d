/*
 * children.c - forks the greeter and the session, asks them to end, reaps them.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/children.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/text.h"

#define END_MS	   1000	/* for a child that was asked to end now */
#define ORDERLY_MS 500	/* for a child to log what it was doing */
#define RELAY_MS   5000	/* for a relay to send the client's last bytes */

void
children_init(struct children *c)
{
	*c = (struct children){
		.greeter = { .channel = { .fd = -1 }, .log = { .fd = -1 } },
		.session = { .channel = { .fd = -1 }, .log = { .fd = -1 } },
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
	struct message m;

	if (child->channel.fd < 0)
		return;
	message_zero(&m);
	m.type = MESSAGE_end_session;
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

/* Fork a child with its channel, *fd in both, and its log.  Its pid, 0 in the
 * child, or -errno. */
static pid_t
fork_child(struct child *child, enum log_source_role role, int *fd)
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

int
children_start_greeter(struct children *c, struct greeter_start *start,
	const enum phase *phase)
{
	int fd;
	pid_t pid = fork_child(&c->greeter, LOG_SOURCE_GREETER, &fd);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		start->monitor_fd = fd;
		greeter_main(start);
	}
	started(c, &c->greeter, pid, fd, PARTY_GREETER, phase);
	return 0;
}

/* Before the child learns of its client. */
static void
attach_log(struct child *child, const struct message_client *client,
	const char *user)
{
	struct log_identity *identity = &child->log.identity;

	identity->session = client->session;
	identity->peer = client->peer;
	identity->local = client->local;
	if (text_copy(identity->user, sizeof(identity->user), user) < 0)
		bug("a user name that does not fit the log");
	log_source_attach(&child->log);
}

static int
send_greet(struct child *greeter, const struct message *greet)
{
	attach_log(greeter, &greet->greet.client, "");
	return channel_send(&greeter->channel, greet);
}

int
children_greet(struct children *c, const struct message *greet,
	struct greeter_start *start, const enum phase *phase)
{
	int error = send_greet(&c->greeter, greet);

	if (error != -EPIPE)
		return error;
	(void)children_reap(&c->greeter);
	error = children_start_greeter(c, start, phase);
	return error < 0 ? error : send_greet(&c->greeter, greet);
}

int
children_start_session(struct children *c, struct session_start *start,
	const enum phase *phase)
{
	int pair[2], fd;
	int error = channel_pair(pair);

	if (error < 0)
		return error;
	pid_t pid = fork_child(&c->session, LOG_SOURCE_SESSION, &fd);
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
	attach_log(&c->session, start->client, start->identity->user);
	c->handover = pair[0];
	return 0;
}

int
children_grant(struct children *c, const char *user,
	const uint8_t *ticket_keys)
{
	struct log_source *log = &c->greeter.log;
	struct message m;

	if (user != NULL) {
		log->identity.role = LOG_SOURCE_RELAY;
		(void)!text_copy(log->identity.user,
			sizeof(log->identity.user), user);
		log_source_attach(log);
	}
	message_zero(&m);
	m.type = MESSAGE_granted;
	m.fds[0] = c->handover;
	memcpy(m.granted.ticket_keys, ticket_keys,
		sizeof(m.granted.ticket_keys));
	int error = children_send(&c->greeter, &m);
	message_zero(&m);
	io_close(&c->handover);
	return error;
}

static void
reattach(const struct child *child)
{
	/* Without a client it has not been attached yet. */
	if (child->log.identity.session != 0)
		log_source_attach(&child->log);
}

void
children_reattach(const struct children *c)
{
	reattach(&c->greeter);
	reattach(&c->session);
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
	enum outcome outcome = pid > 0 ? child_reap(pid, patience_ms) :
		OUTCOME_ERROR;
	log_source_close(&child->log);
	return outcome;
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
