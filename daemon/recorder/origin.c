/*
 * origin.c - unpacks a datagram into an event with its identity.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/origin.h"

#include "common/buffer.h"
#include "common/log/log.h"
#include "common/text.h"

#define CLOCK_DOUBT (60 * (int64_t)1000000000)

/* All processes have the same clock, so a time that differs much is forged. */
static void
correct_time(struct event *e, int64_t wall)
{
	if (e->wall_ns < wall - CLOCK_DOUBT ||
	    e->wall_ns > wall + CLOCK_DOUBT)
		e->wall_ns = wall;
}

static void
report_malformed(const struct datagram *d, const char *what)
{
	log_error("process %d, uid %u, sent a malformed %s", (int)d->pid,
		(unsigned)d->uid, what);
}

bool
origin_identity(const struct datagram *d, uid_t trusted,
	struct log_identity *identity)
{
	bool right = d->uid == trusted && d->len == sizeof(*identity);

	if (right)
		memcpy(identity, d->data, sizeof(*identity));
	if (right && (uint32_t)identity->role < LOG_SOURCE_ROLES &&
	    TEXT_ENDS(identity->user))
		return true;
	report_malformed(d, "attachment");
	return false;
}

bool
origin_root(struct datagram *d, uid_t trusted, int64_t wall)
{
	struct event *e = &d->event;

	if (d->uid != trusted || event_unpack(e, d->data, d->len) < 0) {
		report_malformed(d, "event");
		return false;
	}
	e->pid = d->pid;
	e->from = EVENT_FROM_ROOT;
	correct_time(e, wall);
	return true;
}

static void
stamp(struct event *e, const struct log_identity *identity)
{
	e->session = identity->session;
	e->peer = identity->peer;
	e->local = identity->local;
	e->user = identity->user;
}

/* Replace a refused event; `name` is the name of its type, NULL if
 * malformed. */
static void
complain(struct datagram *d, const char *name)
{
	const char *role = log_source_role_name(
		(enum log_source_role)d->source->identity.role);

	if (name == NULL)
		(void)!snprintf(d->data, DATAGRAM_SIZE,
			"event from the %s: malformed", role);
	else
		(void)!snprintf(d->data, DATAGRAM_SIZE,
			"event %s from the %s: not from this sender", name,
			role);
	d->event = event_new(EVENT_violation);
	d->event.text = d->data;
	d->event.role = "recorder";
}

void
origin_attached(struct datagram *d, int64_t wall)
{
	const struct log_identity *identity = &d->source->identity;
	struct event *e = &d->event;
	bool right = event_unpack(e, d->data, d->len) == 0;

	if (right)
		identity = sources_identity_at(d->source, e->wall_ns, wall);
	enum log_source_role role = (enum log_source_role)identity->role;
	if (!right) {
		complain(d, NULL);
	} else if (!event_may_be_from(e->type, log_source_sender(role))) {
		complain(d, event_name(e->type));
	} else {
		e->role = log_source_role_name(role);
		e->from = log_source_sender(role);
	}
	stamp(e, identity);
	e->uid = role == LOG_SOURCE_SESSION ? d->uid : EVENT_NO_UID;
	e->run_pass = identity->run_pass;
	e->pid = d->pid;
	correct_time(e, wall);
}

struct event
origin_report(struct source *source, char *text, size_t size, int64_t wall)
{
	struct event e = event_new(EVENT_message);
	struct buffer b;

	buffer_init(&b, text, size);
	if (source->dropped > 0)
		buffer_addf(&b, "log.max_rate exceeded, dropped %" PRIu64
			" events", source->dropped);
	if (source->lost > 0)
		buffer_addf(&b, "%slog queue full, lost %" PRIu64 " events",
			b.len > 0 ? "; " : "", source->lost);
	source->dropped = source->lost = 0;
	e.level = LOG_LEVEL_WARNING;
	e.text = buffer_text(&b);
	e.role = "recorder";
	e.pid = getpid();
	e.wall_ns = wall;
	stamp(&e, &source->identity);
	return e;
}
