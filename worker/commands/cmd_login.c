/*
 * cmd_login.c - USER PASS ACCT REIN QUIT (RFC 959 4.1.1).
 *
 * Runs in: greeter (before login), session (afterwards).
 */
#include "common/base.h"

#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/commands/command.h"
#include "worker/greeter.h"
#include "worker/protect.h"

/* Where groups decide, only the monitor knows. */
static bool
ask_authority(struct session *s, const char *name)
{
	if (s->login.cleartext_questions++ == MESSAGE_CLEAR_TIMES) {
		reply(&s->reply, 421,
			"Too many user names without a password. Closing.");
		session_client_gone(s);
		return false;
	}
	return s->authority.cleartext_login(s->authority.context, name) == 1;
}

/* So that no password is sent that others can read.  Where groups decide, the
 * answer tells strangers who is in them, and only there.  The monitor checks
 * again when the password is right. */
static bool
may_log_in_cleartext(struct session *s, const char *name)
{
	struct user_settings settings;

	if (protect_is_on(s))
		return true;
	if (settings_tls_by_group(s->settings))
		return ask_authority(s, name);
	settings_for_user(s->settings, name, NULL, 0, &settings);
	return !settings_tls_login(&settings);
}

static void
cmd_user(struct session *s, char *name)
{
	if (s->identity != NULL) {
		reply(&s->reply, 530,
			"You are logged in already; say REIN first.");
		return;
	}
	if (text_copy(s->login.user, sizeof(s->login.user), name) < 0) {
		reply(&s->reply, 501, "A user name has at most %zu bytes.",
			sizeof(s->login.user) - 1);
		return;
	}
	if (!may_log_in_cleartext(s, name)) {
		s->login.user[0] = '\0';
		if (s->over)
			return;
		log_info("require_tls: USER %s in the clear refused", name);
		reply(&s->reply, 530,
			"This server wants TLS here: say AUTH TLS.");
		return;
	}
	/* The same answer for every name (rule R17). */
	reply(&s->reply, 331, "Password please.");
}

static void
cmd_pass(struct session *s, char *password)
{
	if (s->login.user[0] == '\0') {
		secret_wipe(password, strlen(password));
		reply(&s->reply, 503, "Say USER first.");
		return;
	}
	int r = text_copy(s->login.password, sizeof(s->login.password),
		password);
	secret_wipe(password, strlen(password));
	s->login.requested = r == 0;
	if (r == 0)
		return;
	s->login.user[0] = '\0';
	reply(&s->reply, 501, "A password has at most %zu bytes.",
		sizeof(s->login.password) - 1);
}

static void
cmd_acct(struct session *s, char *account)
{
	secret_wipe(account, strlen(account));
	reply(&s->reply, 202, "No account is needed.");
}

static void
cmd_quit(struct session *s, char *none UNUSED)
{
	reply_text(&s->reply, 221, s->limits->msg_quit);
	if (s->identity != NULL)
		session_end(s, OUTCOME_QUIT);
	else
		session_client_gone(s);
}

/*
 * REIN ends TLS as well, and its reply is the last that goes through it (RFC
 * 4217 13).  What comes then is what comes after connecting; where that is TLS
 * at once, a greeting follows it, as Microsoft's servers and clients have it
 * ([MS-FTPS] 3.2.5.3).  In the clear there is nothing to end, and the greeting
 * is the reply.
 */
static bool
rein_greets(const struct session *s)
{
	return s->listener->tls != TLS_IMPLICIT;
}

static void
rein_before_login(struct session *s)
{
	bool tls = protect_is_on(s);

	if (tls) {
		reply_text(&s->reply, 220, s->settings->server.banner);
		if (!protect_clear_control(s))
			return;
	}
	session_forget(s);
	if (!tls || !rein_greets(s))
		greeter_welcome(s);
}

/* This process is the user for good, so a new login needs a new worker: the
 * connection goes back to the master. */
static void
rein_after_login(struct session *s)
{
	int fd;

	if (s->relay.fd < 0)
		session_give_back(s, s->control.stream.fd, false);
	else if (protect_give_up(s, &fd))
		session_give_back(s, fd, rein_greets(s));
}

static void
cmd_rein(struct session *s, char *none UNUSED)
{
	bool moves = protect_is_on(s) || s->identity != NULL;

	/* Whoever takes the connection then would not see what is behind. */
	if (protect_in_kernel(s))
		reply(&s->reply, 502, "No REIN while the kernel does TLS; QUIT "
			"and connect again.");
	else if (moves && control_has_more(&s->control))
		reply(&s->reply, 503,
			"Wait for REIN's answer before sending more.");
	else if (s->identity == NULL)
		rein_before_login(s);
	else
		rein_after_login(s);
}

const struct command cmd_login_rows[] = {
	{ "USER", COMMAND_ALWAYS | COMMAND_ARGUMENT, 0, "<name>", NULL,
		"names the account to log in", cmd_user },
	{ "PASS", COMMAND_BEFORE_LOGIN | COMMAND_SECRET, 0, "<password>", NULL,
		"gives its password", cmd_pass },
	{ "ACCT", COMMAND_ALWAYS | COMMAND_SECRET, 0, "<account>", NULL,
		"is accepted and not needed", cmd_acct },
	{ "REIN", COMMAND_ALWAYS, 0, "", NULL,
		"ends the login and begins anew", cmd_rein },
	{ "QUIT", COMMAND_ALWAYS | COMMAND_LAST, 0, "", NULL, "says good-bye",
		cmd_quit },
	{ .verb = NULL },
};
