/*
 * test_sessions.c - the master's table of workers.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "daemon/sessions/sessions.h"

const char *const unit_name = "sessions";

static struct slot *
add(struct sessions *s, pid_t pid)
{
	struct slot *slot = sessions_reserve();

	CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
	slot->pid = pid;
	slot->channel.fd = -1;
	sessions_add(s, slot);
	return slot;
}

static void
assign(struct sessions *s, struct slot *slot, const char *peer,
	enum verdict verdict, int64_t deadline)
{
	struct message_client client = {
		.session = (uint64_t)slot->pid * 10, .verdict = (int)verdict };

	CU_ASSERT_EQUAL_FATAL(address_parse(&client.peer, peer), 0);
	CU_ASSERT_EQUAL(sessions_assign(s, slot, &client, 500, deadline), 0);
}

static struct slot *
add_client(struct sessions *s, pid_t pid, const char *peer, int64_t deadline)
{
	struct slot *slot = add(s, pid);

	assign(s, slot, peer, VERDICT_WELCOME, deadline);
	return slot;
}

static void
login(struct sessions *s, struct slot *slot, unsigned uid)
{
	struct message_login message = {
		.user = "anna", .tls = { .version = "TLSv1.3" } };

	(void)!snprintf(message.account, sizeof(message.account), "uid %u",
		uid);
	CU_ASSERT_EQUAL(sessions_login(s, slot, &message), 0);
}

static int64_t
first_deadline(const struct sessions *s)
{
	const struct slot *slot = sessions_first_deadline(s);

	return slot == NULL ? CLOCK_NEVER : slot->deadline;
}

static size_t
of_prefix(const struct sessions *s, const char *text)
{
	struct address a;

	CU_ASSERT_EQUAL_FATAL(address_parse(&a, text), 0);
	struct address_prefix prefix = address_prefix(&a);
	return sessions_of_prefix(s, &prefix);
}

static void
empty(void)
{
	struct sessions *s = sessions_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(sessions_all(s), 0);
	CU_ASSERT_EQUAL(sessions_clients(s), 0);
	CU_ASSERT_PTR_NULL(sessions_spare(s));
	CU_ASSERT_PTR_NULL(sessions_find(s, 1));
	CU_ASSERT_PTR_NULL(sessions_next(s, SLOT_SESSION, NULL));
	CU_ASSERT_EQUAL(first_deadline(s), CLOCK_NEVER);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), 0);
	CU_ASSERT_EQUAL(sessions_of_account(s, "uid 0"), 0);
	sessions_free(s);
	sessions_free(NULL);
}

static void
life(void)
{
	struct sessions *s = sessions_new();
	struct slot *slot = add(s, 100);

	CU_ASSERT_EQUAL(sessions_in(s, SLOT_SPARE), 1);
	CU_ASSERT_EQUAL(sessions_clients(s), 0);
	CU_ASSERT_EQUAL(slot->deadline, CLOCK_NEVER);

	assign(s, slot, "192.0.2.1", VERDICT_WELCOME, 7000);
	CU_ASSERT_EQUAL(slot->state, SLOT_LOGIN);
	CU_ASSERT_EQUAL(slot->session, 1000);
	CU_ASSERT_EQUAL(slot->started, 500);
	CU_ASSERT_EQUAL(sessions_in(s, SLOT_SPARE), 0);
	CU_ASSERT_EQUAL(sessions_clients(s), 1);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), 1);
	CU_ASSERT_EQUAL(first_deadline(s), 7000);

	login(s, slot, 1000);
	CU_ASSERT_STRING_EQUAL(slot->user, "anna");
	CU_ASSERT_STRING_EQUAL(slot->tls.version, "TLSv1.3");
	CU_ASSERT_EQUAL(sessions_in(s, SLOT_LOGIN), 0);
	CU_ASSERT_EQUAL(sessions_clients(s), 1);
	CU_ASSERT_EQUAL(sessions_of_account(s, "uid 1000"), 1);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), 1);
	CU_ASSERT_EQUAL(first_deadline(s), CLOCK_NEVER);

	sessions_remove(s, slot);
	CU_ASSERT_EQUAL(sessions_all(s), 0);
	CU_ASSERT_EQUAL(sessions_of_account(s, "uid 1000"), 0);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), 0);
	CU_ASSERT_PTR_NULL(sessions_find(s, 100));
	sessions_free(s);
}

static void
oldest_first(void)
{
	struct sessions *s = sessions_new();
	struct slot *first = add(s, 1), *second = add(s, 2);

	CU_ASSERT_PTR_EQUAL(sessions_spare(s), first);
	sessions_retire(s, first);
	CU_ASSERT_PTR_EQUAL(sessions_spare(s), second);
	assign(s, second, "192.0.2.1", VERDICT_WELCOME, 1);
	CU_ASSERT_PTR_NULL(sessions_spare(s));
	sessions_free(s);
}

static void
refused_are_no_clients(void)
{
	struct sessions *s = sessions_new();
	struct slot *slot = add(s, 1);

	assign(s, slot, "192.0.2.1", VERDICT_ADDRESS_FULL, 900);
	CU_ASSERT_EQUAL(slot->state, SLOT_REFUSED);
	CU_ASSERT_EQUAL(sessions_clients(s), 0);
	CU_ASSERT_EQUAL(sessions_in(s, SLOT_LOGIN), 0);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), 0);
	CU_ASSERT_EQUAL(sessions_workers(s), 1);
	CU_ASSERT_EQUAL(first_deadline(s), 900);
	sessions_remove(s, slot);
	sessions_free(s);
}

static void
retired_make_room(void)
{
	struct sessions *s = sessions_new();
	struct slot *spare = add(s, 1);

	add_client(s, 2, "192.0.2.1", 900);
	sessions_retire(s, spare);
	CU_ASSERT_EQUAL(sessions_workers(s), 1);
	CU_ASSERT_EQUAL(sessions_all(s), 2);
	CU_ASSERT_PTR_EQUAL(sessions_find(s, 1), spare);
	sessions_remove(s, spare);
	CU_ASSERT_EQUAL(sessions_all(s), 1);
	sessions_free(s);
}

static void
counts_by_prefix(void)
{
	struct sessions *s = sessions_new();

	add_client(s, 1, "192.0.2.1", 1);
	add_client(s, 2, "192.0.2.1", 1);
	add_client(s, 3, "192.0.2.2", 1);
	add_client(s, 4, "2001:db8::1", 1);
	add_client(s, 5, "2001:db8::ffff:2", 1);
	add_client(s, 6, "2001:db8:0:1::1", 1);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), 2);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.2"), 1);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.3"), 0);
	CU_ASSERT_EQUAL(of_prefix(s, "2001:db8::99"), 2);
	CU_ASSERT_EQUAL(of_prefix(s, "2001:db8:0:1::2"), 1);
	sessions_free(s);
}

/* Accounts count by their keys, whatever their names. */
static void
counts_by_account(void)
{
	struct sessions *s = sessions_new();
	struct message_login virtual = {
		.account = "virtual anna", .user = "anna" };
	struct slot *slot = add_client(s, 3, "192.0.2.1", 1);

	login(s, add_client(s, 1, "192.0.2.1", 1), 7);
	login(s, add_client(s, 2, "192.0.2.2", 1), 7);
	CU_ASSERT_EQUAL(sessions_login(s, slot, &virtual), 0);
	CU_ASSERT_EQUAL(sessions_of_account(s, "uid 7"), 2);
	CU_ASSERT_EQUAL(sessions_of_account(s, "virtual anna"), 1);
	CU_ASSERT_EQUAL(sessions_of_account(s, "anna"), 0);
	CU_ASSERT_EQUAL(sessions_of_account(s, "uid 77"), 0);
	sessions_free(s);
}

