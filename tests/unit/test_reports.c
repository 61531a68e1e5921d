/*
 * test_reports.c - how the master handles reports of monitors.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/process/sandbox_filter.h"
#include "common/settings/settings_load.h"
#include "daemon/master_memory.h"
#include "daemon/workers/reports.h"
#include "tests/refuse.h"
#include "tests/unit/child.h"
#include "tests/unit/memory.h"

#include <sys/syscall.h>

const char *const unit_name = "reports";

static struct configuration configuration;
static struct reports reports;
static unsigned refused_lines;

/* The other end of a slot's channel: the monitor's. */
static struct channel monitor;
static struct limits limits;

static void
count_line(void *context UNUSED, struct event *e)
{
	refused_lines += e->type == EVENT_ban &&
		strstr(e->text, "too many failures") != NULL;
}

static void
begin(void)
{
	configuration.settings = settings_load(NULL, true, NULL, 0, NULL,
		NULL);
	struct sessions *sessions = sessions_new();
	struct charges *charges = charges_new(&configuration);
	CU_ASSERT_FATAL(configuration.settings != NULL && sessions != NULL &&
		charges != NULL);
	CU_ASSERT_EQUAL(reports_open(&reports, sessions, charges,
		NULL), 0);
	reports.limits = &limits;
	refused_lines = 0;
	event_divert(count_line, NULL);
}

static void
end(void)
{
	event_divert(NULL, NULL);
	charges_free(reports.charges);
	sessions_free(reports.sessions);
	reports_close(&reports);
	settings_free(configuration.settings);
}

static struct slot *
add_slot(pid_t pid, enum verdict verdict)
{
	struct slot *slot = sessions_reserve();
	struct message_client client = { .session = (uint64_t)pid,
		.verdict = (int32_t)verdict };
	int fds[2];

	CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	channel_open(&slot->channel, fds[0], PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
	channel_open(&monitor, fds[1], PARTY_MONITOR, PARTY_MASTER,
		&channel_any_phase);
	slot->pid = pid;
	sessions_add(reports.sessions, slot);
	CU_ASSERT_EQUAL(address_parse(&client.peer, "192.0.2.1"), 0);
	CU_ASSERT_EQUAL(sessions_assign(reports.sessions, slot, &client,
		clock_ms(), CLOCK_NEVER), 0);
	return slot;
}

static void
drop_slot(struct slot *slot)
{
	channel_close(&monitor);
	channel_close(&slot->channel);
	sessions_remove(reports.sessions, slot);
}

static enum report
report(struct slot *slot, const struct message *m)
{
	CU_ASSERT_EQUAL_FATAL(channel_send(&monitor, m), 0);
	return reports_receive(&reports, slot);
}

static enum report
report_login(struct slot *slot, int32_t limit)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_login;
	m.login.limits.per_user = limit;
	memcpy(m.login.account, "system 7", sizeof("system 7"));
	memcpy(m.login.user, "anna", sizeof("anna"));
	return report(slot, &m);
}

static enum report
report_failure(struct slot *slot)
{
	static uint64_t guesses;
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_login_failed;
	m.login_failed.guess.password = ++guesses;
	return report(slot, &m);
}

/* Is there an answer of this type on the monitor's end? */
static bool
answered(enum message_type type, int32_t granted)
{
	struct message m;

	return channel_recv(&monitor, &m) == 1 && m.type == type &&
		(type != MESSAGE_login_verdict ||
		m.login_verdict.granted == granted);
}

static bool
is_silent(void)
{
	struct message m;

	return recv(monitor.fd, &m, sizeof(m), MSG_DONTWAIT | MSG_PEEK) < 0;
}

