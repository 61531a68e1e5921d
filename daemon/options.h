/*
 * options.h - parses the command line, and loads the settings.
 *
 * 	struct options options;
 * 	int status = options_parse(&options, argc, argv);
 * 	if (status == 0 && (status = options_inform(&options)) < 0)
 * 		... options_load(&options), run the server ...
 * 	options_free(&options);
 */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include "common/base.h"
#include "common/settings/settings.h"
#include "common/tls/tls_server.h"

enum options_mode {
	OPTIONS_RUN,		/* no mode given: run the server */
	OPTIONS_CHECK,
	OPTIONS_DUMP,
	OPTIONS_SETTINGS,
	OPTIONS_SAMPLE,
	OPTIONS_MANUAL,
	OPTIONS_MAKE_CERTIFICATE,
	OPTIONS_EXPLAIN_LOGIN,
	OPTIONS_VERSION,
	OPTIONS_HELP,
};

struct options {
	enum options_mode mode;
	const char *path;	/* the settings file: of argv, or the default */
	bool path_named;	/* set by -C: it must exist */
	char **assignments;	/* -o and -p, in order; strings of argv or of
				 * port_texts */
	size_t assignment_count;
	char **port_texts;
	size_t port_count;
	const char *certificate; /* --make-certificate: the file, */
	const char *host;	/* and the host, or NULL */
	const char *login;	/* --explain-login: the name, */
	const char *from;	/* the client's address, or NULL, */
	bool with_tls;		/* and whether it uses TLS */
};

/*
 * Parse the command line.  0; or, after an error message on standard error, the
 * exit status.  Keeps pointers into argv.
 */
int options_parse(struct options *o, int argc, char **argv) MUST_CHECK;
void options_free(struct options *o);

/* Run a mode other than the server, and return the exit status; -1 if the mode
 * is to run the server. */
int options_inform(const struct options *o) MUST_CHECK;

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

#endif
