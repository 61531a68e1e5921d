/*
 * report_print.c - the report as text, JSON or Markdown.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/report.h"

#include "common/text.h"

/* Maximum length of a value or sentence that is shown. */
#define SHOWN_MAX 1000
#define SHOWN_SIZE (4 * SHOWN_MAX + 8)	/* every byte as \xNN, and "..." */

static const struct {
	const char *name;	/* in JSON */
	const char *title;
} verdicts[IMPORT_VERDICTS] = {
	[IMPORT_SAME] = { "same", "The same" },
	[IMPORT_DEFAULT] = { "same-by-default", "The same by default" },
	[IMPORT_CHANGED] = { "changed", "Changed" },
	[IMPORT_NOT_NEEDED] = { "not-needed", "Not needed" },
	[IMPORT_REFUSED] = { "refused", "Refused" },
};

/* Verdicts that need an administrator's attention come first. */
static const enum import_verdict order[IMPORT_VERDICTS] = {
	IMPORT_REFUSED, IMPORT_CHANGED, IMPORT_NOT_NEEDED, IMPORT_SAME,
	IMPORT_DEFAULT,
};

static const char *const form_names[REPORT_FORMS] = {
	[REPORT_TEXT] = "text",
	[REPORT_JSON] = "json",
	[REPORT_MARKDOWN] = "markdown",
};

enum report_form
report_form_find(const char *name)
{
	for (size_t i = 0; i < REPORT_FORMS; i++)
		if (strcmp(form_names[i], name) == 0)
			return (enum report_form)i;
	return REPORT_FORMS;
}

typedef void print_function(const char *text, FILE *out);

static void
escape(struct buffer *b, const char *text)
{
	size_t len = strlen(text);

	buffer_clear(b);
	text_escape(b, text, len < SHOWN_MAX ? len : SHOWN_MAX);
	if (len > SHOWN_MAX)
		buffer_add_text(b, "...");
}

static void
print_escaped(const char *text, FILE *out)
{
	BUFFER(shown, SHOWN_SIZE);

	escape(&shown, text);
	fputs(buffer_text(&shown), out);
}

/* Text in Markdown: | would end a cell of a table, < would start markup. */
static void
print_marked(const char *text, FILE *out)
{
	BUFFER(shown, SHOWN_SIZE);

	escape(&shown, text);
	for (const char *c = buffer_text(&shown); *c != '\0'; c++) {
		if (strchr("|<>`*_[]", *c) != NULL)
			fputc('\\', out);
		fputc(*c, out);
	}
}

static void
print_place(const struct report_entry *e, print_function *print, FILE *out)
{
	if (e->file == NULL)
		fputs(e->general ? "always" : "default", out);
	else
		print(e->file, out);
	if (e->line > 0)
		fprintf(out, ":%d", e->line);
}

static void
print_faults(const struct report *r, const char *mark, print_function *print,
	FILE *out)
{
	for (size_t i = 0; i < r->fault_count; i++) {
		fputs(mark, out);
		print(r->faults[i], out);
		fputc('\n', out);
	}
}

static void
print_totals(const struct report *r, FILE *out)
{
	fprintf(out, "%zu line%s an option", r->read, r->read == 1 ? " sets" :
		"s set");
	for (size_t i = 0; i < IMPORT_VERDICTS; i++)
		fprintf(out, "%s%s %zu", i == 0 ? "; " : ", ",
		    verdicts[order[i]].name,
		    report_count(r, order[i]));
	fputs(".\n", out);
}

static void
print_text_entry(const struct report_entry *e, FILE *out)
{
	fputs("  ", out);
	print_place(e, print_escaped, out);
	fputs(": ", out);
	print_escaped(e->option, out);
	if (!e->general || e->value[0] != '\0')
		fputc('=', out);
	print_escaped(e->value, out);
	fputs("\n      ", out);
	print_escaped(e->sentence, out);
	fputc('\n', out);
}

