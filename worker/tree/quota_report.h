/*
 * quota_report.h - requests and reports to the bookkeeper.
 *
 * Reports are collected while the session has an allowance, that is, while
 * there is plenty of room, and is the only one with this quota_root: a small
 * upload or a removal then costs no message of its own.  They are sent before
 * the next question, when there are enough, when the client is idle, when
 * another session comes, and at the end of the session.
 */
#ifndef WORKER_TREE_QUOTA_REPORT_H
#define WORKER_TREE_QUOTA_REPORT_H

#include "common/base.h"
#include "common/process/channel.h"

struct quota_reports {
	struct channel channel;	/* to the bookkeeper */
	int64_t patience;	/* seconds to wait for an answer */
	uint64_t number;	/* of the last question */
	struct message_quota_answer last;
	struct quota_count allowance;	/* may be stored without a question */
	bool alone;		/* no other session has this quota_root */
	int64_t checked_at;	/* clock_ns() when that was checked last */
	bool lost;		/* the bookkeeper has closed its end */
	uint32_t count;		/* of these, which are not sent yet */
	struct quota_entry entries[MESSAGE_QUOTA_ENTRIES];
};

/* Ask, and wait for the answer, which is in q->last; `number` is that of the
 * question in *m.  0 if it is granted, or -REASON_QUOTA_... */
int quota_report_ask(struct quota_reports *q, struct message *m,
	uint64_t *number) MUST_CHECK;

/* Is this the only session with this quota_root?  Reads what the bookkeeper has
 * sent. */
bool quota_report_alone(struct quota_reports *q);

/* Something was created, changed or removed. */
void quota_report(struct quota_reports *q, const struct quota_entry *e);

/* Send the collected reports. */
void quota_report_all(struct quota_reports *q);

/* Also give back the allowance, so that others can store all that is left.  Not
 * during an upload. */
void quota_report_idle(struct quota_reports *q);

/* The bookkeeper has sent something, while the session does nothing: another
 * session may want to know of all changes. */
void quota_report_receive(struct quota_reports *q);

/* Send a message that is not answered. */
void quota_report_send(struct quota_reports *q, const struct message *m);

#endif
