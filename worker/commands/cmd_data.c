/*
 * cmd_data.c - PASV P@SW EPSV PORT EPRT: prepare the next data connection (RFC
 * 959 4.1.2, RFC 2428).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/log/log.h"
#include "common/process/resolved.h"
#include "common/settings/settings_passive.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/data/hostport.h"
#include "worker/tls_control.h"

/* RFC 2428 4: after EPSV ALL every other set-up command is refused. */
static bool
epsv_only(struct session *s)
{
	if (!s->choices.epsv_all)
		return false;
	reply(&s->reply, 503, "EPSV ALL is in effect; only EPSV is allowed.");
	return true;
}

static bool
passive_possible(struct session *s)
{
	if (s->listener->allow_passive)
		return true;
	reply(&s->reply, 502, "Passive mode is disabled; use PORT or EPRT.");
	return false;
}

/* Listen; replies to the client if that fails. */
static bool
listen_for_data(struct session *s, struct address *bound)
{
	int r = data_passive(&s->data, bound);

	if (r == 0) {
		tls_control_fresh_ticket(s);
		return true;
	}
	log_warning("passive mode: %s%s", log_errno(r),
		r == -EADDRINUSE ? " (all passive_ports are in use)" : "");
	reply(&s->reply, 425, "Cannot open a port for the data connection: "
		"%s.", r == -EADDRINUSE ? "all passive ports are in use"
					: "try again later");
	return false;
}

/* Behind NAT another address is announced (passive_address), which is stored in
 * *outside; if not, *outside is empty.  False, after a reply, if it is a host
 * name whose address is not known. */
static bool
find_outside(struct session *s, struct address *outside)
{
	char text[SETTINGS_PASSIVE_SIZE];

	settings_passive_address(s->listener, &s->client.peer,
		&s->client.local, text);
	address_clear(outside);
	if (*text == '\0' || address_parse(outside, text) == 0 ||
	    resolved_find(text, outside))
		return true;
	log_warning("passive mode: the address of %s is not known", text);
	reply(&s->reply, 425, "The address for PASV is not known yet; use "
		"EPSV or try again later.");
	return false;
}

static void
cmd_pasv(struct session *s, char *none UNUSED)
{
	BUFFER(text, 32);
	struct address bound, outside;

	if (epsv_only(s) || !passive_possible(s))
		return;
	if (address_family(&s->client.local) != AF_INET) {
		reply(&s->reply, 425, "PASV works with IPv4 only; use EPSV.");
		return;
	}
	if (!find_outside(s, &outside) || !listen_for_data(s, &bound))
		return;

	if (address_is_set(&outside)) {
		address_set_port(&outside, address_port(&bound));
		bound = outside;
	}
	hostport_add_port(&text, &bound);
	reply(&s->reply, 227, "Entering Passive Mode (%s).",
		buffer_text(&text));
}

static void
cmd_epsv(struct session *s, char *argument)
{
	struct address bound;
	int own = address_family(&s->client.local) == AF_INET ? 1 : 2;

	if (!passive_possible(s))
		return;
	if (text_is(argument, "ALL")) {
		s->choices.epsv_all = true;
		data_reset(&s->data);
		reply(&s->reply, 200, "EPSV ALL is in effect.");
		return;
	}
	if (argument[0] != '\0' &&
		(argument[1] != '\0' || argument[0] != '0' + own)) {
		int64_t number;
		bool is_protocol =
			text_number(argument, strlen(argument), &number) == 0;
		reply(&s->reply, is_protocol ? 522 : 501,
			"Network protocol not supported, use (%d)", own);
		return;
	}
	if (listen_for_data(s, &bound))
		reply(&s->reply, 229, "Entering Extended Passive Mode (|||%u|)",
			address_port(&bound));
}

/* The server would connect to itself.  A port on which it listens on
 * all addresses is refused for every target, because only the kernel knows
 * which addresses are local. */
