/*
 * answer.c - keys of the new configuration, a verdict and a sentence.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/answer.h"

#include "common/settings/settings_table.h"

void
answer_begin(struct answer *a, struct draft *draft)
{
	a->draft = draft;
	a->verdict = IMPORT_SAME;
	a->differs = a->first = false;
	buffer_init(&a->sentence, a->storage, sizeof(a->storage));
}

bool
answer_can_put(const char *value)
{
	for (; *value != '\0'; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') ||
		    *value == 0x7f)
			return false;
	return true;
}

/* Note that the value differs from sureftpd's default, and whether this is the
 * first to set it: only then the other server's default matters. */
static void
note_difference(struct answer *a, const char *section, const char *key,
	const char *value)
{
	const struct settings_row *row = settings_table_find(section, key);
	const char *before = draft_get(a->draft, section, key);

	if (row == NULL && strcmp(section, "anonymous") == 0)
		row = settings_table_find(NULL, key);
	if (row == NULL || strcmp(row->default_text, value) == 0)
		return;
	a->differs = true;
	a->first = a->first || before == NULL || strcmp(before, value) != 0;
}

void
answer_put(struct answer *a, const char *section, const char *key,
	const char *value, bool asked)
{
	if (!answer_can_put(value)) {
		answer_say(a, IMPORT_REFUSED, "the value contains a line end "
			"or another control character");
		return;
	}
	note_difference(a, section, key, value);
	draft_set(a->draft, section, key, value, asked);
}

void
answer_add(struct answer *a, const char *section, const char *key,
	const char *value)
{
	if (!answer_can_put(value))
		return;
	a->differs = a->first = true;
	draft_add(a->draft, section, key, value);
}

void
answer_say(struct answer *a, enum import_verdict verdict, const char *format,
	...)
{
	va_list ap;

	if (a->sentence.len > 0 && a->verdict == IMPORT_REFUSED)
		return;
	a->verdict = verdict;
	buffer_clear(&a->sentence);
	va_start(ap, format);
	buffer_addv(&a->sentence, format, ap);
	va_end(ap);
}

int64_t
answer_bounded(struct answer *a, const char *section, const char *key,
	int64_t number)
{
	const struct settings_row *row = settings_table_find(section, key);
	int64_t value = number;

	if (row != NULL && value < row->min)
		value = row->min;
	if (row != NULL && value > row->max)
		value = row->max;
	if (value != number)
		answer_say(a, IMPORT_CHANGED, "%s in [%s] is %" PRId64
			" instead of %" PRId64, key, section, value, number);
	return value;
}

enum import_verdict
answer_verdict(const struct answer *a)
{
	return a->verdict == IMPORT_SAME && !a->differs ? IMPORT_DEFAULT :
		a->verdict;
}

bool
answer_matters(const struct answer *a)
{
	enum import_verdict verdict = answer_verdict(a);

	return verdict == IMPORT_CHANGED || verdict == IMPORT_REFUSED ||
	    (verdict == IMPORT_SAME && a->first);
}
