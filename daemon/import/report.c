/*
 * report.c - collects and counts the verdicts on options.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/report.h"

void
report_free(struct report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->entries[i].file);
		free(r->entries[i].option);
		free(r->entries[i].value);
		free(r->entries[i].sentence);
	}
	for (size_t i = 0; i < r->fault_count; i++)
		free(r->faults[i]);
	free(r->entries);
	free(r->faults);
	*r = (struct report){ 0 };
}

/* A copy; NULL stays NULL. */
static char *
copy(struct report *r, const char *text)
{
	char *made = text != NULL ? strdup(text) : NULL;

	if (text != NULL && made == NULL)
		r->failed = true;
	return made;
}

void
report_add(struct report *r, const struct report_line *line,
	enum import_verdict verdict, const char *sentence)
{
	struct report_entry *grown = reallocarray(r->entries, r->count + 1,
		sizeof(*grown));

	if (grown == NULL) {
		r->failed = true;
		return;
	}
	r->entries = grown;
	r->entries[r->count++] = (struct report_entry){
		.verdict = verdict, .line = line->line,
		.file = copy(r, line->file), .option = copy(r, line->key),
		.value = copy(r, line->value), .sentence = copy(r, sentence),
	};
}

void
report_general(struct report *r, const char *what, const char *value,
	const char *sentence)
{
	const struct report_line line = { .key = what, .value = value };
	size_t before = r->count;

	report_add(r, &line, IMPORT_CHANGED, sentence);
	if (r->count > before)
		r->entries[before].general = true;
}

void
report_reading(struct report *r, const struct report_line *line,
	enum import_verdict verdict, const char *sentence)
{
	char *both = NULL;

	r->read++;
	if (line->fault != NULL)
		report_fault(r, line->file, line->line, "%s: %s",
			line->fault, line->key);
	if (line->remark != NULL && asprintf(&both, "%s; %s", line->remark,
	    sentence) < 0) {
		r->failed = true;
		return;
	}
	report_add(r, line, verdict, both != NULL ? both : sentence);
	free(both);
}

void
report_fault(struct report *r, const char *file, int line, const char *format,
	...)
{
	char *reason = NULL, *fault = NULL;
	va_list ap;

	va_start(ap, format);
	int n = vasprintf(&reason, format, ap);
	va_end(ap);
	if (n < 0)
		reason = NULL;
	else if (line > 0)
		n = asprintf(&fault, "%s:%d: %s", file, line, reason);
	else
		n = asprintf(&fault, "%s%s%s", file != NULL ? file : "",
		    file != NULL ? ": " : "", reason);
	free(reason);
	char **grown = n < 0 ? NULL : reallocarray(r->faults,
		r->fault_count + 1, sizeof(*grown));
	if (grown == NULL) {
		if (n >= 0)
			free(fault);
		r->failed = true;
		return;
	}
	r->faults = grown;
	r->faults[r->fault_count++] = fault;
}

size_t
report_count(const struct report *r, enum import_verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += r->entries[i].verdict == verdict;
	return count;
}

int
report_status(const struct report *r)
{
	if (r->fault_count > 0)
		return 2;
	for (size_t i = 0; i < r->count; i++) {
		const struct report_entry *e = &r->entries[i];

		if (e->verdict == IMPORT_REFUSED ||
		    (e->verdict == IMPORT_CHANGED && !e->general))
			return 1;
	}
	return 0;
}
