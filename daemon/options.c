/*
 * options.c - parses the command line, and loads the settings.
 *
 * Runs in: the master, before and between its work.
 */
#include "common/base.h"
#include "daemon/options.h"

#include "common/accounts/accounts_file.h"
#include "common/accounts/anonymous.h"
#include "common/accounts/upload_user.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/settings/certificate_map.h"
#include "common/settings/settings_charset.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_load.h"
#include "common/text.h"

#include <getopt.h>
#include <sysexits.h>

/* Long options without a letter. */
enum {
	LONG_CHECK = 256,
	LONG_DUMP,
	LONG_SETTINGS,
	LONG_SAMPLE,
	LONG_MANUAL,
	LONG_MAKE_CERTIFICATE,
	LONG_HOST,
	LONG_EXPLAIN_LOGIN,
	LONG_NAT_CHECK,
	LONG_QUOTA,
	LONG_NAME,
	LONG_BYTES,
	LONG_FILES,
	LONG_JSON,
	LONG_FROM,
	LONG_TLS,
	LONG_CONTINUE_FROM,
	LONG_FIRST,
};

static const struct option long_options[] = {
	{ "check", no_argument, NULL, LONG_CHECK },
	{ "dump", no_argument, NULL, LONG_DUMP },
	{ "settings", no_argument, NULL, LONG_SETTINGS },
	{ "sample", no_argument, NULL, LONG_SAMPLE },
	{ "manual", no_argument, NULL, LONG_MANUAL },
	{ "make-certificate", required_argument, NULL,
		LONG_MAKE_CERTIFICATE },
	{ "host", required_argument, NULL, LONG_HOST },
	{ "explain-login", required_argument, NULL, LONG_EXPLAIN_LOGIN },
	{ "nat-check", no_argument, NULL, LONG_NAT_CHECK },
	{ "quota", required_argument, NULL, LONG_QUOTA },
	{ "name", required_argument, NULL, LONG_NAME },
	{ "bytes", required_argument, NULL, LONG_BYTES },
	{ "files", required_argument, NULL, LONG_FILES },
	{ "json", no_argument, NULL, LONG_JSON },
	{ "from", required_argument, NULL, LONG_FROM },
	{ "tls", no_argument, NULL, LONG_TLS },
	{ "continue-from", required_argument, NULL, LONG_CONTINUE_FROM },
	{ "import-vsftpd", no_argument, NULL, LONG_FIRST },
	{ "import-pwp", no_argument, NULL, LONG_FIRST },
	{ "share", no_argument, NULL, LONG_FIRST },
	{ "background", no_argument, NULL, 'S' },
	{ "pid-file", required_argument, NULL, 'P' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int
misuse(struct options *o)
{
	fputs("Try sureftpd --help\n", stderr);
	options_free(o);
	return EX_USAGE;
}

/* -p PORT is -o listener.port=PORT, in its order among the others. */
static bool
add_short(struct options *o, const char *name, const char *value)
{
	char *text;

	if (asprintf(&text, "%s=%s", name, value) < 0)
		return false;
	o->short_texts[o->short_count++] = text;
	o->assignments[o->assignment_count++] = text;
	return true;
}

/* Only once, because -dv is one argument. */
static bool
add_debug(struct options *o)
{
	if (o->debug)
		return true;
	o->debug = true;
	return add_short(o, "log.level", "debug");
}

static const struct {
	int option;
	enum options_mode mode;
} modes[] = {
	{ LONG_CHECK, OPTIONS_CHECK },
	{ LONG_DUMP, OPTIONS_DUMP },
	{ LONG_SETTINGS, OPTIONS_SETTINGS },
	{ LONG_SAMPLE, OPTIONS_SAMPLE },
	{ LONG_MANUAL, OPTIONS_MANUAL },
	{ LONG_MAKE_CERTIFICATE, OPTIONS_MAKE_CERTIFICATE },
	{ LONG_EXPLAIN_LOGIN, OPTIONS_EXPLAIN_LOGIN },
	{ LONG_NAT_CHECK, OPTIONS_NAT_CHECK },
	{ LONG_QUOTA, OPTIONS_QUOTA },
	{ LONG_CONTINUE_FROM, OPTIONS_CONTINUE_FROM },
	{ 'V', OPTIONS_VERSION },
	{ 'h', OPTIONS_HELP },
};

/* Options whose argument is stored unchanged. */
static const struct {
	int option;
	size_t offset;
} texts[] = {
	{ LONG_MAKE_CERTIFICATE, offsetof(struct options, certificate) },
	{ LONG_EXPLAIN_LOGIN, offsetof(struct options, login) },
	{ LONG_QUOTA, offsetof(struct options, quota) },
	{ LONG_CONTINUE_FROM, offsetof(struct options, state) },
	{ LONG_HOST, offsetof(struct options, host) },
	{ LONG_FROM, offsetof(struct options, from) },
	{ LONG_NAME, offsetof(struct options, quota_name) },
	{ LONG_BYTES, offsetof(struct options, quota_bytes) },
	{ LONG_FILES, offsetof(struct options, quota_files) },
	{ 'P', offsetof(struct options, pid_file) },
};

/* Store the argument; false if the option is not in the table. */
static bool
keep_text(struct options *o, int option)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].option != option)
			continue;
		*(const char **)(void *)((char *)o + texts[i].offset) = optarg;
		return true;
	}
	return false;
}

/* The mode of an option; OPTIONS_RUN if it selects none. */
static enum options_mode
mode_of(int option)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i].option == option)
			return modes[i].mode;
	return OPTIONS_RUN;
}

