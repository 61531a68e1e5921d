/*
 * queue.c - the requests on a connection.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/queue.h"

#include "common/log/log.h"

#define SENT_MAX 2		/* on how many connections a request is sent */

void
radius_queue_init(struct radius_queue *q)
{
	*q = (struct radius_queue){ .first = NULL };
	q->last = &q->first;
}

static void
append(struct radius_queue *q, struct radius_pending *p)
{
	p->next = NULL;
	*q->last = p;
	q->last = &p->next;
}

void
radius_queue_add(struct radius_queue *q, struct radius_pending *p)
{
	append(q, p);
	q->fresh = true;
}

void
radius_queue_remove(struct radius_queue *q, struct radius_pending *p)
{
	struct radius_pending **at = &q->first;

	for (size_t i = 0; i < RADIUS_IDENTIFIERS; i++)
		if (q->sent[i] == p)
			q->sent[i] = NULL;
	while (*at != NULL && *at != p)
		at = &(*at)->next;
	if (*at == p) {
		*at = p->next;
		if (q->last == &p->next)
			q->last = at;
	}
	p->next = NULL;
	p->stream = NULL;
	q->fresh = true;	/* its identifier is free */
}

static void
lose(struct radius_queue *q, struct radius_pending *p, const char *why,
	int64_t now)
{
	radius_queue_remove(q, p);
	p->lose(p->context, why, now);
}

static bool
find_identifier(struct radius_queue *q)
{
	for (size_t i = 0; i < RADIUS_IDENTIFIERS; i++, q->next++)
		if (q->sent[q->next] == NULL)
			return true;
	return false;
}

struct radius_pending *
radius_queue_send(struct radius_queue *q, int64_t now)
{
	q->fresh = false;
	while (q->first != NULL && find_identifier(q)) {
		struct radius_pending *p = q->first;
		int error = p->write(p->context, q->next);

		if (error < 0) {
			lose(q, p, log_errno(error), now);
			continue;
		}
		q->first = p->next;
		if (q->first == NULL)
			q->last = &q->first;
		p->next = NULL;
		p->tries++;
		p->began = now;
		q->sent[q->next++] = p;
		return p;
	}
	return NULL;
}

void
radius_queue_put_back(struct radius_queue *q, const char *why, int64_t now)
{
	struct radius_pending *others = q->first, *p;

	q->first = NULL;
	q->last = &q->first;
	for (size_t i = 0; i < RADIUS_IDENTIFIERS; i++) {
		p = q->sent[i];
		q->sent[i] = NULL;
		if (p != NULL)
			append(q, p);
	}
	*q->last = others;
	while (*q->last != NULL)
		q->last = &(*q->last)->next;
	for (struct radius_pending *next, *at = q->first; at != NULL;
	     at = next) {
		next = at->next;
		if (at->tries >= SENT_MAX)
			lose(q, at, why, now);
	}
}

void
radius_queue_lose(struct radius_queue *q, const char *why, int64_t now)
{
	while (q->first != NULL)
		lose(q, q->first, why, now);
}
