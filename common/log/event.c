/*
 * event.c - typed events for the recorder.
 *
 * Runs in: every process.
 * Never: malloc or stdio once connected, because the handler for a refused
 * system call sends its event through here.
 */
#include "common/base.h"
#include "common/log/event.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"

#include <poll.h>

#define WAIT_SECONDS 1

static const struct {
	const char *name;
	enum log_level level;
	enum event_sender from;
} rows[EVENT_TYPES] = {
#define EVENT(name, level, from) \
	{ #name, LOG_LEVEL_##level, EVENT_FROM_##from },
#include "common/log/events.def"
#undef EVENT
};

enum { ROLE, USER, PATH, PATH2, TEXT, TEXTS };

/* The longest text of each kind, with its NUL. */
static const uint16_t text_max[TEXTS] = {
	[ROLE] = EVENT_ROLE_MAX,
	[USER] = EVENT_USER_MAX,
	[PATH] = EVENT_PATH_MAX,
	[PATH2] = EVENT_PATH_MAX,
	[TEXT] = EVENT_TEXT_MAX,
};

/* The header before the texts.  No padding, so that no other memory is sent. */
struct head {
	int64_t bytes;
	int64_t received;
	int64_t offset;
	int64_t duration_ms;
	int64_t wall_ns;
	uint64_t session;
	uint64_t run_pass;
	struct address peer;
	struct address local;
	uint32_t lost;
	uint32_t uid;
	int32_t code;
	uint16_t type;
	uint8_t level;
	uint8_t ok;
	uint16_t text_len[TEXTS];	/* without the NUL */
	uint16_t root_len;
	uint8_t ascii;
	uint8_t unused[3];
};

_Static_assert(sizeof(struct head) == 7 * 8 + 2 * sizeof(struct address) +
	3 * 4 + 4 + TEXTS * 2 + 6, "padding in the header");
_Static_assert(sizeof(struct head) + EVENT_ROLE_MAX + EVENT_USER_MAX +
	2 * EVENT_PATH_MAX + EVENT_TEXT_MAX <= EVENT_PACKED_MAX,
	"room for any packed event");

static struct {
	bool never_wait;
	uint32_t lost;
	uint32_t count;
	void (*deliver)(void *context, struct event *e);
	void *context;
} sending;

/* On the stack, which is probed, each event would touch all of their pages.  A
 * refused system call may be that of an event, which then is lost. */
static struct {
	char packed[EVENT_PACKED_MAX];
	char path[2 * PATH_MAX];
	char path2[2 * PATH_MAX];
} space;

const char *
event_name(enum event_type type)
{
	return (unsigned)type < EVENT_TYPES ? rows[type].name : "unknown";
}

const char *
event_status_name(int32_t status)
{
	static const char *const names[EVENT_STATUSES] = {
#define STATUS(name) #name,
#include "common/log/event_status.def"
#undef STATUS
	};

	return (uint32_t)status < EVENT_STATUSES ? names[status] : "unknown";
}

bool
event_may_be_from(enum event_type type, enum event_sender sender)
{
	return (rows[type].from & sender) != 0;
}

const char *
event_client_path(const struct event *e, const char *path)
{
	if (e->root_len == 0 || e->root_len > strlen(path))
		return path;
	path += e->root_len;
	return *path != '\0' ? path : "/";
}

struct event
event_new(enum event_type type)
{
	struct event e = {
		.type = type,
		.level = rows[type].level,
		.from = EVENT_FROM_ROOT,
		.ok = true,
		.uid = EVENT_NO_UID,
		.ascii = 'b',
		.role = "",
		.user = "",
		.path = "",
		.path2 = "",
		.text = "",
	};

	address_clear(&e.peer);
	address_clear(&e.local);
	return e;
}

/* Append a text and its NUL, cut to max bytes; its length. */
static uint16_t
pack_text(char *to, const char *text, size_t max)
{
	size_t len = text == NULL ? 0 : strnlen(text, max);

	if (len == max) {
		len = max - 1;
		memcpy(to, text, len - 3);
		memcpy(to + len - 3, "...", 3);
	} else if (len > 0) {
		memcpy(to, text, len);
	}
	to[len] = '\0';
	return (uint16_t)len;
}

size_t
event_pack(const struct event *e, char *data)
{
	const char *const texts[TEXTS] = {
		e->role, e->user, e->path, e->path2, e->text,
	};
	size_t len = sizeof(struct head);
	struct head head;

	memset(&head, 0, sizeof(head));
	head.bytes = e->bytes;
	head.received = e->received;
	head.offset = e->offset;
	head.duration_ms = e->duration_ms;
	head.wall_ns = e->wall_ns;
	head.session = e->session;
	head.run_pass = e->run_pass;
	head.peer = e->peer;
	head.local = e->local;
	head.lost = e->lost;
	head.uid = e->uid;
	head.code = e->code;
	head.type = (uint16_t)e->type;
	head.level = (uint8_t)e->level;
	head.ok = e->ok;
	head.root_len = e->root_len;
	head.ascii = (uint8_t)e->ascii;
	for (size_t i = 0; i < TEXTS; i++) {
		head.text_len[i] = pack_text(data + len, texts[i], text_max[i]);
		len += head.text_len[i] + 1u;
	}
	memcpy(data, &head, sizeof(head));
	return len;
}

/* Find the texts, which must fill data[len] exactly. */
static int
unpack_texts(const struct head *head, const char *data, size_t len,
	const char **texts)
{
	size_t at = sizeof(*head);

	for (size_t i = 0; i < TEXTS; i++) {
		size_t text_len = head->text_len[i];
		if (text_len >= text_max[i] || text_len >= len - at ||
		    strnlen(data + at, text_len + 1) != text_len)
			return -EBADMSG;
		texts[i] = data + at;
		at += text_len + 1;
	}
	return at == len ? 0 : -EBADMSG;
}

int
event_unpack(struct event *e, const char *data, size_t len)
{
	const char *texts[TEXTS];
	struct head head;

	if (len < sizeof(head) || len > EVENT_PACKED_MAX)
		return -EBADMSG;
	memcpy(&head, data, sizeof(head));
	if (head.type >= EVENT_TYPES || head.level > LOG_LEVEL_DEBUG ||
	    head.ok > 1 || (head.ascii != 'a' && head.ascii != 'b') ||
	    unpack_texts(&head, data, len, texts) < 0)
		return -EBADMSG;
	*e = (struct event){
		.type = head.type,
		.level = head.level,
		.ok = head.ok,
		.ascii = (char)head.ascii,
		.uid = head.uid,
		.code = head.code,
		.bytes = head.bytes,
		.received = head.received,
		.offset = head.offset,
		.duration_ms = head.duration_ms,
		.wall_ns = head.wall_ns,
		.session = head.session,
		.run_pass = head.run_pass,
		.lost = head.lost,
		.root_len = head.root_len,
		.peer = head.peer,
		.local = head.local,
		.role = texts[ROLE],
		.user = texts[USER],
		.path = texts[PATH],
		.path2 = texts[PATH2],
		.text = texts[TEXT],
	};
	return 0;
}

static bool
is_empty(const char *text)
{
	return text == NULL || *text == '\0';
}

static void
stamp(struct event *e)
{
	const struct log_context *context = log_context();

	e->wall_ns = clock_wall_ns();
	e->lost = sending.lost;
	if (e->session == 0)
		e->session = context->session;
	if (!address_is_set(&e->peer))
		e->peer = context->peer;
	if (e->uid == EVENT_NO_UID) {
		e->uid = context->uid;
		e->run_pass = context->run_pass;
	}
	if (is_empty(e->user))
		e->user = context->user;
	if (is_empty(e->role))
		e->role = context->role;
}

/* The path on the host.  It is truncated if too long, as in pack_text(). A path
 * without a leading slash could not be resolved, and is not changed. */
static const char *
add_root(struct buffer *b, const char *root, const char *path)
{
	if (is_empty(path) || *path != '/')
		return path;
	buffer_add_text(b, root);
	if (strcmp(path, "/") != 0)
		buffer_add(b, path, strnlen(path, buffer_room(b)));
	return buffer_text(b);
}

/* One line; truncation is marked. */
static void
to_standard_error(const struct event *e)
{
	static const char mark[] = "...";
	BUFFER(line, EVENT_TEXT_MAX);

	line.size -= sizeof(mark);
	buffer_addf(&line, "sureftpd: %s: ", log_level_name(e->level));
	if (e->type != EVENT_message)
		buffer_addf(&line, "%s: ", event_name(e->type));
	if (e->text != NULL)
		text_escape(&line, e->text, strlen(e->text));
	line.size += sizeof(mark);
	if (line.overflow)
		buffer_add_text(&line, mark);
	buffer_add_char(&line, '\n');
	/* There is nowhere to report a failure. */
	int error UNUSED = io_write_all(STDERR_FILENO, line.data, line.len,
		clock_after(WAIT_SECONDS));
}

static bool
try_send(int fd, const char *data, size_t len)
{
	ssize_t n;

	do {
		n = send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n >= 0;
}

/* Wait only for the first event after the queue became full. */
static bool
send_packed(int fd, const char *data, size_t len)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	if (try_send(fd, data, len))
		return true;
	if (sending.never_wait || sending.lost > 0)
		return false;

	int64_t deadline = clock_after(WAIT_SECONDS);
	while (errno == EAGAIN && !clock_passed(deadline)) {
		poll(&writable, 1, clock_poll(deadline));
		if (try_send(fd, data, len))
			return true;
	}
	return false;
}

void
event_send(struct event *e)
{
	const char *root = log_context()->root;
	const char *const given[] = { e->path, e->path2 };
	int saved = errno;
	struct buffer path, path2;

	stamp(e);
	if (*root != '\0') {
		buffer_init(&path, space.path, sizeof(space.path));
		buffer_init(&path2, space.path2, sizeof(space.path2));
		e->path = add_root(&path, root, e->path);
		e->path2 = add_root(&path2, root, e->path2);
		e->root_len = path.len > 0 ? (uint16_t)strlen(root) : 0;
	}
	sending.count++;
	if (sending.deliver != NULL) {
		sending.deliver(sending.context, e);
	} else if (log_descriptor() < 0) {
		to_standard_error(e);
	} else if (send_packed(log_descriptor(), space.packed,
		event_pack(e, space.packed))) {
		sending.lost = 0;
	} else if (sending.lost < UINT32_MAX) {
		sending.lost++;
	}
	e->path = given[0];
	e->path2 = given[1];
	errno = saved;
}

uint32_t
event_count(void)
{
	return sending.count;
}

void
event_divert(void (*deliver)(void *context, struct event *e), void *context)
{
	sending.deliver = deliver;
	sending.context = context;
}

void
event_never_wait(bool never)
{
	sending.never_wait = never;
	if (!never)
		sending.lost = 0;
}
