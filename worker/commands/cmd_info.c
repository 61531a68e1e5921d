/*
 * cmd_info.c - NOOP SYST FEAT HELP, and the commands of RFC 959 that nobody
 * serves.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/reply.h"

static void
cmd_noop(struct session *s, char *argument UNUSED)
{
	reply(s, 200, "Here.");
}

static void
cmd_syst(struct session *s, char *none UNUSED)
{
	reply(s, 215, "UNIX Type: L8");
}

static void
cmd_feat(struct session *s, char *none UNUSED)
{
	struct reply_lines r;

	reply_begin(&r, s, 211, "Features:");
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		BUFFER(line, 200);
		if (row->feat == NULL || !command_offered(s, row))
			continue;
		buffer_add_text(&line, row->feat);
		if (text_is(row->verb, "MLST")) {
			buffer_add_char(&line, ' ');
			facts_add_feat(&line, s->choices.facts);
		}
		reply_line(&r, "%s", buffer_text(&line));
	}
	/* No command's: names are UTF-8 (RFC 2640) and form one tree
	 * (RFC 3659 6). */
	reply_line(&r, "TVFS");
	reply_line(&r, "UTF8");
	reply_finish(&r, "End.");
}

static void
help_all(struct session *s)
{
	struct reply_lines r;
	BUFFER(line, 80);

	reply_begin(&r, s, 214, "Commands (HELP <command> tells more):");
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		if (row->run == NULL || !command_offered(s, row))
			continue;
		buffer_addf(&line, "%-5s", row->verb);
		if (line.len >= 60) {
			reply_line(&r, "%s", buffer_text(&line));
			buffer_clear(&line);
		}
	}
	if (line.len > 0)
		reply_line(&r, "%s", buffer_text(&line));
	reply_finish(&r, "End.");
}

static void
cmd_help(struct session *s, char *verb)
{
	if (verb[0] == '\0') {
		help_all(s);
		return;
	}
	const struct command *row = command_find(verb, strlen(verb));
	if (row == NULL || !command_offered(s, row))
		reply(s, 501, "No such command.");
	else if (row->run == NULL)
		reply(s, 214, "%s is not served here.", row->verb);
	else
		reply(s, 214, "%s%s%s: %s.", row->verb,
			row->syntax[0] != '\0' ? " " : "", row->syntax,
			row->help);
}

const struct command cmd_info_rows[] = {
	{ "NOOP", COMMAND_ALWAYS | COMMAND_IN_TRANSFER | COMMAND_KEEPS_RESTART,
		0, "", NULL, "does nothing", cmd_noop },
	{ "SYST", COMMAND_ALWAYS | COMMAND_NO_ARGUMENT | COMMAND_KEEPS_RESTART,
		0, "", NULL, "tells the kind of system", cmd_syst },
	{ "FEAT", COMMAND_ALWAYS | COMMAND_NO_ARGUMENT | COMMAND_KEEPS_RESTART,
		0, "", NULL, "lists what is served beyond RFC 959", cmd_feat },
	{ "HELP", COMMAND_ALWAYS | COMMAND_KEEPS_RESTART, 0, "[<command>]",
		NULL, "lists the commands, or explains one", cmd_help },
	{ "SMNT", COMMAND_ALWAYS, 0, "", NULL, "", NULL },
	{ .verb = NULL },
};
