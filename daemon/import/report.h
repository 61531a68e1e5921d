/*
 * report.h - the verdicts on the options of another server's configuration.
 *
 * An entry is about one line that was read, a default that matters, or a file
 * that the configuration refers to.  Sentences and values may hold any bytes;
 * they are escaped when they are printed.
 */
#ifndef DAEMON_IMPORT_REPORT_H
#define DAEMON_IMPORT_REPORT_H

#include "common/base.h"

#define REPORT_HIDDEN "(hidden)"	/* instead of a secret value */

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
	bool general;		/* report_general() */
};

struct report {
	const char *server;	/* the other server's name */
	struct report_entry *entries;
	size_t count;
	char **faults;		/* why that server would not have started */
	size_t fault_count;
	size_t read;		/* lines that set an option */
	bool failed;		/* out of memory */
};

/* What a verdict is about: a line that sets an option, in a file or (line 0) on
 * the command line; or a file as a whole; or (file NULL) a default. */
struct report_line {
	const char *file;
	int line;
	const char *key, *value;
	/* for report_reading() */
	const char *fault;	/* why the server would not start, or NULL */
	const char *remark;	/* unexpected interpretation, or NULL */
};

enum report_form {
	REPORT_TEXT,
	REPORT_JSON,
	REPORT_MARKDOWN,
	REPORT_FORMS,
};

void report_free(struct report *r);

/* Everything is copied. */
void report_add(struct report *r, const struct report_line *line,
	enum import_verdict verdict, const char *sentence);

/* Add a change that no option decides about, so that every import has it.  It
 * does not count for report_status(). */
void report_general(struct report *r, const char *what, const char *value,
	const char *sentence);

/* Add a line that was read, with the verdict on its option.  A remark is put
 * before the sentence. */
void report_reading(struct report *r, const struct report_line *line,
	enum import_verdict verdict, const char *sentence);

/* Add a reason why the server itself would not start, with file and line. */
void report_fault(struct report *r, const char *file, int line,
	const char *format, ...) PRINTF_LIKE(4, 5);

/* The number of entries with this verdict. */
size_t report_count(const struct report *r, enum import_verdict verdict);

/* The exit status: 0 if all that options decide about stays the same, 1 if
 * something of it changes, 2 if the server would not have started. */
int report_status(const struct report *r);

void report_print(const struct report *r, enum report_form form, FILE *out);

/* "text", "json" or "markdown"; REPORT_FORMS for another word. */
enum report_form report_form_find(const char *name);

#endif
