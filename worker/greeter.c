/*
 * greeter.c - the greeter: waits for a client, serves it until login, then
 * hands the connection over.
 *
 * Runs in: greeter.  Never: opens a file; has rights that are useful to an
 * attacker.
 */
#include "common/base.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/page.h"
#include "common/process/passive_ports.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "common/process/title.h"
#include "common/tls/tls.h"
#include "common/tls/tls_keeper.h"
#include "worker/authority_monitor.h"
#include "worker/command_loop.h"
#include "worker/greeting.h"
#include "worker/handover.h"
#include "worker/relay.h"
#include "worker/start.h"
#include "worker/transfer/mid_transfer.h"

#include <netinet/tcp.h>

/* With TLS this process becomes the relay. */
NORETURN static void
become_relay(struct session *s, struct channel *session, struct message *m)
{
	channel_close(&s->monitor);
	struct stream client = s->control.stream;
	int pair = m->fds[1];
	char peer[ADDRESS_TEXT_SIZE];
	title_begin("relay for %s", address_text(&s->client.peer, peer));
	tls_give_account_keys(client.tls, m->granted_tls.ticket_keys);
	secret_free(m, sizeof(*m));
	secret_free(s, sizeof(*s));
	relay_run(&client, pair, session);
}

/* Hand the client over to the session process, which is ready. */
static void
hand_over(struct session *s, struct message *m)
{
	static const enum phase phase = PHASE_SESSION;
	struct channel session;

	channel_open(&session, m->fds[0], PARTY_GREETER, PARTY_SESSION,
		&phase);
	if (handover_send(s, &session) < 0)
		session_end(s, OUTCOME_ERROR);
	else if (m->type == MESSAGE_granted_tls)
		become_relay(s, &session, m);
	else
		session_end(s, OUTCOME_QUIT);
}

/* TCP_NODELAY for small replies; SO_OOBINLINE keeps the urgent byte of a Synch
 * in the stream (RFC 1123 4.1.2.10). */
static void
set_up_socket(int fd)
{
	static const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
	(void)io_nonblocking(fd, true);
}

/* Wait for a client, which comes with its socket. */
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

void
greeter_main(const struct greeter_start *start)
{
	static struct tls_keeper keeper;
	/* Both may contain a password. */
	struct session *s = secret_new(sizeof(*s));
	struct message *m = secret_new(sizeof(*m));
	const int keep[] = { start->monitor_fd, start->keeper_fd,
		log_descriptor(), empty_root_fd() };

	page_unmap();
	log_set_role("greeter");
	child_begin(keep, ARRAY_SIZE(keep));
	if (s == NULL || m == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	/* The greeter opens no data connections, and must not write there. */
	passive_ports_free(start->ports);
	role_enter(ROLE_GREETER, NULL);

	int fd = wait_for_client(start->monitor_fd, m);
	struct message_client client = m->greet.client;
	set_up_socket(fd);
	session_init(s, start->settings, &client, fd, start->monitor_fd,
		PARTY_GREETER);
	authority_monitor_init(s);
	mid_transfer_init(s);
	s->tls_server = start->tls;
	tls_keeper_open(&keeper, start->keeper_fd);
	tls_server_sign_by(start->tls, tls_keeper_sign, &keeper);
	s->binding = *start->binding;
	s->binding.session = client.session;
	if (greeting_run(s, m))
		hand_over(s, m);
	/* Send close_notify, so that the client does not see a truncated
	 * stream. */
	if (s->control.stream.tls != NULL)
		(void)!stream_end(&s->control.stream);
	_exit((int)s->outcome);
}
