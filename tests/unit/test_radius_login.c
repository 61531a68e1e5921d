/*
 * test_radius_login.c - a login by the process radius, which is played here:
 * its answers, challenges, and its end.
 */
#include "common/base.h"

#include "common/io.h"
#include "common/process/service_socket.h"
#include "common/settings/settings.h"
#include "pam/radius_login.h"
#include "tests/unit/unit.h"

#include <sys/socket.h>

const char *const unit_name = "radius_login";

/* What is played, and what has happened. */
struct play {
	int service;		/* the receiving end */
	int login;		/* radius' end of the login's socket pair; -1 */
	enum radius_verdict verdicts[2];	/* in this order; 0: ends */
	int answers;		/* sent so far */
	int asked;		/* the client */
	int ask_error;		/* what ask() returns */
	bool ends_meanwhile;	/* radius, while the client is asked */
};

static void
answer(struct play *p)
{
	struct radius_answer a = { .verdict = p->verdicts[p->answers++] };
	struct radius_login request;
	struct service_datagram d;

	if (p->login < 0 && service_socket_receive(p->service, &request,
		sizeof(request), &d) == 1)
		p->login = d.attached;
	snprintf(a.text, sizeof(a.text), "Code?");
	snprintf(a.reason, sizeof(a.reason), "by the server");
	if (a.verdict == 0) {
		io_close(&p->login);
		return;
	}
	CU_ASSERT_EQUAL(send(p->login, &a, sizeof(a), MSG_NOSIGNAL),
		(ssize_t)sizeof(a));
}

static int
wait(void *context, int fd)
{
	answer(context);
	return unit_await(fd, POLLIN) ? 0 : -ETIMEDOUT;
}

static int
ask(void *context, const char *text, char *answer, size_t size)
{
	struct play *p = context;

	CU_ASSERT_STRING_EQUAL(text, "Code?");
	snprintf(answer, size, "123456");
	p->asked++;
	if (p->ends_meanwhile)
		io_close(&p->login);
	return p->ask_error;
}

static enum radius_verdict
log_in(struct play *p, struct buffer *reason)
{
	struct address client = { .v4.sin_family = AF_INET };
	struct radius_login_case c = {
		.peer = &client, .local = &client,
		.user = "anna", .password = "secret",
		.code_in_password = CODE_IN_PASSWORD_NO,
		.patience = { wait, p }, .client = { ask, p },
	};
	static struct radius_answer answer;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(service_socket_pair(fds, 0), 0);
	c.service = fds[1];
	p->service = fds[0];
	p->login = -1;
	enum radius_verdict verdict = radius_login(&c, &answer, reason);
	io_close(&p->login);
	io_close(&fds[0]);
	io_close(&fds[1]);
	return verdict;
}

static void
test_verdicts(void)
{
	static const enum radius_verdict verdicts[] = { RADIUS_ACCEPTED,
		RADIUS_REJECTED, RADIUS_FAILED };

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		struct play p = { .verdicts = { verdicts[i] } };
		BUFFER(reason, 1024);
		CU_ASSERT_EQUAL(log_in(&p, &reason), verdicts[i]);
		CU_ASSERT_STRING_EQUAL(buffer_text(&reason),
			verdicts[i] == RADIUS_ACCEPTED ? "" : "by the server");
		CU_ASSERT_EQUAL(p.asked, 0);
	}
}

static void
test_challenge(void)
{
	struct play p = { .verdicts = { RADIUS_CHALLENGED, RADIUS_ACCEPTED } };
	BUFFER(reason, 1024);

	CU_ASSERT_EQUAL(log_in(&p, &reason), RADIUS_ACCEPTED);
	CU_ASSERT_EQUAL(p.asked, 1);
}

/* That is a failed login of the client's. */
static void
test_not_answered(void)
{
	struct play p = { .verdicts = { RADIUS_CHALLENGED },
		.ask_error = -ECANCELED };
	BUFFER(reason, 1024);

	CU_ASSERT_EQUAL(log_in(&p, &reason), RADIUS_REJECTED);
	CU_ASSERT_STRING_EQUAL(buffer_text(&reason),
		"RADIUS: challenge not answered: Code?");
}

/* The client is not charged for what is not its fault. */
static void
test_end_of_radius(void)
{
	static const struct play plays[] = {
		{ .verdicts = { 0 } },
		{ .verdicts = { RADIUS_CHALLENGED, 0 } },
		{ .verdicts = { RADIUS_CHALLENGED }, .ends_meanwhile = true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(plays); i++) {
		struct play p = plays[i];
		BUFFER(reason, 1024);
		CU_ASSERT_EQUAL(log_in(&p, &reason), RADIUS_FAILED);
		CU_ASSERT_STRING_EQUAL(buffer_text(&reason), "RADIUS: the "
			"process radius has ended, see its log lines");
	}
}

CU_TestInfo unit_tests[] = {
	{ "verdicts", test_verdicts },
	{ "a challenge", test_challenge },
	{ "a challenge that is not answered", test_not_answered },
	{ "radius ends", test_end_of_radius },
	CU_TEST_INFO_NULL,
};
