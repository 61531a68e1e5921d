/*
 * cmd_info.c - NOOP SYST FEAT HELP, CSID (draft-peterson-streamlined-ftp-
 * command-extensions) and LANG (RFC 2640 4).
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/process/change_owner.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/data/hash.h"
#include "worker/tls_control.h"

static void
cmd_noop(struct session *s, char *none UNUSED)
{
	reply(&s->reply, 200, "OK.");
}

static void
cmd_syst(struct session *s, char *none UNUSED)
{
	reply(&s->reply, 215, "UNIX Type: L8");
}

/* draft-bryan-ftpext-hash 3.2: the selected one is marked with a star. */
static void
add_hashes(struct buffer *b, unsigned chosen)
{
	for (unsigned i = 0; i < HASH_KINDS; i++)
		buffer_addf(b, "%s%s%s", i == 0 ? " " : ";",
			hash_name((enum hash_kind)i), i == chosen ? "*" : "");
}

static bool
permits(const struct session *s, uint32_t permission)
{
	return s->identity == NULL || tree_permits(&s->tree, permission);
}

/* The facts that MFF can change. */
static void
add_changeable(struct buffer *b, const struct session *s)
{
	buffer_add_char(b, ' ');
	if (permits(s, PERMISSION_set_time))
		buffer_add_text(b, "modify;");
	if (permits(s, PERMISSION_change_mode))
		buffer_add_text(b, "UNIX.group;UNIX.mode;");
	if (permits(s, PERMISSION_change_mode) && s->identity != NULL &&
	    change_owner_allowed(s->limits, s->identity))
		buffer_add_text(b, "UNIX.owner;");
}

/* Does the listener allow the data connections that this command sets up?  If
 * not, the command has its own reply. */
static bool
is_allowed(const struct session *s, const char *verb)
{
	if (text_is(verb, "PASV") || text_is(verb, "P@SW") ||
	    text_is(verb, "EPSV"))
		return s->listener->allow_passive;
	if (text_is(verb, "PORT") || text_is(verb, "EPRT"))
		return s->listener->allow_active;
	return true;
}

/* These commands are not always refused as a whole when they cannot be used. */
static bool
is_useful(const struct session *s, const char *verb)
{
	if (text_is(verb, "MODE"))
		return s->limits->max_compression_level > 0;
	if (text_is(verb, "MFF"))
		return permits(s, PERMISSION_set_time) ||
			permits(s, PERMISSION_change_mode);
	if (text_is(verb, "REST"))
		return permits(s, PERMISSION_retrieve) ||
			permits(s, PERMISSION_store) ||
			permits(s, PERMISSION_append);
	/* TLS begins before the login. */
	if (text_is(verb, "AUTH"))
		return s->identity == NULL && !s->tls.on;
	if (text_is(verb, "PBSZ") || text_is(verb, "PROT"))
		return s->identity == NULL || s->tls.on;
	if (text_is(verb, "PASV") &&
	    address_family(&s->client.local) != AF_INET)
		return false;
	return is_allowed(s, verb);
}

static bool
has_feature(const struct session *s, const struct command *row)
{
	return row->feat != NULL && command_is_usable(s, row) &&
		is_useful(s, row->verb);
}

/* RFC 2389 3.2 defines the form, including the last line. */
static void
cmd_feat(struct session *s, char *none UNUSED)
{
	struct reply_lines l;

	reply_begin(&l, &s->reply, 211, "Features:");
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		BUFFER(line, 200);
		if (!has_feature(s, row))
			continue;
		buffer_add_text(&line, row->feat);
		if (text_is(row->verb, "MLST")) {
			buffer_add_char(&line, ' ');
			facts_add_feat(&line, session_facts(s),
				s->choices.facts);
		}
		if (text_is(row->verb, "MFF"))
			add_changeable(&line, s);
		if (text_is(row->verb, "HASH"))
			add_hashes(&line, s->choices.hash);
		reply_line(&l, "%s", buffer_text(&line));
	}
	/* Features without a command: names are UTF-8 (RFC 2640) and form one
	 * tree (RFC 3659 6). */
	reply_line(&l, "TVFS");
	if (s->limits->announce_utf8 && s->reply.charset == NULL)
		reply_line(&l, "UTF8");
	reply_finish(&l, "End");
}

/* Does HELP know it? */
static bool
is_explained(const struct session *s, const struct command *row)
{
	return command_is_offered(s, row) && is_allowed(s, row->verb);
}

static bool
is_listed(const struct session *s, const struct command *row,
	const struct command *before)
{
	if (row->run == NULL || (row->flags & COMMAND_REFUSED) ||
		strchr(row->verb, ' ') != NULL || !is_explained(s, row))
		return false;
	/* Another form of the same command. */
	return before == NULL || strcmp(before->verb, row->verb) != 0;
}

