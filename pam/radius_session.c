/*
 * radius_session.c - reports a session to the accounting servers.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/radius_session.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/page.h"
#include "common/process/service_socket.h"
#include "common/text.h"

#define PATIENCE_MS 1000	/* of the last report, if the queue is full */

/* The bytes and files that the session process has counted. */
static void
count(struct radius_accounting *report)
{
	struct page_report page;

	if (page_own() == NULL || !page_read(page_own(), &page, clock_ms()))
		return;
	report->up = page_up(&page);
	report->down = page_down(&page);
	report->files_up = page.files_up;
	report->files_down = page.files_down;
}

static void
send_report(struct radius_session *r, enum radius_status status,
	int64_t patience_ms)
{
	r->report.status = (int32_t)status;
	r->report.now_ns = clock_wall_ns();
	r->report.seconds = (clock_ms() - r->began) / 1000;
	if (status != RADIUS_START)
		count(&r->report);
	int error = service_socket_send(r->service, &r->report,
		sizeof(r->report), -1, patience_ms);
	if (error < 0)
		log_error("cannot report the session to RADIUS: %s",
			log_errno(error));
}

void
radius_session_begin(struct radius_session *r,
	const struct radius_session_start *start)
{
	const struct server_settings *s = start->settings;
	const struct radius_account *account = start->account;
	const struct message_client *client = start->client;

	if (account == NULL || start->service < 0 ||
	    *s->accounting_servers == '\0')
		return;
	*r = (struct radius_session){
		.begun = true, .service = start->service, .began = clock_ms(),
		.interval = account->interim_interval > 0 ?
			account->interim_interval : s->interim_interval,
		.report = {
			.kind = RADIUS_REQUEST_ACCOUNTING,
			.peer = client->peer, .local = client->local,
			.session = client->session,
			.began_ns = clock_wall_ns(),
			.class_len = account->class_len,
		},
	};
	memcpy(r->report.class, account->class, account->class_len);
	(void)!text_copy(r->report.user, sizeof(r->report.user),
		start->user);
	send_report(r, RADIUS_START, 0);
	r->next = clock_after(r->interval);
}

int64_t
radius_session_due(const struct radius_session *r)
{
	return r->begun ? r->next : CLOCK_NEVER;
}

void
radius_session_step(struct radius_session *r)
{
	if (!r->begun || !clock_passed(r->next))
		return;
	send_report(r, RADIUS_INTERIM, 0);
	r->next = clock_after(r->interval);
}

void
radius_session_end(struct radius_session *r, enum outcome outcome,
	bool expired)
{
	if (!r->begun)
		return;
	r->begun = false;
	r->report.outcome = (int32_t)outcome;
	r->report.expired = expired;
	send_report(r, RADIUS_STOP, PATIENCE_MS);
}
