/*
 * login_flow.c - the messages of a login.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/login_flow.h"

#include "common/accounts/account.h"
#include "common/accounts/answer_time.h"
#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/stack.h"
#include "common/process/title.h"
#include "common/text.h"

void
login_flow_init(struct login_flow *f)
{
	login_init(&f->login, f->start->settings);
	f->login.radius = f->start->radius_service;
}

static struct tls_summary
summary(const struct tls_facts *facts)
{
	struct tls_summary s = { .resumed = facts->resumed };

	memcpy(s.version, facts->version, sizeof(s.version));
	memcpy(s.cipher, facts->cipher, sizeof(s.cipher));
	return s;
}

static struct session_limits
limits(const struct user_settings *s)
{
	struct session_limits l = {
		.per_user = (int32_t)s->max_per_user,
		.download = s->max_download_rate,
		.upload = s->max_upload_rate,
		.user_download = s->max_user_download_rate,
		.user_upload = s->max_user_upload_rate,
	};

	if (s->limited_group == NULL ||
	    text_copy(l.group, sizeof(l.group), s->limited_group) < 0)
		return l;
	l.per_group = (int32_t)s->max_per_group;
	l.group_download = s->max_group_download_rate;
	l.group_upload = s->max_group_upload_rate;
	return l;
}

static int
ask_master(struct login_flow *f)
{
	const struct identity *identity = &f->login.identity;
	struct message ask UNINITIALIZED;

	message_begin(&ask, MESSAGE_login);
	memcpy(ask.login.account, identity->key, sizeof(ask.login.account));
	ask.login.limits = limits(identity->settings);
	memcpy(ask.login.user, identity->user, sizeof(ask.login.user));
	ask.login.given = f->login.guess.user;
	ask.login.uid = (uint32_t)identity->uid;
	ask.login.tls = summary(&f->login.tls);
	f->asked_master = true;
	return channel_send(f->master, &ask);
}

static int
fork_session(struct login_flow *f)
{
	struct session_start start = {
		.settings = f->start->settings,
		.tls = f->start->tls,
		.names = f->start->names,
		.identity = &f->login.identity,
		.client = f->client,
		.binding = f->binding,
		.ports = f->start->ports,
		.notices = login_notices(&f->login),
	};

	account_add_names(f->start->names, &f->login.identity);
	int error = quota_link_open(&f->children->quota,
		f->start->bookkeeper_service, &f->login.identity,
		f->client->session, &start.quota_fd);
	if (error < 0)
		return error;
	start.quota = quota_link_place(&f->children->quota);
	return children_start_session(f->children, &start,
		f->login.tls.on != 0, f->phase);
}

static void
start_session(struct login_flow *f)
{
	int error = fork_session(f);

	if (error == 0)
		return;
	log_error("cannot start the session process: %s", log_errno(error));
	login_not_started(&f->login);
}

/* The master charges the client's address; if it has too many failures, the
 * master answers with login_enough. */
static int
report_failure(struct login_flow *f)
{
	struct message failed UNINITIALIZED;

	message_begin(&failed, MESSAGE_login_failed);
	failed.login_failed.guess = f->login.guess;
	return channel_send(f->master, &failed);
}

static int
go_on(struct login_flow *f, enum login_step step)
{
	switch (step) {
	case LOGIN_COUNT:
		return ask_master(f);
	case LOGIN_ENTER:
		start_session(f);
		return 0;
	case LOGIN_FAILED:	/* answered later, by login_flow_due() */
		/* The address is charged for the timeout already. */
		return f->timed_out || f->login.excused ? 0 :
			report_failure(f);
	}
	return 0;
}

static int
try_login(struct login_flow *f, struct message_auth *attempt)
{
	*f->phase = PHASE_CHECKING;
	return go_on(f, login_try(&f->login, attempt));
}

/* Only sessions of the account may have its ticket keys: the greeter gets them
 * with the granted login, the session process by fork. */
static void
keep_ticket_keys(struct tls_binding *binding, const uint8_t *keys)
{
	memcpy(binding->account, keys, sizeof(binding->account));
	binding->has_account = true;
}

