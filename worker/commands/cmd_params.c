/*
 * cmd_params.c - TYPE MODE STRU REST ALLO OPTS CLNT: how transfers and lists
 * shall be.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "common/text.h"
#include "worker/command.h"
#include "worker/reply.h"

static void
cmd_type(struct session *s, char *type)
{
	if (text_is(type, "A") || text_is(type, "A N")) {
		s->choices.type = 'A';
		reply(s, 200, "Type is ASCII.");
	} else if (text_is(type, "I") || text_is(type, "L 8") ||
		text_is(type, "L8")) {
		s->choices.type = 'I';
		reply(s, 200, "Type is binary.");
	} else if (strchr("AaEeLl", type[0]) != NULL) {
		reply(s, 504, "Types served are A, A N, I and L 8.");
	} else {
		reply(s, 501, "Types served are A, A N, I and L 8.");
	}
}

/* MODE and STRU have one value each that is in use, and two that RFC 959
 * knows besides. */
static void
one_choice(struct session *s, const char *argument, const char *served,
	const char *known, const char *name)
{
	if (text_is(argument, served))
		reply(s, 200, "%s is %s.", name, served);
	else if (argument[1] == '\0' &&
		strchr(known, text_upper(argument[0])) != NULL)
		reply(s, 504, "Only %s %s is served.", name, served);
	else
		reply(s, 501, "Only %s %s is served.", name, served);
}

static void
cmd_mode(struct session *s, char *mode)
{
	one_choice(s, mode, "S", "BCZ", "MODE");
}

static void
cmd_stru(struct session *s, char *structure)
{
	one_choice(s, structure, "F", "RP", "STRU");
}

static void
cmd_rest(struct session *s, char *offset)
{
	int64_t number;

	if (text_number(offset, strlen(offset), &number) < 0) {
		reply(s, 501, "REST takes a number of bytes.");
		return;
	}
	/* RFC 3659 5.3: offsets count bytes of the stream, which TYPE A
	 * changes on the way. */
	if (number > 0 && s->choices.type == 'A') {
		reply(s, 504, "REST works with TYPE I only.");
		return;
	}
	s->restart = number;
	reply(s, 350, "Restarting at %" PRId64 ".", number);
}

/* ALLO <bytes> [R <record size>]: space is found while writing. */
static void
cmd_allo(struct session *s, char *argument)
{
	const char *at = argument;
	const char *word;
	size_t len;
	int64_t number;

	word = text_word(&at, &len);
	if (word == NULL || text_number(word, len, &number) < 0) {
		reply(s, 501, "ALLO takes a number of bytes.");
		return;
	}
	reply(s, 202, "No allocation is needed.");
}

/* Names are bytes here and pass unchanged; some clients give up on any answer
 * but 200. */
static void
opts_utf8(struct session *s)
{
	reply(s, 200, "UTF-8 is always on.");
}

static void
opts_mlst(struct session *s, const char *value)
{
	BUFFER(chosen, 200);

	s->choices.facts = facts_parse(value, strlen(value));
	facts_add_chosen(&chosen, s->choices.facts);
	reply(s, 200, "MLST OPTS %s", buffer_text(&chosen));
}

static void
cmd_opts(struct session *s, char *argument)
{
	char *value = strchr(argument, ' ');

	if (value != NULL)
		*value++ = '\0';
	else
		value = argument + strlen(argument);
	if (text_is(argument, "UTF8") || text_is(argument, "UTF-8"))
		opts_utf8(s);
	else if (text_is(argument, "MLST"))
		opts_mlst(s, value);
	else
		reply(s, 501, "OPTS knows UTF8 and MLST.");
}

static void
cmd_clnt(struct session *s, char *name UNUSED)
{
	reply(s, 200, "OK.");
}

const struct command cmd_params_rows[] = {
	{ "TYPE", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"A | A N | I | L 8", NULL,
		"chooses ASCII or binary transfers", cmd_type },
	{ "MODE", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"S", NULL, "chooses stream mode", cmd_mode },
	{ "STRU", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"F", NULL, "chooses file structure", cmd_stru },
	{ "REST", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RESTART,
		0, "<bytes>", "REST STREAM",
		"lets the next transfer begin at an offset", cmd_rest },
	{ "ALLO", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RESTART,
		0, "<bytes> [R <bytes>]", NULL,
		"announces the size of an upload", cmd_allo },
	{ "OPTS", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"UTF8 ON | MLST <fact>;...", NULL,
		"chooses how another command works", cmd_opts },
	{ "CLNT", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"<name>", "CLNT", "names the client program", cmd_clnt },
	{ .verb = NULL },
};
