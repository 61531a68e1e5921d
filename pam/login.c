/*
 * login.c - login attempts: password, account rules, limits, PAM session.
 *
 * Runs in: monitor.
 * Never: tells the greeter why a login failed; every failure but the session
 * limit looks and lasts the same (rule R17).
 */
#include "common/base.h"
#include "pam/login.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/text.h"
#include "pam/account.h"
#include "pam/proof.h"
#include "pam/session_start.h"

#include <grp.h>
#include <sys/random.h>

#define SHELLS "/etc/shells"
#define JITTER_MS 100u
#define CLEAR_TICK_MS 50	/* between answers about logins in the clear */
#define REASON_SIZE 1024

int64_t
login_answer_time(int64_t began, int64_t now, int64_t delay, int failures,
	int64_t jitter_ms)
{
	int64_t step = delay * 1000;

	if (step <= 0)
		return now;
	for (int i = 1; i < failures && i < MESSAGE_AUTH_TIMES; i++)
		step *= 2;
	return began + ((now - began) / step + 1) * step + jitter_ms;
}

static int64_t
jitter(void)
{
	uint32_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return JITTER_MS;
	return random % (JITTER_MS + 1);
}

static void
log_failure(const struct monitor *m, const char *reason)
{
	struct event e = event_new(EVENT_login_failed);

	e.ok = false;
	e.user = m->given;
	e.text = reason;
	event_send(&e);
}

static void
answer(struct monitor *m, enum auth_result result)
{
	struct message reply;

	message_clear(&reply);
	reply.type = MESSAGE_auth_result;
	reply.auth_result.result = (int32_t)result;
	/* A greeter that has gone shows at the next poll. */
	int error = channel_send(&m->partner, &reply);
	if (error < 0 && error != -EPIPE)
		monitor_end(m, OUTCOME_ERROR);
}

/* Nothing of this attempt may reach the next one. */
static void
forget_attempt(struct monitor *m)
{
	pam_session_close(&m->pam);
	(void)!setgroups(0, NULL);
	free(m->identity.groups);
	m->identity = (struct identity){ 0 };
}

static bool
used_up(const struct monitor *m)
{
	return m->attempts >= m->settings->server.max_login_attempts;
}

/* The master charges the client's address, and may have had enough of it:
 * login_enough(). */
static void
report_failure(struct monitor *m)
{
	struct message failed;

	message_clear(&failed);
	failed.type = MESSAGE_login_failed;
	/* A master that has gone shows at the next poll. */
	(void)!channel_send(&m->master, &failed);
}

static void
fail(struct monitor *m, const char *reason)
{
	log_failure(m, reason);
	report_failure(m);
	forget_attempt(m);
	m->failures++;
	m->answer = used_up(m) ? AUTH_ENOUGH : AUTH_DENIED;
	m->answer_at = login_answer_time(m->auth_began, clock_ms(),
		m->settings->server.failed_login_delay, m->failures, jitter());
	m->stage = STAGE_DELAY;
}

void
login_enough(struct monitor *m)
{
	m->attempts = (int)m->settings->server.max_login_attempts;
	if (m->stage == STAGE_DELAY)
		m->answer = AUTH_ENOUGH;
}

void
login_answer_due(struct monitor *m)
{
	if (m->stage != STAGE_DELAY || !clock_passed(m->answer_at))
		return;
	m->answer_at = CLOCK_NEVER;
	m->stage = m->answer == AUTH_ENOUGH ? STAGE_REFUSED : STAGE_LOGIN;
	answer(m, m->answer);
}

static bool
account_may(struct monitor *m, struct buffer *reason)
{
	struct identity *identity = &m->identity;
	char name[MESSAGE_USER_SIZE];

	if (!pam_session_account(&m->pam, reason) ||
	    !pam_session_user(&m->pam, name, sizeof(name), reason) ||
	    !account_find(name, identity, reason) ||
	    !account_is_listed(&m->settings->server, identity, m->given,
		reason) ||
	    !account_settings(m->settings, identity, reason))
		return false;
	if (m->control_tls.version[0] == '\0' &&
	    settings_tls_login(&identity->settings)) {
		buffer_add_text(reason, "require_tls: the login came in the "
			"clear");
		return false;
	}
	return !identity->settings.require_valid_shell ||
		account_shell_is_valid(SHELLS, identity->shell, reason);
}

/* The home directory is looked for last, because pam_mkhomedir makes it when
 * the session opens. */