static void
earliest_deadline(void)
{
	struct sessions *s = sessions_new();
	struct slot *late = add_client(s, 1, "192.0.2.1", 9000);
	struct slot *soon = add_client(s, 2, "192.0.2.1", 3000);
	struct slot *middle = add_client(s, 3, "192.0.2.1", 5000);
	struct slot *never = add_client(s, 4, "192.0.2.1", CLOCK_NEVER);

	/* Not the oldest: a reload made login_timeout shorter. */
	CU_ASSERT_EQUAL(first_deadline(s), 3000);
	login(s, soon, 1);
	CU_ASSERT_EQUAL(first_deadline(s), 5000);
	sessions_end_deadline(s, middle);
	sessions_end_deadline(s, middle);
	sessions_end_deadline(s, never);
	CU_ASSERT_EQUAL(first_deadline(s), 9000);
	sessions_remove(s, late);
	CU_ASSERT_EQUAL(first_deadline(s), CLOCK_NEVER);
	sessions_free(s);
}

/* Whatever their order, they come out in theirs. */
static void
deadlines_in_order(void)
{
	struct sessions *s = sessions_new();
	uint32_t seed = 7;
	int64_t last = 0;
	struct slot *slot;

	for (pid_t pid = 1; pid <= 500; pid++) {
		seed = seed * 1664525 + 1013904223;
		add_client(s, pid, "192.0.2.1", seed >> 20);
	}
	for (int i = 0; i < 500; i++) {
		slot = sessions_first_deadline(s);
		CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
		CU_ASSERT_TRUE(slot->deadline >= last);
		last = slot->deadline;
		sessions_remove(s, slot);
	}
	CU_ASSERT_EQUAL(first_deadline(s), CLOCK_NEVER);
	sessions_free(s);
}

