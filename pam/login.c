/*
 * login.c - login attempts: password, account rules, limits, PAM session.
 *
 * Runs in: monitor. Never: reports to the greeter why a login failed, except
 * the session limit and, with explain_denied_logins, why an account with a
 * correct password was denied; every failure takes the same time.
 */
#include "common/base.h"
#include "pam/login.h"

#include "common/accounts/account.h"
#include "common/accounts/answer_time.h"
#include "common/accounts/credentials.h"
#include "common/accounts/guess.h"
#include "common/accounts/login_rules.h"
#include "common/accounts/place.h"
#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/secret.h"
#include "common/text.h"

#include <grp.h>

#define REASON_SIZE 1024

void
login_init(struct login *l, const struct settings *settings)
{
	l->settings = settings;
	l->radius = -1;
	l->identity.root = -1;
	l->answer_at = CLOCK_NEVER;
	pam_session_start(&l->pam, settings->server.pam_service);
}

void
login_set_client(struct login *l, const struct address *peer,
	const struct address *local)
{
	l->peer = *peer;
	l->local = *local;
	pam_session_set_client(&l->pam, peer);
}

void
login_end(struct login *l)
{
	pam_session_end(&l->pam);
}

const char *
login_notices(const struct login *l)
{
	return l->identity.class == IDENTITY_RADIUS ? l->radius_text :
		pam_session_notices(&l->pam);
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
	l->answer_at = answer_time_failed(l->began, s->failed_login_delay,
		l->failures);
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
		identity->account[0] == '\0' ||
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
		credentials_certificate_names(&l->settings->server, &l->tls,
			name, reason);
}

/* A login fails although the password was correct: tell the client why, if it
 * may know.  NULL: as PAM says. */
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

/* Groups of the host may have a member with the name of an account that does
 * not exist on the host: that is another user. */
static int
start_groups(const struct identity *identity)
{
	return identity->account[0] == '\0' ? setgroups(1, &identity->gid) :
		initgroups(identity->account, identity->gid);
}

static enum login_step
open_session(struct login *l)
{
	struct identity *identity = &l->identity;
	BUFFER(reason, REASON_SIZE);

	/* PAM's modules (pam_group) add to these. */
	if (!role_is_without_root() && start_groups(identity) < 0)
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

/* Send the RADIUS server's message, even if it gives a reason: that server
 * determines what clients learn. */
NOINLINE static bool
ask_radius(struct login *l, const char *password,
	const struct user_settings *known, struct buffer *reason)
{
	const struct radius_login_case c = {
		.service = l->radius, .peer = &l->peer, .local = &l->local,
		.user = l->choice.name, .password = password,
		.code_in_password = known->code_in_password,
		.patience = l->patience, .client = l->pam.conversation.client,
	};
	struct radius_answer answer;
	struct buffer text;
	enum radius_verdict verdict = radius_login(&c, &answer, reason);

	buffer_init(&text, l->radius_text, sizeof(l->radius_text));
	(void)text_escape_lines(&text, answer.text, CONVERSATION_NOTICES,
		sizeof(l->radius_text) / 2);
	l->excused = verdict == RADIUS_FAILED;
	if (verdict == RADIUS_REJECTED)
		memcpy(l->explanation, l->radius_text, sizeof(l->explanation));
	if (verdict != RADIUS_ACCEPTED)
		return false;
	l->choice.radius = radius_account_new(&answer);
	if (l->choice.radius == NULL)
		buffer_add_text(reason, "out of memory");
	return l->choice.radius != NULL;
}

static bool
authenticate(struct login *l, const char *password, struct buffer *reason)
{
	const struct credentials credentials = {
		.user = l->choice.name,
		.choice = &l->choice,
		.password = password,
		.tls = &l->tls,
	};
	struct user_settings known;

	switch (credentials_check(l->settings, &credentials, &known, reason)) {
	case CREDENTIALS_GOOD:
		return l->choice.class != IDENTITY_SYSTEM ||
			pam_session_assume(&l->pam, l->choice.name, reason);
	case CREDENTIALS_ASK_PAM:
		if (pam_session_authenticate(&l->pam, l->choice.name, password,
		    known.code_in_password, reason))
			return true;
		/* Most PAM modules do not report this. */
		if (account_lookup(l->choice.name) == -ENOENT)
			buffer_add_text(reason, "; no such account");
		return false;
	case CREDENTIALS_ASK_RADIUS:
		return ask_radius(l, password, &known, reason);
	default:
		return false;
	}
}

enum login_step
login_try(struct login *l, struct message_auth *attempt)
{
	BUFFER(reason, REASON_SIZE);

	l->began = clock_ms();
	l->attempts++;
	l->explanation[0] = '\0';
	l->excused = false;
	memcpy(l->given, attempt->user, sizeof(l->given));
	l->tls = attempt->tls;
	l->password[0] = '\0';
	l->guess = guess_make(attempt);
	struct login_case c = login_case(l);
	bool right = login_rules_hold(&c, LOGIN_BEFORE_PROOF, &reason) &&
		authenticate(l, attempt->password, &reason);
	if (right && l->choice.class == IDENTITY_ANONYMOUS &&
	    l->settings->server.log_passwords)
		memcpy(l->password, attempt->password, sizeof(l->password));
	secret_wipe(attempt, sizeof(*attempt));
	secret_wipe(l->choice.file.hash, sizeof(l->choice.file.hash));
	if (right && login_rules_hold(&c, LOGIN_AFTER_PROOF, &reason) &&
	    is_proven_for_account(l, c.name, &reason))
		return count(l);
	if (right)
		explain(l, NULL);
	return fail(l, buffer_text(&reason));
}

/* The password was correct: not charged to the address, and answered at
 * once. */
static enum login_step
refuse(struct login *l, const char *reason, enum denial denial)
{
	fail(l, reason);
	l->failures--;
	if (l->denial == DENIAL_INCORRECT)
		l->denial = denial;
	l->answer_at = clock_ms();
	return LOGIN_FAILED;
}

enum login_step
login_count(struct login *l, bool granted, enum login_limit limit)
{
	static const struct {
		const char *reason;
		enum denial denial;
	} limits[] = {
		[LOGIN_LIMIT_NONE] = { "out of memory", DENIAL_OVERLOADED },
		[LOGIN_LIMIT_USER] = { "max_per_user: too many sessions of "
			"this account", DENIAL_BUSY },
		[LOGIN_LIMIT_GROUP] = { "max_per_group: too many sessions of "
			"this group", DENIAL_GROUP_BUSY },
		[LOGIN_LIMIT_RATE] = { "max_login_rate: too many logins from "
			"this address", DENIAL_TOO_FAST },
	};

	if (granted) {
		l->counted = true;
		memcpy(l->counted_as, l->identity.key, sizeof(l->counted_as));
		return open_session(l);
	}
	if ((size_t)limit >= ARRAY_SIZE(limits))
		limit = LOGIN_LIMIT_NONE;
	return refuse(l, limits[limit].reason, limits[limit].denial);
}

void
login_not_started(struct login *l)
{
	(void)refuse(l, "the session process could not be started",
		DENIAL_OVERLOADED);
}

enum login_step
login_entry_failed(struct login *l, const struct message_entry_failed *failed)
{
	BUFFER(reason, REASON_SIZE + PATH_MAX);

	if (failed == NULL)
		return fail(l,
			"the session process exited before it was ready");
	place_explain_failure(&l->identity, failed->place, failed->error,
		&reason);
	explain(l, failed->place == ENTRY_HOME ?
		"The home directory cannot be entered." :
		"The start directory cannot be entered.");
	return fail(l, buffer_text(&reason));
}