static void
help_all(struct session *s)
{
	const struct command *before = NULL;
	struct reply_lines l;
	BUFFER(line, 80);

	reply_begin(&l, &s->reply, 214,
		"The following commands are supported:");
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		if (!is_listed(s, row, before))
			continue;
		if (line.len >= 60) {
			reply_line(&l, "%s", buffer_text(&line));
			buffer_clear(&line);
		}
		buffer_addf(&line, "%s%s", line.len > 0 ? " " : "", row->verb);
		before = row;
	}
	reply_line(&l, "%s", buffer_text(&line));
	reply_finish(&l, "End");
}

/* "SITE" matches SITE CHMOD, too. */
static bool
is_about(const struct command *row, const char *verb)
{
	size_t len = strlen(verb);

	return strlen(row->verb) >= len &&
		text_same(row->verb, len, verb, len) &&
		(row->verb[len] == '\0' || row->verb[len] == ' ');
}

static void
add_help(struct buffer *b, const struct session *s, const struct command *row)
{
	command_add_usage(b, s, row);
	buffer_addf(b, ": %s", row->run != NULL &&
		!(row->flags & COMMAND_REFUSED) ? row->help : "not supported");
}

static const struct command *
next_about(const struct session *s, const struct command *row,
	const char *verb)
{
	do
		row = command_next(row);
	while (row != NULL &&
		(!is_about(row, verb) || !is_explained(s, row)));
	return row;
}

static void
cmd_help(struct session *s, char *verb)
{
	const struct command *row;
	struct reply_lines l;
	BUFFER(line, 200);

	if (verb[0] == '\0') {
		help_all(s);
		return;
	}
	row = next_about(s, NULL, verb);
	if (row == NULL) {
		reply(&s->reply, 501, "Unknown command.");
		return;
	}
	add_help(&line, s, row);
	if (next_about(s, row, verb) == NULL) {
		reply(&s->reply, 214, "%s.", buffer_text(&line));
		return;
	}
	reply_begin(&l, &s->reply, 214, "%.*s",
		(int)strcspn(row->verb, " "), row->verb);
	for (; row != NULL; row = next_about(s, row, verb)) {
		buffer_clear(&line);
		add_help(&line, s, row);
		reply_line(&l, "%s", buffer_text(&line));
	}
	reply_finish(&l, "End");
}

/* The version is not disclosed. */
static void
cmd_csid(struct session *s, char *names UNUSED)
{
	reply(&s->reply, 200, "Name=sureftpd;");
}

/* A language tag: letters and digits in groups (RFC 2640 4.1). */
static bool
is_language(const char *tag)
{
	for (const char *at = tag; *at != '\0'; at++)
		if (!text_is_alpha(*at) && !text_is_digit(*at) && *at != '-')
			return false;
	return text_is_alpha(*tag);
}

static void
cmd_lang(struct session *s, char *tag)
{
	bool english = tag[0] == '\0' || text_is(tag, "EN") ||
		(strlen(tag) > 3 && text_same(tag, 3, "EN-", 3));

	if (tag[0] != '\0' && !is_language(tag))
		reply(&s->reply, 501, "Invalid argument; use LANG EN.");
	else if (english)
		reply(&s->reply, 200, "Replies are in English.");
	else
		reply(&s->reply, 504, "Only LANG EN is supported.");
}

const struct command cmd_info_rows[] = {
	{ "NOOP", COMMAND_ALWAYS | COMMAND_MID_TRANSFER |
			COMMAND_KEEPS_RESTART | COMMAND_KEEPS_RENAME,
		0, "", NULL, "does nothing", cmd_noop },
	{ "SYST", COMMAND_ALWAYS | COMMAND_KEEPS_RESTART, 0, "", NULL,
		"shows the system type", cmd_syst },
	{ "FEAT", COMMAND_ALWAYS | COMMAND_KEEPS_RESTART, 0, "", NULL,
		"lists the supported extensions", cmd_feat },
	{ "HELP", COMMAND_ALWAYS | COMMAND_WORDS | COMMAND_KEEPS_RESTART, 0,
		"[<command>]", NULL,
		"lists the commands, or explains one", cmd_help },
	{ "CSID", COMMAND_ALWAYS | COMMAND_ARGUMENT | COMMAND_KEEPS_RESTART, 0,
		"Name=<name>; Version=<version>;", "CSID",
		"exchanges the names of client and server", cmd_csid },
	{ "LANG", COMMAND_ALWAYS | COMMAND_WORDS | COMMAND_KEEPS_RESTART, 0,
		"[EN]", "LANG EN*", "chooses the language of replies: English",
		cmd_lang },
	{ .verb = NULL },
};
