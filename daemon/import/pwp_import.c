/*
 * pwp_import.c - maps every option, and reports every line.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_import.h"

#include "common/settings/settings_format.h"
#include "daemon/import/own_limits.h"
#include "daemon/import/pwp_map.h"

#define WIDTH 78	/* of the manual */

void
pwp_import_free(struct pwp_import *i)
{
	pwp_config_free(&i->config);
	draft_free(&i->draft);
	report_free(&i->report);
}

/* Also of an unknown key that looks like a misspelt one. */
static bool
is_secret(const struct pwp_reading *r)
{
	static const char *const parts[] = { "sec", "pass", "radius" };

	if (r->option != PWP_OPTIONS)
		return pwp_table[r->option].kind == PWP_SECRET;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcasestr(r->key, parts[i]) != NULL)
			return true;
	return false;
}

/* A value that Perl reads otherwise than it looks like; or NULL. */
static char *
remark_on(const struct pwp_reading *r)
{
	enum pwp_kind kind = r->option != PWP_OPTIONS ?
		pwp_table[r->option].kind : PWP_TEXT;
	char *remark = NULL;
	int n = 0;

	if (kind == PWP_FLAG && strcmp(r->value, "0") != 0 &&
	    strcmp(r->value, "1") != 0)
		n = asprintf(&remark, "this is %s for the server: only 0 and "
			"nothing are false", pwp_is_true(r->value) ? "true" :
			"false");
	else if (kind == PWP_NUMBER && !pwp_number_is_plain(r->value))
		n = asprintf(&remark, "the server read this as %" PRId64,
			pwp_number(r->value));
	return n < 0 ? NULL : remark;
}

static void
account(struct pwp_import *i, const struct pwp_reading *r,
	enum import_verdict verdict, const char *sentence)
{
	char *remark = r->effective ? remark_on(r) : NULL;
	const struct report_line line = {
		.file = r->file, .line = r->line, .key = r->key,
		.value = is_secret(r) ? REPORT_HIDDEN : r->value,
		.fault = r->fault, .remark = remark,
	};

	report_reading(&i->report, &line, verdict, sentence);
	free(remark);
}

/* Map one line, or (reading NULL) the default. */
static void
map(struct pwp_import *i, enum pwp_option option,
	const struct pwp_reading *reading)
{
	struct pwp_mapping m = {
		.c = &i->config, .option = option, .is_set = reading != NULL,
		.text = reading != NULL ? reading->value :
			pwp_table[option].default_text,
	};

	pwp_map_option(&m, &i->draft);
	if (reading != NULL)
		account(i, reading, answer_verdict(&m.answer),
			buffer_text(&m.answer.sentence));
	else if (answer_matters(&m.answer))
		report_add(&i->report, &(struct report_line){
			.key = pwp_table[option].key, .value = m.text },
			answer_verdict(&m.answer),
			buffer_text(&m.answer.sentence));
}

static void
map_lines(struct pwp_import *i, enum pwp_option option)
{
	for (size_t n = i->config.first[option]; n < i->config.count; n++) {
		const struct pwp_reading *r = &i->config.readings[n];
		if (r->option == option && r->effective)
			map(i, option, r);
	}
}

/* Lines that no mapping reports. */
static void
account_for_others(struct pwp_import *i)
{
	for (size_t n = 0; n < i->config.count; n++) {
		const struct pwp_reading *r = &i->config.readings[n];
		if (strcmp(r->key, "<Perl>") == 0)
			account(i, r, IMPORT_REFUSED, "Perl code is not run; "
				"write the keys that it sets into the file, "
				"and convert again");
		else if (r->option == PWP_OPTIONS)
			account(i, r, IMPORT_REFUSED, "neither the PWP server "
				"nor Net::FTPServer has such a key; it had no "
				"effect, unless a module of your own reads it");
		else if (!r->effective)
			account(i, r, IMPORT_NOT_NEEDED, r->unused);
	}
}

static bool
is_pwp(const struct pwp_config *c)
{
	for (size_t n = 0; n < PWP_OPTIONS; n++)
		if (pwp_table[n].origin == PWP_OWN &&
		    pwp_config_is_set(c, (enum pwp_option)n))
			return true;
	return false;
}

/* The PWP server started without them, but all logins failed. */
static void
check_needed(struct pwp_import *i, enum pwp_option option)
{
	const struct pwp_config *c = &i->config;
	const struct pwp_reading *r = pwp_config_is_set(c, option) ?
		&c->readings[c->first[option]] : NULL;

	if (!pwp_is_true(pwp_config_text(c, option)))
		report_fault(&i->report, r != NULL ? r->file : NULL,
			r != NULL ? r->line : 0, "%s is not set, without which "
			"no user can log in", pwp_table[option].key);
}

static void
report_faults(struct pwp_import *i)
{
	for (size_t n = 0; n < i->config.fault_count; n++) {
		const struct pwp_fault *f = &i->config.faults[n];
		report_fault(&i->report, f->file, f->line, "%s", f->text);
	}
}

int
pwp_import_convert(struct pwp_import *i)
{
	bool pwp = is_pwp(&i->config);

	i->report.server = "PWP server";
	i->draft.server = "pwp";
	report_faults(i);
	for (size_t n = 0; n < PWP_OPTIONS; n++) {
		enum pwp_option option = (enum pwp_option)n;
		if (pwp_config_is_set(&i->config, option))
			map_lines(i, option);
		else if (!pwp_table[n].repeated && (pwp ||
		    pwp_table[n].origin == PWP_BASE ||
		    option == PWP_radius_server))
			map(i, option, NULL);
	}
	account_for_others(i);
	own_limits_report(&i->report, &i->draft);
	if (pwp) {
		check_needed(i, PWP_radius_server);
		check_needed(i, PWP_radius_secret);
	}
	return i->draft.failed || i->report.failed ? -ENOMEM : 0;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct pwp_row *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

void
pwp_import_manual(FILE *out)
{
	const struct pwp_row *rows[PWP_OPTIONS];

	for (size_t i = 0; i < PWP_OPTIONS; i++)
		rows[i] = &pwp_table[i];
	qsort(rows, PWP_OPTIONS, sizeof(rows[0]), compare_rows);
	fputs(".Sh KEYS OF FTPD.CONF\n"
	    ".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < PWP_OPTIONS; i++) {
		fprintf(out, ".It Ic %s\n", rows[i]->key);
		settings_format_wrap(out, "", WIDTH, rows[i]->sentence);
		if (rows[i]->origin == PWP_OWN)
			fputs(".Pq the PWP server's\n", out);
	}
	fputs(".El\n", out);
}
