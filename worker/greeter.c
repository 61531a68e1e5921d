/*
 * greeter.c - the client's first partner: greets, listens until login, asks
 * the monitor, hands the connection over.
 *
 * Runs in: greeter.
 * Never: sees a file; is worth anything when it is taken over (rule R3).
 */
#include "common/base.h"

#include "worker/greeter.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/conversation.h"
#include "worker/process.h"
#include "worker/protect.h"
#include "worker/relay.h"
#include "worker/remote.h"
#include "worker/start.h"
#include "common/tls/tls.h"

#include <netinet/tcp.h>

static const char *const refusals[VERDICTS] = {
	[VERDICT_FULL] = "Too many clients, try again later.",
	[VERDICT_ADDRESS_FULL] = "Too many connections from your address.",
	[VERDICT_LOGINS_FULL] = "Too many logins going on, try again later.",
	[VERDICT_PENALTY] = "Too many failures from your address, "
			    "try again later.",
	[VERDICT_STOPPING] = "The server is shutting down.",
};

/* What the session process needs to go on where this one stops. */
static int
describe(struct session *s, struct message_handover *h)
{
	const char *leftover;
	size_t len = control_leftover(&s->control, &leftover);

	if (len > sizeof(h->leftover))
		return -EMSGSIZE;
	h->epsv_all = s->choices.epsv_all;
	h->facts = s->choices.facts;
	h->type = s->choices.type;
	h->prot = s->choices.prot;
	h->pbsz = s->choices.pbsz;
	h->telnet = control_telnet(&s->control);
	memcpy(h->leftover, leftover, len);
	h->leftover_len = (uint32_t)len;
	return 0;
}

/* From here the session process speaks with the client. */
static void
hand_over(struct session *s)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_handover;
	m.fds[0] = s->control.stream.fd;
	int r = describe(s, &m.handover);
	if (r == 0)
		r = channel_send(&s->monitor, &m);
	session_end(s, r < 0 ? OUTCOME_ERROR : OUTCOME_QUIT);
}

static int
describe_tls(struct session *s, struct message_handover_tls *h)
{
	h->handshake = s->binding.handshake;
	h->tls = s->tls;
	tls_save(s->control.stream.tls, &h->saved);
	return describe(s, &h->handover);
}

/* The kernel does the TLS: it goes with the socket, and is not ended here. */
static void
hand_over_kernel(struct session *s)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_handover_kernel;
	m.fds[0] = s->control.stream.fd;
	int r = describe_tls(s, &m.handover_kernel.state);
	if (r == 0)
		r = channel_send(&s->monitor, &m);
	message_clear(&m);
	tls_free(s->control.stream.tls);
	s->control.stream.tls = NULL;
	session_end(s, r < 0 ? OUTCOME_ERROR : OUTCOME_QUIT);
}

/* OpenSSL does it, and stays in this process, which becomes the relay. */
static void
hand_over_tls(struct session *s)
{
	int stream[2], channel[2];
	struct message m;
	int r = socketpair(AF_UNIX,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, stream);

	if (r < 0 || channel_pair(channel) < 0) {
		session_end(s, OUTCOME_ERROR);
		return;
	}
	message_clear(&m);
	m.type = MESSAGE_handover_tls;
	m.fds[0] = stream[1];
	m.fds[1] = channel[1];
	r = describe_tls(s, &m.handover_tls);
	if (r == 0)
		r = channel_send(&s->monitor, &m);
	if (r < 0) {
		session_end(s, OUTCOME_ERROR);
		return;
	}
	message_clear(&m);
	close(stream[1]);
	close(channel[1]);
	channel_close(&s->monitor);
	struct stream client = s->control.stream;
	secret_wipe(s, sizeof(*s));
	relay_run(&client, stream[0], channel[0]);
}

static void
granted(struct session *s)
{
	if (!protect_is_on(s))
		hand_over(s);
	else if (tls_can_hand_on(s->control.stream.tls))
		hand_over_kernel(s);
	else
		hand_over_tls(s);
}