static void
test_login(void)
{
	begin();
	struct slot *one = add_slot(1, VERDICT_WELCOME);
	CU_ASSERT_EQUAL(reports_receive(&reports, one), REPORT_NONE);
	CU_ASSERT_EQUAL(report_login(one, 1), REPORT_HANDLED);
	CU_ASSERT_TRUE(answered(MESSAGE_login_verdict, 1));
	CU_ASSERT_EQUAL(one->state, SLOT_SESSION);
	CU_ASSERT_EQUAL(sessions_of_account(reports.sessions, "system 7"), 1);
	/* Once is enough. */
	CU_ASSERT_EQUAL(report_login(one, 1), REPORT_VIOLATION);
	channel_close(&monitor);
	CU_ASSERT_EQUAL(reports_receive(&reports, one), REPORT_END);
	/* One session more than the account may have. */
	struct slot *two = add_slot(2, VERDICT_WELCOME);
	CU_ASSERT_EQUAL(report_login(two, 1), REPORT_HANDLED);
	CU_ASSERT_TRUE(answered(MESSAGE_login_verdict, 0));
	CU_ASSERT_EQUAL(two->state, SLOT_LOGIN);
	drop_slot(two);
	channel_close(&one->channel);
	sessions_remove(reports.sessions, one);
	end();
}

#ifdef SANDBOX_SANITIZED
static void
test_no_memory(void)
{
	printf("\n    skipped: master_memory.c has no end here");
}
#else
/* Nothing is left of the master's memory, except what was used before. */
static void
use_up_memory(void)
{
	CHILD_CHECK(refuse_call(SYS_mmap, ENOMEM));
	for (int i = 0; i < 100000 && master_memory_new(100) != NULL; i++)
		continue;
}

/* What a login needs was used before, but not what limits of rates need. */
static void
login_without_memory(void)
{
	struct board *board;

	begin();
	CHILD_CHECK(board_new(&board) == 0);
	struct rates *rates = rates_new(board);
	struct slot *one = add_slot(1, VERDICT_WELCOME);
	CHILD_CHECK(report_login(one, 0) == REPORT_HANDLED);
	CHILD_CHECK(answered(MESSAGE_login_verdict, 1));
	drop_slot(one);
	struct slot *two = add_slot(2, VERDICT_WELCOME);
	CHILD_CHECK(rates != NULL);
	reports.rates = rates;
	use_up_memory();
	for (int i = 0; i < 2; i++) {
		CHILD_CHECK(report_login(two, 0) == REPORT_HANDLED);
		CHILD_CHECK(answered(MESSAGE_login_verdict, 0));
		CHILD_CHECK(two->state == SLOT_LOGIN);
	}
	CHILD_CHECK(sessions_of_account(reports.sessions, "system 7") == 0);
	reports.rates = NULL;
	CHILD_CHECK(report_login(two, 0) == REPORT_HANDLED);
	CHILD_CHECK(answered(MESSAGE_login_verdict, 1));
}

static void
test_no_memory(void)
{
	if (!child_skip_without_root("a lack of memory"))
		CU_ASSERT_EQUAL(child_run(login_without_memory), 0);
}
#endif

static void
test_failures(void)
{
	begin();
	const int enough = (int)configuration.settings->server.ban_after;

	struct slot *slot = add_slot(1, VERDICT_WELCOME);
	for (int i = 1; i < enough; i++) {
		CU_ASSERT_EQUAL(report_failure(slot), REPORT_HANDLED);
		CU_ASSERT_TRUE(is_silent());
	}
	CU_ASSERT_FALSE(charges_banned(reports.charges, &slot->peer));
	CU_ASSERT_EQUAL(report_failure(slot), REPORT_HANDLED);
	CU_ASSERT_TRUE(answered(MESSAGE_login_enough, 0));
	CU_ASSERT_TRUE(charges_banned(reports.charges, &slot->peer));
	CU_ASSERT_EQUAL(refused_lines, 1);
	drop_slot(slot);
	/* Another connection of that address: its first failure is its
	 * last. */
	slot = add_slot(2, VERDICT_WELCOME);
	CU_ASSERT_EQUAL(report_failure(slot), REPORT_HANDLED);
	CU_ASSERT_TRUE(answered(MESSAGE_login_enough, 0));
	CU_ASSERT_EQUAL(refused_lines, 1);
	drop_slot(slot);
	end();
}

