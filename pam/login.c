/*
 * login.c - login attempts: password, account rules, limits, PAM session.
 *
 * Runs in: monitor. Never: reports to the greeter why a login failed, except
 * the session limit and, with explain_denied_logins, why an account with a
 * correct password was denied; every failure takes the same time (rule R17).
 */
#include "common/base.h"
#include "pam/login.h"

#include "common/accounts/account.h"
#include "common/accounts/login_rules.h"
#include "common/accounts/place.h"
#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "pam/proof.h"

#include <grp.h>
#include <sys/random.h>

#define JITTER_MS 100u
#define CLEARTEXT_TICK_MS 50	/* answers about logins without TLS are sent at
				 * multiples of it */
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

void
login_init(struct login *l, const struct settings *settings)
{
	l->settings = settings;
	l->identity.root = -1;
	l->answer_at = CLOCK_NEVER;
	pam_session_start(&l->pam, settings->server.pam_service);
}

void
login_set_client(struct login *l, const struct address *peer)
{
	l->peer = *peer;
	pam_session_set_client(&l->pam, peer);
}

void
login_end(struct login *l)
{
	pam_session_end(&l->pam);
}

/* Nothing of this attempt may be left for the next one. */
static void
forget_attempt(struct login *l)
{
	pam_session_close(&l->pam);
	pam_session_forget(&l->pam);
	(void)!setgroups(0, NULL);
	free(l->identity.groups);
	free(l->identity.directories);
	backends_forget(&l->choice);
	l->identity = (struct identity){ .root = -1 };
}

static enum login_step
fail(struct login *l, const char *reason)
{
	struct event e = event_new(EVENT_login_failed);
	const struct server_settings *s = &l->settings->server;

	e.ok = false;
	e.user = l->given;
	e.text = reason;
	event_send(&e);
	forget_attempt(l);
	l->failures++;
	l->denial = l->attempts >= s->max_login_attempts ? DENIAL_LAST :
		DENIAL_INCORRECT;
	l->answer_at = login_answer_time(l->began, clock_ms(),
		s->failed_login_delay, l->failures, jitter());
	return LOGIN_FAILED;
}

void
login_enough(struct login *l)
{
	l->attempts = (int)l->settings->server.max_login_attempts;
	if (l->answer_at != CLOCK_NEVER && l->denial == DENIAL_INCORRECT)
		l->denial = DENIAL_LAST;
}

/* login_case.account_phase */
static bool
pam_account_phase(void *context, char *name, size_t size,
	struct buffer *reason)
{
	return pam_session_account(context, reason) &&
		pam_session_user(context, name, size, reason);
}

static struct login_case
login_case(struct login *l)
{
	return (struct login_case){
		.settings = l->settings,
		.given = l->given,
		.peer = &l->peer,
		.tls = l->tls.on,
		.account_phase = pam_account_phase,
		.context = &l->pam,
		.choice = &l->choice,
		.identity = &l->identity,
		.user_settings = &l->user_settings,
	};
}

/* Accounts of the host always have a PAM session, mapped accounts only by
 * setting. */
static bool
open_pam_session(struct login *l, struct buffer *reason)
{
	const struct identity *identity = &l->identity;

	if (identity->class == IDENTITY_SYSTEM)
		return pam_session_open(&l->pam, reason);
	return !l->settings->server.file_user_sessions ||
		(pam_session_assume(&l->pam, identity->account, reason) &&
		pam_session_open(&l->pam, reason));
}

/* The credentials were checked for the name that the client sent.  If PAM's
 * modules changed the name, login_with of the new account must be met as
 * well. */
static bool
is_proven_for_account(const struct login *l, const char *name,
	struct buffer *reason)
{
	return l->user_settings.login_with == LOGIN_WITH_PASSWORD ||
		strcmp(name, l->choice.name) == 0 ||
		proof_certificate_names(&l->settings->server, &l->tls, name,
			reason);
}

/* Deny a login whose password was correct.  `text` is for the client; NULL: the
 * text of PAM. */
static void
explain(struct login *l, const char *why)
{
	struct buffer lines;

	if (!l->settings->server.explain_denied_logins)
		return;
	buffer_init(&lines, l->explanation, sizeof(l->explanation));
	if (why != NULL)
		buffer_add_text(&lines, why);
	else
		pam_session_explain(&l->pam, &lines);
}

