/*
 * backends.c - which backend knows a name: the setting backends, in order.
 *
 * Runs in: monitor, sureftpd --explain-login.
 */
#include "common/base.h"
#include "common/accounts/backends.h"

#include "common/accounts/account.h"
#include "common/accounts/anonymous.h"
#include "common/accounts/domain.h"
#include "common/accounts/refuse.h"
#include "common/settings/settings_guests.h"
#include "common/text.h"

void
backends_forget(struct account_choice *choice)
{
	file_account_clear(&choice->file);
	radius_account_free(choice->radius);
	*choice = (struct account_choice){ 0 };
}

/* With guests = all, accounts of the host are ignored. */
static bool
ask_name_service(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	if (settings->server.guests == GUESTS_ALL &&
	    *settings->server.guest_user != '\0') {
		choice->class = IDENTITY_GUEST;
		choice->known = true;
		return true;
	}

	int error = account_lookup(name);
	choice->class = IDENTITY_SYSTEM;
	choice->known = error == 0;
	if (error == 0 || error == -ENOENT)
		return true;
	buffer_addf(reason, "account lookup failed: %s", strerror(-error));
	return false;
}

static bool
ask_file(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	int found = accounts_file_find(settings->server.accounts_file, name,
		&choice->file, reason);

	choice->class = IDENTITY_FILE;
	choice->known = found == 1;
	return found >= 0;
}

/* A RADIUS server does not say whether it knows a name. */
static bool
ask_radius(struct account_choice *choice)
{
	choice->class = IDENTITY_RADIUS;
	choice->known = true;
	return true;
}

static bool
ask(const struct settings *settings, const char *backend, size_t len,
	struct account_choice *choice, struct buffer *reason)
{
	if (text_same(backend, len, "file", 4))
		return ask_file(settings, choice->name, choice, reason);
	if (text_same(backend, len, "radius", 6))
		return ask_radius(choice);
	return ask_name_service(settings, choice->name, choice, reason);
}

/* No backend knows the name.  Continue with PAM, which may accept a guest. */
static bool
choose_first(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	if (!text_list_has(settings->server.backends, "pam"))
		return ask_file(settings, name, choice, reason);
	file_account_clear(&choice->file);
	choice->known = *settings->server.guest_user != '\0';
	choice->class = choice->known ? IDENTITY_GUEST : IDENTITY_SYSTEM;
	return true;
}

/* Ask each backend until one knows the name. */
static bool
ask_all(const struct settings *settings, struct account_choice *choice,
	struct buffer *reason)
{
	const char *at = settings->server.backends, *word;
	bool answered = true;
	size_t len;

	while (answered && !choice->known &&
	    (word = text_word(&at, &len)) != NULL) {
		file_account_clear(&choice->file);
		answered = ask(settings, word, len, choice, reason);
	}
	return answered;
}

/* Try again with default_domain, which is not added to names that are known. */
static bool
ask_with_domain(const struct settings *settings, const char *given,
	struct account_choice *choice, struct buffer *reason)
{
	if (choice->known || !domain_has_default(&settings->server, given))
		return true;
	return domain_add_default(&settings->server, choice->name, reason) &&
		ask_all(settings, choice, reason);
}

bool
backends_choose(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	const struct server_settings *s = &settings->server;

	*choice = (struct account_choice){ .class = IDENTITY_SYSTEM };
	if (!domain_resolve(s, name, choice->name, reason))
		return false;
	/* Checks the name that the client sent: EXAMPLE\ftp is a domain account
	 * even if strip_domain removes the domain. */
	if (anonymous_is(settings, name)) {
		choice->class = IDENTITY_ANONYMOUS;
		choice->known = true;
		return true;
	}
	/* With PAM as the only backend no lookup is needed. */
	if (strcmp(s->backends, "pam") == 0 && *s->guest_user == '\0' &&
	    !domain_has_default(s, name))
		return true;
	return ask_all(settings, choice, reason) &&
		ask_with_domain(settings, name, choice, reason) &&
		(choice->known || choose_first(settings, choice->name, choice,
		reason));
}

