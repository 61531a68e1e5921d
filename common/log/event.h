/*
 * event.h - typed events for the recorder.
 *
 * Each event is one datagram: a fixed header, followed by texts of limited
 * length.  Session, peer, user and role are accepted from root's processes
 * only.  For other processes the recorder gets them from the process's monitor
 * (common/process/log_source.h), and pids from the kernel, so that no process
 * can log in the name of another.
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
	EVENT_FROM_GREETER = 2,		/* and the relay that it becomes */
	EVENT_FROM_SESSION = 4,
	EVENT_FROM_WORKER = 6,
	EVENT_FROM_KEEPER = 8,
	EVENT_FROM_RUNNER = 16,
	EVENT_FROM_RADIUS = 32,
	EVENT_FROM_ANY = 63,
};

/* Is it a file operation of the client, other than a transfer? */
static inline bool
event_is_operation(enum event_type type)
{
	return type >= EVENT_delete && type <= EVENT_symlink;
}

/* How a transfer ended: `code` of download and upload. */
enum event_status {
#define STATUS(name) EVENT_STATUS_##name,
#include "common/log/event_status.def"
#undef STATUS
	EVENT_STATUSES
};

#define EVENT_PATH_MAX 4096	/* a longer path or text is truncated, marked
				 * "..." */
#define EVENT_TEXT_MAX 4096
#define EVENT_ROLE_MAX 32
#define EVENT_USER_MAX 256
#define EVENT_PACKED_MAX (4 * 4096)	/* room for any packed event */

/* Texts may contain any byte except NUL.  NULL means empty when sending;
 * event_unpack() never returns NULL. */
struct event {
	enum event_type type;
	enum log_level level;
	bool ok;
	char ascii;		/* transfers: 'a' for ASCII, 'b' for binary */
	int32_t code;
	int64_t bytes;
	int64_t received;	/* logout: bytes from the client; `bytes`
				 * is those to it */
	int64_t offset;
	int64_t duration_ms;
	int64_t wall_ns;	/* filled in by event_send() */
	uint64_t session;
	uint32_t lost;		/* events of this process that were lost before
				 * this one; filled in by event_send() */
	uint32_t uid;		/* the account of the session, EVENT_NO_UID
				 * before login; filled in for greeters and
				 * sessions by the recorder, from the kernel */
	uint64_t run_pass;	/* for the runner (run_pass.h), with the uid;
				 * filled in like it, from the identity */
	pid_t pid;		/* filled in by the recorder, from the kernel */
	enum event_sender from;	/* filled in by the recorder */
	struct address peer;
	struct address local;
	/* Paths are those on the host.  Their first root_len bytes are the
	 * session's root directory, which the client does not see; filled in by
	 * event_send(), which adds the prefix. */
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

/* The name, for example "complete"; "unknown" for an invalid value. */
const char *event_status_name(int32_t status);

/* May this kind of process send it? */
bool event_may_be_from(enum event_type type, enum event_sender sender);

/* An empty event of this type with its row's level and ok = true. */
struct event event_new(enum event_type type);

/*
 * Add the time and the context, except what the caller has filled in, and send
 * the event to the recorder; before log_connect(), to standard error. One
 * non-blocking system call.  If the queue is full, the first event waits for at
 * most a second (not in the master), the following ones do not; lost events are
 * counted and reported with the next one that is sent.  Once connected this may
 * be called from a signal handler.
 */
void event_send(struct event *e);

/* How many events this process has sent, including lost ones. */
uint32_t event_count(void);

/* In the recorder, which cannot send to itself: pass its own events to this
 * function.  It must not log. */
void event_divert(void (*deliver)(void *context, struct event *e),
	void *context);

/* Never wait in event_send() (the master).  Children inherit this by
 * fork; event_never_wait(false) lets them wait again, and clears their loss
 * count. */
void event_never_wait(bool never);

/* The datagram format.  pack: returns its length (data must hold
 * EVENT_PACKED_MAX); unpack: 0, with texts pointing into data, or -EBADMSG for
 * anything malformed.  Both accept untrusted bytes. */
size_t event_pack(const struct event *e, char *data);
int event_unpack(struct event *e, const char *data, size_t len) MUST_CHECK;

#endif
