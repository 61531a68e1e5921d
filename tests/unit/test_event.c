/*
 * test_event.c - events: they arrive as sent, long texts are visibly truncated,
 * malformed datagrams are refused, a slow recorder blocks no process.
 */
#include "common/base.h"

#include "common/process/channel.h"
#include "common/clock.h"
#include "common/log/event.h"
#include "tests/unit/unit.h"

#include <sys/socket.h>

const char *const unit_name = "event";

static struct event
sample(void)
{
	struct event e = event_new(EVENT_upload);

	e.ok = false;
	e.ascii = 'a';
	e.code = -5;
	e.bytes = INT64_MAX;
	e.offset = 12;
	e.duration_ms = 345;
	e.wall_ns = 1795228741000000000;
	e.session = UINT64_MAX;
	e.lost = 3;
	CU_ASSERT_EQUAL(address_parse(&e.peer, "2001:db8::1"), 0);
	CU_ASSERT_EQUAL(address_parse(&e.local, "192.0.2.1"), 0);
	e.role = "session";
	e.user = "anna";
	e.path = "/a \n\x1b\xff\"";
	e.path2 = "STOR";
	e.text = "disk full";
	return e;
}

static void
test_round_trip(void)
{
	struct event e = sample(), got;
	char data[EVENT_PACKED_MAX];
	size_t len = event_pack(&e, data);

	CU_ASSERT_EQUAL_FATAL(event_unpack(&got, data, len), 0);
	CU_ASSERT_EQUAL(got.type, EVENT_upload);
	CU_ASSERT_EQUAL(got.level, LOG_LEVEL_INFO);
	CU_ASSERT_FALSE(got.ok);
	CU_ASSERT_EQUAL(got.ascii, 'a');
	CU_ASSERT_EQUAL(got.code, -5);
	CU_ASSERT_EQUAL(got.bytes, INT64_MAX);
	CU_ASSERT_EQUAL(got.offset, 12);
	CU_ASSERT_EQUAL(got.duration_ms, 345);
	CU_ASSERT_EQUAL(got.wall_ns, e.wall_ns);
	CU_ASSERT_EQUAL(got.session, UINT64_MAX);
	CU_ASSERT_EQUAL(got.lost, 3);
	CU_ASSERT_TRUE(address_same_host(&got.peer, &e.peer));
	CU_ASSERT_TRUE(address_same_host(&got.local, &e.local));
	CU_ASSERT_STRING_EQUAL(got.role, "session");
	CU_ASSERT_STRING_EQUAL(got.user, "anna");
	CU_ASSERT_STRING_EQUAL(got.path, e.path);
	CU_ASSERT_STRING_EQUAL(got.path2, "STOR");
	CU_ASSERT_STRING_EQUAL(got.text, "disk full");
}

static void
test_every_type(void)
{
	char data[EVENT_PACKED_MAX];
	struct event got;

	for (int type = 0; type < EVENT_TYPES; type++) {
		struct event e = event_new((enum event_type)type);
		e.role = e.user = e.path = e.path2 = e.text = NULL;
		size_t len = event_pack(&e, data);
		CU_ASSERT_EQUAL_FATAL(event_unpack(&got, data, len), 0);
		CU_ASSERT_EQUAL((int)got.type, type);
		CU_ASSERT_TRUE(got.ok);
		CU_ASSERT_STRING_EQUAL(got.text, "");
		CU_ASSERT_STRING_EQUAL(got.role, "");
		CU_ASSERT_FALSE(address_is_set(&got.peer));
	}
	CU_ASSERT_STRING_EQUAL(event_name(EVENT_login_failed), "login_failed");
	CU_ASSERT_STRING_EQUAL(event_name(EVENT_TYPES), "unknown");
	CU_ASSERT_EQUAL(event_new(EVENT_violation).level, LOG_LEVEL_ERROR);
	CU_ASSERT_EQUAL(event_new(EVENT_reply).level, LOG_LEVEL_DEBUG);
}

static void
test_cut(void)
{
	static char longest[3 * EVENT_PATH_MAX];
	char data[EVENT_PACKED_MAX];
	struct event e = sample(), got;

	memset(longest, 'x', sizeof(longest) - 1);
	e.role = e.user = e.path = e.path2 = e.text = longest;
	size_t len = event_pack(&e, data);
	CU_ASSERT_EQUAL_FATAL(event_unpack(&got, data, len), 0);
	CU_ASSERT_EQUAL(strlen(got.role), EVENT_ROLE_MAX - 1);
	CU_ASSERT_EQUAL(strlen(got.user), EVENT_USER_MAX - 1);
	CU_ASSERT_EQUAL(strlen(got.path2), EVENT_PATH_MAX - 1);
	CU_ASSERT_EQUAL(strlen(got.text), EVENT_TEXT_MAX - 1);
	CU_ASSERT_STRING_EQUAL(got.path + EVENT_PATH_MAX - 5, "x...");

	longest[EVENT_PATH_MAX - 1] = '\0';
	len = event_pack(&e, data);
	CU_ASSERT_EQUAL_FATAL(event_unpack(&got, data, len), 0);
	CU_ASSERT_STRING_EQUAL(got.path, longest);
}

/* Cut short, made longer, every byte changed: an event or -EBADMSG, and
 * texts that end inside the datagram. */