static bool
set_mode(struct options *o, enum options_mode mode)
{
	if (o->mode != OPTIONS_RUN && o->mode != mode) {
		fputs("sureftpd: only one mode can be given\n", stderr);
		return false;
	}
	o->mode = mode;
	return true;
}

/* Handle one option; false if it is unknown or invalid. */
static bool
apply_option(struct options *o, int option)
{
	enum options_mode mode = mode_of(option);
	bool kept = keep_text(o, option);

	if (mode != OPTIONS_RUN)
		return set_mode(o, mode);
	if (kept)
		return true;
	switch (option) {
	case 'C':
		o->path = optarg;
		o->path_named = true;
		return true;
	case 'o':
		o->assignments[o->assignment_count++] = optarg;
		return true;
	case LONG_TLS:
		o->with_tls = true;
		return true;
	case LONG_JSON:
		o->json = true;
		return true;
	case 'p':
		return add_short(o, "listener.port", optarg);
	case 'd':
	case 'v':
		return add_debug(o);
	case 's':	/* nothing else is done without a mode */
		return true;
	case 'S':
		o->background = true;
		return true;
	case LONG_FIRST:	/* main() has not found it there */
		fputs("sureftpd: --import-vsftpd, --import-pwp and --share "
			"must be the first option\n", stderr);
		return false;
	default:	/* getopt_long() has reported the error */
		return false;
	}
}

/* Options that do not belong together: the sentence, or NULL. */
static const char *
find_conflict(const struct options *o)
{
	bool of_quota = o->quota_name != NULL || o->quota_bytes != NULL ||
		o->quota_files != NULL || o->json;
	bool of_server = o->background || o->pid_file != NULL;

	if (o->host != NULL && o->mode != OPTIONS_MAKE_CERTIFICATE)
		return "--host requires --make-certificate";
	if (of_server && o->mode != OPTIONS_RUN)
		return "--background and --pid-file are for running the server";
	if (o->pid_file != NULL && o->pid_file[0] != '/')
		return "--pid-file needs an absolute path";
	if (of_quota && o->mode != OPTIONS_QUOTA)
		return "--name, --bytes, --files and --json require --quota";
	if ((o->from != NULL || o->with_tls) &&
	    o->mode != OPTIONS_EXPLAIN_LOGIN)
		return "--from and --tls require --explain-login";
	return NULL;
}

int
options_parse(struct options *o, int argc, char **argv)
{
	int option;

	memset(o, 0, sizeof(*o));
	o->path = OPTIONS_PATH;
	/* At most one for each argument, and the one of add_debug(). */
	o->assignments = calloc((size_t)argc + 1, sizeof(*o->assignments));
	o->short_texts = calloc((size_t)argc + 1, sizeof(*o->short_texts));
	if (o->assignments == NULL || o->short_texts == NULL) {
		options_free(o);
		return EX_OSERR;
	}
	optind = 0;	/* restart getopt, for repeated calls */
	while ((option = getopt_long(argc, argv, "+C:o:p:dvsSP:Vh",
	    long_options, NULL)) != -1)
		if (!apply_option(o, option))
			return misuse(o);
	if (optind < argc) {
		fprintf(stderr, "sureftpd: unexpected argument: %s\n",
		    argv[optind]);
		return misuse(o);
	}
	const char *conflict = find_conflict(o);
	if (conflict == NULL)
		return 0;
	fprintf(stderr, "sureftpd: %s\n", conflict);
	return misuse(o);
}

void
options_free(struct options *o)
{
	for (size_t i = 0; i < o->short_count; i++)
		free(o->short_texts[i]);
	free(o->short_texts);
	free(o->assignments);
	memset(o, 0, sizeof(*o));
}

struct settings *
options_read(const struct options *o, settings_complaint *complain)
{
	return settings_load(o->path, !o->path_named, o->assignments,
	    o->assignment_count, complain, NULL);
}

static void
report_error(UNUSED void *context, const char *where, const char *sentence)
{
	log_error("%s: %s", where, sentence);
}

static void
report_warning(UNUSED void *context, const char *where, const char *sentence)
{
	log_warning("%s: %s", where, sentence);
}

size_t
options_check_accounts(const struct settings *settings,
	settings_complaint *complain)
{
	size_t errors = upload_user_check(settings, complain, NULL) +
		settings_charset_check(settings, complain, NULL);

	if (text_list_has(settings->server.backends, "file"))
		errors += accounts_file_check(settings, complain, NULL);
	return errors;
}

struct settings *
options_load(const struct options *o)
{
	struct settings *settings = options_read(o, report_error);

	if (settings == NULL)
		return NULL;
	/* An ordinary user cannot choose the accounts that these are about. */
	if (!role_is_without_root()) {
		settings_warn(settings, report_warning, NULL);
		/* A start does not wait for a file system. */
		(void)anonymous_check(settings, false, report_warning, NULL);
	}
	(void)options_check_accounts(settings, report_warning);
	return settings;
}

struct tls_server *
options_read_tls(const struct settings *settings, settings_complaint *complain)
{
	const struct server_settings *s = &settings->server;

	/* The map itself is read at each login. */
	if (s->certificate_user == CERTIFICATE_USER_MAP &&
	    certificate_map_check(s->certificate_map, complain, NULL) > 0)
		return NULL;
	return tls_server_load(settings, complain, NULL);
}

struct tls_server *
options_load_tls(const struct settings *settings)
{
	return options_read_tls(settings, report_error);
}
