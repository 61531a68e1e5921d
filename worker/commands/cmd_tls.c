/*
 * cmd_tls.c - AUTH PBSZ PROT CCC (RFC 2228, RFC 4217); and ADAT MIC CONF ENC,
 * which are not used with TLS.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "common/log/log.h"
#include "common/text.h"
#include "worker/cancel_login.h"
#include "worker/command.h"
#include "worker/tls_control.h"

/* TLS-P and SSL are older names that imply PROT P. */
static const struct {
	const char *name;
	char prot;
} mechanisms[] = {
	{ "TLS", 'C' },
	{ "TLS-C", 'C' },
	{ "SSL", 'P' },
	{ "TLS-P", 'P' },
};

/*
 * Cleartext after AUTH may have been injected by an attacker on the network: it
 * must not be handled as if the client had sent it with TLS.
 */
static bool
injected(struct session *s)
{
	if (!control_has_more(&s->control))
		return false;
	log_warning("cleartext received after AUTH: session ended");
	reply(&s->reply, 503,
		"Data received between AUTH and its reply. Closing.");
	session_end(s, OUTCOME_VIOLATION);
	return true;
}

static void
cmd_auth(struct session *s, char *mechanism)
{
	size_t i = 0;

	if (s->tls.on) {
		reply(&s->reply, 503, "TLS is already active.");
		return;
	}
	while (i < ARRAY_SIZE(mechanisms) &&
		!text_is(mechanisms[i].name, mechanism))
		i++;
	if (i == ARRAY_SIZE(mechanisms)) {
		reply(&s->reply, 504, "Unknown security mechanism; use "
			"AUTH TLS.");
		return;
	}
	if (injected(s) || !cancel_login(s))
		return;
	s->login.user[0] = '\0';
	reply(&s->reply, 234, "Begin TLS.");
	if (!tls_control_handshake(s))
		return;
	s->choices.prot = mechanisms[i].prot;
	s->choices.pbsz = mechanisms[i].prot == 'P';
}

static void
cmd_pbsz(struct session *s, char *size)
{
	int64_t number;

	if (!s->tls.on) {
		reply(&s->reply, 503, "Send AUTH TLS first.");
		return;
	}
	/* RFC 2228 3: 32 bits. */
	if (text_number(size, strlen(size), &number) < 0 ||
		number > UINT32_MAX) {
		reply(&s->reply, 501, "Invalid argument; use PBSZ 0.");
		return;
	}
	s->choices.pbsz = true;
	reply(&s->reply, 200, "PBSZ=0");
}

static void
cmd_prot(struct session *s, char *level)
{
	if (!s->tls.on || !s->choices.pbsz) {
		reply(&s->reply, 503, "Send %s first.",
			s->tls.on ? "PBSZ 0" : "AUTH TLS");
	} else if (text_is(level, "P")) {
		s->choices.prot = 'P';
		reply(&s->reply, 200, "Data connections will use TLS.");
	} else if (text_is(level, "C")) {
		if (settings_tls_data(s->limits)) {
			reply(&s->reply, 534, "Data connections must use "
				"TLS; use PROT P.");
			return;
		}
		s->choices.prot = 'C';
		reply(&s->reply, 200, "Data connections will be cleartext.");
	} else if (text_is(level, "S") || text_is(level, "E")) {
		reply(&s->reply, 536, "Only PROT C and PROT P are supported.");
	} else {
		reply(&s->reply, 504, "Only PROT C and PROT P are supported.");
	}
}

static void
cmd_ccc(struct session *s, char *none UNUSED)
{
	if (!s->tls.on) {
		reply(&s->reply, 533,
			"The control connection does not use TLS.");
		return;
	}
	if (!s->settings->server.allow_ccc) {
		reply(&s->reply, 534, "CCC is not allowed (allow_ccc = no).");
		return;
	}
	if (!tls_control_end_after_reply(s))
		return;
	reply(&s->reply, 200, "Ending TLS on the control connection.");
	s->tls.on = false;
}

/* RFC 4217 4: AUTH TLS has no exchange of security data. */
static void
cmd_adat(struct session *s, char *data UNUSED)
{
	reply(&s->reply, 503, "AUTH TLS needs no ADAT.");
}

/* RFC 2228 3: individually protected commands. */
static void
cmd_protected(struct session *s, char *command UNUSED)
{
	if (s->tls.on)
		reply(&s->reply, 537, "%s is not supported with TLS, which "
			"protects the whole connection.", s->command->verb);
	else
		reply(&s->reply, 503, "Send AUTH TLS first.");
}

const struct command cmd_tls_rows[] = {
	{ "AUTH", COMMAND_BEFORE_LOGIN | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_WORDS,
		0, "TLS", "AUTH TLS", "begins TLS on the control connection",
		cmd_auth },
	{ "PBSZ", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "0", "PBSZ", "sets the buffer size, before PROT",
		cmd_pbsz },
	{ "PROT", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "C | P", "PROT", "chooses whether data connections use TLS",
		cmd_prot },
	{ "CCC", COMMAND_AFTER_LOGIN | COMMAND_TLS, 0,
		"", NULL, "ends TLS on the control connection", cmd_ccc },
	{ "ADAT", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_REFUSED,
		0, "<data>", NULL, "is not used with TLS", cmd_adat },
	{ "MIC", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_REFUSED,
		0, "<command>", NULL, "is not used with TLS", cmd_protected },
	{ "CONF", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_REFUSED,
		0, "<command>", NULL, "is not used with TLS", cmd_protected },
	{ "ENC", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_TLS |
			COMMAND_REFUSED,
		0, "<command>", NULL, "is not used with TLS", cmd_protected },
	{ .verb = NULL },
};