static enum login_step
open_session(struct login *l)
{
	struct identity *identity = &l->identity;
	BUFFER(reason, REASON_SIZE);

	/* PAM's modules (pam_group) add to these. */
	if (initgroups(identity->account, identity->gid) < 0)
		buffer_addf(&reason, "initgroups: %s", strerror(errno));
	else if (open_pam_session(l, &reason) &&
	    account_take_groups(identity, &reason) &&
	    place_directories(l->settings, identity, &reason))
		return LOGIN_ENTER;
	explain(l, NULL);
	return fail(l, buffer_text(&reason));
}

/* The master counts a connection for one account only.  If that login failed
 * after it was counted, the connection cannot be counted for another
 * account. */
static enum login_step
count(struct login *l)
{
	if (!l->counted)
		return LOGIN_COUNT;
	if (strcmp(l->counted_as, l->identity.key) == 0)
		return open_session(l);
	l->attempts = (int)l->settings->server.max_login_attempts;
	return fail(l, "this connection is already counted as a session of "
		"another account");
}

enum login_step
login_try(struct login *l, struct message_auth *attempt)
{
	const struct proof proof = {
		.user = l->choice.name,
		.choice = &l->choice,
		.password = attempt->password,
		.tls = &l->tls,
	};
	BUFFER(reason, REASON_SIZE);

	l->began = clock_ms();
	l->attempts++;
	l->explanation[0] = '\0';
	memcpy(l->given, attempt->user, sizeof(l->given));
	l->tls = attempt->tls;
	struct login_case c = login_case(l);
	bool right = login_rules_hold(&c, LOGIN_BEFORE_PROOF, &reason) &&
		proof_holds(l->settings, &l->pam, &proof, &reason);
	secret_wipe(attempt, sizeof(*attempt));
	secret_wipe(l->choice.file.hash, sizeof(l->choice.file.hash));
	if (right && login_rules_hold(&c, LOGIN_AFTER_PROOF, &reason) &&
	    is_proven_for_account(l, c.name, &reason))
		return count(l);
	if (right)
		explain(l, NULL);
	return fail(l, buffer_text(&reason));
}

enum login_step
login_count(struct login *l, bool granted)
{
	if (granted) {
		l->counted = true;
		memcpy(l->counted_as, l->identity.key, sizeof(l->counted_as));
		return open_session(l);
	}
	fail(l, "max_per_user: too many sessions of this account");
	/* The password was correct: not charged to the address. */
	l->failures--;
	if (l->denial == DENIAL_INCORRECT)
		l->denial = DENIAL_BUSY;
	l->answer_at = clock_ms();
	return LOGIN_FAILED;
}

static void
add_entry_failure(struct buffer *reason, const struct identity *identity,
	const struct message_entry_failed *failed)
{
	switch (failed->place) {
	case ENTRY_JAIL:
		buffer_addf(reason, "cannot enter the jail %s",
			identity->jail);
		break;
	case ENTRY_START:
		buffer_addf(reason, "cannot enter the start directory %s",
			identity->start);
		break;
	default:
		buffer_addf(reason, "cannot enter the home directory %s",
			identity->home);
		break;
	}
	if (failed->error > 0)
		buffer_addf(reason, ": %s", strerror(failed->error));
}

enum login_step
login_entry_failed(struct login *l, const struct message_entry_failed *failed)
{
	BUFFER(reason, REASON_SIZE + PATH_MAX);

	if (failed == NULL)
		return fail(l,
			"the session process exited before it was ready");
	add_entry_failure(&reason, &l->identity, failed);
	explain(l, failed->place == ENTRY_HOME ?
		"The home directory cannot be entered." :
		"The start directory cannot be entered.");
	return fail(l, buffer_text(&reason));
}

/* Looking up an existing account takes longer than a missing one. */
static void
wait_for_tick(int64_t began)
{
	int64_t ticks = (clock_ms() - began) / CLEARTEXT_TICK_MS + 1;

	clock_sleep_until(began + ticks * CLEARTEXT_TICK_MS);
}

bool
login_allows_cleartext(const struct settings *settings, const char *user)
{
	struct account_choice choice;
	struct user_settings known;
	int64_t began = clock_ms();
	BUFFER(ignored, REASON_SIZE);

	/* If the lookup failed, require TLS, so that no password is sent in
	 * cleartext.  After an error in the accounts file the general settings
	 * apply, so that the client cannot detect the error; the login is
	 * refused later. */
	bool certain = backends_choose(settings, user, &choice, &ignored) ||
		choice.class == IDENTITY_FILE ||
		!account_name_is_sane(choice.name);
	bool allowed = certain && backends_settings_before_login(settings,
		&choice, &known) && !settings_tls_login(&known);
	backends_forget(&choice);
	wait_for_tick(began);
	return allowed;
}
