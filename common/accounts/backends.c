/*
 * backends.c - who knows a name: the setting backends, in its order.
 *
 * Runs in: monitor, sureftpd --explain-login.
 */
#include "common/base.h"
#include "common/accounts/backends.h"

#include "common/accounts/account.h"
#include "common/text.h"

void
backends_forget(struct account_choice *choice)
{
	file_account_clear(&choice->file);
	*choice = (struct account_choice){ 0 };
}

static bool
ask_name_service(const char *name, struct account_choice *choice,
	struct buffer *reason)
{
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

/* Nobody knows the name: a password is wanted and refused all the same. */
static bool
choose_first(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	if (!text_list_has(settings->server.backends, "pam"))
		return ask_file(settings, name, choice, reason);
	backends_forget(choice);
	choice->class = IDENTITY_SYSTEM;
	return true;
}

bool
backends_choose(const struct settings *settings, const char *name,
	struct account_choice *choice, struct buffer *reason)
{
	const char *at = settings->server.backends, *word;
	size_t len;

	*choice = (struct account_choice){ .class = IDENTITY_SYSTEM };
	/* Without a second backend there is nothing to find out. */
	if (strcmp(at, "pam") == 0)
		return true;
	while ((word = text_word(&at, &len)) != NULL) {
		backends_forget(choice);
		bool answered = text_same(word, len, "file", 4) ?
			ask_file(settings, name, choice, reason) :
			ask_name_service(name, choice, reason);
		if (!answered || choice->known)
			return answered;
	}
	return choose_first(settings, name, choice, reason);
}

/* Its own name, and the host's account's ids. */
static bool
file_identity(const struct account_choice *choice, const char *name,
	struct identity *identity, struct buffer *reason)
{
	if (!account_find(choice->file.account, identity, reason)) {
		buffer_addf(reason, " %s, to which it is mapped",
			choice->file.account);
		return false;
	}
	if (identity->uid == 0) {
		buffer_add_text(reason, "an account of accounts_file cannot be "
			"mapped to uid 0");
		return false;
	}
	identity->class = IDENTITY_FILE;
	snprintf(identity->key, sizeof(identity->key), "file %s", name);
	if (text_copy(identity->user, sizeof(identity->user), name) == 0)
		return true;
	buffer_add_text(reason, "the account's name is too long");
	return false;
}

bool
backends_identity(const struct account_choice *choice, const char *name,
	struct identity *identity, struct buffer *reason)
{
	if (choice->class == IDENTITY_SYSTEM)
		return account_find(name, identity, reason);
	if (choice->known)
		return file_identity(choice, name, identity, reason);
	buffer_add_text(reason, "no such account");
	return false;
}

static const struct settings_override *
own_settings(const struct account_choice *choice)
{
	return choice->class == IDENTITY_FILE && choice->known ?
		&choice->file.settings : NULL;
}

bool
backends_settings(const struct settings *settings,
	const struct account_choice *choice, const struct identity *identity,
	struct user_settings *out, struct buffer *reason)
{
	return account_settings(settings, identity, own_settings(choice), out,
		reason);
}

/* One that is mapped to an account that is missing is refused later. */
static bool
file_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, const char *name,
	struct user_settings *out)
{
	struct identity identity = { .root = -1 };
	BUFFER(ignored, 256);

	if (choice->known && (!file_identity(choice, name, &identity,
		&ignored) || !backends_settings(settings, choice, &identity,
		out, &ignored)))
		settings_apply(own_settings(choice), out);
	return true;
}

bool
backends_settings_before_login(const struct settings *settings,
	const struct account_choice *choice, const char *name,
	struct user_settings *out)
{
	struct identity identity = { .root = -1 };
	BUFFER(ignored, 256);

	settings_for_user(settings, name, NULL, 0, out);
	if (choice->class == IDENTITY_FILE)
		return file_settings_before_login(settings, choice, name, out);
	/* Without groups to look for, the account does not matter. */
	if (settings->override_count == 0 || !account_name_is_sane(name))
		return true;
	int error = account_lookup(name);
	if (error < 0)
		return error == -ENOENT;
	return account_find(name, &identity, &ignored) &&
		backends_settings(settings, choice, &identity, out, &ignored);
}
