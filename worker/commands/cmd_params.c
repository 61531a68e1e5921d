/*
 * cmd_params.c - TYPE MODE STRU REST ALLO OPTS CLNT: the form of transfers and
 * listings.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "common/text.h"
#include "worker/command.h"
#include "worker/data/deflate.h"
#include "worker/data/hash.h"
#include "worker/reason.h"
#include "worker/transfer/file_transfer.h"

/* Without printers, A T is the same as A N (RFC 1123 4.1.2.3). */
static void
cmd_type(struct session *s, char *type)
{
	s->choices.type_sent = true;
	if (text_is(type, "A") || text_is(type, "A N") ||
		text_is(type, "A T")) {
		s->choices.type = 'A';
		reply(&s->reply, 200, "Type set to A.");
	} else if (text_is(type, "I") || text_is(type, "L 8") ||
		text_is(type, "L8")) {
		s->choices.type = 'I';
		reply(&s->reply, 200, "Type set to I.");
	} else if (strchr("AaEeLl", type[0]) != NULL) {
		reply(&s->reply, 504,
			"Only TYPE A, A N, A T, I and L 8 are supported.");
	} else {
		reply(&s->reply, 501,
			"Only TYPE A, A N, A T, I and L 8 are supported.");
	}
}

/* 504 for values in the RFCs, else 501. */
static void
refuse_choice(struct session *s, const char *argument, const char *known,
	const char *supported)
{
	bool is_known = argument[1] == '\0' &&
		strchr(known, text_upper(argument[0])) != NULL;

	reply(&s->reply, is_known ? 504 : 501, "Only %s supported.",
		supported);
}

static bool
has_mode_z(const struct session *s)
{
	return s->limits->max_compression_level > 0;
}

static void
cmd_mode(struct session *s, char *mode)
{
	bool z = text_is(mode, "Z") && has_mode_z(s);

	if (!z && !text_is(mode, "S")) {
		refuse_choice(s, mode, "BCZ", has_mode_z(s) ?
			"MODE S and MODE Z are" : "MODE S is");
		return;
	}
	s->choices.mode = z ? 'Z' : 'S';
	reply(&s->reply, 200, "MODE set to %c.", s->choices.mode);
}

static void
cmd_stru(struct session *s, char *structure)
{
	if (text_is(structure, "F"))
		reply(&s->reply, 200, "STRU set to F.");
	else
		refuse_choice(s, structure, "RP", "STRU F is");
}

static void
cmd_rest(struct session *s, char *offset)
{
	int64_t number;

	s->pending.restart = s->pending.range_end = 0;
	if (text_number(offset, strlen(offset), &number) < 0) {
		reply(&s->reply, 501, "Invalid argument; use REST <bytes>.");
		return;
	}
	/* RFC 3659 5.3: offsets count bytes of the transferred stream, which
	 * TYPE A converts. */
	if (number > 0 && file_transfer_converts(s, DOWNLOAD) &&
		file_transfer_converts(s, UPLOAD)) {
		reply(&s->reply, 504, "REST works with TYPE I only.");
		return;
	}
	s->pending.restart = number;
	reply(&s->reply, 350, "Next transfer starts at byte %" PRId64 ".",
		number);
}

/* draft-bryan-ftp-range: first and last byte, both inclusive.  Each RANG
 * cancels an earlier one; "1 0" does only that. */
static void
cmd_rang(struct session *s, char *argument)
{
	const char *at = argument;
	int64_t first, last;
	size_t len;
	const char *word = text_word(&at, &len);
	bool valid = word != NULL && text_number(word, len, &first) == 0;

	s->pending.restart = s->pending.range_end = 0;
	word = text_word(&at, &len);
	if (!valid || word == NULL || text_number(word, len, &last) < 0 ||
		text_word(&at, &len) != NULL || last == INT64_MAX) {
		reply(&s->reply, 501, "Invalid argument; use RANG <first> "
			"<last>.");
	} else if (first == 1 && last == 0) {
		reply(&s->reply, 350, "Range reset.");
	} else if (first > last) {
		reply(&s->reply, 501, "Invalid argument; the range ends "
			"before it begins.");
	} else if (file_transfer_converts(s, DOWNLOAD)) {
		reply(&s->reply, 504, "RANG works with TYPE I only.");
	} else {
		s->pending.restart = first;
		s->pending.range_end = last + 1;
		reply(&s->reply, 350, "Next download sends bytes %" PRId64
			" to %" PRId64 ".", first, last);
	}
}

