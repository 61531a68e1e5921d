/*
 * quota_report.c - requests and reports to the bookkeeper.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/quota_report.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "worker/reason.h"

#include <poll.h>

#define LATE_NS	 INT64_C(1000000000)	/* maximum age of a collected report
					 * before it is sent */
#define CHECK_NS INT64_C(1000000)	/* between two checks of what the
					 * bookkeeper has sent */
#define AGAIN_MS 1000		/* then a request is repeated, which may have
				 * been lost when the bookkeeper died */

/* Reports that cannot be sent are lost; the directory is counted again when the
 * session ends. */
void
quota_report_send(struct quota_reports *q, const struct message *m)
{
	int error = channel_send(&q->channel, m);

	if (error < 0)
		log_error("cannot report to the bookkeeper: %s",
			log_errno(error));
}

void
quota_report_all(struct quota_reports *q)
{
	struct message m UNINITIALIZED;

	if (q->count == 0)
		return;
	if (q->count == 1) {
		message_begin(&m, MESSAGE_quota_single);
		m.quota_single.entry = q->entries[0];
	} else {
		message_begin(&m, MESSAGE_quota_report);
		m.quota_report.count = q->count;
		memcpy(m.quota_report.entries, q->entries,
			q->count * sizeof(*q->entries));
	}
	q->count = 0;
	quota_report_send(q, &m);
}

void
quota_report_idle(struct quota_reports *q)
{
	struct message m UNINITIALIZED;

	quota_report_all(q);
	if (q->allowance.files == 0)
		return;
	q->allowance = (struct quota_count){ 0, 0 };
	message_begin(&m, MESSAGE_quota_report);
	quota_report_send(q, &m);
}

/* Answers that are not waited for are late.  False if there is none. */
static bool
receive_late(struct quota_reports *q)
{
	struct message m UNINITIALIZED;
	struct pollfd fd = { .fd = q->channel.fd, .events = POLLIN };

	if (q->lost || poll(&fd, 1, 0) <= 0)
		return false;
	q->lost = channel_recv(&q->channel, &m) != 1;
	if (!q->lost && m.quota_answer.number == 0)
		q->alone = false;
	return !q->lost;
}

bool
quota_report_alone(struct quota_reports *q)
{
	while (q->alone && receive_late(q))
		;
	q->checked_at = clock_ns();
	return q->alone;
}

void
quota_report_receive(struct quota_reports *q)
{
	while (receive_late(q))
		;
	if (!q->alone)
		quota_report_all(q);
}

static void
use(int64_t *allowance, int64_t by)
{
	if (by > 0)
		*allowance = by < *allowance ? *allowance - by : 0;
}

void
quota_report(struct quota_reports *q, const struct quota_entry *e)
{
	q->entries[q->count] = *e;
	q->entries[q->count++].to = clock_ns();
	int64_t now = q->entries[q->count - 1].to;
	bool late = now - q->entries[0].to > LATE_NS;
	use(&q->allowance.bytes, e->by.bytes);
	use(&q->allowance.files, e->by.files);
	if (late || q->count == MESSAGE_QUOTA_ENTRIES ||
		q->allowance.bytes == 0 || q->allowance.files == 0 ||
		!q->alone ||
		(now - q->checked_at > CHECK_NS && !quota_report_alone(q)))
		quota_report_all(q);
}

/* 1 if the answer to the last question is in q->last, 0 after a while, or
 * -errno. */
static int
receive(struct quota_reports *q, int64_t until)
{
	struct message m UNINITIALIZED;
	struct pollfd fd = { .fd = q->channel.fd, .events = POLLIN };

	for (;;) {
		int n = poll(&fd, 1, clock_poll(until));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		int r = channel_recv(&q->channel, &m);
		if (r != 1)
			return r < 0 ? r : -EPIPE;
		if (m.quota_answer.number == 0)
			q->alone = false;
		if (m.quota_answer.number != q->number)
			continue;
		q->last = m.quota_answer;
		q->alone = q->last.alone != 0;
		return 1;
	}
}

int
quota_report_ask(struct quota_reports *q, struct message *m,
	uint64_t *number)
{
	int64_t deadline = clock_after(q->patience);
	int r = 0;

	quota_report_all(q);
	*number = ++q->number;
	while (r == 0 && !clock_passed(deadline)) {
		if (channel_send(&q->channel, m) < 0)
			break;
		r = receive(q, clock_earlier(deadline, clock_ms() + AGAIN_MS));
	}
	if (r != 1) {
		q->allowance = (struct quota_count){ 0, 0 };
		log_error("the bookkeeper does not answer");
		return -REASON_QUOTA_ASKED;
	}
	q->allowance = q->last.allowance;
	return q->last.refusal == QUOTA_GRANTED ? 0 :
		-(REASON_QUOTA + q->last.refusal);
}
