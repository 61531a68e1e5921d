/*
 * settings_manual.c - the KEYS part of sureftpd.conf(5), in mdoc.
 *
 * Runs in: sureftpd --manual, which serves nobody.
 */
#include "common/base.h"
#include "common/buffer.h"
#include "common/settings_format.h"
#include "common/settings_table.h"
#include "common/text.h"

/* Text between macros: a backslash would begin an escape, and so would a
 * dot or an apostrophe in the first column. */
static void
print_text(FILE *out, const char *text, size_t len)
{
	if (len > 0 && (*text == '.' || *text == '\''))
		fputs("\\&", out);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\\')
			fputs("\\e", out);
		else
			fputc(text[i], out);
	fputc('\n', out);
}

/* mdoc wants every sentence on a line of its own. */
static void
print_sentences(FILE *out, const char *text)
{
	for (const char *end; (end = strstr(text, ". ")) != NULL;
	    text = end + 2)
		print_text(out, text, (size_t)(end + 1 - text));
	print_text(out, text, strlen(text));
}

/* A macro with one argument, quoted so that no word of it is taken for a
 * macro's name. */
static void
print_quoted(FILE *out, const char *macro, const char *argument)
{
	fprintf(out, ".%s \"", macro);
	for (; *argument != '\0'; argument++)
		if (*argument == '"')
			fputs("\"\"", out);
		else if (*argument == '\\')
			fputs("\\e", out);
		else
			fputc(*argument, out);
	fputs("\" .\n", out);
}

static void
print_row(FILE *out, const struct settings_row *row)
{
	BUFFER(rule, SETTINGS_FORMAT_SIZE);

	fprintf(out, ".It Ic %s\n", row->key);
	print_sentences(out, row->sentence);
	settings_format_rule(row, &rule);
	fprintf(out, "Allowed: %s.\n", buffer_text(&rule));
	if (*row->preset != '\0') {
		fputs("Default:\n", out);
		print_quoted(out, "Ql", row->preset);
	} else {
		fputs("Empty by default.\n", out);
	}
	if (row->scope == SETTINGS_USER)
		fputs("Can differ by account.\n", out);
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
			fprintf(out, ".Ss Section [%s]\n"
			    ".Bl -tag -width Ds\n", row->section);
		}
		print_row(out, row);
	}
	fputs(".El\n", out);
}