static int
take_verdict(struct login_flow *f, const struct message_login_verdict *verdict)
{
	if (!f->asked_master)
		bug("an answer from the master without a question");
	f->asked_master = false;
	bool granted = verdict->granted == 1;
	if (granted && f->login.tls.on)
		keep_ticket_keys(f->binding, verdict->ticket_keys);
	f->login.identity.run_pass = verdict->run_pass;
	enum login_step step = login_count(&f->login, granted,
		(enum login_limit)verdict->limit);
	/* The password was correct, even if no answer came. */
	return granted ? go_on(f, step) : 0;
}

int
login_flow_verdict(struct login_flow *f, const struct message *m)
{
	if (m->type == MESSAGE_login_verdict)
		return take_verdict(f, &m->login_verdict);
	login_enough(&f->login);
	return 0;
}

static int
answer_cleartext(struct login_flow *f, const char *user)
{
	struct message verdict UNINITIALIZED;

	message_begin(&verdict, MESSAGE_cleartext_verdict);
	verdict.cleartext_verdict.granted = answer_time_cleartext(
		f->start->settings, user);
	return child_process_send(&f->children->greeter, &verdict);
}

int
login_flow_request(struct login_flow *f, struct message *m)
{
	return m->type == MESSAGE_auth ? try_login(f, &m->auth) :
	    answer_cleartext(f, m->cleartext_login.user);
}

static void
show_title(const struct login_flow *f)
{
	char peer[ADDRESS_TEXT_SIZE];

	if (title_enabled())
		title_begin("monitor of %s@%s", f->login.identity.user,
			address_text(&f->client->peer, peer));
}

int
login_flow_entered(struct login_flow *f)
{
	struct event e = event_new(EVENT_login);

	log_set_user(f->login.identity.user);
	log_set_uid(f->login.identity.uid, f->login.identity.run_pass);
	e.path = f->login.identity.home;
	e.path2 = f->login.identity.jail;
	e.text = f->login.password;
	event_send(&e);
	*f->phase = PHASE_SESSION;
	int error = children_grant(f->children, f->login.identity.user,
		f->binding->account);
	show_title(f);
	/* PAM may have used much of the stack; from here on little is
	 * needed. */
	stack_release();
	return error;
}

int
login_flow_entry_failed(struct login_flow *f,
	const struct message_entry_failed *failed)
{
	children_drop_session(f->children);
	return go_on(f, login_entry_failed(&f->login, failed));
}

int
login_flow_prompt(struct login_flow *f, const char *text)
{
	struct message m UNINITIALIZED;

	/* Nothing else waits for the end of a session. */
	if (*f->phase != PHASE_CHECKING)
		return -ECANCELED;
	message_begin(&m, MESSAGE_prompt);
	if (text_copy(m.prompt.text, sizeof(m.prompt.text), text) < 0)
		return -EMSGSIZE;
	*f->phase = PHASE_PROMPT;
	/* The answer is a guess as well. */
	f->login.guess.password = 0;
	return child_process_send(&f->children->greeter, &m);
}

int64_t
login_flow_due(const struct login_flow *f)
{
	return f->login.answer_at;
}

int
login_flow_answer(struct login_flow *f)
{
	struct login *l = &f->login;
	struct message reply UNINITIALIZED;

	l->answer_at = CLOCK_NEVER;
	*f->phase = l->denial == DENIAL_LAST ? PHASE_REFUSED : PHASE_LOGIN;
	message_begin(&reply, MESSAGE_denied);
	reply.denied.denial = (int32_t)l->denial;
	memcpy(reply.denied.text, l->explanation, sizeof(reply.denied.text));
	return child_process_send(&f->children->greeter, &reply);
}

enum outcome
login_flow_outcome(const struct login_flow *f, enum outcome outcome)
{
	if (outcome != OUTCOME_QUIT && outcome != OUTCOME_LOST &&
	    outcome != OUTCOME_NO_LOGIN)
		return outcome;
	if (f->client->verdict != VERDICT_WELCOME)
		return OUTCOME_REFUSED;
	if (f->login.failures > 0)
		return OUTCOME_LOGIN_FAILED;
	return outcome == OUTCOME_LOST ? OUTCOME_NO_LOGIN : outcome;
}
