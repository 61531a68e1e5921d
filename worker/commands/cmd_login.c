/*
 * cmd_login.c - USER PASS ACCT REIN QUIT (RFC 959 4.1.1).
 *
 * Runs in: greeter (before login), session (afterwards).
 */
#include "common/base.h"

#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/greeter.h"
#include "worker/protect.h"
#include "worker/reply.h"

/* So that no password is said that nobody may hear.  Where groups decide, the
 * answer tells strangers who is in them, and only there.  The monitor looks
 * again when the password is right. */
static bool
allows_cleartext(struct session *s, const char *name)
{
	struct user_settings settings;

	if (protect_is_on(s))
		return true;
	if (settings_tls_by_group(s->settings))
		return greeter_allows_cleartext(s, name);
	settings_for_user(s->settings, name, NULL, 0, &settings);
	return !settings_tls_login(&settings);
}

static void
cmd_user(struct session *s, char *name)
{
	if (s->identity != NULL) {
		reply(s, 530, "Already logged in; reconnect to log in as "
			"another user.");
		return;
	}
	if (text_copy(s->user, sizeof(s->user), name) < 0) {
		reply(s, 501, "A user name has at most %zu bytes.",
			sizeof(s->user) - 1);
		return;
	}
	if (!allows_cleartext(s, name)) {
		s->user[0] = '\0';
		if (s->over)
			return;
		log_info("require_tls: refused USER %s without TLS", name);
		reply(s, 530, "TLS is required; send AUTH TLS first.");
		return;
	}
	/* The same answer for every name (rule R17). */
	reply(s, 331, "Password required.");
}

static void
cmd_pass(struct session *s, char *password)
{
	if (s->user[0] == '\0') {
		secret_wipe(password, strlen(password));
		reply(s, 503, "Send USER first.");
		return;
	}
	greeter_authenticate(s, password);
}

static void
cmd_acct(struct session *s, char *account)
{
	secret_wipe(account, strlen(account));
	reply(s, 202, "No account is needed.");
}

static void
cmd_quit(struct session *s, char *none UNUSED)
{
	reply_text(s, 221, s->limits->msg_quit);
	if (s->identity != NULL)
		session_end(s, OUTCOME_QUIT);
	else
		session_client_gone(s);
}

/* RFC 959 4.1.1 and RFC 4217 13 want REIN to end a login and TLS.  This process
 * is the user for good, so a new login needs a new connection; before login
 * there is only what was agreed on to forget. */
static void
cmd_rein(struct session *s, char *none UNUSED)
{
	if (s->identity != NULL) {
		reply(s, 502, "REIN is not supported after login; reconnect to "
			"log in as another user.");
		return;
	}
	session_forget(s);
	reply_text(s, 220, s->settings->server.banner);
}

const struct command cmd_login_rows[] = {
	{ "USER", COMMAND_ALWAYS | COMMAND_ARGUMENT, 0, "<name>", NULL,
		"names the account to log in", cmd_user },
	{ "PASS", COMMAND_BEFORE_LOGIN | COMMAND_SECRET, 0, "<password>", NULL,
		"gives its password", cmd_pass },
	{ "ACCT", COMMAND_ALWAYS | COMMAND_SECRET, 0, "<account>", NULL,
		"is accepted and not needed", cmd_acct },
	{ "REIN", COMMAND_ALWAYS | COMMAND_NO_ARGUMENT, 0, "", NULL,
		"resets the session before login", cmd_rein },
	{ "QUIT", COMMAND_ALWAYS, 0, "", NULL, "ends the session", cmd_quit },
	{ .verb = NULL },
};
