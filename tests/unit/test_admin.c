/*
 * test_admin.c - the master's side of sureftpctl, without a master:
 * connections, timeouts and the scoreboard.
 */
#include "common/base.h"
#include "daemon/control/admin.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/settings/settings_load.h"
#include "daemon/configuration.h"
#include "daemon/control/ctl_board.h"
#include "daemon/sessions/board.h"
#include "daemon/sessions/sessions.h"
#include "tests/unit/child.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const unit_name = "admin";

static struct admin admin;
static struct loop *loop;
static struct configuration configuration;
static struct listeners listeners;
static struct sessions *sessions;
static struct board *board;
static struct scoreboard_source source;
static char directory[] = "/run/sureftpd-test.XXXXXX";
static unsigned lines;

static void
count_line(void *context UNUSED, struct event *e UNUSED)
{
	lines++;
}

/* Orders as a master with nothing to change would take them. */
static unsigned orders;

static bool
carry_out(void *context, uid_t uid, const struct message_admin_order *order,
	struct message_admin_done *done)
{
	unsigned *count = context;

	CU_ASSERT_EQUAL(uid, getuid());
	memset(done, 0, sizeof(*done));
	done->count = ++*count;
	return order->order != ADMIN_RELOAD;
}

/* The socket is made only where nobody else could have his hand in. */
static bool
is_place(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_uid == 0 &&
		(st.st_mode & 022) == 0;
}

/* A master that has just started; false, said aloud, where there cannot be
 * one. */
static bool
begin(const char *what)
{
	char option[128], *assignments[] = { option };

	if (child_skip_without_root(what))
		return false;
	if (!is_place("/") || !is_place("/run")) {
		printf("SKIP (/run is not root's alone): %s\n", what);
		return false;
	}
	memcpy(directory + strlen(directory) - 6, "XXXXXX", 6);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	CU_ASSERT_EQUAL_FATAL(chmod(directory, 0755), 0);
	(void)!snprintf(option, sizeof(option), "server.control_socket=%s/c",
		directory);
	lines = 0;
	event_divert(count_line, NULL);
	configuration.settings = settings_load(NULL, true, assignments, 1,
		NULL, NULL);
	configuration.tls = tls_server_load(configuration.settings, NULL,
		NULL);
	sessions = sessions_new();
	CU_ASSERT_EQUAL_FATAL(board_new(&board), 0);
	loop = loop_new();
	CU_ASSERT_FATAL(configuration.settings != NULL &&
		configuration.tls != NULL && sessions != NULL && loop != NULL);
	source = (struct scoreboard_source){
		.configuration = &configuration, .listeners = &listeners,
		.sessions = sessions, .board = board,
		.started = clock_ms() - 5000,
	};
	admin_init(&admin, loop, &source, carry_out, &orders);
	admin_change(&admin, &configuration.settings->server);
	CU_ASSERT_EQUAL(lines, 0);
	CU_ASSERT_FATAL(admin.socket.fd >= 0);
	return true;
}

static void
end(void)
{
	admin_close(&admin);
	sessions_free(sessions);
	board_free(board);
	configuration_clear(&configuration);
	loop_free(loop);
	/* The socket is gone, or this fails. */
	CU_ASSERT_EQUAL(rmdir(directory), 0);
	event_divert(NULL, NULL);
}

static int
dial(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)!snprintf(a.sun_path, sizeof(a.sun_path), "%s/c", directory);
	CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static size_t
seated(void)
{
	size_t n = 0;

	for (size_t i = 0; i < ADMIN_PEERS; i++)
		n += admin.peers[i].channel.fd >= 0;
	return n;
}

/* Let the loop handle what is ready now. */
static void
turn(void)
{
	loop_wait(loop, clock_ms());
}

