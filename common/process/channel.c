/*
 * channel.c - all messages between two processes go through here.
 *
 * Runs in: every process that has a channel.
 * Never: delivers a message that messages.def does not allow here and now.
 */
#include "common/base.h"
#include "common/process/channel.h"

#include "common/buffer.h"
#include "common/log/log.h"
#include "common/io.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static const struct rule {
	const char *name;
	size_t size;
	unsigned from, to, phases;
	uint32_t times;
	size_t fds;
} rules[MESSAGE_TYPES] = {
#define MESSAGE(name, from, to, phases, times, fds)                \
	{ #name, sizeof(struct message_##name), PARTY_##from, PARTY_##to, \
		PHASE_##phases, times, fds },
#define TEXT(message, field)
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT
};

static const struct text {
	enum message_type type;
	size_t offset, size;
} texts[] = {
#define MESSAGE(name, from, to, phases, times, fds)
#define TEXT(message, field)                                       \
	{ MESSAGE_##message, offsetof(struct message_##message, field), \
		sizeof(((struct message_##message *)0)->field) },
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT
};

#define MESSAGE(name, from, to, phases, times, fds) \
	_Static_assert((fds) <= CHANNEL_MAX_FDS, "descriptors of " #name);
#define TEXT(message, field)
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT

struct header {
	uint32_t type;
	uint32_t size;
};

#define BODY_OFFSET offsetof(struct message, client)
#define BODY_MAX    (sizeof(struct message) - BODY_OFFSET)

/* Space for more descriptors than any message has, to detect a surplus. */
#define CONTROL_FDS (CHANNEL_MAX_FDS + 3)

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
};

/* An iovec has no const; sendmsg() only reads. */
static void *
message_body(const struct message *m)
{
	return (void *)((uintptr_t)m + BODY_OFFSET);
}

const enum phase channel_any_phase = PHASE_ANY;

const char *
channel_message_name(enum message_type type)
{
	return (unsigned)type < MESSAGE_TYPES ? rules[type].name : "unknown";
}

int
channel_pair(int fds[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	return 0;
}

static bool
takes_descriptors(enum party self, enum party peer)
{
	for (size_t i = 0; i < MESSAGE_TYPES; i++)
		if (rules[i].fds > 0 && (rules[i].from & peer) != 0 &&
		    (rules[i].to & self) != 0)
			return true;
	return false;
}

void
channel_open(struct channel *c, int fd, enum party self, enum party peer,
	const enum phase *phase)
{
	*c = (struct channel){
		.fd = fd,
		.self = self,
		.peer = peer,
		.phase = phase,
		.takes_descriptors = takes_descriptors(self, peer),
	};
}

void
channel_close(struct channel *c)
{
	io_close(&c->fd);
}

static void
clear_descriptors(struct message *m)
{
	for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
		m->fds[i] = -1;
}

void
message_begin(struct message *m, enum message_type type)
{
	m->type = type;
	clear_descriptors(m);
	memset(message_body(m), 0, rules[type].size);
}

void
message_zero(struct message *m)
{
	explicit_bzero(m, sizeof(*m));
	clear_descriptors(m);
}

/* The master must never wait; keeper and bookkeeper serve all
 * workers. */
static int
wait_flag(const struct channel *c)
{
	const int never = PARTY_MASTER | PARTY_KEEPER | PARTY_BOOKKEEPER;

	return ((int)c->self & never) != 0 ? MSG_DONTWAIT : 0;
}

static void
attach_fds(struct msghdr *msg, union control *control, const int *fds,
	size_t n)
{
	if (n == 0)
		return;
	memset(control, 0, sizeof(*control));
	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(n * sizeof(int));
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, n * sizeof(int));
}

int
channel_send(struct channel *c, const struct message *m)
{
	if ((unsigned)m->type >= MESSAGE_TYPES)
		bug("a message without a type");

	const struct rule *rule = &rules[m->type];
	if (!(rule->from & c->self) || !(rule->to & c->peer))
		bug("a message in the wrong direction");

	struct header header = { m->type, (uint32_t)rule->size };
	union control control;
	struct iovec iov[] = {
		{ &header, sizeof(header) },
		{ message_body(m), rule->size },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	ssize_t n;

	attach_fds(&msg, &control, m->fds, rule->fds);
	do {
		n = sendmsg(c->fd, &msg, MSG_NOSIGNAL | wait_flag(c));
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	return errno == ECONNRESET ? -EPIPE : -errno;
}

bool
channel_all_received(const struct channel *c)
{
	int waiting = 0;

	return ioctl(c->fd, SIOCOUTQ, &waiting) < 0 || waiting == 0;
}

/* Store the received descriptors in m->fds, as many as fit; close others.
 * Returns how many there were. */
static size_t
collect_fds(struct msghdr *msg, struct message *m)
{
	struct cmsghdr *cmsg;
	size_t count = 0;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL;
	    cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++, count++) {
			int fd;
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int),
				sizeof(fd));
			if (count < CHANNEL_MAX_FDS)
				m->fds[count] = fd;
			else
				close(fd);
		}
	}
	return count;
}

static bool
texts_end(const struct message *m)
{
	const char *body = message_body(m);

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i].type == m->type &&
		    memchr(body + texts[i].offset, '\0', texts[i].size) == NULL)
			return false;
	return true;
}

/* The error in a message of known type, or NULL. */
static const char *
complaint(const struct channel *c, const struct message *m,
	const struct header *header, size_t body_len, size_t fds)
{
	const struct rule *rule = &rules[m->type];

	if (header->size != rule->size || body_len != rule->size)
		return "wrong size";
	if (!(rule->from & c->peer))
		return "not from this sender";
	if (!(rule->to & c->self))
		return "not for this receiver";
	if (!(rule->phases & *c->phase))
		return "out of phase";
	if (rule->times != 0 && c->received[m->type] >= rule->times)
		return "too often";
	if (fds != rule->fds)
		return "wrong number of descriptors";
	if (!texts_end(m))
		return "unterminated text";
	return NULL;
}

static const char *
party_name(enum party party)
{
	switch (party) {
	case PARTY_MASTER:
		return "master";
	case PARTY_MONITOR:
		return "monitor";
	case PARTY_GREETER:
		return "greeter";
	case PARTY_SESSION:
		return "session";
	case PARTY_CONTROL:
		return "control program";
	case PARTY_KEEPER:
		return "keeper";
	case PARTY_BOOKKEEPER:
		return "bookkeeper";
	case PARTY_SCANNER:
		return "scanner";
	default:
		return "greeter or session";
	}
}

static int
violation(const struct channel *c, struct message *m, const char *name,
	const char *what)
{
	struct event e = event_new(EVENT_violation);
	BUFFER(text, 256);

	for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
		io_close(&m->fds[i]);
	message_zero(m);
	buffer_addf(&text, "message %s from the %s: %s", name,
		party_name(c->peer), what);
	e.text = buffer_text(&text);
	event_send(&e);
	return -EPROTO;
}

/* Check a received datagram of n bytes, n > 0. */
static int
examine(struct channel *c, struct message *m, const struct header *header,
	size_t n, size_t fds, int flags)
{
	const char *what;

	if (n < sizeof(*header))
		return violation(c, m, "without a name", "no header");
	if (header->type >= MESSAGE_TYPES)
		return violation(c, m, "without a name", "unknown type");
	m->type = header->type;
	if (flags & MSG_TRUNC)
		what = "too long";
	else
		what = complaint(c, m, header, n - sizeof(*header), fds);
	if (what == NULL && (flags & MSG_CTRUNC) != 0)
		what = "too many descriptors";
	if (what != NULL)
		return violation(c, m, rules[header->type].name, what);
	c->received[m->type]++;
	return 1;
}

int
channel_recv(struct channel *c, struct message *m)
{
	struct header header;
	union control control;
	struct iovec iov[] = {
		{ &header, sizeof(header) },
		{ message_body(m), BODY_MAX },
	};
	struct msghdr msg = {
		.msg_iov = iov,
		.msg_iovlen = 2,
		.msg_control = c->takes_descriptors ? &control : NULL,
		.msg_controllen = c->takes_descriptors ? sizeof(control) : 0,
	};
	ssize_t n;

	clear_descriptors(m);
	/* If the peer closed it with unread messages, recvmsg() first fails
	 * once with ECONNRESET, then returns what the peer had sent. */
	do {
		n = recvmsg(c->fd, &msg, MSG_CMSG_CLOEXEC | wait_flag(c));
	} while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0)
		return -errno;
	size_t fds = collect_fds(&msg, m);
	if (n > 0)
		return examine(c, m, &header, (size_t)n, fds, msg.msg_flags);
	for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
		io_close(&m->fds[i]);
	return 0;
}