static bool
is_own_listener(const struct settings *settings, const struct address *to)
{
	for (size_t i = 0; i < settings->listener_count; i++) {
		const struct listener_settings *l = &settings->listeners[i];

		if (l->port == address_port(to) &&
		    (!address_is_set(&l->address) ||
		    address_same_host(&l->address, to)))
			return true;
	}
	return false;
}

static int
set_target(struct session *s, const struct address *to)
{
	if (is_own_listener(s->settings, to))
		return -EACCES;
	return data_active(&s->data, to);
}

/* PORT and EPRT, with the parsed address. */
static void
active(struct session *s, const struct address *to)
{
	char text[ADDRESS_TEXT_SIZE];

	switch (set_target(s, to)) {
	case 0:
		tls_control_fresh_ticket(s);
		/* Emacs waits for success, and does not take a 200 that begins
		 * like this for that of the transfer. */
		reply(&s->reply, 200, "%s command successful; data "
			"connections go to port %u.", s->command->verb,
			address_port(to));
		return;
	case -EPERM:
		log_warning("%s to %s refused: it is not the client's "
			"address, nor in allow_fxp", s->command->verb,
			address_text(to, text));
		reply(&s->reply, 504, "Data connections are allowed to your "
			"own address only.");
		return;
	case -EACCES:
		log_warning("%s to port %u refused", s->command->verb,
			address_port(to));
		reply(&s->reply, 504, "Data connections to ports below 1024 "
			"and to this server's own ports are not allowed.");
		return;
	case -EAFNOSUPPORT:
		reply(&s->reply, 522,
			"Network protocol not supported, use (%d)",
			address_family(&s->client.local) == AF_INET ? 1 : 2);
		return;
	default:
		reply(&s->reply, 501, "Invalid address.");
	}
}

static bool
active_possible(struct session *s)
{
	if (epsv_only(s))
		return false;
	if (s->listener->allow_active)
		return true;
	reply(&s->reply, 502, "Active mode is disabled; use PASV or EPSV.");
	return false;
}

static void
cmd_port(struct session *s, char *argument)
{
	struct address to;

	if (!active_possible(s))
		return;
	data_reset(&s->data);
	if (hostport_parse_port(argument, strlen(argument), &to) < 0)
		reply(&s->reply, 501, "Invalid argument; use PORT "
			"h1,h2,h3,h4,p1,p2.");
	else
		active(s, &to);
}

static void
cmd_eprt(struct session *s, char *argument)
{
	struct address to;

	if (!active_possible(s))
		return;
	data_reset(&s->data);
	switch (hostport_parse_eprt(argument, strlen(argument), &to)) {
	case 0:
		active(s, &to);
		return;
	case -EAFNOSUPPORT:
		reply(&s->reply, 522,
			"Network protocol not supported, use (1,2)");
		return;
	default:
		reply(&s->reply, 501, "Invalid argument; use EPRT "
			"|protocol|address|port|.");
	}
}

const struct command cmd_data_rows[] = {
	{ "PASV", COMMAND_AFTER_LOGIN | COMMAND_KEEPS_RESTART, 0, "", "PASV",
		"opens a passive data connection (IPv4)", cmd_pasv },
	/* For clients behind routers that rewrite PASV incorrectly. */
	{ "P@SW", COMMAND_AFTER_LOGIN | COMMAND_KEEPS_RESTART, 0, "", NULL,
		"opens a passive data connection (PASV)", cmd_pasv },
	{ "EPSV", COMMAND_AFTER_LOGIN | COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "[1 | 2 | ALL]", "EPSV",
		"opens a passive data connection (IPv4 or IPv6)", cmd_epsv },
	{ "PORT", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "<h1,h2,h3,h4,p1,p2>", NULL,
		"opens an active data connection (IPv4)", cmd_port },
	{ "EPRT", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "<|protocol|address|port|>", "EPRT",
		"opens an active data connection (IPv4 or IPv6)", cmd_eprt },
	{ .verb = NULL },
};