static bool
open_session(struct monitor *m, struct buffer *reason)
{
	struct identity *identity = &m->identity;

	/* PAM's modules (pam_group) add to these. */
	if (initgroups(identity->user, identity->gid) < 0) {
		buffer_addf(reason, "initgroups: %s", strerror(errno));
		return false;
	}
	if (!pam_session_open(&m->pam, reason) ||
	    !account_take_groups(identity, reason))
		return false;
	if (session_start_may_enter(identity))
		return true;
	if (identity->settings.allow_missing_home)
		return text_copy(identity->home, sizeof(identity->home),
			"/") == 0;
	buffer_addf(reason, "the home directory %s cannot be entered",
		identity->home);
	return false;
}

static void
grant(struct monitor *m)
{
	struct event e = event_new(EVENT_login);

	account_add_names(m->names, &m->identity);
	log_set_user(m->identity.user);
	e.path = m->identity.home;
	event_send(&e);
	m->stage = STAGE_GRANTED;
	m->partner.phase = PHASE_GRANTED;
	answer(m, AUTH_GRANTED);
}

static void
let_in(struct monitor *m)
{
	BUFFER(reason, REASON_SIZE);

	if (open_session(m, &reason))
		grant(m);
	else
		fail(m, buffer_text(&reason));
}

static struct tls_summary
summary(const struct tls_facts *facts)
{
	struct tls_summary s = {
		.resumed = facts->resumed,
		.kernel_send = facts->kernel_send,
		.kernel_receive = facts->kernel_receive,
	};

	memcpy(s.version, facts->version, sizeof(s.version));
	memcpy(s.cipher, facts->cipher, sizeof(s.cipher));
	return s;
}

/* The master counts an account once; a session whose first account could not
 * be let in after all cannot be counted for another. */
static void
ask_limits(struct monitor *m)
{
	struct message ask;

	if (m->counted && m->counted_uid == m->identity.uid) {
		let_in(m);
		return;
	}
	if (m->counted) {
		m->attempts = (int)m->settings->server.max_login_attempts;
		fail(m, "this connection is already counted as another "
			"account's");
		return;
	}
	message_clear(&ask);
	ask.type = MESSAGE_login;
	(void)!snprintf(ask.login.account, sizeof(ask.login.account), "uid %u",
		m->identity.uid);
	ask.login.limit = (int32_t)m->identity.settings.max_per_user;
	memcpy(ask.login.user, m->identity.user, sizeof(ask.login.user));
	ask.login.tls = summary(&m->control_tls);
	m->stage = STAGE_LIMITS;
	int error = channel_send(&m->master, &ask);
	if (error < 0)
		monitor_end(m, OUTCOME_STOPPED);
}

void
login_try(struct monitor *m)
{
	const struct message_auth *auth = &m->inbox->auth;
	BUFFER(reason, REASON_SIZE);

	m->auth_began = clock_ms();
	m->attempts++;
	memcpy(m->given, auth->user, sizeof(m->given));
	m->control_tls = auth->tls;
	bool right = proof_holds(m, auth->password, &reason);
	message_clear(m->inbox);
	if (right && account_may(m, &reason))
		ask_limits(m);
	else
		fail(m, buffer_text(&reason));
}

/* Looking an account up takes longer than finding that there is none: the
 * answer comes at the next tick. */
static void
wait_for_tick(int64_t began)
{
	int64_t ticks = (clock_ms() - began) / CLEAR_TICK_MS + 1;

	clock_sleep_until(began + ticks * CLEAR_TICK_MS);
}

void
login_in_clear(struct monitor *m)
{
	struct user_settings settings;
	struct message verdict;
	int64_t began = clock_ms();

	message_clear(&verdict);
	verdict.type = MESSAGE_clear_verdict;
	/* In doubt the password had better stay unsaid. */
	verdict.clear_verdict.granted = account_settings_before_login(
		m->settings, m->inbox->clear_login.user, &settings) &&
		!settings_tls_login(&settings);
	wait_for_tick(began);
	/* A greeter that has gone shows at the next poll. */
	int error = channel_send(&m->partner, &verdict);
	if (error < 0 && error != -EPIPE)
		monitor_end(m, OUTCOME_ERROR);
}

void
login_verdict(struct monitor *m, bool granted)
{
	if (granted) {
		m->counted = true;
		m->counted_uid = m->identity.uid;
		let_in(m);
		return;
	}
	log_failure(m, "max_per_user: the account has that many sessions");
	forget_attempt(m);
	m->stage = used_up(m) ? STAGE_REFUSED : STAGE_LOGIN;
	answer(m, used_up(m) ? AUTH_ENOUGH : AUTH_BUSY);
}
