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
#include "common/process/secret.h"
#include "common/text.h"
#include "common/tls/tls_keeper.h"

#include <sys/socket.h>

#define END_MS	   1000	/* for a child that was asked to exit at once */
#define ORDERLY_MS 500	/* for a child to log what it was doing */
#define RELAY_MS   5000	/* for a relay to send the remaining bytes to the
			 * client */

int
children_init(struct children *c, int keeper_service)
{
	*c = (struct children){
		.greeter = CHILD_PROCESS_NONE, .session = CHILD_PROCESS_NONE,
		.client = -1, .handover = -1, .relay = -1,
		.keeper_service = keeper_service, .keeper = { -1, -1 },
		.quota = { .fd = -1 },
		.kill_at = CLOCK_NEVER,
	};
	if (keeper_service < 0)
		return 0;
	int error = channel_pair(c->keeper);
	return error < 0 ? error :
		tls_keeper_attach(keeper_service, c->keeper[0]);
}

static void
ask_to_end(struct children *c, struct child_process *child)
{
	struct message m UNINITIALIZED;

	if (child->channel.fd < 0)
		return;
	message_begin(&m, MESSAGE_end_session);
	m.end_session.now = c->now;
	m.end_session.reason = c->end_reason;
	(void)!child_process_send(child, &m);
}

static void
started(struct children *c, struct child_process *child, pid_t pid, int fd,
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
	pid_t pid = child_process_fork(&c->greeter, LOG_SOURCE_GREETER, &fd);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		start->monitor_fd = fd;
		start->keeper_fd = c->keeper[1];
		greeter_main(start);
	}
	started(c, &c->greeter, pid, fd, PARTY_GREETER, phase);
	return 0;
}

static int
send_greet(struct child_process *greeter, const struct message *greet)
{
	child_process_attach_log(greeter, &greet->greet.client, "");
	return channel_send(&greeter->channel, greet);
}

int
children_greet(struct children *c, const struct message *greet,
	struct greeter_start *start, const enum phase *phase)
{
	int error = send_greet(&c->greeter, greet);

	c->client = greet->fds[0];
	if (error != -EPIPE)
		return error;
	(void)children_reap(&c->greeter);
	error = children_start_greeter(c, start, phase);
	return error < 0 ? error : send_greet(&c->greeter, greet);
}

int
children_send_proxied(struct children *c,
	const struct message_client *client, const struct message *verdict)
{
	child_process_attach_log(&c->greeter, client, "");
	return child_process_send(&c->greeter, verdict);
}

/* Make what connects greeter and session.  The greeter's ends are stored in *c;
 * the session's ends in *start, which the caller closes (-1: not used). */
static int
connect_session(struct children *c, struct session_start *start, bool tls)
{
	int channel[2], stream[2];
	int error = channel_pair(channel);

	start->handover_fd = start->control_fd = -1;
	if (error < 0)
		return error;
	c->handover = channel[0];
	start->handover_fd = channel[1];
	if (!tls) {
		start->control_fd = c->client;
		return 0;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
	    stream) < 0)
		return -errno;
	c->relay = stream[0];
	start->control_fd = stream[1];
	return 0;
}

static void
disconnect_session(struct children *c)
{
	io_close(&c->handover);
	io_close(&c->relay);
}

int
children_start_session(struct children *c, struct session_start *start,
	bool tls, const enum phase *phase)
{
	int fd = -1;
	pid_t pid = connect_session(c, start, tls);

	if (pid == 0)
		pid = child_process_fork(&c->session, LOG_SOURCE_SESSION, &fd);
	if (pid == 0) {
		start->monitor_fd = fd;
		start->keeper_fd = c->keeper[1];
		session_main(start);
	}
	io_close(&start->handover_fd);
	io_close(&start->quota_fd);
	if (tls)
		io_close(&start->control_fd);
	if (pid < 0) {
		disconnect_session(c);
		return pid;
	}
	started(c, &c->session, pid, fd, PARTY_SESSION, phase);
	c->session.log.identity.run_pass = start->identity->run_pass;
	child_process_attach_log(&c->session, start->client,
		start->identity->user);
	return 0;
}

static int
grant(struct children *c)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_granted);
	m.fds[0] = c->handover;
	return child_process_send(&c->greeter, &m);
}

static int
grant_tls(struct children *c, const char *user, const uint8_t *ticket_keys)
{
	struct log_source *log = &c->greeter.log;
	struct message m UNINITIALIZED;

	log->identity.role = LOG_SOURCE_RELAY;
	(void)!text_copy(log->identity.user, sizeof(log->identity.user), user);
	log_source_attach(log);
	message_begin(&m, MESSAGE_granted_tls);
	m.fds[0] = c->handover;
	m.fds[1] = c->relay;
	memcpy(m.granted_tls.ticket_keys, ticket_keys,
		sizeof(m.granted_tls.ticket_keys));
	int error = child_process_send(&c->greeter, &m);
	secret_wipe(&m.granted_tls, sizeof(m.granted_tls));
	return error;
}

int
children_grant(struct children *c, const char *user,
	const uint8_t *ticket_keys)
{
	int error = c->relay >= 0 ? grant_tls(c, user, ticket_keys) : grant(c);

	disconnect_session(c);
	io_close(&c->client);
	return error;
}

static void
reattach_keys(const struct children *c)
{
	int error = c->keeper[0] < 0 ? 0 :
		tls_keeper_attach(c->keeper_service, c->keeper[0]);

	if (error < 0)
		log_warning("cannot reach the keeper: %s", log_errno(error));
}

void
children_reattach(const struct children *c, int32_t service)
{
	if (service == SERVICE_BOOKKEEPER) {
		quota_link_attach(&c->quota);
	} else if (service == SERVICE_RECORDER) {
		child_process_reattach_log(&c->greeter);
		child_process_reattach_log(&c->session);
	} else {
		reattach_keys(c);
	}
}

void
children_drop_session(struct children *c)
{
	disconnect_session(c);
	(void)children_reap(&c->session);
	quota_link_close(&c->quota);
}

void
children_end(struct children *c, bool now, int32_t reason)
{
	c->end_reason = reason;
	c->ending = true;
	c->now = c->now || now;
	if (c->now)
		c->kill_at = clock_earlier(c->kill_at, clock_ms() + END_MS);
	ask_to_end(c, &c->greeter);
	ask_to_end(c, &c->session);
}

enum outcome
children_reap(struct child_process *child)
{
	return child_process_reap(child, ORDERLY_MS);
}

void
children_close(struct children *c, bool violation)
{
	bool relay = c->greeter.channel.fd < 0;

	io_close(&c->client);
	disconnect_session(c);
	quota_link_close(&c->quota);
	(void)child_process_reap(&c->session, violation ? 0 : ORDERLY_MS);
	(void)child_process_reap(&c->greeter, violation ? 0 :
		relay ? RELAY_MS : ORDERLY_MS);
}