static void
test_places(void)
{
	int fds[ADMIN_PEERS + 2];

	if (!begin("places for sureftpctl"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = dial();
	turn();
	CU_ASSERT_EQUAL(seated(), ADMIN_PEERS);
	/* Two wait, and meanwhile nothing is ready over and over again. */
	int64_t now = clock_ms();
	admin_step(&admin, now);
	CU_ASSERT_EQUAL(admin.watch.fd, -1);
	int64_t due = admin_due(&admin, now);
	CU_ASSERT_TRUE(due <= now + ADMIN_PATIENCE_MS && due > now);
	/* A place gets free: one of them has it. */
	close(fds[0]);
	turn();
	CU_ASSERT_EQUAL(seated(), ADMIN_PEERS - 1);
	admin_step(&admin, now);
	turn();
	CU_ASSERT_EQUAL(seated(), ADMIN_PEERS);
	/* Time is up for all of them. */
	admin_step(&admin, now + ADMIN_PATIENCE_MS + 1000);
	CU_ASSERT_EQUAL(seated(), 0);
	turn();
	CU_ASSERT_EQUAL(seated(), 1);
	for (size_t i = 1; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	end();
}

static void
login(struct slot *slot, const char *user, const char *version)
{
	struct message_login login = { .account = "uid 1001" };

	(void)!snprintf(login.user, sizeof(login.user), "%s", user);
	(void)!snprintf(login.tls.version, sizeof(login.tls.version), "%s",
		version);
	CU_ASSERT_EQUAL(sessions_login(sessions, slot, &login), 0);
}

/* A slot for each state a client can be in, and a spare. */
static void
fill_table(size_t clients)
{
	for (size_t i = 0; i <= clients; i++) {
		struct slot *slot = sessions_reserve();
		struct message_client client = { .session = clients - i,
			.verdict = i == 1 ? VERDICT_FULL : VERDICT_WELCOME };

		CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
		slot->pid = (pid_t)(100 + i);
		slot->channel.fd = -1;
		sessions_add(sessions, slot);
		if (i == 0)
			continue;
		CU_ASSERT_EQUAL(address_parse(&client.peer, "192.0.2.1"), 0);
		CU_ASSERT_EQUAL(sessions_assign(sessions, slot, &client,
			clock_ms() - 2000, CLOCK_NEVER), 0);
		if (i > 2)
			login(slot, "anna", i % 2 == 0 ? "TLSv1.3" : "");
	}
}

/* Ask as sureftpctl does, and read the answer as it does. */
static void
ask(struct ctl_board *b)
{
	struct channel c;
	struct message question, answer;

	channel_open(&c, dial(), PARTY_CONTROL, PARTY_MASTER,
		&channel_any_phase);
	message_zero(&question);
	question.type = MESSAGE_ask_scoreboard;
	CU_ASSERT_EQUAL_FATAL(channel_send(&c, &question), 0);
	turn();
	turn();
	CU_ASSERT_EQUAL(seated(), 0);
	CU_ASSERT_EQUAL_FATAL(channel_recv(&c, &answer), 1);
	CU_ASSERT_EQUAL(answer.type, MESSAGE_scoreboard);
	/* Nobody can change it, and there is no second answer. */
	CU_ASSERT_EQUAL(pwrite(answer.fds[0], "x", 1, 0), -1);
	CU_ASSERT_EQUAL(ftruncate(answer.fds[0], 0), -1);
	CU_ASSERT_EQUAL_FATAL(ctl_board_read(b, answer.fds[0]), 0);
	close(answer.fds[0]);
	CU_ASSERT_EQUAL(channel_recv(&c, &answer), 0);
	channel_close(&c);
}

static void
test_scoreboard(void)
{
	struct ctl_board b;
	const size_t clients = 50;

	if (!begin("the scoreboard"))
		return;
	fill_table(clients);
	ask(&b);
	CU_ASSERT_STRING_EQUAL(b.head.version, PACKAGE_VERSION);
	CU_ASSERT_EQUAL(b.head.pid, getpid());
	CU_ASSERT_TRUE(b.head.age_ms >= 5000 && b.head.age_ms < 60000);
	CU_ASSERT_EQUAL(b.head.spares, 1);
	CU_ASSERT_EQUAL(b.head.refusing, 1);
	CU_ASSERT_EQUAL(b.head.logging_in, 1);
	CU_ASSERT_EQUAL(b.head.logged_in, clients - 2);
	CU_ASSERT_EQUAL(b.head.tls, false);
	CU_ASSERT_EQUAL_FATAL(b.head.sessions, clients - 1);
	/* All but the refused one, whose number was the last but one. */
	for (size_t i = 0; i < clients - 1; i++) {
		const struct scoreboard_session *s = &b.sessions[i];
		size_t made = clients - i;

		CU_ASSERT_EQUAL(s->session, i);
		CU_ASSERT_EQUAL(s->monitor, (int32_t)(100 + made));
		CU_ASSERT_EQUAL(s->logged_in, made > 2);
		CU_ASSERT_TRUE(s->age_ms >= 2000 && s->age_ms < 60000);
		CU_ASSERT_STRING_EQUAL(s->user, made > 2 ? "anna" : "");
		CU_ASSERT_STRING_EQUAL(s->account, made > 2 ? "uid 1001" : "");
		CU_ASSERT_STRING_EQUAL(s->tls.version, made > 2 &&
			made % 2 == 0 ? "TLSv1.3" : "");
	}
	ctl_board_clear(&b);
	end();
}

static void
order(struct channel *c, enum admin_order_kind kind, bool handled)
{
	static struct message m;

	channel_open(c, dial(), PARTY_CONTROL, PARTY_MASTER,
		&channel_any_phase);
	message_begin(&m, MESSAGE_admin_order);
	m.admin_order.order = (int32_t)kind;
	turn();
	CU_ASSERT_EQUAL_FATAL(channel_send(c, &m), 0);
	if (handled)
		turn();
}

static void
check_done(struct channel *c, uint32_t count)
{
	static struct message m;

	CU_ASSERT_EQUAL_FATAL(channel_recv(c, &m), 1);
	CU_ASSERT_EQUAL(m.type, MESSAGE_admin_done);
	CU_ASSERT_EQUAL(m.admin_done.count, count);
	CU_ASSERT_EQUAL(channel_recv(c, &m), 0);
	channel_close(c);
}

/* A question that came in time is answered, however late the master is. */
static void
test_busy(void)
{
	struct channel kick;

	if (!begin("a busy master"))
		return;
	orders = 0;
	order(&kick, ADMIN_KICK, false);
	admin_step(&admin, clock_ms() + ADMIN_PATIENCE_MS + 1000);
	check_done(&kick, 1);
	end();
}

/* One is answered at once; two wait for a reload, for any time, and one of them
 * is gone before it is done. */
static void
test_orders(void)
{
	const struct message_admin_done done = { .count = 77 };
	struct channel kick, first, second;

	if (!begin("orders"))
		return;
	orders = 0;
	order(&kick, ADMIN_KICK, true);
	check_done(&kick, 1);
	order(&first, ADMIN_RELOAD, true);
	order(&second, ADMIN_RELOAD, true);
	CU_ASSERT_EQUAL(orders, 3);
	CU_ASSERT_EQUAL(admin_due(&admin, clock_ms()), CLOCK_NEVER);
	CU_ASSERT_EQUAL(seated(), 2);
	channel_close(&first);
	turn();
	CU_ASSERT_EQUAL(seated(), 1);
	admin_answer(&admin, &done);
	check_done(&second, 77);
	CU_ASSERT_EQUAL(seated(), 0);
	end();
}

/* A program that waits sends another request. */
static void
test_late_request(void)
{
	static struct message m;
	struct channel c;

	if (!begin("a request after an order"))
		return;
	order(&c, ADMIN_RELOAD, true);
	size_t before = scratch_descriptors();
	message_begin(&m, MESSAGE_ask_events);
	CU_ASSERT_EQUAL(channel_send(&c, &m), 0);
	turn();
	CU_ASSERT_EQUAL(seated(), 0);
	CU_ASSERT_EQUAL(scratch_descriptors(), before - 1);
	channel_close(&c);
	end();
}

static void
test_no_socket(void)
{
	char empty[] = "";

	if (!begin("no control socket"))
		return;
	struct server_settings without = configuration.settings->server;
	without.control_socket = empty;
	admin_change(&admin, &without);
	CU_ASSERT_EQUAL(admin.socket.fd, -1);
	admin_step(&admin, clock_ms());
	CU_ASSERT_EQUAL(admin.watch.fd, -1);
	CU_ASSERT_EQUAL(admin_due(&admin, clock_ms()), CLOCK_NEVER);
	CU_ASSERT_EQUAL(lines, 0);
	end();
}

CU_TestInfo unit_tests[] = {
	{ "eight connections, with a timeout", test_places },
	{ "the scoreboard", test_scoreboard },
	{ "a question to a busy master", test_busy },
	{ "orders, and orders that wait for a reload", test_orders },
	{ "a request after an order", test_late_request },
	{ "no control socket configured", test_no_socket },
	CU_TEST_INFO_NULL,
};
