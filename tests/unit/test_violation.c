/*
 * test_violation.c - messages that a channel refuses, rule by rule, without
 * descriptor leaks.
 */
#include "common/base.h"

#include "tests/unit/gate.h"

const char *const unit_name = "violation";

/* Exactly one EVENT_violation with this text has been logged. */
static void
assert_violation(const struct fixture *f, const char *text)
{
	char data[EVENT_PACKED_MAX];
	struct event e;
	ssize_t n = recv(f->log[0], data, sizeof(data), MSG_DONTWAIT);

	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL_FATAL(event_unpack(&e, data, (size_t)n), 0);
	CU_ASSERT_EQUAL(e.type, EVENT_violation);
	CU_ASSERT_STRING_EQUAL(e.text, text);
	CU_ASSERT_TRUE(recv(f->log[0], data, sizeof(data), MSG_DONTWAIT) < 0);
}

static void
expect_violation(struct fixture *f, const char *text)
{
	struct message m;

	CU_ASSERT_EQUAL(channel_recv(&f->c, &m), -EPROTO);
	CU_ASSERT_EQUAL(m.fds[0], -1);
	CU_ASSERT_TRUE(is_zero(&m));
	assert_violation(f, text);
}

static void
test_size(void)
{
	static const char zeros[sizeof(struct message_auth) + 1];
	struct fixture f;
	uint32_t size = sizeof(struct message_auth);

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	send_raw(f.raw, MESSAGE_auth, size, zeros, size - 1, 0);
	expect_violation(&f, "message auth from the greeter: wrong size");
	send_raw(f.raw, MESSAGE_auth, size, zeros, size + 1, 0);
	expect_violation(&f, "message auth from the greeter: wrong size");
	send_raw(f.raw, MESSAGE_auth, size - 1, zeros, size, 0);
	expect_violation(&f, "message auth from the greeter: wrong size");
	send_raw(f.raw, MESSAGE_auth, 0, zeros, 0, 1);
	expect_violation(&f, "message auth from the greeter: wrong size");
	CU_ASSERT_EQUAL(f.c.received[MESSAGE_auth], 0);
	end(&f);
}

static void
test_header(void)
{
	static char large[sizeof(struct message) + 100];
	struct fixture f;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	send_raw(f.raw, MESSAGE_TYPES, 0, "", 0, 1);
	expect_violation(&f,
		"message without a name from the greeter: unknown type");
	send_raw(f.raw, UINT32_MAX, 0, "", 0, 0);
	expect_violation(&f,
		"message without a name from the greeter: unknown type");
	CU_ASSERT_EQUAL(send(f.raw, "abc", 3, 0), 3);
	expect_violation(&f,
		"message without a name from the greeter: no header");
	send_raw(f.raw, MESSAGE_auth, sizeof(large), large, sizeof(large), 1);
	expect_violation(&f, "message auth from the greeter: too long");
	end(&f);
}

static void
test_direction(void)
{
	struct message_shutdown stop = { .now = 1 };
	struct message_client client = { .session = 1 };
	struct fixture f;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	send_raw(f.raw, MESSAGE_shutdown, sizeof(stop), &stop, sizeof(stop), 0);
	expect_violation(&f,
		"message shutdown from the greeter: not from this sender");
	end(&f);
	begin(&f, PARTY_GREETER, PARTY_MASTER, PHASE_SPARE);
	send_raw(f.raw, MESSAGE_client, sizeof(client), &client,
		sizeof(client), 1);
	expect_violation(&f,
		"message client from the master: not for this receiver");
	end(&f);
}

static void
test_phase(void)
{
	struct fixture f;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_SPARE);
	send_auth(&f, 0);
	expect_violation(&f, "message auth from the greeter: out of phase");
	f.phase = PHASE_CHECKING;
	send_auth(&f, 0);
	expect_violation(&f, "message auth from the greeter: out of phase");
	end(&f);
}

