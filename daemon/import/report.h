/*
 * report.h - the verdicts on the options of a vsftpd configuration.
 *
 * An entry is about one line that was read, a default that matters, or a file
 * that the configuration refers to.  Sentences and values may hold any bytes;
 * they are escaped when they are printed.
 */
#ifndef DAEMON_IMPORT_REPORT_H
#define DAEMON_IMPORT_REPORT_H

#include "common/base.h"

enum import_verdict {
	IMPORT_SAME,
	IMPORT_DEFAULT,	/* the same, and it is the default */
	IMPORT_CHANGED,
	IMPORT_NOT_NEEDED,
	IMPORT_REFUSED,
	IMPORT_VERDICTS,
};

struct report_entry {
	enum import_verdict verdict;
	char *file;		/* NULL: a default */
	int line;		/* 0: none */
	char *option;
	char *value;
	char *sentence;
};

struct report {
	struct report_entry *entries;
	size_t count;
	char **faults;		/* why vsftpd would not have started */
	size_t fault_count;
	size_t read;		/* lines that set an option */
	bool failed;		/* out of memory */
};

enum report_form {
	REPORT_TEXT,
	REPORT_JSON,
	REPORT_MARKDOWN,
	REPORT_FORMS,
};

void report_free(struct report *r);

/* file may be NULL and line 0; everything is copied. */
void report_add(struct report *r, enum import_verdict verdict, const char *file,
	int line, const char *option, const char *value,
	const char *sentence);

/* Add a reason why vsftpd itself would not start, with file and line. */
void report_fault(struct report *r, const char *file, int line,
	const char *format, ...) PRINTF_LIKE(4, 5);

/* The number of entries with this verdict. */
size_t report_count(const struct report *r, enum import_verdict verdict);

/* The exit status of --import-vsftpd: 0 if behaviour stays the same, 1 if
 * something changes, 2 if vsftpd would not have started. */
int report_status(const struct report *r);

void report_print(const struct report *r, enum report_form form, FILE *out);

/* "text", "json" or "markdown"; REPORT_FORMS for another word. */
enum report_form report_form_find(const char *name);

#endif
