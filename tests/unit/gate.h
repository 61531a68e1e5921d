/*
 * gate.h - a channel under test: its end, the raw other one, what it logged.
 */
#ifndef TESTS_UNIT_GATE_H
#define TESTS_UNIT_GATE_H

#include "common/base.h"

#include "common/process/channel.h"
#include "common/log/event.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <sys/socket.h>

/* What goes over the wire before the body. */
struct header {
	uint32_t type;
	uint32_t size;
};

/* A receiver `c`, the raw other end, and the events it made. */
struct fixture {
	struct channel c;
	enum phase phase;	/* of c */
	int raw;
	int log[2];
	size_t descriptors;	/* open before a test touches anything */
};

static void
begin(struct fixture *f, enum party self, enum party peer, enum phase phase)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(f->log), 0);
	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	log_connect(f->log[1]);
	f->phase = phase;
	channel_open(&f->c, fds[0], self, peer, &f->phase);
	f->raw = fds[1];
	f->descriptors = scratch_descriptors();
}

static void
end(struct fixture *f)
{
	CU_ASSERT_EQUAL(scratch_descriptors(), f->descriptors);
	log_connect(-1);
	channel_close(&f->c);
	CU_ASSERT_EQUAL(f->c.fd, -1);
	if (f->raw >= 0)
		close(f->raw);
	close(f->log[0]);
	close(f->log[1]);
}

/* Send what channel_send() would not: any header, length and descriptors. */
static void
send_raw(int fd, uint32_t type, uint32_t size, const void *body, size_t len,
	unsigned nfds)
{
	struct header header = { type, size };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(8 * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov[] = {
		{ &header, sizeof(header) },
		{ (void *)(uintptr_t)body, len },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	int fds[8];

	if (nfds > 0) {
		for (unsigned i = 0; i < nfds; i++)
			fds[i] = fd;
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, nfds * sizeof(int));
	}
	CU_ASSERT_FATAL(sendmsg(fd, &msg, MSG_NOSIGNAL) >= 0);
}

static void
send_auth(const struct fixture *f, unsigned nfds)
{
	struct message_auth body = { .user = "anna", .password = "secret" };

	send_raw(f->raw, MESSAGE_auth, sizeof(body), &body, sizeof(body), nfds);
}

static bool
is_zero(const struct message *m)
{
	const char *at = (const char *)m + offsetof(struct message, client);

	for (size_t i = 0; i < sizeof(*m) - offsetof(struct message, client);
	    i++)
		if (at[i] != 0)
			return false;
	return true;
}

#endif