/* Space is checked in the working directory, where the next upload is
 * expected. */
static bool
has_room(struct session *s, int64_t bytes)
{
	uint64_t room;

	if (tree_free_space(&s->tree, ".", &room) < 0 ||
		(uint64_t)bytes <= room)
		return true;
	if (s->tree.quota != NULL && bytes > s->quota.to.last.free.bytes) {
		reply_errno(&s->reply, REASON_QUOTA + QUOTA_BYTES_EXCEEDED);
		return false;
	}
	reply(&s->reply, 552, "Not enough space: %" PRIu64 " bytes are "
		"available.", room);
	return false;
}

/* "<bytes>" or "<bytes> R <record size>"; files have no records here. */
static bool
parse_size(const char *at, int64_t *bytes)
{
	size_t len;
	const char *word = text_word(&at, &len);
	int64_t record;

	if (word == NULL || text_number(word, len, bytes) < 0)
		return false;
	word = text_word(&at, &len);
	if (word == NULL)
		return true;
	if (!text_same(word, len, "R", 1))
		return false;
	word = text_word(&at, &len);
	return word != NULL && text_number(word, len, &record) == 0 &&
		text_word(&at, &len) == NULL;
}

/* So a client can find out before the upload that a file is too large. */
static void
cmd_allo(struct session *s, char *argument)
{
	int64_t number;

	if (!parse_size(argument, &number)) {
		reply(&s->reply, 501, "Invalid argument; use ALLO %s.",
			s->command->syntax);
		return;
	}
	if (s->limits->max_upload_size > 0 &&
		number > s->limits->max_upload_size)
		data_transfer_too_large(s, "File too large");
	else if (has_room(s, number)) {
		s->pending.announced = number;
		reply(&s->reply, 200, "%" PRId64 " bytes expected.", number);
	}
}

/* RFC 3659 7.8: an invalid list changes nothing. */
static void
opts_mlst(struct session *s, const char *list)
{
	BUFFER(chosen, 200);
	uint32_t facts;

	if (facts_parse(list, strlen(list), &facts) < 0) {
		reply(&s->reply, 501, "Invalid list of facts; use OPTS MLST "
			"<fact>;<fact>;...");
		return;
	}
	s->choices.facts = facts & session_facts(s);
	facts_add_chosen(&chosen, s->choices.facts);
	reply(&s->reply, 200, "MLST OPTS%s%s", chosen.len > 0 ? " " : "",
		buffer_text(&chosen));
}

/* draft-bryan-ftpext-hash 3.3: without a name, reply with the selected hash. */
static void
opts_hash(struct session *s, const char *name)
{
	unsigned kind = s->choices.hash;

	if (*name != '\0')
		for (kind = 0; kind < HASH_KINDS; kind++)
			if (text_is(hash_name((enum hash_kind)kind), name))
				break;
	if (kind == HASH_KINDS) {
		reply(&s->reply, 501, "Unknown hash; FEAT lists those that "
			"are supported.");
		return;
	}
	s->choices.hash = (uint8_t)kind;
	reply(&s->reply, 200, "%s", hash_name((enum hash_kind)kind));
}

/* "Z LEVEL <level>"; "Z" alone sets the default. */
static bool
parse_level(const char *text, int64_t *level)
{
	const char *word;
	size_t len;

	word = text_word(&text, &len);
	if (word == NULL || len != 1)
		return false;
	*level = DEFLATE_LEVEL_DEFAULT;
	word = text_word(&text, &len);
	if (word == NULL)
		return true;
	if (!text_same(word, len, "LEVEL", 5))
		return false;
	word = text_word(&text, &len);
	return word != NULL && text_number(word, len, level) == 0 &&
		*level >= 1 && *level <= DEFLATE_LEVEL_MAX &&
		text_word(&text, &len) == NULL;
}

