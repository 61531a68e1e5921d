/*
 * vsftpd_config.h - a configuration of vsftpd: files and -o options, applied in
 * their order to the compiled-in defaults.
 *
 * Every line that sets something is kept as a reading, so that the report can
 * list each of them.  A line that would have stopped vsftpd is a reading with a
 * fault; if its meaning is clear, it is applied nevertheless.
 */
#ifndef DAEMON_IMPORT_VSFTPD_CONFIG_H
#define DAEMON_IMPORT_VSFTPD_CONFIG_H

#include "common/base.h"
#include "daemon/import/vsftpd_option.h"

/* One line of a file, or one -o option, that sets something. */
struct vsftpd_reading {
	const char *file;	/* its name, or "-o"; owned by the config */
	int line;		/* from 1; 0 for -o */
	char *key;		/* as it stands there */
	char *value;		/* as it stands there */
	enum vsftpd_option option; /* VSFTPD_OPTIONS: unknown */
	bool superseded;	/* a later line sets it again */
	char *fault;		/* why vsftpd would not start; NULL: none */
	char *remark;		/* unexpected interpretation, or NULL */
};

struct vsftpd_value {
	char *text;		/* in effect; never NULL */
	bool on;		/* BOOL */
	uint32_t number;	/* NUMBER */
	size_t reading;		/* which set it; VSFTPD_UNSET: the default */
};

#define VSFTPD_UNSET SIZE_MAX

struct vsftpd_source {
	char *name;
	bool cut;		/* longer than the part that vsftpd reads */
	bool owner_wrong;	/* vsftpd refuses a file of this owner */
};

struct vsftpd_config {
	enum vsftpd_build build;
	struct vsftpd_value values[VSFTPD_OPTIONS];
	struct vsftpd_reading *readings;
	size_t count;
	struct vsftpd_source **sources; /* the files that were read */
	size_t source_count;
};

/* The compiled defaults.  0 or -ENOMEM; free it in any case. */
int vsftpd_config_init(struct vsftpd_config *c, enum vsftpd_build build)
	MUST_CHECK;
void vsftpd_config_free(struct vsftpd_config *c);

/* Copy the values of `from`, without its readings, for a file of
 * user_config_dir.  0 or -ENOMEM. */
int vsftpd_config_copy(struct vsftpd_config *c,
	const struct vsftpd_config *from) MUST_CHECK;

/* Apply a file.  0, or -errno as from vsftpd_file_read(). */
int vsftpd_config_file(struct vsftpd_config *c, const char *path) MUST_CHECK;

/* Apply the KEY=VALUE of an -o option.  0 or -ENOMEM. */
int vsftpd_config_option(struct vsftpd_config *c, const char *assignment)
	MUST_CHECK;

/* Was it set explicitly? */
bool vsftpd_config_is_set(const struct vsftpd_config *c,
	enum vsftpd_option option);

#endif