/* A monitor whose client was refused has no logins to report. */
static void
test_violations(void)
{
	begin();
	struct slot *slot = add_slot(1, VERDICT_FULL);
	CU_ASSERT_EQUAL(report_login(slot, 0), REPORT_VIOLATION);
	CU_ASSERT_EQUAL(report_failure(slot), REPORT_VIOLATION);
	CU_ASSERT_EQUAL(sessions_clients(reports.sessions), 0);
	drop_slot(slot);
	end();
}

/* A greeter may name the client only if that came through a proxy. */
static void
test_proxied(void)
{
	struct message m;

	begin();
	struct slot *slot = add_slot(1, VERDICT_WELCOME);
	message_zero(&m);
	m.type = MESSAGE_proxied;
	CU_ASSERT_EQUAL(address_parse(&m.proxied.peer, "203.0.113.1"), 0);
	reports.configuration = &configuration;
	slot->listener = master_memory_text("");
	CU_ASSERT_EQUAL(report(slot, &m), REPORT_VIOLATION);
	CU_ASSERT_TRUE(is_silent());
	char text[ADDRESS_TEXT_SIZE];
	CU_ASSERT_STRING_EQUAL(address_text(&slot->peer, text), "192.0.2.1");
	drop_slot(slot);
	end();
}

static bool
secret_is_zero(void)
{
	static const uint8_t zero[TLS_SECRET_SIZE];

	return memcmp(reports.ticket_secret, zero, sizeof(zero)) == 0;
}

static void
look_at_secret(void)
{
	CHILD_CHECK(secret_is_zero());
}

/* A worker could make the keys of every account of it. */
static void
test_secret(void)
{
	begin();
	CU_ASSERT_FALSE(secret_is_zero());
	CU_ASSERT_EQUAL(child_run(look_at_secret), 0);
	end();
}

/* The next worker inherits the master's stack by fork: it must not find an
 * account's keys there. */
static void
test_ticket_keys(void)
{
	uint8_t keys[MESSAGE_TICKET_KEYS_SIZE];
	struct memory_pieces *pieces = memory_pieces_new();
	struct message m;

	begin();
	struct slot *slot = add_slot(1, VERDICT_WELCOME);
	message_zero(&m);
	m.type = MESSAGE_login;
	memcpy(m.login.account, "system 7", sizeof("system 7"));
	memcpy(m.login.user, "anna", sizeof("anna"));
	memcpy(m.login.tls.version, "TLSv1.3", sizeof("TLSv1.3"));
	CU_ASSERT_EQUAL(tls_account_keys(reports.ticket_secret, "system 7",
		&slot->peer, keys), 0);
	memory_add(pieces, keys, sizeof(keys));
	CU_ASSERT(memory_count(pieces) > 0);
	explicit_bzero(keys, sizeof(keys));
	CU_ASSERT_EQUAL(memory_count(pieces), 0);
	CU_ASSERT_EQUAL(report(slot, &m), REPORT_HANDLED);
	CU_ASSERT_EQUAL(memory_count(pieces), 0);
	CU_ASSERT_EQUAL(channel_recv(&monitor, &m), 1);
	CU_ASSERT(memory_count(pieces) > 0);
	message_zero(&m);
	drop_slot(slot);
	end();
}

CU_TestInfo unit_tests[] = {
	/* First: a child cannot use memory of the master. */
	{ "a login without memory for it", test_no_memory },
	{ "a login is counted and answered", test_login },
	{ "failed logins are counted up to the limit", test_failures },
	{ "reports out of place", test_violations },
	{ "a client is named by its proxy only", test_proxied },
	{ "the ticket secret stays in the master", test_secret },
	{ "an account's ticket keys do not stay in memory", test_ticket_keys },
	CU_TEST_INFO_NULL,
};