/* draft-preston-ftpext-deflate 3.1. */
static void
opts_mode_z(struct session *s, const char *argument)
{
	int64_t most = s->limits->max_compression_level;
	int64_t level;

	if (text_upper(argument[0]) != 'Z' || !parse_level(argument, &level)) {
		reply(&s->reply, 501, "Invalid argument; use OPTS MODE Z "
			"LEVEL <1 to %d>.", DEFLATE_LEVEL_MAX);
		return;
	}
	if (level > most)
		level = most;
	s->choices.level = (uint8_t)level;
	reply(&s->reply, 200, "MODE Z LEVEL set to %" PRId64 ".", level);
}

/* Some clients disconnect after any reply except 200.  Without filename_charset
 * names are never converted. */
static void
opts_utf8(struct session *s, const char *value)
{
	s->choices.utf8 = !text_is(value, "OFF");
	session_apply_client(s);
	if (s->reply.charset != NULL)
		reply(&s->reply, 200, "File names are in %s.",
			s->reply.charset->name);
	else
		reply(&s->reply, 200, "UTF-8 is %son.",
			s->charsets != NULL ? "" : "always ");
}

static void
cmd_opts(struct session *s, char *argument)
{
	char *value = strchr(argument, ' ');

	if (value != NULL) {
		*value++ = '\0';
		value += strspn(value, " ");
	} else {
		value = argument + strlen(argument);
	}
	if (text_is(argument, "UTF8") || text_is(argument, "UTF-8"))
		opts_utf8(s, value);
	else if (text_is(argument, "MLST"))
		opts_mlst(s, value);
	else if (text_is(argument, "HASH") && s->limits->hash_commands)
		opts_hash(s, value);
	else if (text_is(argument, "MODE") && has_mode_z(s))
		opts_mode_z(s, value);
	else
		reply(&s->reply, 501, "Unknown option; supported are UTF8, "
			"MLST%s%s.", s->limits->hash_commands ? ", HASH" : "",
			has_mode_z(s) ? ", MODE Z" : "");
}

static void
cmd_clnt(struct session *s, char *name)
{
	snprintf(s->choices.client, sizeof(s->choices.client), "%s", name);
	session_apply_client(s);
	reply(&s->reply, 200, "OK.");
}

const struct command cmd_params_rows[] = {
	{ "TYPE", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_WORDS |
			COMMAND_KEEPS_RESTART,
		0, "A | A N | A T | I | L 8", NULL,
		"sets the transfer type, ASCII or binary", cmd_type },
	{ "MODE", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_WORDS |
			COMMAND_KEEPS_RESTART,
		0, "S | Z", "MODE Z",
		"sets the transfer mode", cmd_mode },
	{ "STRU", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_WORDS |
			COMMAND_KEEPS_RESTART,
		0, "F", NULL, "sets the file structure", cmd_stru },
	/* Without an argument they run as well, and cancel what was set. */
	{ "REST", COMMAND_AFTER_LOGIN | COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "<bytes>", "REST STREAM",
		"sets the offset of the next transfer", cmd_rest },
	{ "RANG", COMMAND_AFTER_LOGIN | COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		PERMISSION_retrieve, "<first> <last>", "RANG STREAM",
		"sets the part of the file that is downloaded next",
		cmd_rang },
	{ "ALLO", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_WORDS | COMMAND_KEEPS_RESTART,
		0, "<bytes> [R <bytes>]", NULL,
		"announces the size of the next upload", cmd_allo },
	{ "OPTS", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_WORDS |
			COMMAND_KEEPS_RESTART,
		0, "UTF8 ON | UTF8 OFF | MLST <fact>;... | HASH <name> | "
		"MODE Z LEVEL <level>", NULL,
		"sets options of another command", cmd_opts },
	{ "CLNT", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"<name>", "CLNT", "names the client program",
		cmd_clnt },
	{ .verb = NULL },
};
