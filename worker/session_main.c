/*
 * session_main.c - the session process: enters its directories, takes over the
 * client from the greeter, and serves it.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/tls/tls_keeper.h"
#include "common/tls/tls_server.h"
#include "worker/authority_monitor.h"
#include "worker/charsets.h"
#include "worker/command_loop.h"
#include "worker/enter.h"
#include "worker/handover.h"
#include "worker/quota_text.h"
#include "worker/show.h"
#include "worker/start.h"
#include "worker/texts.h"
#include "worker/tls_control.h"
#include "worker/transfer/mid_transfer.h"
#include "worker/tree/file_end.h"

#include <poll.h>
#include <sys/stat.h>

#define SOON_MS	    100		/* how long to wait for the next command in
				 * the read itself, during which messages of
				 * the monitor wait */
#define HANDOVER_MS 10000	/* for the greeter, after a granted login */

/* Report to the monitor whether the directories could be entered. */
static void
report_entry(struct channel *monitor, int error, enum entry_place place)
{
	struct message m UNINITIALIZED;

	message_begin(&m, error == 0 ? MESSAGE_entered : MESSAGE_entry_failed);
	if (error < 0) {
		m.entry_failed.error = -error;
		m.entry_failed.place = (int32_t)place;
	}
	if (channel_send(monitor, &m) < 0 || error < 0)
		_exit(OUTCOME_STOPPED);
}

/* Wait for the handover from the greeter. */
static void
receive_handover(struct channel *greeter, struct message *m)
{
	struct pollfd fd = { .fd = greeter->fd, .events = POLLIN };

	if (poll(&fd, 1, HANDOVER_MS) != 1 || channel_recv(greeter, m) != 1)
		_exit(OUTCOME_LOST);
}

static void
use_tls(struct session *s, const struct session_start *start,
	const struct message_handover *h)
{
	static struct tls_keeper keeper;

	s->tls_server = start->tls;
	tls_keeper_open(&keeper, start->keeper_fd);
	tls_server_sign_by(start->tls, tls_keeper_sign, &keeper);
	s->ticket_old = clock_after(TLS_RENEWAL_SECONDS);
	if (h->tls.on)
		tls_server_resume_saved(start->tls, &h->saved);
	else	/* the greeter has exited */
		channel_close(&s->relay);
}

static void
use_quota(struct session *s, const struct session_start *start)
{
	if (start->quota_fd < 0)
		return;
	quota_open(&s->quota, start->quota_fd, start->quota);
	tree_use_quota(&s->tree, &s->quota);
}

/* With a warning if a soft quota is exceeded. */
static void
welcome(struct session *s, const char *notices)
{
	BUFFER(warning, 128);
	BUFFER(lines, 8192);

	quota_text_warn(s, "", &warning);
	if (warning.len == 0) {
		texts_send_welcome(s, notices);
		return;
	}
	buffer_addf(&lines, "%s%s%s.", notices, *notices != '\0' ? "\n" : "",
		buffer_text(&warning));
	texts_send_welcome(s, buffer_text(&lines));
}

static void
begin(struct session *s, const struct session_start *start)
{
	static enum phase phase = PHASE_CHECKING;
	struct message m UNINITIALIZED;

	channel_open(&s->monitor, start->monitor_fd, PARTY_SESSION,
		PARTY_MONITOR, &phase);
	channel_open(&s->relay, start->handover_fd, PARTY_SESSION,
		PARTY_GREETER, &phase);
	static struct rules rules;
	enum entry_place place;
	const struct charsets *charsets = charsets_open(start->settings,
		start->identity->settings);
	int error = enter_place(start->identity, &rules, &place);
	report_entry(&s->monitor, error, place);
	receive_handover(&s->relay, &m);
	phase = PHASE_SESSION;
	struct channel relay = s->relay;
	session_init(s, start->settings, start->client, start->control_fd,
		start->monitor_fd, PARTY_SESSION);
	authority_monitor_init(s);
	mid_transfer_init(s);
	s->relay = relay;
	s->binding = *start->binding;
	s->data.ports = start->ports;
	s->names = start->names;
	s->charsets = charsets;
	session_log_in(s, start->identity);
	tree_use_rules(&s->tree, &rules);
	tree_find_home(&s->tree);
	use_quota(s, start);
	use_tls(s, start, &m.handover);
	if (handover_take(s, &m.handover) < 0)
		fatal(OUTCOME_VIOLATION, "invalid handover message");
	int waits = stream_wait_in_reads(&s->control.stream, SOON_MS);
	if (waits < 0)
		fatal(OUTCOME_ERROR, "cannot set the timeout of reads: %s",
			log_errno(waits));
}

void
session_main(const struct session_start *start)
{
	/* In new pages, because pages of the heap would have to be copied. */
	static struct session session;
	struct session *s = &session;
	const int keep[] = { start->monitor_fd, start->handover_fd,
		start->keeper_fd, start->control_fd, log_descriptor(),
		start->identity->root, start->quota_fd };

	log_set_role("session");
	child_begin(keep, ARRAY_SIZE(keep));
	log_set_user(start->identity->user);
	/* -1: as set by PAM. */
	if (start->identity->settings->umask >= 0)
		umask((mode_t)start->identity->settings->umask);
	begin(s, start);
	welcome(s, start->notices);
	if (s->limits->atomic_uploads)
		file_clean_directory(&s->tree);
	show_session(start->identity->user, &start->client->peer);
	(void)command_loop_run(s);
	quota_close(s->tree.quota);
	_exit((int)s->outcome);
}
