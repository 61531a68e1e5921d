/*
 * played_log.h - an intake under test; this process plays the master, the
 * monitors, and the children that they have.
 */
#ifndef TESTS_UNIT_PLAYED_LOG_H
#define TESTS_UNIT_PLAYED_LOG_H

#include "common/base.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/log_source.h"
#include "common/process/service_socket.h"
#include "daemon/recorder/intake.h"
#include "tests/unit/unit.h"

#include <sys/socket.h>

static int service[2];
static struct intake *intake;

/* A child with its own socket, and its monitor's end. */
struct child_log {
	struct log_source source;
	int fd;
};

static void
begin(int64_t max_rate)
{
	CU_ASSERT_EQUAL_FATAL(service_socket_pair(service, 1 << 20), 0);
	log_connect(service[1]);
	intake = intake_new(service[0], -1, geteuid(), max_rate);
	CU_ASSERT_PTR_NOT_NULL_FATAL(intake);
}

static void
end(void)
{
	log_connect(-1);
	intake_free(intake);
	io_close(&service[0]);
	io_close(&service[1]);
}

static void
child_open(struct child_log *c, enum log_source_role role, uint64_t session,
	const char *user)
{
	BUFFER(peer, 64);

	CU_ASSERT_EQUAL_FATAL(log_source_open(&c->source, role, &c->fd), 0);
	c->source.identity.session = session;
	(void)!snprintf(c->source.identity.user, EVENT_USER_MAX, "%s", user);
	buffer_addf(&peer, "192.0.2.%u", (unsigned)session);
	CU_ASSERT_EQUAL(address_parse(&c->source.identity.peer,
		buffer_text(&peer)), 0);
	CU_ASSERT_EQUAL(address_parse(&c->source.identity.local,
		"192.0.2.254"), 0);
	log_source_attach(&c->source);
}

/* It exits, and its monitor reaps it. */
static void
child_close(struct child_log *c)
{
	close(c->fd);
	log_source_close(&c->source);
}

/* What a process that was taken over sends: anything.  False: queue full. */
static bool
child_sends(const struct child_log *c, const struct event *e)
{
	static char data[EVENT_PACKED_MAX];
	size_t len = event_pack(e, data);

	return send(c->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
		(ssize_t)len;
}

static bool
child_says(const struct child_log *c, const char *text)
{
	struct event e = event_new(EVENT_message);

	e.text = text;
	e.wall_ns = clock_wall_ns();
	return child_sends(c, &e);
}

/* The next event, in this round or the next one; NULL at the end. */
static struct event *
next(void)
{
	struct event *e;

	while ((e = intake_next(intake)) == NULL)
		if (!intake_wait(intake))
			return NULL;
	return e;
}

#define EXPECT_TEXT(expected)                                      \
	do {                                                       \
		const struct event *event_ = next();               \
		CU_ASSERT_PTR_NOT_NULL_FATAL(event_);              \
		CU_ASSERT_STRING_EQUAL(event_->text, expected);    \
	} while (0)

#endif
