/*
 * anonymous.c - logins without an account: [anonymous].
 *
 * Runs in: monitor, sureftpd --explain-login; anonymous_check() in the master
 * and sureftpd --check.
 */
#include "common/base.h"
#include "common/accounts/anonymous.h"

#include "common/accounts/account.h"
#include "common/accounts/refuse.h"
#include "common/settings/settings_report.h"
#include "common/text.h"

#include <sys/stat.h>

bool
anonymous_is_name(const char *name)
{
	return text_is(name, "anonymous") || text_is(name, "ftp");
}

bool
anonymous_is(const struct settings *settings, const char *name)
{
	return settings->server.enabled && anonymous_is_name(name);
}

/* Is it one of the lines? */
static bool
is_line(const char *lines, const char *text, bool any_case)
{
	size_t text_len = strlen(text);

	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");
		if (len == text_len && (any_case ?
		    text_same(lines, len, text, text_len) :
		    memcmp(lines, text, len) == 0))
			return true;
		lines += len + (lines[len] == '\n');
	}
	return false;
}

/* The form of an address, user@host.domain; nothing more can be checked. */
static bool
is_email(const char *text)
{
	const char *at = strchr(text, '@');
	const char *dot = at != NULL ? strchr(at + 1, '.') : NULL;

	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	return at != NULL && at != text && strchr(at + 1, '@') == NULL &&
		dot != NULL && dot != at + 1 && dot[1] != '\0';
}

bool
anonymous_password_holds(const struct server_settings *rules,
	const char *password, struct buffer *reason)
{
	bool accepted = true;

	if (is_line(rules->denied_passwords, password, true))
		return refuse(reason, "the password is in denied_passwords");
	switch (rules->password) {
	case ANONYMOUS_PASSWORD_ANY:
		accepted = *password != '\0';
		break;
	case ANONYMOUS_PASSWORD_EMAIL:
		accepted = is_email(password);
		break;
	case ANONYMOUS_PASSWORD_LIST:
		accepted = *password != '\0' &&
			is_line(rules->accepted_passwords, password, false);
		break;
	default:
		break;
	}
	if (!accepted)
		buffer_add_text(reason, rules->password ==
			ANONYMOUS_PASSWORD_EMAIL ? "the password is not an "
			"e-mail address" :
			rules->password == ANONYMOUS_PASSWORD_LIST ?
			"the password is not in accepted_passwords" :
			"empty password");
	return accepted;
}

bool
anonymous_identity(const struct settings *settings, struct identity *identity,
	struct buffer *reason)
{
	const struct server_settings *s = &settings->server;

	if (!account_find(s->user, identity, reason)) {
		buffer_addf(reason, " %s, which is user in [anonymous]",
			s->user);
		return false;
	}
	if (identity->uid == 0)
		return refuse(reason, "anonymous sessions cannot have uid 0");
	identity->class = IDENTITY_ANONYMOUS;
	(void)!text_copy(identity->user, sizeof(identity->user), "anonymous");
	(void)!text_copy(identity->key, sizeof(identity->key), "anonymous");
	if (*s->root == '\0' || text_copy(identity->home,
	    sizeof(identity->home), s->root) == 0)
		return true;
	return refuse(reason, "the root in [anonymous] is too long");
}

size_t
anonymous_check(const struct settings *s, bool with_root,
	settings_complaint *complain, void *context)
{
	struct settings_report r = { s, complain, context, 0 };
	int line = s->origins[0].line[SETTINGS_ROW_anonymous_enabled];
	struct identity identity = { .root = -1 };
	BUFFER(reason, 256);
	struct stat st;

	if (!s->server.enabled)
		return 0;
	if (!anonymous_identity(s, &identity, &reason))
		settings_report_at(&r, line, "anonymous logins will be "
			"refused: %s", buffer_text(&reason));
	else if (with_root && (stat(identity.home, &st) < 0 ||
	    !S_ISDIR(st.st_mode)))
		settings_report_at(&r, line, "anonymous logins will be "
			"refused: %s is not a directory that exists",
			identity.home);
	return r.count;
}
