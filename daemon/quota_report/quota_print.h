/*
 * quota_print.h - prints the quotas of accounts: as a table, one with all
 * details, or as JSON.
 */
#ifndef DAEMON_QUOTA_REPORT_QUOTA_PRINT_H
#define DAEMON_QUOTA_REPORT_QUOTA_PRINT_H

#include "common/base.h"
#include "daemon/quota_report/quota_state.h"

/* A line of a report. */
struct quota_line {
	char name[IDENTITY_NAME_SIZE];
	int engine;		/* QUOTA_ENGINE_ */
	struct quota_limits limits;
	struct quota_state state;
	struct quota_line *next;
};

void quota_print_table(const struct quota_line *lines, FILE *out);

/* One object a line. */
void quota_print_json(const struct quota_line *line, const char *root,
	const char *file, FILE *out);

void quota_print_details(const struct quota_account *a,
	const struct quota_state *s, FILE *out);

#endif
