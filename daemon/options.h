/*
 * options.h - parses the command line, and loads the settings.
 *
 *	struct options options;
 *	int status = options_parse(&options, argc, argv);
 *	if (status == 0 && (status = modes_run(&options)) < 0)
 *		... options_load(&options), run the server ...
 *	options_free(&options);
 */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include "common/base.h"
#include "common/settings/settings_load.h"
#include "common/tls/tls_server.h"

#define OPTIONS_PATH SYSCONFDIR "/sureftpd/sureftpd.conf"

enum options_mode {
	OPTIONS_RUN,		/* no mode given: run the server */
	OPTIONS_CHECK,
	OPTIONS_DUMP,
	OPTIONS_SETTINGS,
	OPTIONS_SAMPLE,
	OPTIONS_MANUAL,
	OPTIONS_MAKE_CERTIFICATE,
	OPTIONS_EXPLAIN_LOGIN,
	OPTIONS_NAT_CHECK,
	OPTIONS_QUOTA,
	OPTIONS_CONTINUE_FROM,
	OPTIONS_VERSION,
	OPTIONS_HELP,
};

struct options {
	enum options_mode mode;
	const char *path;	/* the settings file: of argv, or the default */
	bool path_named;	/* set by -C: it must exist */
	char **assignments;	/* -o, -p and -d, in order; strings of argv or
				 * of short_texts */
	size_t assignment_count;
	char **short_texts;
	size_t short_count;
	bool debug;		/* -d or -v */
	const char *certificate; /* --make-certificate: the file, */
	const char *host;	/* and the host, or NULL */
	const char *login;	/* --explain-login: the name, */
	const char *from;	/* the client's address, or NULL, */
	bool with_tls;		/* and whether it uses TLS */
	const char *quota;	/* --quota: show, report, scan or set, */
	const char *quota_name;	/* and for which account, or NULL; */
	const char *quota_bytes, *quota_files;	/* for set, or NULL */
	bool json;
	const char *state;	/* --continue-from: a state_format() */
	bool background;
	const char *pid_file;	/* an absolute path, or NULL */
};

/*
 * Parse the command line.  0; or, after an error message on standard error, the
 * exit status.  Keeps pointers into argv.
 */
int options_parse(struct options *o, int argc, char **argv) MUST_CHECK;
void options_free(struct options *o);

/*
 * Load the settings from file and command line, at start and at a reload. NULL
 * (exit with EX_CONFIG, or keep the old ones) after all errors were logged;
 * warnings are logged as well.
 */
struct settings *options_load(const struct options *o) MUST_CHECK;

/* Load the TLS certificates of these settings; NULL after errors were
 * logged. */
struct tls_server *options_load_tls(const struct settings *settings)
	MUST_CHECK;

/* The same steps, with errors reported through `complain`. */
struct settings *options_read(const struct options *o,
	settings_complaint *complain) MUST_CHECK;
struct tls_server *options_read_tls(const struct settings *settings,
	settings_complaint *complain) MUST_CHECK;

/* The number of errors in the accounts file, if one is used.  They affect only
 * single accounts, whose logins are refused. */
size_t options_check_accounts(const struct settings *settings,
	settings_complaint *complain);

#endif