/* The entries with this verdict, under a title. */
static void
print_text_group(const struct report *r, enum import_verdict verdict,
	bool general, const char *title, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++) {
		const struct report_entry *e = &r->entries[i];
		if (e->verdict != verdict || e->general != general)
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", title);
		any = true;
		print_text_entry(e, out);
	}
}

static void
print_text(const struct report *r, FILE *out)
{
	if (r->fault_count > 0)
		fprintf(out, "%s would not have started with this "
		    "configuration:\n", r->server);
	print_faults(r, "  ", print_escaped, out);
	for (size_t v = 0; v < IMPORT_VERDICTS; v++) {
		print_text_group(r, order[v], false, verdicts[order[v]].title,
			out);
		print_text_group(r, order[v], true, "Changed by every import, "
			"without effect on the exit status", out);
	}
	fputc('\n', out);
	print_totals(r, out);
}

/* A JSON string of text that text_escape() has escaped; backslashes are
 * doubled. */
static void
print_json_text(const char *text, FILE *out)
{
	BUFFER(shown, SHOWN_SIZE);

	escape(&shown, text);
	fputc('"', out);
	for (const char *c = buffer_text(&shown); *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

static void
print_json_entry(const struct report_entry *e, FILE *out)
{
	fputs("\t\t{ \"verdict\": ", out);
	print_json_text(verdicts[e->verdict].name, out);
	fputs(", \"file\": ", out);
	if (e->file != NULL)
		print_json_text(e->file, out);
	else
		fputs("null", out);
	fprintf(out, ", \"line\": %d, \"general\": %s, \"option\": ", e->line,
		e->general ? "true" : "false");
	print_json_text(e->option, out);
	fputs(", \"value\": ", out);
	print_json_text(e->value, out);
	fputs(", \"sentence\": ", out);
	print_json_text(e->sentence, out);
	fputs(" }", out);
}

static void
print_json(const struct report *r, FILE *out)
{
	fprintf(out, "{\n\t\"status\": %d,\n\t\"options_read\": %zu,\n"
		"\t\"faults\": [", report_status(r), r->read);
	for (size_t i = 0; i < r->fault_count; i++) {
		fputs(i > 0 ? ", " : "", out);
		print_json_text(r->faults[i], out);
	}
	fputs("],\n\t\"entries\": [\n", out);
	for (size_t i = 0; i < r->count; i++) {
		print_json_entry(&r->entries[i], out);
		fputs(i + 1 < r->count ? ",\n" : "\n", out);
	}
	fputs("\t]\n}\n", out);
}

static void
print_markdown(const struct report *r, FILE *out)
{
	fprintf(out, "# Import of a %s configuration\n\n", r->server);
	if (r->fault_count > 0)
		fprintf(out, "%s would not have started with this "
		    "configuration:\n\n", r->server);
	print_faults(r, "- ", print_marked, out);
	fputs("\n| Verdict | Place | Option | Value | What it becomes |\n"
	    "|---|---|---|---|---|\n", out);
	for (size_t v = 0; v < IMPORT_VERDICTS; v++)
		for (size_t i = 0; i < r->count; i++) {
			const struct report_entry *e = &r->entries[i];
			if (e->verdict != order[v])
				continue;
			fprintf(out, "| %s | ", verdicts[e->verdict].name);
			print_place(e, print_marked, out);
			fputs(" | ", out);
			print_marked(e->option, out);
			fputs(" | ", out);
			print_marked(e->value, out);
			fputs(" | ", out);
			print_marked(e->sentence, out);
			fputs(" |\n", out);
		}
	fputc('\n', out);
	print_totals(r, out);
}

void
report_print(const struct report *r, enum report_form form, FILE *out)
{
	switch (form) {
	case REPORT_TEXT:
		print_text(r, out);
		break;
	case REPORT_JSON:
		print_json(r, out);
		break;
	case REPORT_MARKDOWN:
	case REPORT_FORMS:
		print_markdown(r, out);
		break;
	}
}
