/*
 * event.h - typed events for the recorder.
 *
 * One datagram an event: a fixed head and the texts after it, each bounded.
 * Session, peer, user and role are believed only if root's processes send them.
 * For all others the recorder has them from the monitor of the process
 * (common/process/log_source.h), and process numbers from the kernel, so that
 * no process can log in the name of another.
 */
#ifndef COMMON_LOG_EVENT_H
#define COMMON_LOG_EVENT_H

#include "common/address.h"
#include "common/base.h"
#include "common/log/log_context.h"

enum event_type {
#define EVENT(name, level, from) EVENT_##name,
#include "common/log/events.def"
#undef EVENT
	EVENT_TYPES
};

/* Which processes send an event. */
enum event_sender {
	EVENT_FROM_ROOT = 1,		/* master, monitor */
	EVENT_FROM_GREETER = 2,		/* and what it becomes, the relay */
	EVENT_FROM_SESSION = 4,
	EVENT_FROM_WORKER = 6,
	EVENT_FROM_KEEPER = 8,
	EVENT_FROM_RUNNER = 16,
	EVENT_FROM_ANY = 31,
};

/* How a transfer ended: `code` of download and upload. */
enum event_status {
#define STATUS(name) EVENT_STATUS_##name,
#include "common/log/event_status.def"
#undef STATUS
	EVENT_STATUSES
};

#define EVENT_PATH_MAX 4096	/* a longer path or text is cut, marked "..." */
#define EVENT_TEXT_MAX 4096
#define EVENT_ROLE_MAX 32
#define EVENT_USER_MAX 256
#define EVENT_PACKED_MAX (4 * 4096)	/* room for any packed event */

/* Texts may hold any byte but NUL; NULL means empty when sending and never
 * comes out of event_unpack(). */
struct event {
	enum event_type type;
	enum log_level level;
	bool ok;
	char ascii;		/* transfers: 'a' for ASCII, 'b' for binary */
	int32_t code;
	int64_t bytes;
	int64_t offset;
	int64_t duration_ms;
	int64_t wall_ns;	/* filled in by event_send() */
	uint64_t session;
	uint32_t lost;		/* events of this process that did not get
				 * through before; filled in by event_send() */
	uint32_t uid;		/* the account of the session, EVENT_NO_UID
				 * before login; filled in for greeters and
				 * sessions by the recorder, from the kernel */
	pid_t pid;		/* filled in by the recorder, from the kernel */
	enum event_sender from;	/* filled in by the recorder */
	struct address peer;
	struct address local;
	/* Paths are those of the host.  This many bytes at their beginning are
	 * the session's root directory, which its client does not see; filled
	 * in by event_send(), which adds them. */
	uint16_t root_len;
	const char *role;
	const char *user;
	const char *path;
	const char *path2;
	const char *text;
};

/* One of the event's paths, as the client sees it. */
const char *event_client_path(const struct event *e, const char *path);

/* The event's name as in events.def ("login_failed"). */
const char *event_name(enum event_type type);

/* "complete"; "unknown" for what is none. */
const char *event_status_name(int32_t status);

/* May such a process send it? */
bool event_may_be_from(enum event_type type, enum event_sender sender);

/* An empty event of this type with its row's level and ok = true. */
struct event event_new(enum event_type type);

/*
 * Add the time and the context, except what the caller has filled in, and send
 * the event to the recorder; to standard error before log_connect().
 * This is one call that does not block.  If the queue is full, the first such
 * event waits for at most a second (not in the master), the following ones do
 * not; what is lost is counted and reported with the next event that gets
 * through.  Once connected this may be called from a signal handler.
 */
void event_send(struct event *e);

/* How many this process has sent, whether or not they got through. */
uint32_t event_count(void);

/* In the recorder, which cannot send to itself: give this process's own
 * events to this function.  It must not log. */
void event_divert(void (*deliver)(void *context, struct event *e),
	void *context);

/* Never wait in event_send() (the master, rule R33); its children, which
 * inherit this by fork, may wait again and begin without its losses. */
void event_never_wait(bool never);

/* The datagram form.  pack: its length (data must hold EVENT_PACKED_MAX);
 * unpack: 0, texts pointing into data, or -EBADMSG for anything malformed.
 * Both are total functions over untrusted bytes. */
size_t event_pack(const struct event *e, char *data);
int event_unpack(struct event *e, const char *data, size_t len) MUST_CHECK;

#endif
