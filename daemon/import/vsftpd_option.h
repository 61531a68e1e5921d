/*
 * vsftpd_option.h - vsftpd_options.def as data.
 *
 * One row for every option that any known build of vsftpd reads: its kind, the
 * default that is compiled in, the builds that have it, and what the import
 * does with it.  Sources: vsftpd 3.0.2 to 3.0.5 and the patches of Debian, Red
 * Hat, SUSE and smaller distributions.
 */
#ifndef DAEMON_IMPORT_VSFTPD_OPTION_H
#define DAEMON_IMPORT_VSFTPD_OPTION_H

#include "common/base.h"

enum vsftpd_option {
#define OPTION(name, kind, default_text, build, user_file, map, sentence) \
	OPTION_##name,
#include "daemon/import/vsftpd_options.def"
#undef OPTION
	VSFTPD_OPTIONS,
};

enum vsftpd_kind {
	VSFTPD_BOOL,
	VSFTPD_NUMBER,
	VSFTPD_OCTAL,		/* a NUMBER that stands for mode bits */
	VSFTPD_TEXT,
};

/* Which builds read an option. */
enum vsftpd_origin {
	VSFTPD_ALL,		/* upstream 3.0.x and all distributions */
	VSFTPD_SINCE_304,	/* upstream and Debian, 3.0.4 or later */
	VSFTPD_DEBIAN,
	VSFTPD_REDHAT,		/* also openEuler, some also SUSE */
	VSFTPD_SUSE,
	VSFTPD_OTHER,		/* smaller forks */
};

/* The build that a configuration was written for. */
enum vsftpd_build {
	VSFTPD_BUILD_UPSTREAM,
	VSFTPD_BUILD_DEBIAN,
	VSFTPD_BUILD_REDHAT,
	VSFTPD_BUILD_SUSE,
	VSFTPD_BUILDS,
};

struct vsftpd_row {
	const char *name;
	enum vsftpd_kind kind;
	enum vsftpd_origin origin;
	bool user_file;		/* effective in a file of user_config_dir */
	const char *default_text; /* upstream's, as written in a file */
	const char *sentence;	/* for the report; the mapping may set one */
};

extern const struct vsftpd_row vsftpd_table[VSFTPD_OPTIONS];

/* The option of that name, exactly; VSFTPD_OPTIONS when there is none. */
enum vsftpd_option vsftpd_find(const char *name, size_t len);

/* The default that is compiled into that build. */
const char *vsftpd_default(enum vsftpd_option option, enum vsftpd_build build);

/* Does that build have the option?  The version is unknown, so options added in
 * 3.0.4 are accepted. */
bool vsftpd_build_has(enum vsftpd_build build, enum vsftpd_option option);

/* Are blanks around a string no part of it? */
bool vsftpd_build_trims(enum vsftpd_build build);

/* The build for "upstream", "debian", ...; VSFTPD_BUILDS for another word. */
enum vsftpd_build vsftpd_build_find(const char *name);

/* "a patch of Debian" etc., for reports. */
const char *vsftpd_origin_name(enum vsftpd_origin origin);

#endif
