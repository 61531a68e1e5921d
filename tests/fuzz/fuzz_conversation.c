/*
 * fuzz_conversation.c - a whole conversation in one process: the greeter's part
 * before login and the session's after it, with a client that does what the
 * input says (client.h), a simulated monitor (played.h), and files and networks
 * of their own (jail.h).  The first byte chooses the server (variant.h).
 *
 * In addition to what sanitizers find, it checks: replies are well-formed
 * (replies.h), every line gets exactly one, only a granted login leads to an
 * account's commands, what is logged is clean, a 226 is for a whole file,
 * nothing outside the account's root directory is touched, and no descriptor
 * stays open.
 */
#include "common/base.h"

#include "common/io.h"
#include "common/names.h"
#include "tests/fuzz/client.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/home.h"
#include "tests/fuzz/jail.h"
#include "tests/fuzz/log_check.h"
#include "tests/fuzz/played.h"
#include "tests/fuzz/variant.h"
#include "tests/fuzz/world.h"
#include "worker/charsets.h"
#include "worker/command_loop.h"
#include "worker/greeting.h"
#include "worker/handover.h"
#include "worker/texts.h"
#include "worker/transfer/mid_transfer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#define DESCRIPTORS 64	/* a new one takes the lowest number */

static const struct variant *variant;
static struct client client;
static struct played played;
static struct session greeter, session;	/* the session of either process */
static struct names *names;

/* --- once */

static void
collect(void *context UNUSED, struct event *e)
{
	log_check(e);
}

const char *
fuzz_prepare(void)
{
	if (jail_make() < 0 || client_listen(&client) < 0)
		return "neither root nor a user namespace: no jail";
	signal(SIGPIPE, SIG_IGN);	/* as the master has it */
	event_divert(collect, NULL);
	log_set_level(LOG_LEVEL_DEBUG);
	jail_enter();
	variant_load();
	jail_leave();
	names = names_load("/nonexistent", "/nonexistent");
	if (names == NULL || names_add_user(names, 0, "anna") < 0 ||
		names_add_group(names, 0, "domain users") < 0)
		return "out of memory";
	return NULL;
}

/* --- one conversation */

static bool
act(void *context UNUSED)
{
	return played_relay(&played) || client_act(&client);
}

static struct message_client
connection(void)
{
	const char *address = variant->six ? "::1" : "127.0.0.1";
	struct message_client c = {
		.session = 1,
		.verdict = variant->verdict,
	};

	fuzz_must(address_parse(&c.peer, address) == 0 &&
		address_parse(&c.local, address) == 0, "an address");
	address_set_port(&c.peer, CLIENT_PORT - 1);
	address_set_port(&c.local, 21);
	return c;
}

/* What both processes do first. */
static void
begin(struct session *s, int control, enum party self)
{
	const struct message_client c = connection();
	int fds[2];

	fuzz_must(channel_pair(fds) == 0, "channel_pair");
	channel_close(&client.monitor);
	channel_open(&client.monitor, fds[0], PARTY_MONITOR, self,
		&channel_any_phase);
	memset(s, 0, sizeof(*s));
	session_init(s, variant->settings, &c, control, fds[1], self);
	played_answer(&played, s);
	mid_transfer_init(s);
	s->tls_server = variant->tls;
}

static void
pretend_tls(struct tls_facts *tls)
{
	if (!variant->behind_tls)
		return;
	tls->on = 1;
	snprintf(tls->version, sizeof(tls->version), "TLSv1.3");
	snprintf(tls->cipher, sizeof(tls->cipher), "TLS_AES_128_GCM_SHA256");
}

/* Hand over as the greeter does, and receive as the session process does, which
 * keeps the channel to a relay.  The session's descriptor of the client. */
static int
hand_over(int granted, struct channel *relay, struct message *m)
{
	int client_fd = fcntl(greeter.control.stream.fd, F_DUPFD_CLOEXEC, 0);
	struct channel from;

	fuzz_must(client_fd >= 0, "fcntl");
	channel_open(&from, granted, PARTY_GREETER, PARTY_SESSION,
		&channel_any_phase);
	channel_open(relay, played.handover, PARTY_SESSION, PARTY_GREETER,
		&channel_any_phase);
	if (handover_send(&greeter, &from) < 0 ||
		channel_recv(relay, m) != 1 || m->type != MESSAGE_handover)
		fuzz_fail("the hand-over fails");
	if (variant->behind_tls) {
		played.relay = from;
	} else {
		channel_close(&from);
		channel_close(relay);
	}
	return client_fd;
}

