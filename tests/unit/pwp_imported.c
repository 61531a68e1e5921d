/*
 * pwp_imported.c - converts a configuration of the PWP server for a unit test.
 */
#include "common/base.h"
#include "tests/unit/pwp_imported.h"

#include "common/buffer.h"
#include "daemon/import/import_verify.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

void
pwp_imported(struct pwp_import *i, const char *text, const char *option,
	const char *host)
{
	size_t lines = 0;

	*i = (struct pwp_import){ 0 };
	imported_write("ftpd.conf", text);
	pwp_config_init(&i->config, host);
	CU_ASSERT_EQUAL_FATAL(pwp_config_file(&i->config, "ftpd.conf"), 0);
	if (option != NULL)
		CU_ASSERT_EQUAL(pwp_config_option(&i->config, option), 0);
	pwp_config_settle(&i->config);
	CU_ASSERT_EQUAL_FATAL(pwp_import_convert(i), 0);

	for (size_t n = 0; n < i->report.count; n++)
		lines += i->report.entries[n].file != NULL;
	CU_ASSERT_EQUAL(lines, i->report.read);
	CU_ASSERT_EQUAL(i->report.read, i->config.count);
	size_t before = i->report.count;
	CU_ASSERT_EQUAL(import_verify(&i->draft, &i->report), 0);
	for (size_t n = before; n < i->report.count; n++)
		fprintf(stderr, "%s: %s\n", text,
			i->report.entries[n].sentence);
	CU_ASSERT_EQUAL(i->report.count, before);
}

void
pwp_expect(const struct pwp_import *i, const char *section, const char *key,
	const char *value)
{
	const char *found = draft_get(&i->draft, section, key);
	bool right = value == NULL ? found == NULL : found != NULL &&
		strcmp(found, value) == 0;

	if (!right)
		fprintf(stderr, "[%s] %s = %s, not %s\n", section, key,
			found != NULL ? found : "(nothing)",
			value != NULL ? value : "(nothing)");
	CU_ASSERT(right);
}

const struct report_entry *
pwp_entry(const struct pwp_import *i, const char *key)
{
	for (size_t n = i->report.count; n-- > 0;)
		if (strcmp(i->report.entries[n].option, key) == 0)
			return &i->report.entries[n];
	return NULL;
}

enum import_verdict
pwp_verdict(const struct pwp_import *i, const char *key)
{
	const struct report_entry *e = pwp_entry(i, key);

	return e != NULL ? e->verdict : IMPORT_VERDICTS;
}

void
pwp_check_conversions(const struct pwp_conversion *c, size_t count,
	const char *site)
{
	struct scratch t;
	struct pwp_import i;

	scratch_open(&t);
	for (; count > 0; count--, c++) {
		BUFFER(text, 300);
		BUFFER(key, 100);
		buffer_addf(&text, "%s\n%s", c->line, site);
		buffer_add(&key, c->line, strcspn(c->line, ":"));
		pwp_imported(&i, buffer_text(&text), NULL, NULL);
		pwp_expect(&i, c->section, c->key, c->value);
		if (pwp_verdict(&i, buffer_text(&key)) != c->verdict)
			fprintf(stderr, "%s: verdict %d, not %d\n", c->line,
				pwp_verdict(&i, buffer_text(&key)),
				c->verdict);
		CU_ASSERT_EQUAL(pwp_verdict(&i, buffer_text(&key)),
			c->verdict);
		pwp_import_free(&i);
	}
	scratch_close(&t);
}
