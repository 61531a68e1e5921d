/*
 * cmd_login.c - USER PASS ACCT REIN QUIT (RFC 959 4.1.1).
 *
 * Runs in: greeter (before login), session (afterwards).
 */
#include "common/base.h"

#include "common/log.h"
#include "common/secret.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/greeter.h"
#include "worker/protect.h"
#include "worker/reply.h"

/* By name only: groups are not known before login, and asking would tell
 * strangers who exists.  The monitor looks again. */
static bool
may_come_in_clear(const struct session *s, const char *name)
{
	struct user_settings settings;

	if (protect_is_on(s))
		return true;
	settings_for_user(s->settings, name, NULL, 0, &settings);
	return !protect_login_required(&settings);
}

static void
cmd_user(struct session *s, char *name)
{
	if (s->identity != NULL) {
		reply(s, 530, "You are logged in already; say REIN first.");
		return;
	}
	if (text_copy(s->user, sizeof(s->user), name) < 0) {
		reply(s, 501, "A user name has at most %zu bytes.",
			sizeof(s->user) - 1);
		return;
	}
	if (!may_come_in_clear(s, name)) {
		s->user[0] = '\0';
		log_info("require_tls: USER %s in the clear refused", name);
		reply(s, 530, "This server wants TLS here: say AUTH TLS.");
		return;
	}
	/* The same answer for every name (rule R17). */
	reply(s, 331, "Password please.");
}

static void
cmd_pass(struct session *s, char *password)
{
	if (s->user[0] == '\0') {
		secret_wipe(password, strlen(password));
		reply(s, 503, "Say USER first.");
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
		session_end(s, s->failed_logins > 0 ? OUTCOME_LOGIN_FAILED
						    : OUTCOME_NO_LOGIN);
}

/*
 * After login this process is the user for good, so a new login needs a new
 * worker: the connection goes back to the master, and the 220 that REIN asks
 * for is the new greeter's banner.  After AUTH it would have to end TLS and go
 * on in the clear (RFC 4217 11), which no client expects.
 */
static void
cmd_rein(struct session *s, char *none UNUSED)
{
	const char *behind;

	/* The relay stays when CCC has ended TLS. */
	if (protect_is_on(s) || s->relay.fd >= 0) {
		reply(s, 502, "No REIN after AUTH; QUIT and connect again.");
		return;
	}
	if (s->identity == NULL) {
		s->user[0] = '\0';
		s->choices.type = 'A';
		s->choices.epsv_all = false;
		s->choices.facts = FACTS_DEFAULT;
		reply_text(s, 220, s->settings->server.banner);
		return;
	}
	if (control_leftover(&s->control, &behind) > 0) {
		reply(s, 503, "Wait for REIN's answer before sending more.");
		return;
	}
	session_give_back(s);
}

const struct command cmd_login_rows[] = {
	{ "USER", COMMAND_ALWAYS | COMMAND_ARGUMENT, 0, "<name>", NULL,
		"names the account to log in", cmd_user },
	{ "PASS", COMMAND_BEFORE_LOGIN | COMMAND_SECRET, 0, "<password>", NULL,
		"gives its password", cmd_pass },
	{ "ACCT", COMMAND_ALWAYS | COMMAND_SECRET, 0, "<account>", NULL,
		"is accepted and not needed", cmd_acct },
	{ "REIN", COMMAND_ALWAYS | COMMAND_NO_ARGUMENT, 0, "", NULL,
		"ends the login and begins anew", cmd_rein },
	{ "QUIT", COMMAND_ALWAYS, 0, "", NULL, "says good-bye", cmd_quit },
	{ .verb = NULL },
};
