/*
 * spray.c - makes a captured process send every message.
 *
 * Runs in: the suite's process, as root of its world.
 */
#include "common/base.h"
#include "tests/functional/spray.h"

#include "tests/functional/functional.h"
#include "tests/functional/procs.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define FD_FIRST 3		/* its log */
#define FD_END	 40
#define PIECE	 512		/* of a body, sent again and again */
#define PIECES	 120
#define LONGEST	 ((PIECES - 1) * PIECE)

static const struct kind {
	const char *name;
	size_t size, fds;
	unsigned from;
} kinds[SPRAY_TYPES] = {
#define MESSAGE(name, from, to, phases, times, fds) \
	{ #name, sizeof(struct message_##name), fds, PARTY_##from },
#define TEXT(message, field)
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT
	{ "of an unknown type", 64, 0, 0 },
};

/* Repeated in bodies: numbers 0, 1, -1 (all bits), large ones, and bytes that
 * end texts in between. */
static const char patterns[SPRAY_PATTERNS][17] = {
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	"\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0",
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
	"/../x\0\0\x80\xff\xff\xff\x7f\0\0\0\x80",
};

/* Where things are in the captured process's spare memory: the header ends
 * where the body begins. */
enum { MSGHDR_AT = 0, CONTROL_AT = 64, BODY_AT = 256, HEADER_AT = BODY_AT - 8,
	IOVECS_AT = BODY_AT + PIECE };

/* As many descriptors of its own log socket. */
static void
put_descriptors(struct captive *c, struct msghdr *msg, size_t count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(8 * sizeof(int))];
	} control = { .bytes = { 0 } };
	const int own = FD_FIRST;

	if (count == 0)
		return;
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	control.align.cmsg_len = CMSG_LEN(count * sizeof(int));
	for (size_t i = 0; i < count; i++)
		memcpy(CMSG_DATA(&control.align) + i * sizeof(int), &own,
			sizeof(own));
	msg->msg_controllen = CMSG_SPACE(count * sizeof(int));
	msg->msg_control = (void *)(uintptr_t)inject_put(c, CONTROL_AT,
		&control, msg->msg_controllen);
}

static size_t sent;

/* From a process that may not send descriptors (radius): one piece. */
static void
send_plain(struct captive *c, size_t len)
{
	if (len > PIECE)
		len = PIECE;
	for (uint64_t fd = FD_FIRST; fd < FD_END; fd++) {
		const uint64_t args[6] = { fd, c->data_at + HEADER_AT,
			BODY_AT - HEADER_AT + len,
			MSG_DONTWAIT | MSG_NOSIGNAL };
		sent += inject_syscall(c, SYS_sendto, args) > 0;
	}
}

/* The message, `len` bytes of body and so many descriptors, on all sockets. */
static void
send_everywhere(struct captive *c, uint32_t type, size_t claimed, size_t len,
	size_t fds)
{
	const uint32_t header[2] = { type, (uint32_t)claimed };
	const size_t body = len;
	struct iovec list[PIECES] = { { (void *)(uintptr_t)inject_put(c,
		HEADER_AT, header, sizeof(header)), sizeof(header) } };
	size_t n = 1;

	for (; len > 0 && n < PIECES; n++) {
		list[n].iov_base = (void *)(uintptr_t)(c->data_at + BODY_AT);
		list[n].iov_len = len < PIECE ? len : PIECE;
		len -= list[n].iov_len;
	}
	struct msghdr msg = {
		.msg_iov = (void *)(uintptr_t)inject_put(c, IOVECS_AT, list,
			n * sizeof(list[0])),
		.msg_iovlen = n,
	};
	put_descriptors(c, &msg, fds);
	uint64_t at = inject_put(c, MSGHDR_AT, &msg, sizeof(msg));
	for (uint64_t fd = FD_FIRST; fd < FD_END; fd++) {
		const uint64_t args[6] = { fd, at,
			MSG_DONTWAIT | MSG_NOSIGNAL };
		long result = inject_syscall(c, SYS_sendmsg, args);
		if (result == -ENOSYS) {
			send_plain(c, body);
			return;
		}
		sent += result > 0;
	}
}

static void
put_body(struct captive *c, size_t pattern)
{
	char body[PIECE];

	for (size_t i = 0; i < PIECE; i++)
		body[i] = patterns[pattern][i % 16];
	(void)inject_put(c, BODY_AT, body, sizeof(body));
}

void
spray_message(struct captive *c, uint32_t type, size_t pattern)
{
	const struct kind *k = &kinds[type];

	CHECK(k->size < LONGEST);
	put_body(c, pattern);
	send_everywhere(c, type, k->size, k->size, k->fds);
	send_everywhere(c, type, k->size, k->size, k->fds + 1);
	if (pattern > 0)
		return;
	if (k->fds > 0)
		send_everywhere(c, type, k->size, k->size, 0);
	send_everywhere(c, type, k->size, k->size, 8);
	send_everywhere(c, type, k->size, k->size - 1, k->fds);
	send_everywhere(c, type, k->size + 1, k->size + 1, k->fds);
	send_everywhere(c, type, k->size, 0, k->fds);
	send_everywhere(c, type, k->size, LONGEST, k->fds);
}

void
spray_let_go(struct captive *c)
{
	int status;

	if (!inject_release(c))
		(void)waitpid(c->pid, &status, __WALL | WNOHANG);
}

void
spray_process(const char *name)
{
	struct captive c;
	struct proc p;

	if (!CHECK(procs_wait_for_count(name, 1, 10000)) ||
	    !CHECK(procs_list(name, &p, 1) == 1) ||
	    !CHECK(inject_capture(&c, p.pid)))
		return;
	for (uint32_t type = 0; type < SPRAY_TYPES; type++)
		for (size_t i = 0; i < SPRAY_PATTERNS; i++)
			spray_message(&c, type, i);
	spray_let_go(&c);
}

const char *
spray_name(uint32_t type)
{
	return kinds[type].name;
}

bool
spray_may_be_from_worker(uint32_t type)
{
	return (kinds[type].from & PARTY_GREETER_SESSION) != 0;
}

size_t
spray_sent(void)
{
	return sent;
}
