/*
 * cmd_login.c - USER PASS ACCT REIN QUIT (RFC 959 4.1.1), HOST (RFC 7151).
 *
 * Runs in: greeter (before login), session (afterwards).
 */
#include "common/base.h"

#include "common/accounts/anonymous.h"
#include "common/address.h"
#include "common/log/log.h"
#include "common/text.h"
#include "worker/cancel_login.h"
#include "worker/command.h"
#include "worker/texts.h"
#include "worker/tls_control.h"

/* If groups decide about TLS, the monitor must be asked. */
static bool
ask_authority(struct session *s, const char *name)
{
	if (s->login.cleartext_questions++ == MESSAGE_CLEARTEXT_TIMES) {
		reply(&s->reply, 421,
			"Too many user names without a password. Closing.");
		session_client_gone(s);
		return false;
	}
	return s->authority.cleartext_login(s->authority.context, name) == 1;
}

/* Refuse before a password is sent in cleartext.  If [group] sections decide,
 * and only then, the answer discloses members of groups to clients without a
 * password.  The monitor checks again after a correct password. */
static bool
may_log_in_cleartext(struct session *s, const char *name)
{
	struct user_settings settings;

	if (s->tls.on)
		return true;
	if (settings_tls_by_account(s->settings))
		return ask_authority(s, name);
	settings_for_user(s->settings, name, NULL, 0, &settings);
	return !settings_tls_login(&settings);
}

static bool
is_own_name(const struct session *s, const char *name)
{
	return s->identity->class == IDENTITY_ANONYMOUS ?
		anonymous_is_name(name) :
		strcmp(name, s->identity->user) == 0;
}

/* A client that logs in again is logged in, and needs no password. */
static void
user_again(struct session *s, const char *name)
{
	if (is_own_name(s, name))
		reply(&s->reply, 230, "You are already logged in.");
	else
		reply(&s->reply, 530, "Already logged in; reconnect to log in "
			"as another user.");
}

static void
cmd_user(struct session *s, char *name)
{
	if (s->identity != NULL) {
		user_again(s, name);
		return;
	}
	if (!cancel_login(s))
		return;
	if (text_copy(s->login.user, sizeof(s->login.user), name) < 0) {
		reply(&s->reply, 501, "User name too long: at most %zu bytes.",
			sizeof(s->login.user) - 1);
		return;
	}
	if (!may_log_in_cleartext(s, name)) {
		s->login.user[0] = '\0';
		if (s->stage == SESSION_OVER)
			return;
		log_info("require_tls: refused USER %s without TLS", name);
		reply(&s->reply, 530, "TLS is required; send AUTH TLS first.");
		return;
	}
	/* The same answer for every name. */
	reply(&s->reply, 331, "Password required.");
}

/* Store a password or an answer for the greeter; false if it is too long. */
static bool
request_login(struct session *s, const char *secret)
{
	s->login.requested = text_copy(s->login.password,
		sizeof(s->login.password), secret) == 0;
	return s->login.requested;
}

/* The line is wiped after the command, as every line is (command_loop.c). */
static void
cmd_pass(struct session *s, char *password)
{
	if (s->login.prompted) {
		reply(&s->reply, 503, "Answer with ACCT, or send USER.");
		return;
	}
	if (s->login.user[0] == '\0') {
		reply(&s->reply, 503, "Send USER first.");
		return;
	}
	if (request_login(s, password))
		return;
	s->login.user[0] = '\0';
	reply(&s->reply, 501, "Password too long: at most %zu bytes.",
		sizeof(s->login.password) - 1);
}

static void
cmd_acct(struct session *s, char *answer)
{
	if (!s->login.prompted)
		reply(&s->reply, 202, "No account is needed.");
	else if (*answer == '\0')
		reply(&s->reply, 501, "ACCT needs an argument: the answer.");
	else if (!request_login(s, answer))
		reply(&s->reply, 501, "Answer too long: at most %zu bytes.",
			sizeof(s->login.password) - 1);
}

static void
cmd_quit(struct session *s, char *none UNUSED)
{
	texts_send(s, 221, s->limits->msg_quit, s->limits->msg_quit_file);
	if (s->identity != NULL)
		session_end(s, OUTCOME_QUIT);
	else
		session_client_gone(s);
}

/* RFC 959 4.1.1 and RFC 4217 13 require REIN to end the login and TLS.  This
 * process cannot become another user, so a new login needs a new connection;
 * and a client that goes on in cleartext would send its password that way.
 * Otherwise REIN resets the parameters. */
static void
cmd_rein(struct session *s, char *none UNUSED)
{
	if (s->identity != NULL) {
		reply(&s->reply, 502, "REIN is not supported after login; "
			"reconnect to log in as another user.");
		return;
	}
	if (s->tls.on) {
		reply(&s->reply, 502, "REIN is not supported with TLS; "
			"reconnect.");
		return;
	}
	if (!cancel_login(s))
		return;
	session_forget(s);
	texts_send(s, 220, s->settings->server.banner,
		s->settings->server.banner_file);
}

/* An IPv6 address in brackets. */
static bool
is_bracketed(const char *host)
{
	char inside[ADDRESS_TEXT_SIZE];
	size_t len = strcspn(host + 1, "]");
	struct address a;

	if (text_copy(inside, sizeof(inside), host + 1) < 0 ||
		strcmp(host + 1 + len, "]") != 0)
		return false;
	inside[len] = '\0';
	return address_parse(&a, inside) == 0 &&
		address_family(&a) == AF_INET6;
}

/* RFC 7151 3.1: a host name or an address, without a port. */
static bool
is_host(const char *host)
{
	if (host[0] == '[')
		return is_bracketed(host);
	for (const char *at = host; *at != '\0'; at++)
		if (!text_is_alpha(*at) && !text_is_digit(*at) &&
			strchr(".-_", *at) == NULL)
			return false;
	return true;
}

/* All host names have the same accounts. */
static void
cmd_host(struct session *s, char *host)
{
	if (s->login.user[0] != '\0' || s->login.prompted)
		reply(&s->reply, 503, "HOST is only allowed before USER.");
	else if (!is_host(host))
		reply(&s->reply, 501, "Invalid argument; use HOST <name>.");
	else
		reply(&s->reply, 220, "Host accepted; the server is the same "
			"under all its names.");
}

const struct command cmd_login_rows[] = {
	{ "USER", COMMAND_ALWAYS | COMMAND_ARGUMENT, 0, "<name>", NULL,
		"names the account to log in", cmd_user },
	{ "PASS", COMMAND_BEFORE_LOGIN | COMMAND_SECRET, 0, "<password>", NULL,
		"sends the password", cmd_pass },
	{ "ACCT", COMMAND_ALWAYS | COMMAND_SECRET, 0, "<answer>", NULL,
		"answers a question asked at login (332)", cmd_acct },
	{ "REIN", COMMAND_ALWAYS, 0, "", NULL,
		"resets the session before login, without TLS", cmd_rein },
	{ "HOST", COMMAND_BEFORE_LOGIN | COMMAND_ARGUMENT, 0, "<name>", "HOST",
		"names the host to log in to; all are the same", cmd_host },
	{ "QUIT", COMMAND_ALWAYS | COMMAND_LAST, 0, "", NULL,
		"ends the session", cmd_quit },
	{ .verb = NULL },
};
