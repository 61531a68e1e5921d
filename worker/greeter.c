/*
 * greeter.c - serves the client until login: greets, asks the monitor, hands
 * the connection over.
 *
 * Runs in: greeter.
 * Never: sees a file; is worth anything when it is taken over (rule R3).
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "common/tls/tls.h"
#include "common/tls/tls_keeper.h"
#include "worker/conversation.h"
#include "worker/tls_control.h"
#include "worker/relay.h"
#include "worker/remote.h"
#include "worker/start.h"

#include <netinet/tcp.h>

static const char *const refusals[VERDICTS] = {
	[VERDICT_FULL] = "Too many clients, try again later.",
	[VERDICT_ADDRESS_FULL] = "Too many connections from your address.",
	[VERDICT_LOGINS_FULL] = "Too many logins in progress, try again later.",
	[VERDICT_PENALTY] = "Too many failures from your address, "
			    "try again later.",
	[VERDICT_STOPPING] = "Server is shutting down.",
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
	h->tls = s->tls;
	if (s->tls.on)
		tls_save(s->control.stream.tls, &h->saved);
	return 0;
}

/* From here on the session process speaks with the client. */
static int
send_handover(struct session *s, struct channel *session)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_handover;
	int error = describe(s, &m.handover);
	if (error == 0)
		error = channel_send(session, &m);
	message_zero(&m);
	return error;
}

/* TLS stays in this process, which becomes the relay. */
NORETURN static void
become_relay(struct session *s, struct channel *session, int pair,
	const uint8_t *ticket_keys)
{
	channel_close(&s->monitor);
	struct stream client = s->control.stream;
	tls_give_account_keys(client.tls, ticket_keys);
	secret_wipe(s, sizeof(*s));
	relay_run(&client, pair, session);
}

/* The session process is in its place. */
static void
granted(struct session *s, const struct message *m)
{
	static const enum phase phase = PHASE_SESSION;
	struct channel session;

	channel_open(&session, m->fds[0], PARTY_GREETER, PARTY_SESSION,
		&phase);
	if (send_handover(s, &session) < 0)
		session_end(s, OUTCOME_ERROR);
	else if (m->type == MESSAGE_granted_tls)
		become_relay(s, &session, m->fds[1],
			m->granted_tls.ticket_keys);
	else
		session_end(s, OUTCOME_QUIT);
}

/* A reply of the monitor's lines; cuts them. */
static void
reply_in_lines(struct session *s, int code, char *lines)
{
	char *last = strrchr(lines, '\n');

	if (last == NULL) {
		reply_with_lines(&s->reply, code, "", lines);
		return;
	}
	*last++ = '\0';
	reply_with_lines(&s->reply, code, lines, last);
}

static void
denied(struct session *s, struct message_denied *denied)
{
	if (denied->denial == DENIAL_BUSY) {
		reply(&s->reply, 530, "Too many sessions for this account.");
		return;
	}
	if (denied->text[0] != '\0')
		reply_in_lines(s, 530, denied->text);
	else
		reply(&s->reply, 530, "Login incorrect.");
	if (denied->denial != DENIAL_LAST)
		return;
	reply(&s->reply, 421, "Too many failed logins. Closing.");
	session_end(s, OUTCOME_LOGIN_FAILED);
}

static void
ask_with_password(struct session *s, struct message *m)
{
	m->type = MESSAGE_auth;
	m->auth.tls = s->tls;
	(void)!text_copy(m->auth.user, sizeof(m->auth.user), s->login.user);
	(void)!text_copy(m->auth.password, sizeof(m->auth.password),
		s->login.password);
	s->login.user[0] = '\0';
}

static void
ask_with_answer(struct session *s, struct message *m)
{
	m->type = MESSAGE_answer;
	m->answer.given = 1;
	(void)!text_copy(m->answer.text, sizeof(m->answer.text),
		s->login.password);
	s->login.prompted = false;
}

/* More than the password is needed. */
static void
prompted(struct session *s, char *question)
{
	s->login.prompted = true;
	if (*question != '\0')
		reply_in_lines(s, 332, question);
	else
		reply(&s->reply, 332, "Send the answer with ACCT.");
}

static void
handle_verdict(struct session *s, struct message *m)
{
	switch (m->type) {
	case MESSAGE_denied:
		s->login.failed++;
		denied(s, &m->denied);
		break;
	case MESSAGE_prompt:
		prompted(s, m->prompt.text);
		break;
	default:
		granted(s, m);
	}
}

/* PASS or ACCT came: ask the monitor and answer the client, or hand over. */
static void
authenticate(struct session *s)
{
	struct message *m = secret_new(sizeof(*m));

	s->login.requested = false;
	if (m == NULL) {
		session_end(s, OUTCOME_ERROR);
		return;
	}
	if (s->login.prompted)
		ask_with_answer(s, m);
	else
		ask_with_password(s, m);
	secret_wipe(s->login.password, sizeof(s->login.password));
	int r = channel_send(&s->monitor, m);
	message_zero(m);
	if (r < 0)
		session_end(s, OUTCOME_STOPPED);
	else if (remote_receive(s, m))
		handle_verdict(s, m);
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
	static const enum phase spare = PHASE_SPARE;
	struct channel c;

	channel_open(&c, monitor_fd, PARTY_GREETER, PARTY_MONITOR, &spare);
	for (;;) {
		int r = channel_recv(&c, m);
		if (r != 1)
			_exit(OUTCOME_STOPPED);
		if (m->type == MESSAGE_greet)
			return m->fds[0];
		if (m->type == MESSAGE_end_session)
			_exit(OUTCOME_STOPPED);
	}
}

/* TLS where the listener wants it at once, then the 220. */
static void
welcome(struct session *s)
{
	if (s->listener->tls == TLS_IMPLICIT && !tls_control_handshake(s))
		return;
	if (s->client.verdict != VERDICT_WELCOME) {
		reply(&s->reply, 421, "%s", refusals[s->client.verdict]);
		session_end(s, OUTCOME_REFUSED);
	} else {
		reply_text(&s->reply, 220, s->settings->server.banner);
	}
}

static void
greet(struct session *s)
{
	welcome(s);
	while (conversation_run(s) == CONVERSATION_LOGIN)
		authenticate(s);
	/* So that the client sees a proper end and not a cut stream. */
	if (s->control.stream.tls != NULL)
		(void)!stream_end(&s->control.stream);
}

void
greeter_main(const struct greeter_start *start)
{
	static struct tls_keeper keeper;
	struct session *s = secret_new(sizeof(*s));
	const int keep[] = { start->monitor_fd, start->keeper_fd,
		log_descriptor(), empty_root_fd() };
	struct message m;

	log_set_role("greeter");
	child_begin(keep, ARRAY_SIZE(keep));
	if (s == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	role_enter(ROLE_GREETER, NULL);

	int fd = wait_for_client(start->monitor_fd, &m);
	const struct message_client *client = &m.greet.client;
	set_up_socket(fd);
	session_init(s, start->settings, client, fd, start->monitor_fd,
		PARTY_GREETER);
	remote_init(s);
	conversation_start(s);
	s->login.deadline =
		clock_after(start->settings->server.login_timeout);
	s->tls_server = start->tls;
	tls_keeper_open(&keeper, start->keeper_fd);
	tls_server_sign_by(start->tls, tls_keeper_sign, &keeper);
	s->binding = *start->binding;
	s->binding.session = client->session;
	greet(s);
	_exit((int)s->outcome);
}