static void
denied(struct session *s, const struct message_auth_result *result)
{
	s->login.failed++;
	if (result->result == AUTH_BUSY) {
		reply(&s->reply, 530, "Too many sessions of this account.");
		return;
	}
	reply(&s->reply, 530, "Login incorrect.");
	if (result->result != AUTH_ENOUGH)
		return;
	reply(&s->reply, 421, "Too many failed logins. Closing.");
	session_end(s, OUTCOME_LOGIN_FAILED);
}

/* PASS came: ask the monitor and answer the client, or hand over. */
static void
authenticate(struct session *s)
{
	struct message *m = secret_new(sizeof(*m));

	s->login.requested = false;
	if (m == NULL) {
		session_end(s, OUTCOME_ERROR);
		return;
	}
	m->type = MESSAGE_auth;
	m->auth.tls = s->tls;
	(void)!text_copy(m->auth.user, sizeof(m->auth.user), s->login.user);
	(void)!text_copy(m->auth.password, sizeof(m->auth.password),
		s->login.password);
	secret_wipe(s->login.password, sizeof(s->login.password));
	s->login.user[0] = '\0';
	int r = channel_send(&s->monitor, m);
	message_clear(m);
	if (r < 0)
		session_end(s, OUTCOME_STOPPED);
	else if (remote_receive(s, m) && m->auth_result.result == AUTH_GRANTED)
		granted(s);
	else if (!s->over)
		denied(s, &m->auth_result);
	secret_free(m, sizeof(*m));
}

/* Small replies leave at once; a Synch's urgent byte stays in the stream,
 * where the line reader finds it (RFC 1123 4.1.2.10); a client that vanished
 * is noticed. */
static void
set_up_socket(int fd)
{
	static const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)io_nonblocking(fd, true);
}

/* Wait, as a spare, for the client; it comes with its socket. */
static int
wait_for_client(int monitor_fd, struct message *m)
{
	struct channel c;

	channel_open(&c, monitor_fd, PARTY_GREETER, PARTY_MONITOR,
		PHASE_SPARE);
	for (;;) {
		int r = channel_recv(&c, m);
		if (r != 1)
			_exit(OUTCOME_STOPPED);
		if (m->type == MESSAGE_greet)
			return m->fds[0];
		if (m->type == MESSAGE_leave)
			_exit(OUTCOME_STOPPED);
	}
}

void
greeter_welcome(struct session *s)
{
	if (s->listener->tls == TLS_IMPLICIT && !protect_control(s))
		return;
	if (s->client.verdict != VERDICT_WELCOME) {
		reply(&s->reply, 421, "%s", refusals[s->client.verdict]);
		session_end(s, OUTCOME_REFUSED);
	} else if (!s->client.greeted) {
		reply_text(&s->reply, 220, s->settings->server.banner);
	}
	s->client.greeted = false;	/* it was, this time */
}

static void
greet(struct session *s)
{
	greeter_welcome(s);
	while (conversation_run(s) == CONVERSATION_LOGIN)
		authenticate(s);
	/* So that the client sees a proper end and not a cut stream. */
	if (s->control.stream.tls != NULL)
		(void)!stream_end(&s->control.stream);
}

void
greeter_main(const struct greeter_start *start)
{
	struct session *s = secret_new(sizeof(*s));
	const int keep[] = { start->monitor_fd, log_descriptor(),
		role_empty_root() };
	struct message m;

	log_set_role("greeter");
	process_begin(keep, ARRAY_SIZE(keep));
	if (s == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	role_enter(ROLE_GREETER, NULL);

	int fd = wait_for_client(start->monitor_fd, &m);
	const struct message_client *client = &m.greet.client;
	set_up_socket(fd);
	log_set_session(client->session, &client->peer);
	session_init(s, start->settings, client, fd, start->monitor_fd,
		PARTY_GREETER);
	remote_init(s);
	conversation_start(s);
	s->login.deadline =
		clock_after(start->settings->server.login_timeout);
	s->tls_server = start->tls;
	s->binding = *start->binding;
	s->binding.session = client->session;
	greet(s);
	_exit((int)s->outcome);
}