static void
end_process(struct session *s)
{
	data_reset(&s->data);
	stream_close(&s->control.stream);
	channel_close(&s->monitor);
	io_close(&s->relay.fd);
}

/* Before login.  True after a granted login. */
static bool
greet(int control, struct message *m)
{
	begin(&greeter, control, PARTY_GREETER);
	pretend_tls(&greeter.tls);
	bool granted = greeting_run(&greeter, m);
	if (greeter.login.password[0] != '\0')
		fuzz_fail("the greeter keeps a password");
	if (client.replies.welcome || greeter.data.mode != DATA_NONE)
		fuzz_fail("a session before login");
	if (granted != (played.handover >= 0))
		fuzz_fail("a login that was not granted");
	return granted;
}

/* The greeter of a client with TLS becomes a relay now, a process of its own:
 * here the conversation ends.  Others go on as if there were one. */
static bool
needs_relay(const struct message *m)
{
	if (greeter.control.stream.tls == NULL)
		return false;
	close(m->fds[0]);
	close(played.handover);
	played.silent = true;
	return true;
}

/* After login. */
static void
serve(int granted)
{
	struct identity identity = {
		.user = "anna",
		.key = "uid 1000",
		.uid = 1000,
		.gid = 1000,
		.home = HOME_DIRECTORY,
		.root = -1,
		.permissions = variant->settings->user.permissions,
		.settings = &variant->settings->user,
	};
	int lock = home_make();
	struct channel relay;
	struct message m;

	begin(&session, hand_over(granted, &relay, &m), PARTY_SESSION);
	session.relay = relay;
	session.names = names;
	session.charsets = charsets_open(variant->settings,
		&variant->settings->user);
	session.binding.reuse = variant->settings->user.session_reuse;
	session_log_in(&session, &identity);
	if (handover_take(&session, &m.handover) < 0)
		fuzz_fail("invalid handover message");
	end_process(&greeter);
	texts_send_welcome(&session, "");
	(void)command_loop_run(&session);
	close(lock);
}

/* --- afterwards */

static size_t
count_lines(const char *data, size_t len)
{
	size_t lines = 0;

	for (size_t i = 0; i < len; i++)
		lines += data[i] == '\n';
	return lines;
}

/* Lines that the session has left in its buffer, or unread. */
static size_t
lines_left(struct session *s)
{
	char data[4096];
	const char *left;
	size_t len = control_leftover(&s->control, &left);
	size_t lines = count_lines(left, len);
	ssize_t n;

	while ((n = recv(s->control.stream.fd, data, sizeof(data),
		MSG_DONTWAIT)) > 0)
		lines += count_lines(data, (size_t)n);
	return lines;
}

/* The greeting and every line that was taken have one reply each, unless the
 * line was empty, or the monitor was asked and is gone. */
static void
check_count(struct session *s)
{
	const struct replies *r = &client.replies;
	size_t due = client.lines + 1;

	if (!client.ciphered)
		due -= lines_left(s);
	if (r->finals > due)
		fuzz_fail("%zu replies for %zu lines", r->finals, due);
	if (played.silent || r->too_late)
		due--;
	if (client.patient && !client.ciphered &&
		r->finals + client.empty < due)
		fuzz_fail("only %zu replies for %zu lines, %zu of them empty",
			r->finals, due, client.empty);
}

static void
converse(const uint8_t *script, size_t size)
{
	struct session *last = &greeter;
	int small = 4096;
	struct message m;
	int pair[2];

	fuzz_must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
		SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	/* So that replies have to wait for the client. */
	(void)setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	client_begin(&client, script, size, pair[0], variant->six,
		variant->settings->listeners[0].tls == TLS_IMPLICIT);
	played_begin(&played);
	world_begin(act, NULL);
	if (greet(pair[1], &m) && !needs_relay(&m)) {
		serve(m.fds[0]);
		last = &session;
	}
	world_end();
	client_read(&client);
	check_count(last);
	end_process(last);
	client_end(&client);
	io_close(&played.relay.fd);
}

static size_t
descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < DESCRIPTORS; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	size_t before = descriptors();
	variant = variant_for(data[0]);
	jail_enter();
	converse(data + 1, size - 1);
	jail_leave();
	if (descriptors() != before)
		fuzz_fail("%zu descriptors more than before",
			descriptors() - before);
	return 0;
}
