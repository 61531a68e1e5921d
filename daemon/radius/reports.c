/*
 * reports.c - the queue for the accounting servers.
 *
 * Runs in: radius.  Never: waits for a server.
 */
#include "common/base.h"
#include "daemon/radius/reports.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "daemon/radius/exchange.h"

#define PAUSE_MS  30000	/* after no server has answered */
#define HURRY_MS  500	/* the same, in a hurry */
#define REPORT_MS 10000	/* between two lines about dropped reports */

struct queued {
	struct queued *next;
	int64_t since;		/* clock_ms() */
	struct radius_accounting report;
};

struct sending {
	struct queued *queued;	/* NULL: the place is free */
	struct radius_reports *all;
	int64_t began;
	struct radius_exchange exchange;
};

struct radius_reports {
	const struct radius_attributes *attributes;
	struct radius_servers *servers;
	struct queued *first, **last;
	size_t count;		/* with those being sent */
	uint32_t *waiting;	/* shows it */
	int64_t pause_ms;
	size_t sending;
	int64_t resume;		/* no server answers: wait until then */
	int64_t confirmed;	/* when one was */
	uint64_t dropped;	/* since the last line about it */
	int64_t next_line, next_refused_line;
	struct sending list[RADIUS_REPORTS_SENT];
};

struct radius_reports *
radius_reports_new(const struct radius_attributes *attributes,
	struct radius_servers *servers, uint32_t *waiting)
{
	struct radius_reports *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->attributes = attributes;
	r->servers = servers;
	r->waiting = waiting;
	r->pause_ms = PAUSE_MS;
	r->last = &r->first;
	for (size_t i = 0; i < RADIUS_REPORTS_SENT; i++)
		r->list[i].exchange.fd = -1;
	return r;
}

size_t
radius_reports_count(const struct radius_reports *r)
{
	return r->count;
}

static void
set_count(struct radius_reports *r, size_t count)
{
	r->count = count;
	*r->waiting = (uint32_t)count;
}

void
radius_reports_hurry(struct radius_reports *r)
{
	r->pause_ms = HURRY_MS;
	r->resume = 0;
}

static void
drop(struct radius_reports *r, int64_t now)
{
	r->dropped++;
	if (now < r->next_line)
		return;
	log_error("accounting reports were dropped, because no RADIUS server "
		"has confirmed earlier ones: %" PRIu64, r->dropped);
	r->dropped = 0;
	r->next_line = now + REPORT_MS;
}

static void
append(struct radius_reports *r, struct queued *q)
{
	q->next = NULL;
	*r->last = q;
	r->last = &q->next;
}

void
radius_reports_add(struct radius_reports *r,
	const struct radius_accounting *report, int64_t now)
{
	struct queued *q = r->servers->count == 0 ||
		r->count >= RADIUS_REPORTS_MAX ? NULL : malloc(sizeof(*q));

	if (r->servers->count == 0)
		return;
	if (q == NULL) {
		drop(r, now);
		return;
	}
	*q = (struct queued){ .since = now, .report = *report };
	append(r, q);
	set_count(r, r->count + 1);
}

/* radius_exchange.write */
static bool
write_request(void *context, const struct radius_server *server UNUSED,
	struct radius_packet *p)
{
	const struct sending *s = context;
	const struct radius_accounting *report = &s->queued->report;

	radius_attributes_add_common(s->all->attributes, p, report->user,
		&report->peer, &report->local);
	radius_attributes_add_accounting(p, report,
		(clock_ms() - s->queued->since) / 1000);
	return true;
}

/* Free the place of a confirmed report. */
static struct queued *
take_back(struct radius_reports *r, struct sending *s)
{
	struct queued *q = s->queued;

	radius_exchange_end(&s->exchange);
	s->queued = NULL;
	r->sending--;
	return q;
}

static void
confirmed(struct radius_reports *r, struct sending *s, int64_t now)
{
	free(take_back(r, s));
	set_count(r, r->count - 1);
	r->confirmed = now;
}

