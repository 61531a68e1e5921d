/*
 * test_handover.c - the state that is passed from the greeter to the session
 * process.
 */
#include "common/base.h"

#include "tests/unit/talk.h"
#include "tests/unit/unit.h"

#include "worker/handover.h"

#include <fcntl.h>

const char *const unit_name = "handover";

/* The greeter's message, as the session process receives it. */
static void
send_over(struct session *from, struct message *m)
{
	struct channel greeter, session;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	channel_open(&greeter, fds[0], PARTY_GREETER, PARTY_SESSION,
		&channel_any_phase);
	channel_open(&session, fds[1], PARTY_SESSION, PARTY_GREETER,
		&channel_any_phase);
	CU_ASSERT_EQUAL(handover_send(from, &greeter), 0);
	CU_ASSERT_EQUAL_FATAL(channel_recv(&session, m), 1);
	CU_ASSERT_EQUAL(m->type, MESSAGE_handover);
	channel_close(&greeter);
	channel_close(&session);
}

/* The session of `to`, with the client of `from`, as if it were forked. */
static void
take(struct talk *to, const struct talk *from, const struct message *m)
{
	int client = fcntl(from->session.control.stream.fd, F_DUPFD_CLOEXEC, 0);

	CU_ASSERT_TRUE(client >= 0);
	close(to->session.control.stream.fd);
	to->session.control.stream.fd = client;
	CU_ASSERT_EQUAL(handover_take(&to->session, &m->handover), 0);
}

static void
test_choices(void)
{
	struct talk from, to;
	struct message m;

	talk_open(&from, false);
	talk_open(&to, true);
	from.session.choices.type = 'I';
	from.session.choices.type_sent = true;
	from.session.choices.mode = 'Z';
	from.session.choices.level = 3;
	from.session.choices.prot = 'P';
	from.session.choices.pbsz = true;
	from.session.choices.epsv_all = true;
	from.session.choices.facts = 5;
	from.session.tls.on = 1;
	snprintf(from.session.tls.version, sizeof(from.session.tls.version),
		"TLSv1.3");
	send_over(&from.session, &m);
	take(&to, &from, &m);
	CU_ASSERT_EQUAL(to.session.choices.type, 'I');
	CU_ASSERT_TRUE(to.session.choices.type_sent);
	CU_ASSERT_EQUAL(to.session.choices.mode, 'Z');
	CU_ASSERT_EQUAL(to.session.choices.level, 3);
	CU_ASSERT_EQUAL(to.session.choices.prot, 'P');
	CU_ASSERT_TRUE(to.session.choices.pbsz);
	CU_ASSERT_TRUE(to.session.choices.epsv_all);
	CU_ASSERT_EQUAL(to.session.choices.facts, 5);
	CU_ASSERT_EQUAL(to.session.tls.on, 1);
	CU_ASSERT_STRING_EQUAL(to.session.tls.version, "TLSv1.3");
	talk_close(&to);
	talk_close(&from);
}

/* The bytes after PASS, and a Telnet command that has only begun. */
static void
test_leftover(void)
{
	static const char sent[] = "PASS x\r\nPWD\r\nNOO\xff\xf1P\r\n\xff";
	enum control_line kind;
	struct talk from, to;
	struct message m;
	size_t len;
	char *line;

	talk_open(&from, false);
	talk_open(&to, true);
	CU_ASSERT_EQUAL(write(from.client, sent, sizeof(sent) - 1),
		(ssize_t)sizeof(sent) - 1);
	CU_ASSERT_EQUAL(control_read(&from.session.control), 1);
	kind = control_next(&from.session.control, &line, &len);
	CU_ASSERT_EQUAL(kind, CONTROL_LINE);
	CU_ASSERT_STRING_EQUAL(line, "PASS x");
	send_over(&from.session, &m);
	take(&to, &from, &m);

	CU_ASSERT_EQUAL(write(from.client, "\xf1SYST\r\n", 7), 7);
	CU_ASSERT_EQUAL(control_read(&to.session.control), 1);
	kind = control_next(&to.session.control, &line, &len);
	CU_ASSERT_EQUAL(kind, CONTROL_LINE);
	CU_ASSERT_STRING_EQUAL(line, "PWD");
	kind = control_next(&to.session.control, &line, &len);
	CU_ASSERT_EQUAL(kind, CONTROL_LINE);
	CU_ASSERT_STRING_EQUAL(line, "NOO\xff\xf1P");
	kind = control_next(&to.session.control, &line, &len);
	CU_ASSERT_EQUAL(kind, CONTROL_LINE);
	CU_ASSERT_STRING_EQUAL(line, "SYST");
	talk_close(&to);
	talk_close(&from);
}

/* A captured greeter may say anything. */
static void
test_nonsense(void)
{
	static struct message_handover h;
	struct talk t;

	talk_open(&t, true);
	memset(&h, 0xee, sizeof(h));
	CU_ASSERT_EQUAL(handover_take(&t.session, &h), -EMSGSIZE);
	CU_ASSERT_EQUAL(t.session.choices.type, 'A');
	CU_ASSERT_EQUAL(t.session.choices.prot, 'C');
	CU_ASSERT_EQUAL(t.session.choices.facts & ~FACTS_ALL, 0);
	CU_ASSERT_EQUAL(t.session.choices.hash, 0);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "choices and TLS", test_choices },
	{ "bytes after PASS", test_leftover },
	{ "nonsense", test_nonsense },
	CU_TEST_INFO_NULL
};