static void
test_mangled(void)
{
	struct event e = sample(), got;
	char data[EVENT_PACKED_MAX + 1];
	size_t len = event_pack(&e, data), refused = 0;

	for (size_t n = 0; n < len; n++) {
		char *copy = malloc(n + 1);
		memcpy(copy, data, n);
		CU_ASSERT_EQUAL(event_unpack(&got, copy, n), -EBADMSG);
		free(copy);
	}
	data[len] = '\0';
	CU_ASSERT_EQUAL(event_unpack(&got, data, len + 1), -EBADMSG);
	CU_ASSERT_EQUAL(event_unpack(&got, data, sizeof(data)), -EBADMSG);

	for (size_t at = 0; at < len * 256; at++) {
		char *copy = malloc(len);
		memcpy(copy, data, len);
		copy[at / 256] = (char)(at % 256);
		if (event_unpack(&got, copy, len) == 0) {
			CU_ASSERT_TRUE((unsigned)got.type < EVENT_TYPES);
			CU_ASSERT_TRUE(got.level <= LOG_LEVEL_DEBUG);
			const char *end = got.text + strlen(got.text);
			CU_ASSERT_TRUE(end < copy + len);
			CU_ASSERT_TRUE(got.role + strlen(got.role) < got.user);
		} else {
			refused++;
		}
		free(copy);
	}
	CU_ASSERT_TRUE(refused > 0);
}

static void
receive(int fd, struct event *e, char *data)
{
	ssize_t n = recv(fd, data, EVENT_PACKED_MAX, MSG_DONTWAIT);

	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL_FATAL(event_unpack(e, data, (size_t)n), 0);
}

static void
test_stamp(void)
{
	char data[EVENT_PACKED_MAX];
	struct address peer, other;
	struct event e, got;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	CU_ASSERT_EQUAL(address_parse(&peer, "192.0.2.7"), 0);
	CU_ASSERT_EQUAL(address_parse(&other, "192.0.2.8"), 0);
	log_connect(fds[1]);
	log_set_role("monitor");
	log_set_session(42, &peer);
	log_set_user("anna");
	e = event_new(EVENT_login);
	errno = ENOENT;
	event_send(&e);
	CU_ASSERT_EQUAL(errno, ENOENT);
	receive(fds[0], &got, data);
	CU_ASSERT_EQUAL(got.session, 42);
	CU_ASSERT_STRING_EQUAL(got.role, "monitor");
	CU_ASSERT_STRING_EQUAL(got.user, "anna");
	CU_ASSERT_TRUE(address_same_host(&got.peer, &peer));
	CU_ASSERT_TRUE(llabs(got.wall_ns - clock_wall_ns()) < 5000000000);

	/* What the caller knows better stays. */
	e = event_new(EVENT_login_failed);
	e.user = "bob";
	e.session = 43;
	e.peer = other;
	event_send(&e);
	receive(fds[0], &got, data);
	CU_ASSERT_EQUAL(got.session, 43);
	CU_ASSERT_STRING_EQUAL(got.user, "bob");
	CU_ASSERT_TRUE(address_same_host(&got.peer, &other));
	log_connect(-1);
	close(fds[0]);
	close(fds[1]);
}

/* Fill the queue, then read it empty; how many came. */
static unsigned
drain(int fd)
{
	char data[EVENT_PACKED_MAX];
	unsigned n = 0;

	while (recv(fd, data, sizeof(data), MSG_DONTWAIT) > 0)
		n++;
	return n;
}

static void
test_slow_recorder(void)
{
	char data[EVENT_PACKED_MAX];
	struct event e = event_new(EVENT_message), got;
	unsigned sent = 0;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	log_connect(fds[1]);
	while (send(fds[1], data, 1000, MSG_DONTWAIT) > 0)
		sent++;
	CU_ASSERT_TRUE(sent > 0);

	int64_t start = clock_ms();
	event_send(&e);
	int64_t took = clock_ms() - start;
	CU_ASSERT_TRUE(took >= 900 && took < 5000);
	/* Once, not for each event. */
	start = clock_ms();
	event_send(&e);
	CU_ASSERT_TRUE(clock_ms() - start < 500);

	event_never_wait(false);
	event_never_wait(true);
	start = clock_ms();
	event_send(&e);
	event_send(&e);
	CU_ASSERT_TRUE(clock_ms() - start < 500);

	CU_ASSERT_EQUAL(drain(fds[0]), sent);
	event_send(&e);
	receive(fds[0], &got, data);
	CU_ASSERT_EQUAL(got.lost, 2);
	event_send(&e);
	receive(fds[0], &got, data);
	CU_ASSERT_EQUAL(got.lost, 0);

	/* No recorder at all, and no SIGPIPE. */
	close(fds[0]);
	event_send(&e);
	close(fds[1]);

	/* A child of the master begins without its losses. */
	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	log_connect(fds[1]);
	event_never_wait(false);
	event_send(&e);
	receive(fds[0], &got, data);
	CU_ASSERT_EQUAL(got.lost, 0);
	close(fds[0]);
	close(fds[1]);
	log_connect(-1);
}

static void
keep_type(void *context, struct event *e)
{
	enum event_type *type = context;

	*type = e->type;
	CU_ASSERT_NOT_EQUAL(e->wall_ns, 0);
}

static void
test_divert(void)
{
	enum event_type type = EVENT_TYPES;
	struct event e = event_new(EVENT_sandbox);

	event_divert(keep_type, &type);
	event_send(&e);
	event_divert(NULL, NULL);
	CU_ASSERT_EQUAL(type, EVENT_sandbox);
}

CU_TestInfo unit_tests[] = {
	{ "an event arrives as it was sent", test_round_trip },
	{ "every row of events.def, without texts", test_every_type },
	{ "long texts are cut and marked", test_cut },
	{ "malformed datagrams are refused", test_mangled },
	{ "the stamp comes from the log's context", test_stamp },
	{ "a slow recorder delays once, for a second; losses are counted",
		test_slow_recorder },
	{ "a recorder's own events are not sent", test_divert },
	CU_TEST_INFO_NULL,
};