/* The servers answer, but not to this report: others do not wait for it. */
static void
refused(struct radius_reports *r, const struct sending *s, int64_t now)
{
	if (now < r->next_refused_line)
		return;
	log_warning("an accounting report is not confirmed, though others are "
		"(%s)", s->exchange.reason);
	r->next_refused_line = now + REPORT_MS;
}

/* It is sent again after the others; if no server has answered meanwhile, all
 * wait. */
static void
given_up(struct radius_reports *r, struct sending *s, int64_t now)
{
	append(r, take_back(r, s));
	if (r->confirmed > s->began) {
		refused(r, s, now);
		return;
	}
	if (now >= r->resume)
		log_warning("accounting reports wait for a RADIUS server: "
			"%zu (%s)", r->count, s->exchange.reason);
	r->resume = now + r->pause_ms;
}

static void
proceed(struct radius_reports *r, struct sending *s,
	enum radius_progress progress, int64_t now)
{
	if (progress == RADIUS_ANSWERED)
		confirmed(r, s, now);
	else if (progress == RADIUS_GIVEN_UP)
		given_up(r, s, now);
}

/* radius_exchange.handle */
static void
go_on(void *context, enum radius_progress progress,
	const struct radius_packet *answer UNUSED, int64_t now)
{
	struct sending *s = context;

	proceed(s->all, s, progress, now);
}

static struct queued *
take_first(struct radius_reports *r)
{
	struct queued *q = r->first;

	r->first = q->next;
	if (r->first == NULL)
		r->last = &r->first;
	q->next = NULL;
	return q;
}

/* The reports of a session are confirmed in any order; each has its time. */
static void
send_more(struct radius_reports *r, int64_t now)
{
	for (size_t i = 0; i < RADIUS_REPORTS_SENT && r->first != NULL &&
	    now >= r->resume; i++) {
		struct sending *s = &r->list[i];

		if (s->queued != NULL)
			continue;
		s->queued = take_first(r);
		s->all = r;
		s->began = now;
		r->sending++;
		s->exchange.write = write_request;
		s->exchange.handle = go_on;
		s->exchange.context = s;
		s->exchange.code = RADIUS_ACCOUNTING_REQUEST;
		s->exchange.servers = r->servers;
		proceed(r, s, radius_exchange_begin(&s->exchange, -1, now),
			now);
	}
}

size_t
radius_reports_watch(const struct radius_reports *r, struct pollfd *fds)
{
	for (size_t i = 0; i < RADIUS_REPORTS_SENT; i++)
		fds[i] = (struct pollfd){ r->list[i].exchange.fd, POLLIN, 0 };
	return RADIUS_REPORTS_SENT;
}

static void
step(struct radius_reports *r, struct sending *s, const struct pollfd *fd,
	int64_t now)
{
	struct radius_packet packet UNINITIALIZED;

	if (fd->revents != 0 && fd->fd == s->exchange.fd)
		proceed(r, s, radius_exchange_receive(&s->exchange, &packet,
			now), now);
	if (s->queued != NULL && now >= s->exchange.deadline)
		proceed(r, s, radius_exchange_overdue(&s->exchange, now),
			now);
}

void
radius_reports_step(struct radius_reports *r, const struct pollfd *fds,
	int64_t now)
{
	for (size_t i = 0; i < RADIUS_REPORTS_SENT; i++)
		if (r->list[i].queued != NULL)
			step(r, &r->list[i], &fds[i], now);
	send_more(r, now);
}

int64_t
radius_reports_due(const struct radius_reports *r)
{
	int64_t due = CLOCK_NEVER;

	if (r->first != NULL && r->sending < RADIUS_REPORTS_SENT)
		due = r->resume;
	for (size_t i = 0; i < RADIUS_REPORTS_SENT; i++)
		if (r->list[i].queued != NULL)
			due = clock_earlier(due,
				r->list[i].exchange.deadline);
	return due;
}