static void
test_budget(void)
{
	struct fixture f;
	struct message m;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	for (int i = 0; i < MESSAGE_AUTH_TIMES; i++) {
		send_auth(&f, 0);
		CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 1);
		CU_ASSERT_STRING_EQUAL(m.auth.password, "secret");
	}
	send_auth(&f, 0);
	expect_violation(&f, "message auth from the greeter: too often");
	end(&f);
}

static void
test_no_budget(void)
{
	struct message_active_bind bind = { 0 };
	struct fixture f;
	struct message m;

	begin(&f, PARTY_MONITOR, PARTY_SESSION, PHASE_SESSION);
	for (int i = 0; i < 1000; i++) {
		send_raw(f.raw, MESSAGE_active_bind, sizeof(bind), &bind,
			sizeof(bind), 0);
		CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 1);
	}
	end(&f);
}

static void
test_descriptors(void)
{
	struct message_client client = { .session = 1 };
	struct message_ask_scoreboard ask = { 0 };
	struct message_give_upload give = { 0 };
	struct fixture f;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	/* A greeter sends none: the process does not even get them. */
	for (unsigned n = 1; n <= 8; n++) {
		send_auth(&f, n);
		expect_violation(&f,
			"message auth from the greeter: too many descriptors");
	}
	end(&f);

	/* Nor does the master get any of users of the control socket. */
	begin(&f, PARTY_MASTER, PARTY_CONTROL, PHASE_ANY);
	send_raw(f.raw, MESSAGE_ask_scoreboard, sizeof(ask), &ask,
		sizeof(ask), 1);
	expect_violation(&f, "message ask_scoreboard from the control "
		"program: too many descriptors");
	end(&f);

	/* A session may send one: what else comes is closed. */
	begin(&f, PARTY_MONITOR, PARTY_SESSION, PHASE_SESSION);
	for (unsigned n = 2; n <= 8; n++) {
		size_t before = scratch_descriptors();
		send_raw(f.raw, MESSAGE_give_upload, sizeof(give), &give,
			sizeof(give), n);
		expect_violation(&f, "message give_upload from the session: "
			"wrong number of descriptors");
		CU_ASSERT_EQUAL(scratch_descriptors(), before);
	}
	end(&f);

	begin(&f, PARTY_MONITOR, PARTY_MASTER, PHASE_SPARE);
	send_raw(f.raw, MESSAGE_client, sizeof(client), &client,
		sizeof(client), 0);
	expect_violation(&f, "message client from the master: "
		"wrong number of descriptors");
	send_raw(f.raw, MESSAGE_client, sizeof(client), &client,
		sizeof(client), 2);
	expect_violation(&f, "message client from the master: "
		"wrong number of descriptors");
	end(&f);
}

static void
test_texts(void)
{
	struct message_auth body = { .user = "anna" };
	struct fixture f;
	struct message m;

	begin(&f, PARTY_MONITOR, PARTY_GREETER, PHASE_LOGIN);
	memset(body.password, 'x', sizeof(body.password));
	send_raw(f.raw, MESSAGE_auth, sizeof(body), &body, sizeof(body), 0);
	expect_violation(&f,
		"message auth from the greeter: unterminated text");
	body.password[sizeof(body.password) - 1] = '\0';
	send_raw(f.raw, MESSAGE_auth, sizeof(body), &body, sizeof(body), 0);
	CU_ASSERT_EQUAL(channel_recv(&f.c, &m), 1);
	memset(body.user, 'x', sizeof(body.user));
	send_raw(f.raw, MESSAGE_auth, sizeof(body), &body, sizeof(body), 0);
	expect_violation(&f,
		"message auth from the greeter: unterminated text");
	end(&f);
}

CU_TestInfo unit_tests[] = {
	{ "a wrong size", test_size },
	{ "no header, unknown types, overlong messages", test_header },
	{ "wrong sender, wrong receiver", test_direction },
	{ "out of phase", test_phase },
	{ "more often than allowed", test_budget },
	{ "no limit where the table has none", test_no_budget },
	{ "too few and too many descriptors, none leaks", test_descriptors },
	{ "unterminated texts", test_texts },
	CU_TEST_INFO_NULL,
};
