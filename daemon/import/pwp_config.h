/*
 * pwp_config.h - a configuration of the PWP server: ftpd.conf in the format of
 * Net::FTPServer, and -o options.
 *
 * "Key: value" lines; keys in any letter case, blanks around key and value do
 * not count; # begins a comment line, a backslash at the end continues a line.
 * <Host NAME> ... </Host> is about one virtual host, <Perl> ... </Perl> is Perl
 * code, which is never run here, <Include FILE> and <IncludeWildcard PATTERN>
 * read other files.
 *
 * Every line that sets something is kept as a reading, so that the report can
 * list each of them.  A line that would have stopped the server is a fault.
 */
#ifndef DAEMON_IMPORT_PWP_CONFIG_H
#define DAEMON_IMPORT_PWP_CONFIG_H

#include "common/base.h"
#include "daemon/import/pwp_option.h"

#define PWP_COMMAND_LINE "-o"

/* One line of a file, or one -o option, that sets something; or a section of
 * Perl code. */
struct pwp_reading {
	const char *file;	/* its name, or PWP_COMMAND_LINE; not owned */
	int line;		/* from 1; 0 for -o */
	char *host;		/* of the section <Host>; NULL: for all */
	char *key;		/* as it stands there, "<Perl>" for a section */
	char *value;
	enum pwp_option option;	/* PWP_OPTIONS: unknown, or a section */
	bool effective;		/* after pwp_config_settle() */
	const char *unused;	/* why it is not; static */
	const char *fault;	/* why the server would not start, or NULL;
				 * static */
};

/* What would have stopped the server, and is not a reading. */
struct pwp_fault {
	const char *file;
	int line;		/* 0: the file itself */
	char *text;
};

struct pwp_config {
	const char *host;	/* the virtual host to convert; NULL: none */
	bool host_found;
	struct pwp_reading *readings;
	size_t count;
	size_t first[PWP_OPTIONS]; /* the effective reading, the first of an
				 * option that can be repeated; or PWP_UNSET */
	struct pwp_fault *faults;
	size_t fault_count;
	char **files;
	size_t file_count;
};

#define PWP_UNSET SIZE_MAX

/* host may be NULL; it is not copied. */
void pwp_config_init(struct pwp_config *c, const char *host);
void pwp_config_free(struct pwp_config *c);

/* Read a file and those that it includes.  0, -ENOMEM, or the error of this
 * file (those of included ones are faults); -EINVAL if it is not a regular
 * file, -EFBIG if it is larger than PWP_FILE_MAX. */
int pwp_config_file(struct pwp_config *c, const char *path) MUST_CHECK;

#define PWP_FILE_MAX (1 << 20)

/* Apply the KEY=VALUE of an -o option, which overrides files.  0, -EINVAL if
 * there is no =, or -ENOMEM. */
int pwp_config_option(struct pwp_config *c, const char *assignment) MUST_CHECK;

/* After all files and options: find out which readings are in effect. */
void pwp_config_settle(struct pwp_config *c);

bool pwp_config_is_set(const struct pwp_config *c, enum pwp_option option);

/* The value in effect, or the default. */
const char *pwp_config_text(const struct pwp_config *c,
	enum pwp_option option);

/* For the reader: keep a reading (key and value are copied), or a fault.  0 or
 * -ENOMEM. */
int pwp_config_add(struct pwp_config *c, const struct pwp_reading *reading)
	MUST_CHECK;
int pwp_config_fault(struct pwp_config *c, const char *file, int line,
	const char *format, ...) PRINTF_LIKE(4, 5) MUST_CHECK;

#endif
