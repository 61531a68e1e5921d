/*
 * test_channel.c - channels: messages that messages.def allows arrive complete,
 * and both ends detect that the other has closed.
 */
#include "common/base.h"

#include "tests/unit/gate.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

const char *const unit_name = "channel";

static void
test_round_trip(void)
{
	struct fixture f;
	struct channel peer;
	struct message m, got;
	int flags;

	begin(&f, PARTY_MONITOR, PARTY_MASTER, PHASE_SPARE);
	channel_open(&peer, f.raw, PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
	message_zero(&m);
	m.type = MESSAGE_client;
	m.client.session = 7;
	m.client.verdict = VERDICT_BANNED;
	m.fds[0] = f.raw;
	CU_ASSERT_EQUAL(channel_send(&peer, &m), 0);
	CU_ASSERT_EQUAL_FATAL(channel_recv(&f.c, &got), 1);
	CU_ASSERT_EQUAL(got.type, MESSAGE_client);
	CU_ASSERT_EQUAL(got.client.session, 7);
	CU_ASSERT_EQUAL(got.client.verdict, VERDICT_BANNED);
	CU_ASSERT_FATAL(got.fds[0] >= 0);
	flags = fcntl(got.fds[0], F_GETFD);
	CU_ASSERT_TRUE(flags >= 0 && (flags & FD_CLOEXEC));
	close(got.fds[0]);
	end(&f);
}

static void
test_every_message(void)
{
	struct fixture f;
	struct channel peer;
	struct message m, got;

	/* Each row, from a lawful sender to a lawful receiver. */
#define MESSAGE(name, from, to, phases, times, nfds)                         \
	begin(&f, PARTY_##to & ~PARTY_GREETER ? PARTY_##to & ~PARTY_GREETER : \
		PARTY_##to, PARTY_##from, PHASE_##phases);                   \
	channel_open(&peer, f.raw, f.c.peer, f.c.self, &channel_any_phase);  \
	message_zero(&m);                                                   \
	m.type = MESSAGE_##name;                                             \
	for (int i = 0; i < (nfds); i++)                                  \
		m.fds[i] = f.raw;                                            \
	CU_ASSERT_EQUAL(channel_send(&peer, &m), 0);                         \
	CU_ASSERT_EQUAL(channel_recv(&f.c, &got), 1);                        \
	CU_ASSERT_EQUAL(got.type, MESSAGE_##name);                           \
	for (int i = 0; i < CHANNEL_MAX_FDS; i++)                         \
		CU_ASSERT_EQUAL(got.fds[i] >= 0, i < (nfds));                \
	CU_ASSERT_STRING_EQUAL(channel_message_name(got.type), #name);       \
	for (int i = 0; i < (nfds); i++)                                  \
		close(got.fds[i]);                                           \
	end(&f);
#define TEXT(message, field)
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT
}

static void
test_peer_gone(void)
{
	struct fixture f;
	struct message m;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	/* Its last message counts, although it left one of ours unread. */
	message_zero(&m);
	m.type = MESSAGE_end_session;
	CU_ASSERT_EQUAL(channel_send(&f.c, &m), 0);
	send_auth(&f, 0);
	close(f.raw);
	f.raw = -1;
	f.descriptors--;
	CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 1);
	CU_ASSERT_STRING_EQUAL(m.auth.user, "anna");
	CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 0);
	CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 0);
	message_zero(&m);
	m.type = MESSAGE_end_session;
	CU_ASSERT_EQUAL(channel_send(&f.c, &m), -EPIPE);
	end(&f);
}

static void
test_empty_datagram(void)
{
	struct fixture f;
	struct message m;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	CU_ASSERT_EQUAL(send(f.raw, "", 0, 0), 0);
	CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 0);
	end(&f);
}

static void
test_master_never_waits(void)
{
	struct fixture f;
	struct message m;
	int error = 0;

	begin(&f, PARTY_MASTER, PARTY_MONITOR, PHASE_ANY);
	CU_ASSERT_EQUAL(channel_recv(&f.c, &m), -EAGAIN);
	message_zero(&m);
	m.type = MESSAGE_shutdown;
	for (int i = 0; i < 100000 && error == 0; i++)
		error = channel_send(&f.c, &m);
	CU_ASSERT_EQUAL(error, -EAGAIN);
	end(&f);
}

/* Our own mistakes must not pass in silence. */
static void
test_wrong_send(void)
{
	struct fixture f;
	struct message m;
	int status;

	begin(&f, PARTY_GREETER, PARTY_MONITOR, PHASE_ANY);
	message_zero(&m);
	m.type = MESSAGE_client;
	fflush(NULL);
	pid_t pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		_exit(channel_send(&f.c, &m) == 0 ? 0 : 1);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	end(&f);
}

static void
test_zero(void)
{
	struct message m;

	memset(&m, 'x', sizeof(m));
	message_zero(&m);
	CU_ASSERT_TRUE(is_zero(&m));
	CU_ASSERT_EQUAL(m.fds[0], -1);
	CU_ASSERT_STRING_EQUAL(channel_message_name(MESSAGE_TYPES), "unknown");
}

static void
test_begin(void)
{
	struct message m;

	memset(&m, 'x', sizeof(m));
	message_begin(&m, MESSAGE_denied);
	CU_ASSERT_EQUAL(m.type, MESSAGE_denied);
	CU_ASSERT_EQUAL(m.denied.denial, 0);
	CU_ASSERT_EQUAL(m.fds[0], -1);
	/* The rest is not this type's. */
	CU_ASSERT_EQUAL(((const char *)&m)[sizeof(m) - 1], 'x');
}

CU_TestInfo unit_tests[] = {
	{ "a message arrives whole, its descriptor close-on-exec",
		test_round_trip },
	{ "every row of messages.def passes", test_every_message },
	{ "a closed peer: its last message, then the end", test_peer_gone },
	{ "an empty datagram ends the conversation", test_empty_datagram },
	{ "the master never waits", test_master_never_waits },
	{ "sending against the table aborts", test_wrong_send },
	{ "a zeroed message holds nothing", test_zero },
	{ "a message begins with its own fields zero", test_begin },
	CU_TEST_INFO_NULL,
};
