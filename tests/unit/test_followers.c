/*
 * test_followers.c - which events a program that follows the log is sent, and
 * what it learns of those that it missed.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "daemon/recorder/followers.h"
#include "daemon/recorder/log_json.h"

#include <sys/socket.h>

const char *const unit_name = "followers";

static char line[LOG_JSON_MAX];
static struct followers followers;
static int reader;

static void
begin(const struct follow_request *request)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC,
		0, fds), 0);
	reader = fds[1];
	followers_init(&followers, line);
	CU_ASSERT_TRUE(followers_add(&followers, request, sizeof(*request),
		fds[0]));
}

static void
end(void)
{
	followers_close(&followers);
	close(reader);
}

static void
happens(const char *user, uint64_t session, const char *peer)
{
	struct event e = event_new(EVENT_message);

	e.user = user;
	e.session = session;
	e.text = "happened";
	CU_ASSERT_EQUAL(address_parse(&e.peer, peer), 0);
	followers_send(&followers, &e, NULL);
}

/* The next line, or "". */
static const char *
next(void)
{
	static char text[LOG_JSON_MAX];
	ssize_t n = recv(reader, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
check_only(const struct follow_request *request)
{
	begin(request);
	happens("bert", 8, "192.0.2.8");
	CU_ASSERT_STRING_EQUAL(next(), "");
	happens("anna", 7, "192.0.2.7");
	CU_ASSERT_PTR_NOT_NULL(strstr(next(), "happened"));
	CU_ASSERT_STRING_EQUAL(next(), "");
	end();
}

static void
test_filters(void)
{
	check_only(&(struct follow_request){ .magic = FOLLOW_MAGIC,
		.level = LOG_LEVEL_DEBUG, .user = "anna" });
	check_only(&(struct follow_request){ .magic = FOLLOW_MAGIC,
		.level = LOG_LEVEL_DEBUG, .session = 7 });
	check_only(&(struct follow_request){ .magic = FOLLOW_MAGIC,
		.level = LOG_LEVEL_DEBUG, .peer = "192.0.2.7" });
}

/* The recorder does not wait for a program that does not read. */
static void
test_missed(void)
{
	size_t sent = 2000, got = 0;
	char expected[64];

	begin(&(struct follow_request){ .magic = FOLLOW_MAGIC,
		.level = LOG_LEVEL_DEBUG });
	for (size_t i = 0; i < sent; i++)
		happens("anna", 7, "192.0.2.7");
	while (strstr(next(), "happened") != NULL)
		got++;
	CU_ASSERT(got > 0 && got < sent);
	happens("anna", 7, "192.0.2.7");
	(void)!snprintf(expected, sizeof(expected), "missed %zu events",
		sent - got);
	CU_ASSERT_STRING_EQUAL(next(), expected);
	CU_ASSERT_PTR_NOT_NULL(strstr(next(), "happened"));
	happens("anna", 7, "192.0.2.7");
	CU_ASSERT_PTR_NOT_NULL(strstr(next(), "happened"));
	end();
}

CU_TestInfo unit_tests[] = {
	{ "by user, session and address", test_filters },
	{ "missed events are counted", test_missed },
	CU_TEST_INFO_NULL,
};
