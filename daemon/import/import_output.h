/*
 * import_output.h - what the imports have in common: the options about their
 * output, and writing it.
 */
#ifndef DAEMON_IMPORT_IMPORT_OUTPUT_H
#define DAEMON_IMPORT_IMPORT_OUTPUT_H

#include "common/base.h"
#include "daemon/import/draft.h"
#include "daemon/import/report.h"

struct import_output {
	const char *path;	/* NULL: standard output */
	const char *report_path; /* NULL: standard error */
	bool force;
	enum report_form form;
};

enum {
	IMPORT_OUTPUT_FORCE = 256,
	IMPORT_OUTPUT_REPORT,
	IMPORT_OUTPUT_REPORT_FILE,
	IMPORT_OUTPUT_LAST,	/* the importers' own begin here */
};

/* For the array of getopt_long(3), beside "O:". */
#define IMPORT_OUTPUT_OPTIONS                                        \
	{ "force", no_argument, NULL, IMPORT_OUTPUT_FORCE },         \
	{ "report", required_argument, NULL, IMPORT_OUTPUT_REPORT }, \
	{ "report-file", required_argument, NULL, IMPORT_OUTPUT_REPORT_FILE }

#define IMPORT_OUTPUT_USAGE                                             \
	"  -O FILE    write the configuration to FILE (default: "       \
	"standard output)\n"                                            \
	"  --force    replace FILE if it exists\n"                      \
	"  --report=text|json|markdown\n"                               \
	"             form of the report (default: text)\n"             \
	"  --report-file=FILE\n"                                        \
	"             write the report to FILE (default: standard "     \
	"error)\n"

/* Apply one of these options, or complain about an unknown one.  0 or the exit
 * status. */
int import_output_option(struct import_output *o, const char *server,
	int option) MUST_CHECK;

/* Print an error about the command line.  The exit status. */
int import_output_misuse(const char *server, const char *what,
	const char *value);

/* Print an error about a file.  The exit status. */
int import_output_unreadable(const char *path, int error);

/* Write the report only.  Returns the exit status. */
int import_output_report(const struct import_output *o,
	const struct report *report);

/*
 * After a conversion that returned `error`: check the draft, and write it and
 * the report.  Returns the exit status: that of the report, or one of
 * sysexits.h if something failed.
 */
int import_output_finish(const struct import_output *o, int error,
	struct draft *draft, struct report *report);

#endif
