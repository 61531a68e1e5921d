/*
 * command.c - from a line to its row: state, argument and permission are
 * checked here, once, for every command.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/command.h"

#include "common/log/event.h"
#include "common/process/secret.h"
#include "common/text.h"
#include "worker/protect.h"
#include "worker/reply.h"

static const struct command *const tables[] = {
	cmd_login_rows,
	cmd_tls_rows,
	cmd_params_rows,
	cmd_data_rows,
	cmd_transfer_rows,
	cmd_list_rows,
	cmd_dir_rows,
	cmd_file_rows,
	cmd_site_rows,
	cmd_info_rows,
};

/* Unknown commands before login that a person may well type; a stranger
 * protocol on this port sends more (rule R15). */
#define MAX_UNKNOWN_BEFORE_LOGIN 10

const struct command *
command_next(const struct command *row)
{
	if (row == NULL)
		return tables[0];
	if (row[1].verb != NULL)
		return row + 1;
	/* row is the last of its table: find which */
	for (size_t i = 0; i + 1 < ARRAY_SIZE(tables); i++) {
		const struct command *last = tables[i];
		while (last[1].verb != NULL)
			last++;
		if (last == row)
			return tables[i + 1];
	}
	return NULL;
}

const struct command *
command_find(const char *verb, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		for (const struct command *row = tables[i]; row->verb != NULL;
		     row++) {
			if (text_same(row->verb, strlen(row->verb), verb, len))
				return row;
		}
	}
	return NULL;
}

static bool
is_denied(const struct session *s, const struct command *row)
{
	const char *at = s->settings->server.commands_denied;
	const char *word;
	size_t len;

	while ((word = text_word(&at, &len)) != NULL) {
		if (text_same(row->verb, strlen(row->verb), word, len))
			return true;
	}
	return false;
}

bool
command_offered(const struct session *s, const struct command *row)
{
	if ((row->flags & COMMAND_TLS) && !protect_possible(s))
		return false;
	return !is_denied(s, row);
}

static size_t
verb_length(const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	return blank == NULL ? len : (size_t)(blank - line);
}

static void
log_command(const struct session *s, const struct command *row,
	const char *line)
{
	if (!s->log_protocol)
		return;
	struct event e = event_new(EVENT_command);
	char masked[32];
	e.text = line;
	if (row != NULL && (row->flags & COMMAND_SECRET)) {
		snprintf(masked, sizeof(masked), "%s ****", row->verb);
		e.text = masked;
	}
	event_send(&e);
}

/* Not a command of ours.  Browsers and mail servers lured to this port say
 * GET, POST, EHLO...: before login such a conversation ends at once, so that
 * what follows is never taken for commands (rule R15). */
static void
unknown(struct session *s, const char *verb, size_t len)
{
	static const char *const foreign[] = { "GET", "POST", "PUT", "HEAD",
		"CONNECT", "TRACE", "PATCH", "DELETE", "OPTIONS", "PRI",
		"EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT" };

	reply(s, 500, "Command not understood.");
	if (s->identity != NULL)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		if (text_same(foreign[i], strlen(foreign[i]), verb, len))
			session_end(s, OUTCOME_VIOLATION);
	}
	if (++s->unknown_commands >= MAX_UNKNOWN_BEFORE_LOGIN)
		session_end(s, OUTCOME_VIOLATION);
}

/* May the row run now, with this argument?  Answers the client if not. */
static bool
allowed(struct session *s, const struct command *row, const char *argument)
{
	bool logged_in = s->identity != NULL;

	if (row->run == NULL || !command_offered(s, row)) {
		reply(s, 502, "%s is not served here.", row->verb);
		return false;
	}
	if (!logged_in && !(row->flags & COMMAND_BEFORE_LOGIN)) {
		reply(s, 530, "Please log in with USER and PASS.");
		return false;
	}
	if (logged_in && !(row->flags & COMMAND_AFTER_LOGIN)) {
		reply(s, 503, "You are logged in already.");
		return false;
	}
	if ((row->flags & COMMAND_ARGUMENT) && argument[0] == '\0') {
		reply(s, 501, "%s needs an argument: %s %s", row->verb,
			row->verb, row->syntax);
		return false;
	}
	if ((row->flags & COMMAND_NO_ARGUMENT) && argument[0] != '\0') {
		reply(s, 501, "%s takes no argument.", row->verb);
		return false;
	}
	if (row->letter != 0 && !session_may(s, row->letter)) {
		reply(s, 550, "Permission denied.");
		return false;
	}
	return true;
}

/* Split "VERB argument" in s->line; the argument begins after one blank, and
 * may itself begin with one: it may be a name. */
static char *
split(char *line, size_t len, size_t verb_len)
{
	char *argument = line + verb_len;

	if (verb_len == len)
		return argument;
	*argument++ = '\0';
	/* A lone blank behind a verb is no argument. */
	if (argument[strspn(argument, " ")] == '\0')
		*argument = '\0';
	return argument;
}

void
command_run(struct session *s, const char *line, size_t len)
{
	size_t verb_len = verb_length(line, len);
	const struct command *row = command_find(line, verb_len);

	memcpy(s->line, line, len);
	s->line[len] = '\0';
	control_done(&s->control);
	log_command(s, row, s->line);

	if (row == NULL || is_denied(s, row)) {
		unknown(s, s->line, verb_len);
	} else {
		char *argument = split(s->line, len, verb_len);
		s->command = row;
		if (allowed(s, row, argument))
			row->run(s, argument);
	}
	if (row == NULL || !(row->flags & COMMAND_KEEPS_RESTART))
		s->restart = 0;
	if (row == NULL || !(row->flags & COMMAND_KEEPS_RENAME))
		s->rename_from[0] = '\0';
	secret_wipe(s->line, len);
}

/* STAT with a path is a listing and waits its turn: only a bare verb goes. */
static const struct command *
in_transfer(const struct session *s, const char *line, size_t len)
{
	const struct command *row = command_find(line, len);

	if (row == NULL || !(row->flags & COMMAND_IN_TRANSFER) ||
		is_denied(s, row))
		return NULL;
	return row;
}

bool
command_run_waiting(struct session *s)
{
	enum control_line kind;
	char *line;
	size_t len;

	while ((kind = control_peek(&s->control, &line, &len)) ==
		CONTROL_LINE) {
		const struct command *row = in_transfer(s, line, len);
		if (row == NULL)
			return true;
		control_next(&s->control, &line, &len);
		log_command(s, row, line);
		row->run(s, line + len);
	}
	return kind != CONTROL_NONE;
}
