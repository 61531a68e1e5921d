/*
 * session_main.c - the session process: takes over from the greeter, becomes
 * the user, and serves until the end.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/tls/tls_server.h"
#include "worker/conversation.h"
#include "worker/process.h"
#include "worker/protect.h"
#include "worker/remote.h"
#include "worker/start.h"

/* What the greeter and the client had agreed on, and what the client sent
 * behind its PASS. */
static int
take_over(struct session *s, const struct message_handover *h)
{
	s->choices.type = h->type == 'I' ? 'I' : 'A';
	s->choices.epsv_all = h->epsv_all != 0;
	s->choices.prot = h->prot == 'P' ? 'P' : 'C';
	s->choices.pbsz = h->pbsz != 0;
	s->choices.facts = h->facts & FACTS_ALL;
	if (h->leftover_len > sizeof(h->leftover))
		return -EMSGSIZE;
	return control_preload(&s->control, h->leftover, h->leftover_len,
		h->telnet);
}

/* What is left of TLS in a process that runs as a user: with session_reuse =
 * require no private key (rule R32). */
static void
take_tls(struct session *s, const struct session_start *start)
{
	s->tls_server = start->tls;
	s->binding = *start->binding;
	s->tls = *start->facts;
	s->ticket_old = clock_after(PROTECT_TICKET_SECONDS);
	s->reuse = settings_reuse_for(start->settings,
		&start->identity->settings, &start->client->peer);
	s->control.stream.kernel = start->kernel_tls;
	if (start->relay_fd >= 0)
		channel_open(&s->relay, start->relay_fd, PARTY_SESSION,
			PARTY_GREETER, PHASE_SESSION);
	tls_server_become_user(start->tls,
		protect_is_on(s) && s->reuse != REUSE_REQUIRE);
}

static void
become_user(struct session *s, const struct identity *identity)
{
	struct role_account account = {
		.uid = identity->uid,
		.gid = identity->gid,
		.groups = identity->groups,
		.ngroups = identity->ngroups,
	};

	role_enter(ROLE_SESSION, &account);
	session_log_in(s, identity);
}

/* The home directory, entered with the account's own rights. */
static bool
enter_home(struct session *s)
{
	if (chdir(s->identity->home) == 0)
		return true;
	if (s->limits->allow_missing_home && chdir("/") == 0)
		return true;
	log_error("cannot enter %s: %s", s->identity->home, log_errno(-errno));
	reply(&s->reply, 421,
		"Your home directory cannot be entered. Closing.");
	session_end(s, OUTCOME_ERROR);
	return false;
}

void
session_main(const struct session_start *start)
{
	struct session *s = calloc(1, sizeof(*s));
	const int keep[] = { start->monitor_fd, start->stream_fd,
		start->relay_fd, log_descriptor() };

	log_set_role("session");
	process_begin(keep, ARRAY_SIZE(keep));
	if (s == NULL)
		fatal(OUTCOME_ERROR, "out of memory");
	session_init(s, start->settings, start->client, start->stream_fd,
		start->monitor_fd, PARTY_SESSION);
	remote_init(s);
	conversation_start(s);
	s->names = start->names;
	take_tls(s, start);
	become_user(s, start->identity);
	/* Not as root: it comes from the greeter, and is parsed (rule R3). */
	tls_server_resume_saved(start->tls, start->saved);
	if (take_over(s, start->handover) < 0)
		fatal(OUTCOME_BREACH, "a hand-over that does not fit");

	if (enter_home(s)) {
		reply_text(&s->reply, 230, s->limits->msg_login);
		(void)conversation_run(s);
	}
	protect_end(s);
	_exit((int)s->outcome);
}
