/*
 * imported.c - converts a configuration of vsftpd for a unit test.
 */
#include "common/base.h"
#include "tests/unit/imported.h"

#include "common/buffer.h"
#include "daemon/import/import_verify.h"
#include "tests/unit/unit.h"

void
imported_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT(fputs(text, file) >= 0);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

void
imported(struct import *i, const char *text)
{
	*i = (struct import){ 0 };
	imported_write("conf", text);
	CU_ASSERT_EQUAL_FATAL(vsftpd_config_init(&i->vsftpd,
		VSFTPD_BUILD_DEBIAN), 0);
	CU_ASSERT_EQUAL(vsftpd_config_file(&i->vsftpd, "conf"), 0);
	CU_ASSERT_EQUAL(import_convert(i), 0);

	size_t lines = 0, before = i->report.count;
	for (size_t n = 0; n < i->report.count; n++)
		lines += i->report.entries[n].line > 0;
	CU_ASSERT_EQUAL(lines, i->report.read);
	CU_ASSERT_EQUAL(import_verify(&i->draft, &i->report), 0);
	for (size_t n = before; n < i->report.count; n++) {
		const struct report_entry *e = &i->report.entries[n];
		/* A file that is not there is no mistake of the draft. */
		if (strcmp(e->option, "certificate") != 0)
			fprintf(stderr, "%s: %s\n", text, e->sentence);
		CU_ASSERT_STRING_EQUAL(e->option, "certificate");
	}
}

void
imported_expect(const struct import *i, const char *section, const char *key,
	const char *value)
{
	const char *found = draft_get(&i->draft, section, key);

	if (found == NULL || strcmp(found, value) != 0)
		fprintf(stderr, "[%s] %s = %s, not %s\n", section, key,
			found != NULL ? found : "(nothing)", value);
	CU_ASSERT(found != NULL && strcmp(found, value) == 0);
}

enum import_verdict
imported_verdict(const struct import *i, const char *option)
{
	for (size_t n = 0; n < i->report.count; n++)
		if (strcmp(i->report.entries[n].option, option) == 0)
			return i->report.entries[n].verdict;
	return IMPORT_VERDICTS;
}

static void
check_row(const struct import *i, const struct imported_row *row)
{
	if (row->key != NULL && row->value != NULL)
		imported_expect(i, row->section, row->key, row->value);
	else if (row->key != NULL)
		CU_ASSERT_PTR_NULL(draft_get(&i->draft, row->section,
			row->key));
	enum import_verdict got = imported_verdict(i, row->option);
	if (got != row->verdict)
		fprintf(stderr, "%s: verdict %d\n", row->text, (int)got);
	CU_ASSERT_EQUAL(got, row->verdict);
}

void
imported_check(const char *before, const struct imported_row *rows,
	size_t count)
{
	struct import i;

	for (size_t n = 0; n < count; n++) {
		BUFFER(text, 1024);
		buffer_addf(&text, "%s%s", before, rows[n].text);
		imported(&i, buffer_text(&text));
		check_row(&i, &rows[n]);
		import_free(&i);
	}
}
