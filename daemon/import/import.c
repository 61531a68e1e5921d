/*
 * import.c - maps every option, and reports every line.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/import.h"

#include "daemon/import/map.h"
#include "daemon/import/own_limits.h"

void
import_free(struct import *i)
{
	vsftpd_config_free(&i->vsftpd);
	name_list_free(&i->listed);
	draft_free(&i->draft);
	report_free(&i->report);
}

void
import_account(struct report *r, const struct vsftpd_reading *reading,
	enum import_verdict verdict, const char *sentence)
{
	const struct report_line line = {
		.file = reading->file, .line = reading->line,
		.key = reading->key, .value = reading->value,
		.fault = reading->fault, .remark = reading->remark,
	};

	report_reading(r, &line, verdict, sentence);
}

/* Lines that no mapping reports. */
static void
account_for_others(struct import *i)
{
	const struct vsftpd_config *v = &i->vsftpd;

	for (size_t n = 0; n < v->count; n++) {
		const struct vsftpd_reading *r = &v->readings[n];
		if (r->option == VSFTPD_OPTIONS)
			import_account(&i->report, r, IMPORT_REFUSED,
				"vsftpd has no such option");
		else if (r->superseded)
			import_account(&i->report, r, IMPORT_NOT_NEEDED,
				"a later line sets it again");
		else if (v->values[r->option].reading != n)
			import_account(&i->report, r, IMPORT_REFUSED,
				"the value cannot be read; the option keeps "
				"the value it had");
	}
}

/* A default of vsftpd is reported only if behaviour changes because of it, or
 * if the new configuration needs an explicit setting for it. */
static void
account_for(struct import *i, const struct mapping *m)
{
	const struct vsftpd_value *value = &i->vsftpd.values[m->option];

	if (value->reading != VSFTPD_UNSET)
		import_account(&i->report,
			&i->vsftpd.readings[value->reading],
			answer_verdict(&m->answer),
			buffer_text(&m->answer.sentence));
	else if (answer_matters(&m->answer))
		report_add(&i->report, &(struct report_line){
			.key = vsftpd_table[m->option].name,
			.value = value->text }, answer_verdict(&m->answer),
			buffer_text(&m->answer.sentence));
}

void
import_sources(struct import *i, const struct vsftpd_config *v, bool of_user)
{
	for (size_t n = 0; n < v->source_count; n++) {
		const struct vsftpd_source *source = v->sources[n];
		const struct report_line about = { .file = source->name,
			.key = "-", .value = "-" };

		if (source->owner_wrong && of_user)
			report_add(&i->report, &about, IMPORT_CHANGED, "the "
				"file does not belong to root, and vsftpd "
				"ended each session of this user; what it sets "
				"is imported");
		else if (source->owner_wrong)
			report_fault(&i->report, source->name, 0,
				"config file not owned by correct user, or "
				"not a file");
		if (source->cut)
			report_add(&i->report, &about, IMPORT_CHANGED, "the "
				"file is longer than 100000 bytes; vsftpd "
				"ignores the rest, and so does this import");
	}
}

/* Differences that no option decides about. */
static void
report_replies(struct import *i)
{
	static const struct {
		const char *what, *sentence;
	} rows[] = {
		{ "root", "root cannot log in, even if the PAM service would "
			"allow it (rejected_users in [auth])" },
		{ "refused users", "a user who is not allowed to log in is "
			"refused after the password, not at USER" },
		{ "replies", "an upload that is not possible is answered with "
			"550 instead of 553, a listing of what does not exist "
			"with 550 instead of an empty one, and an unsupported "
			"parameter with 501 or 504 instead of 500; clients "
			"treat these numbers alike" },
		{ "timeouts", "a transfer that stalls ends with 426 and the "
			"session goes on, which vsftpd ended" },
		{ "STOU", "the names that it makes have random letters at the "
			"end" },
	};

	for (size_t n = 0; n < ARRAY_SIZE(rows); n++)
		report_general(&i->report, rows[n].what, "",
			rows[n].sentence);
}

/* Without names the default file is read; the service may start vsftpd with
 * others. */
static void
report_service(struct import *i, const char *const *units)
{
	const struct vsftpd_config *v = &i->vsftpd;
	struct activation service;

	activation_service(&service, units);
	if (i->named || service.arguments[0] == '\0' ||
	    (v->source_count == 1 &&
	    strcmp(v->sources[0]->name, service.arguments) == 0))
		return;
	report_add(&i->report, &(struct report_line){ .file = service.file,
		.key = "ExecStart", .value = service.arguments },
		IMPORT_REFUSED, "vsftpd is started with these files and "
		"options, which were not read: give them to --import-vsftpd "
		"in this order");
}

void
import_nothing(struct import *i)
{
	i->report.server = "vsftpd";
	for (size_t n = 0; n < i->vsftpd.count; n++)
		import_account(&i->report, &i->vsftpd.readings[n],
			IMPORT_REFUSED, "not converted, because a file cannot "
			"be read");
}

int
import_convert(struct import *i)
{
	static const char *const units[] = { "/etc/systemd/system",
		"/run/systemd/system", "/usr/lib/systemd/system",
		"/lib/systemd/system", NULL };
	struct mapping m = { .v = &i->vsftpd, .draft = &i->draft,
		.activation = &i->activation };

	i->report.server = i->draft.server = "vsftpd";
	report_service(i, units);
	import_listed(i);
	m.list_error = i->list_error;
	activation_find(&i->activation, "/etc/xinetd.conf", "/etc/xinetd.d",
		units);
	import_sources(i, &i->vsftpd, false);
	for (size_t n = 0; n < VSFTPD_OPTIONS; n++) {
		m.option = (enum vsftpd_option)n;
		if (!vsftpd_config_is_set(m.v, m.option) &&
		    !vsftpd_build_has(m.v->build, m.option))
			continue;
		map_option(&m);
		account_for(i, &m);
	}
	account_for_others(i);
	import_users(i);
	import_check(i);
	own_limits_report(&i->report, &i->draft);
	report_replies(i);
	return i->draft.failed || i->report.failed ? -ENOMEM : 0;
}