bool
backends_choose_again(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	if (*settings->server.guest_user == '\0' ||
	    (choice->class != IDENTITY_SYSTEM &&
	    choice->class != IDENTITY_GUEST))
		return true;
	if (!ask_name_service(settings, name, choice, reason))
		return false;
	if (!choice->known)
		choice->class = IDENTITY_GUEST;
	choice->known = true;
	return true;
}

/* The account's own name, with the ids of the account it is mapped to. */
static bool
mapped_identity(const char *account, const char *kind, const char *name,
	struct identity *identity, struct buffer *reason)
{
	if (!account_find(account, identity, reason)) {
		buffer_addf(reason, " %s, to which it is mapped", account);
		return false;
	}
	if (identity->uid == 0) {
		buffer_addf(reason, "a %s account cannot be mapped to uid 0",
			kind);
		return false;
	}
	snprintf(identity->key, sizeof(identity->key), "%s %s", kind, name);
	if (text_copy(identity->user, sizeof(identity->user), name) == 0)
		return true;
	return refuse(reason, "the account's name is too long");
}

static bool
guest_identity(const struct settings *settings, const char *name,
	struct identity *identity, struct buffer *reason)
{
	const struct server_settings *s = &settings->server;
	char account[SETTINGS_GUEST_SIZE];

	identity->class = IDENTITY_GUEST;
	settings_guest_user(s, name, account);
	return mapped_identity(account, "guest", name, identity, reason) &&
	    account_expand_home(identity, s->guest_home, reason);
}

bool
backends_identity(const struct settings *settings,
	const struct account_choice *choice, const char *name,
	struct identity *identity, struct buffer *reason)
{
	if (choice->class == IDENTITY_ANONYMOUS)
		return anonymous_identity(settings, identity, reason);
	if (choice->class == IDENTITY_SYSTEM)
		return account_find(name, identity, reason);
	if (choice->class == IDENTITY_GUEST)
		return guest_identity(settings, name, identity, reason);
	if (choice->class == IDENTITY_RADIUS)
		return radius_account_identity(settings, choice->radius, name,
			identity, reason);
	identity->class = IDENTITY_FILE;
	if (choice->known)
		return mapped_identity(choice->file.account, "file", name,
			identity, reason);
	return refuse(reason, "no such account");
}

const struct settings_override *
backends_own(const struct settings *settings,
	const struct account_choice *choice)
{
	if (choice->class == IDENTITY_ANONYMOUS)
		return &settings->anonymous;
	if (choice->radius != NULL)
		return &choice->radius->settings;
	return choice->class == IDENTITY_FILE && choice->known ?
		&choice->file.settings : NULL;
}

bool
backends_settings(const struct settings *settings,
	const struct account_choice *choice, const struct identity *identity,
	struct user_settings *out, struct buffer *reason)
{
	return account_settings(settings, identity,
		backends_own(settings, choice), out, reason);
}

/* If the account it is mapped to does not exist, the login is refused later. */
NOINLINE static bool
mapped_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, struct user_settings *out)
{
	const struct settings_override *own = backends_own(settings, choice);
	struct identity identity = { .root = -1 };
	BUFFER(ignored, 256);

	if (choice->known && (!backends_identity(settings, choice,
		choice->name, &identity, &ignored) || !backends_settings(
		settings, choice, &identity, out, &ignored)) && own != NULL)
		settings_apply(own, out);
	return true;
}

/* For an account of the system that exists. */
NOINLINE static bool
system_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, struct user_settings *out)
{
	struct identity identity = { .root = -1 };
	BUFFER(ignored, 256);

	return account_find(choice->name, &identity, &ignored) &&
		backends_settings(settings, choice, &identity, out, &ignored);
}

bool
backends_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, struct user_settings *out)
{
	const char *name = choice->name;

	settings_for_user(settings, name, NULL, 0, out);
	/* Groups are looked up after the server's answer, so that all names
	 * take the same time. */
	if (choice->class == IDENTITY_RADIUS)
		return true;
	if (choice->class != IDENTITY_SYSTEM)
		return mapped_settings_before_login(settings, choice, out);
	/* Without [group] sections, the account need not be looked up. */
	if (settings->override_count == 0 || !account_name_is_sane(name))
		return true;
	int error = account_lookup(name);
	if (error < 0)
		return error == -ENOENT;
	return system_settings_before_login(settings, choice, out);
}
