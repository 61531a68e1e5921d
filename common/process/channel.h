/*
 * channel.h - all messages between two processes go through here.
 *
 * A channel is one end of a SOCK_SEQPACKET connection.  channel_recv()
 * delivers a message only if messages.def allows it: known type, exact size,
 * sender and receiver, phase, budget, number of descriptors, terminated texts.
 * Anything else is a protocol violation: it is logged with the message's name,
 * and the caller ends the session.
 */
#ifndef COMMON_PROCESS_CHANNEL_H
#define COMMON_PROCESS_CHANNEL_H

#include "common/base.h"
#include "common/process/message.h"

enum party {
	PARTY_MASTER = 1,
	PARTY_MONITOR = 2,
	PARTY_MASTER_MONITOR = 3,
	PARTY_GREETER = 4,
	PARTY_MONITOR_GREETER = 6,
	PARTY_SESSION = 8,
	PARTY_MONITOR_SESSION = 10,
	PARTY_GREETER_SESSION = 12,
	PARTY_CONTROL = 16,	/* sureftpctl */
	PARTY_KEEPER = 32,
	PARTY_BOOKKEEPER = 64,
	PARTY_SCANNER = 128,
};

/* The state of a worker.  A process with several channels has one phase for all
 * of them. */
enum phase {
	PHASE_SPARE = 1,	/* waiting for a client */
	PHASE_LOGIN = 2,	/* the greeter may request a login */
	PHASE_CHECKING = 4,	/* a login attempt is being decided */
	PHASE_SESSION = 8,
	PHASE_REFUSED = 16,	/* the greeter sends the refusal to the
				 * client */
	PHASE_PROMPT = 32,	/* a login waits for the client's answer to a
				 * question from PAM */
	PHASE_ANY = 63,
};

enum message_type {
#define MESSAGE(name, from, to, phases, times, fds) MESSAGE_##name,
#define TEXT(message, field)
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT
	MESSAGE_TYPES
};

#define CHANNEL_MAX_FDS 2

struct channel {
	int fd;				/* -1 when closed */
	enum party self;
	enum party peer;
	const enum phase *phase;	/* the owner's phase: determines which
					 * messages are accepted */
	bool takes_descriptors;		/* some message of the peer's has any;
					 * otherwise the kernel drops them,
					 * and no close() can wait here */
	uint32_t received[MESSAGE_TYPES];
};

struct message {
	enum message_type type;
	int fds[CHANNEL_MAX_FDS];	/* -1: none; owned by the caller,
					 * close-on-exec */
	union {
#define MESSAGE(name, from, to, phases, times, fds) struct message_##name name;
#define TEXT(message, field)
#include "common/process/messages.def"
#undef MESSAGE
#undef TEXT
	};
};

/* The message's name as in messages.def. */
const char *channel_message_name(enum message_type type);

/* A connected pair; each end must be opened (channel_open) by its owner.
 * 0 or -errno. */
int channel_pair(int fds[2]) MUST_CHECK;

/* For processes whose phase never changes. */
extern const enum phase channel_any_phase;

/* `phase` must outlive the channel. */
void channel_open(struct channel *c, int fd, enum party self, enum party peer,
	const enum phase *phase);
void channel_close(struct channel *c);

/*
 * Send m->type with m's body; descriptors as messages.def says, taken from
 * m->fds and left open.  Waits when the peer's queue is full, except in master,
 * keeper and bookkeeper, which never wait.  0, -EPIPE when the peer has closed
 * its end, -EAGAIN when the queue is full, or another -errno.
 */
int channel_send(struct channel *c, const struct message *m) MUST_CHECK;

/* Has the peer received all that was sent? */
bool channel_all_received(const struct channel *c);

/*
 * Wait for the next message.  1: it is in *m; 0: the peer has closed its end;
 * -EAGAIN: none, on a non-blocking channel; -EPROTO: a violation, which has
 * been logged; or another -errno.  Descriptors of messages that are not
 * delivered are closed.
 */
int channel_recv(struct channel *c, struct message *m) MUST_CHECK;

/* Begin a message of this type, with fields of zero and no descriptors.  The
 * rest of *m is not cleared, because most messages are small, and the largest
 * takes three pages. */
void message_begin(struct message *m, enum message_type type);

/* Clear the whole message, after it carried a secret. */
void message_zero(struct message *m);

#endif