static void
walking(void)
{
	struct sessions *s = sessions_new();
	struct slot *slot = NULL;
	pid_t expected = 1;

	for (pid_t pid = 1; pid <= 3; pid++)
		add_client(s, pid, "192.0.2.1", 1);
	while ((slot = sessions_next(s, SLOT_LOGIN, slot)))
		CU_ASSERT_EQUAL(slot->pid, expected++);
	CU_ASSERT_EQUAL(expected, 4);
	CU_ASSERT_PTR_NULL(sessions_next(s, SLOT_SPARE, NULL));
	sessions_free(s);
}

static void
many(void)
{
	struct sessions *s = sessions_new();
	const pid_t n = 5000;

	for (pid_t pid = 1; pid <= n; pid++) {
		struct slot *slot = add_client(s, pid, pid % 2 == 0 ?
			"192.0.2.1" : "192.0.2.2", pid);
		if (pid % 5 == 0)
			login(s, slot, (unsigned)pid % 3);
	}
	CU_ASSERT_EQUAL(sessions_clients(s), (size_t)n);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.1"), (size_t)n / 2);
	CU_ASSERT_EQUAL(sessions_of_account(s, "uid 0") +
		sessions_of_account(s, "uid 1") +
		sessions_of_account(s, "uid 2"), (size_t)n / 5);
	for (pid_t pid = 1; pid <= n; pid += 2) {
		struct slot *slot = sessions_find(s, pid);
		CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
		CU_ASSERT_EQUAL(slot->pid, pid);
		sessions_remove(s, slot);
	}
	CU_ASSERT_EQUAL(sessions_clients(s), (size_t)n / 2);
	CU_ASSERT_EQUAL(of_prefix(s, "192.0.2.2"), 0);
	CU_ASSERT_PTR_NULL(sessions_find(s, 1));
	CU_ASSERT_PTR_NOT_NULL(sessions_find(s, 2));
	sessions_free(s);
}

/* A place in the group is free as soon as the session has ended. */
static void
groups(void)
{
	struct message_login message = { .account = "uid 7", .user = "anna",
		.limits = { .group = "team" } };
	struct sessions *s = sessions_new();
	struct slot *one = add_client(s, 1, "192.0.2.1", CLOCK_NEVER);
	struct slot *two = add_client(s, 2, "192.0.2.2", CLOCK_NEVER);

	CU_ASSERT_EQUAL(sessions_login(s, one, &message), 0);
	CU_ASSERT_EQUAL(sessions_login(s, two, &message), 0);
	CU_ASSERT_EQUAL(sessions_of_group(s, "team"), 2);
	CU_ASSERT_EQUAL(sessions_of_group(s, "teams"), 0);
	sessions_retire(s, one);
	CU_ASSERT_EQUAL(sessions_of_group(s, "team"), 1);
	sessions_remove(s, one);
	CU_ASSERT_EQUAL(sessions_of_group(s, "team"), 1);
	sessions_remove(s, two);
	CU_ASSERT_EQUAL(sessions_of_group(s, "team"), 0);
	sessions_free(s);
}

CU_TestInfo unit_tests[] = {
	{ "an empty table", empty },
	{ "a worker from spare to its end", life },
	{ "the oldest spare comes first", oldest_first },
	{ "a refused client does not count", refused_are_no_clients },
	{ "a worker that is about to end makes room", retired_make_room },
	{ "sessions of an address", counts_by_prefix },
	{ "sessions of an account", counts_by_account },
	{ "the earliest deadline", earliest_deadline },
	{ "deadlines in any order", deadlines_in_order },
	{ "walking through a state", walking },
	{ "thousands of workers", many },
	{ "sessions of a group", groups },
	CU_TEST_INFO_NULL,
};
