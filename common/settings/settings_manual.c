/*
 * settings_manual.c - the KEYS part of sureftpd.conf(5), in mdoc.
 *
 * Runs in: sureftpd --manual, which serves no clients.
 */
#include "common/base.h"
#include "common/settings/settings_manual.h"

#include "common/buffer.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_client.h"
#include "common/settings/settings_table.h"
#include "common/text.h"

#define WIDTH 78
#define SENTENCE_SIZE 2048

/* A backslash would start an escape sequence. */
static void
add_escaped(struct buffer *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\\')
			buffer_add_text(b, "\\e");
		else
			buffer_add_char(b, text[i]);
}

/* Text between macros.  No sentence begins with a dot or an apostrophe; a test
 * checks that. */
static void
print_text(FILE *out, const char *text, size_t len)
{
	BUFFER(line, SENTENCE_SIZE);

	add_escaped(&line, text, len);
	settings_format_wrap(out, "", WIDTH, buffer_text(&line));
}

/* mdoc requires every sentence on its own line. */
static void
print_sentences(FILE *out, const char *text)
{
	for (const char *end; (end = strstr(text, ". ")) != NULL;
	    text = end + 2)
		print_text(out, text, (size_t)(end + 1 - text));
	print_text(out, text, strlen(text));
}

/* A macro with one argument, quoted so that no word of it is parsed as a macro,
 * and escaped so that its final dot is kept. */
static void
print_quoted(FILE *out, const char *macro, const char *argument)
{
	size_t len = strlen(argument);
	bool guarded = len > 0 && strchr(".,:;!?)]", argument[len - 1]) != NULL;
	BUFFER(b, SENTENCE_SIZE);

	for (size_t i = 0; i < len; i++)
		if (argument[i] == '"')
			buffer_add_text(&b, "\"\"");
		else
			add_escaped(&b, argument + i, 1);
	fprintf(out, ".%s \"%s%s\" .\n", macro, buffer_text(&b),
	    guarded ? "\\&" : "");
}

static void
print_row(FILE *out, const struct settings_row *row)
{
	BUFFER(rule, SETTINGS_FORMAT_SIZE);
	BUFFER(allowed, SETTINGS_FORMAT_SIZE + 16);

	fprintf(out, ".It Ic %s\n", row->key);
	print_sentences(out, row->description);
	settings_format_rule(row, &rule);
	buffer_addf(&allowed, "Allowed: %s.", buffer_text(&rule));
	settings_format_wrap(out, "", WIDTH, buffer_text(&allowed));
	if (*row->default_text != '\0') {
		fputs("Default:\n", out);
		print_quoted(out, "Ql", row->default_text);
	} else {
		fputs("Empty by default.\n", out);
	}
	if (row->scope == SETTINGS_USER)
		fputs(settings_client_allows((size_t)(row - settings_table)) ?
		    "Can be set per user, group and client.\n" :
		    "Can be set per user and group.\n", out);
	if (row->scope == SETTINGS_TLS)
		fputs("Can be set per host.\n", out);
	if (*row->vsftpd != '\0') {
		fputs("In vsftpd.conf:\n", out);
		print_quoted(out, "Ic", row->vsftpd);
	}
}

void
settings_manual(FILE *out)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];

		if (settings_table_begins_section(i)) {
			if (i > 0)
				fputs(".El\n", out);
			fprintf(out, ".Ss Section %s\n"
			    ".Bl -tag -width Ds\n", row->section);
		}
		print_row(out, row);
	}
	fputs(".El\n", out);
}
