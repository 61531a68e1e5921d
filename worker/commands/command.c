/*
 * command.c - finds the row of a command line.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/commands/command.h"

#include "common/accounts/administrator.h"
#include "common/log/event.h"
#include "common/text.h"
#include "worker/tls_control.h"
#include "worker/tree/ftptime.h"

static const struct command *const tables[] = {
	cmd_login_rows,
	cmd_tls_rows,
	cmd_params_rows,
	cmd_data_rows,
	cmd_retr_rows,
	cmd_transfer_rows,
	cmd_list_rows,
	cmd_dir_rows,
	cmd_file_rows,
	cmd_facts_rows,
	cmd_hash_rows,
	cmd_site_tree_rows,
	cmd_quota_rows,
	cmd_who_rows,
	cmd_site_rows,
	cmd_info_rows,
	cmd_refused_rows,
};

const struct command *
command_next(const struct command *row)
{
	if (row == NULL)
		return tables[0];
	if (row[1].verb != NULL)
		return row + 1;
	/* the row after the last one of its table */
	for (size_t i = 0; i + 1 < ARRAY_SIZE(tables); i++) {
		const struct command *last = tables[i];
		while (last[1].verb != NULL)
			last++;
		if (last == row)
			return tables[i + 1];
	}
	return NULL;
}

const char *
command_argument(const struct command *row, const char *line, size_t len)
{
	size_t verb = strlen(row->verb);
	const char *argument = line + verb;

	if (len == verb)
		return argument;
	argument++;
	for (const char *at = argument; at < line + len; at++)
		if (*at != ' ')
			return argument;
	return line + len;
}

static bool
fits(const struct command *row, const char *line, size_t len)
{
	/* Most rows differ in the first letter. */
	if (len == 0 || text_upper(line[0]) != row->verb[0])
		return false;

	size_t verb = strlen(row->verb);
	if (len < verb || !text_same(row->verb, verb, line, verb) ||
		(len > verb && line[verb] != ' '))
		return false;
	const char *argument = command_argument(row, line, len);
	size_t argument_len = (size_t)(line + len - argument);
	struct timespec t;
	if (row->flags & COMMAND_IF_TIME)
		return ftptime_split(argument, argument_len, &t) != NULL;
	return argument_len > 0 || !(row->flags & COMMAND_IF_ARGUMENT);
}

/* In lists, SITE_CHMOD means SITE CHMOD, and SITE means all SITE commands. */
static bool
stands_for(const char *word, size_t len, const char *verb)
{
	for (size_t i = 0; i < len; i++) {
		char c = verb[i] == ' ' ? '_' : verb[i];
		if (c == '\0' || text_upper(word[i]) != c)
			return false;
	}
	return verb[len] == '\0' || verb[len] == ' ';
}

static bool
is_listed(const char *list, const struct command *row)
{
	const char *word;
	size_t len;

	while ((word = text_word(&list, &len)) != NULL) {
		if (stands_for(word, len, row->verb))
			return true;
	}
	return false;
}

/* Is it refused by commands_denied or, after login, not in commands_allowed? */
static bool
is_denied(const struct session *s, const struct command *row)
{
	const char *allowed = s->limits->commands_allowed;

	return is_listed(s->limits->commands_denied, row) ||
		(s->identity != NULL && *allowed != '\0' &&
		!is_listed(allowed, row));
}

const struct command *
command_find(const struct session *s, const char *line, size_t len)
{
	/* For every command: command_next() would look for the next table. */
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct command *row = tables[i]; row->verb != NULL;
		     row++)
			if (fits(row, line, len) && !is_denied(s, row))
				return row;
	return NULL;
}

bool
command_is_offered(const struct session *s, const struct command *row)
{
	if ((row->flags & COMMAND_TLS) && !tls_control_possible(s))
		return false;
	if ((row->flags & COMMAND_HASH) && !s->limits->hash_commands)
		return false;
	if ((row->flags & COMMAND_SYMLINK) && !s->limits->allow_site_symlink)
		return false;
	if ((row->flags & COMMAND_WHO) && (s->identity == NULL ||
		!administrator_may_list(&s->settings->server, s->identity)))
		return false;
	return !is_denied(s, row);
}

bool
command_is_usable(const struct session *s, const struct command *row)
{
	if (s->identity != NULL && row->permission != 0 &&
		!tree_permits(&s->tree, row->permission))
		return false;
	return command_is_offered(s, row);
}

void
command_log(const struct session *s, const struct command *row,
	const char *line)
{
	if (!s->reply.log)
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
