/*
 * command.c - finds the row of a command line.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/command.h"

#include "common/accounts/administrator.h"
#include "common/log/event.h"
#include "common/text.h"
#include "worker/tls_control.h"
#include "worker/tree/ftptime.h"

/* The tables, and the first letters of their verbs: for every command the rows
 * of few tables are read, which are not in the processor's cache when many
 * sessions are busy. */
#define L(c) (UINT32_C(1) << ((c) - 'A'))

static const struct {
	const struct command *rows;
	uint32_t letters;
} tables[] = {
	{ cmd_login_rows, L('U') | L('P') | L('A') | L('R') | L('H') | L('Q') },
	{ cmd_tls_rows, L('A') | L('P') | L('C') | L('M') | L('E') },
	{ cmd_params_rows, L('T') | L('M') | L('S') | L('R') | L('A') | L('O') |
		L('C') },
	{ cmd_data_rows, L('P') | L('E') },
	{ cmd_retr_rows, L('R') },
	{ cmd_stor_rows, L('S') | L('A') },
	{ cmd_list_rows, L('L') | L('N') | L('M') | L('S') },
	{ cmd_dir_rows, L('P') | L('X') | L('C') | L('M') | L('R') | L('A') },
	{ cmd_file_rows, L('D') | L('R') | L('S') | L('M') },
	{ cmd_facts_rows, L('M') | L('S') },
	{ cmd_hash_rows, L('H') | L('X') },
	{ cmd_site_tree_rows, L('S') },
	{ cmd_quota_rows, L('S') },
	{ cmd_who_rows, L('S') },
	{ cmd_site_rows, L('S') },
	{ cmd_info_rows, L('N') | L('S') | L('F') | L('H') | L('C') | L('L') },
	{ cmd_refused_rows, L('S') | L('L') | L('M') | L('C') | L('P') },
};

const struct command *
command_next(const struct command *row)
{
	if (row == NULL)
		return tables[0].rows;
	if (row[1].verb != NULL)
		return row + 1;
	/* the row after the last one of its table */
	for (size_t i = 0; i + 1 < ARRAY_SIZE(tables); i++) {
		const struct command *last = tables[i].rows;
		while (last[1].verb != NULL)
			last++;
		if (last == row)
			return tables[i + 1].rows;
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

bool
command_is_meant(const struct command *row, const char *word, size_t len)
{
	return stands_for(word, len, row->verb) ||
	    ((row->flags & COMMAND_COPY) && stands_for(word, len, "SITE COPY"));
}

static bool
is_listed(const char *list, const struct command *row)
{
	const char *word;
	size_t len;

	if (*list == '\0')
		return false;
	while ((word = text_word(&list, &len)) != NULL)
		if (command_is_meant(row, word, len))
			return true;
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
	char first = len > 0 ? text_upper(line[0]) : '\0';

	if (first < 'A' || first > 'Z')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (!(tables[i].letters & L(first)))
			continue;
		for (const struct command *row = tables[i].rows;
		     row->verb != NULL; row++)
			if (row->verb[0] == first && fits(row, line, len) &&
			    !is_denied(s, row))
				return row;
	}
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

/* Forms that begin like this need hash_commands or compression. */
static bool
has_form(const struct session *s, const char *form, size_t len)
{
	if (len >= 4 && memcmp(form, "HASH", 4) == 0)
		return s->limits->hash_commands;
	if ((len == 1 && form[0] == 'Z') ||
	    (len >= 6 && memcmp(form, "MODE Z", 6) == 0))
		return s->limits->max_compression_level > 0;
	return true;
}

void
command_add_usage(struct buffer *b, const struct session *s,
	const struct command *row)
{
	const char *form = row->syntax, *between = " ";

	buffer_add_text(b, row->verb);
	while (*form != '\0') {
		const char *end = strstr(form, " | ");
		size_t len = end != NULL ? (size_t)(end - form) : strlen(form);
		if (has_form(s, form, len)) {
			buffer_addf(b, "%s%.*s", between, (int)len, form);
			between = " | ";
		}
		form += end != NULL ? len + 3 : len;
	}
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
