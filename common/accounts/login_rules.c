/*
 * login_rules.c - the rules for logins, as one table.
 *
 * Runs in: monitor, sureftpd --explain-login and --quota.
 */
#include "common/base.h"
#include "common/accounts/login_rules.h"

#include "common/accounts/account.h"
#include "common/accounts/account_rules.h"
#include "common/accounts/domain.h"
#include "common/accounts/place.h"
#include "common/accounts/refuse.h"
#include "common/text.h"

#define SHELLS "/etc/shells"

static bool
name_is_sane(struct login_case *c, struct buffer *reason)
{
	if (account_name_is_sane(c->given))
		return true;
	return refuse(reason, "invalid account name");
}

static bool
backend(struct login_case *c, struct buffer *reason)
{
	return backends_choose(c->settings, c->given, c->choice, reason);
}

/* The account phase is only for accounts of PAM. */
static bool
account_phase(struct login_case *c, struct buffer *reason)
{
	enum identity_class class = c->choice->class;

	if (text_copy(c->name, sizeof(c->name), c->choice->name) < 0)
		return false;
	return class == IDENTITY_FILE || class == IDENTITY_ANONYMOUS ||
		class == IDENTITY_RADIUS ||
		c->account_phase(c->context, c->name, sizeof(c->name), reason);
}

static bool
account_exists(struct login_case *c, struct buffer *reason)
{
	if (account_name_is_sane(c->name))
		return backends_choose_again(c->settings, c->name, c->choice,
			reason) && backends_identity(c->settings, c->choice,
			c->name, c->identity, reason);
	return refuse(reason, "PAM modules set an invalid account name");
}

static bool
lists(struct login_case *c, struct buffer *reason)
{
	return account_is_listed(&c->settings->server, c->identity, c->given,
		reason);
}

static bool
choose_usual_home(struct login_case *c, struct buffer *reason)
{
	struct identity *identity = c->identity;
	const char *setting = c->user_settings->home;
	char home[sizeof(identity->home)];

	if (*setting != '\0')
		return account_expand_home(identity, setting, reason);
	return domain_home(&c->settings->server, identity, home, reason) &&
		(*home == '\0' || text_copy(identity->home,
			sizeof(identity->home), home) == 0);
}

static bool
choose_home(struct login_case *c, struct buffer *reason)
{
	const struct server_settings *s = &c->settings->server;
	bool found;

	if (c->identity->class != IDENTITY_RADIUS)
		return choose_usual_home(c, reason);
	return radius_account_home(s, c->choice->radius, c->identity, &found,
		reason) && (found || choose_usual_home(c, reason)) &&
		radius_account_subdirectory(s, c->identity, reason);
}

static bool
has_settings(struct login_case *c, struct buffer *reason)
{
	struct identity *identity = c->identity;
	const struct user_settings *s = c->user_settings;

	if (!backends_settings(c->settings, c->choice, identity,
		c->user_settings, reason))
		return false;
	identity->settings = s;
	identity->permissions = s->permissions;
	/* Anonymous sessions use root in [anonymous], not home. */
	return identity->class == IDENTITY_ANONYMOUS || choose_home(c, reason);
}

static bool
place(struct login_case *c, struct buffer *reason)
{
	/* --explain-login has no answer of the RADIUS server. */
	if (c->identity->class == IDENTITY_RADIUS && c->choice->radius == NULL)
		return true;
	return place_decide(c->identity, reason);
}

static bool
networks(struct login_case *c, struct buffer *reason)
{
	return account_may_come_from(c->user_settings, c->peer, reason);
}

static bool
tls(struct login_case *c, struct buffer *reason)
{
	if (c->tls || !settings_tls_login(c->user_settings))
		return true;
	return refuse(reason, "require_tls: login without TLS");
}

static bool
shell(struct login_case *c, struct buffer *reason)
{
	enum identity_class class = c->identity->class;
	bool of_host = class == IDENTITY_SYSTEM || (class == IDENTITY_RADIUS &&
		c->identity->account[0] != '\0');

	/* Accounts that others are mapped to need no login shell. */
	return !of_host ||
		!c->user_settings->require_valid_shell ||
		account_shell_is_valid(SHELLS, c->identity->shell, reason);
}

#define FINDS	LOGIN_RULE_FINDS
#define DECIDES LOGIN_RULE_DECIDES

const struct login_rule login_rules[] = {
	{ "name", LOGIN_BEFORE_PROOF, DECIDES | FINDS, name_is_sane },
	{ "backend", LOGIN_BEFORE_PROOF, DECIDES | FINDS, backend },
	{ "PAM account phase", LOGIN_AFTER_PROOF, FINDS, account_phase },
	{ "account", LOGIN_AFTER_PROOF, DECIDES | FINDS, account_exists },
	{ "user lists", LOGIN_AFTER_PROOF, 0, lists },
	{ "settings", LOGIN_AFTER_PROOF, DECIDES | FINDS, has_settings },
	{ "place", LOGIN_AFTER_PROOF, FINDS, place },
	{ "networks", LOGIN_AFTER_PROOF, LOGIN_RULE_PEER, networks },
	{ "TLS", LOGIN_AFTER_PROOF, 0, tls },
	{ "shell", LOGIN_AFTER_PROOF, 0, shell },
};

const size_t login_rule_count = ARRAY_SIZE(login_rules);

bool
login_rules_hold(struct login_case *c, enum login_stage stage,
	struct buffer *reason)
{
	for (size_t i = 0; i < login_rule_count; i++)
		if (login_rules[i].stage == stage &&
		    !login_rules[i].holds(c, reason))
			return false;
	return true;
}
