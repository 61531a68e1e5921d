/*
 * options.c - parses the command line, and loads the settings.
 *
 * Runs in: the master, before and between its work.
 */
#include "common/base.h"
#include "daemon/options.h"

#include "common/accounts/accounts_file.h"
#include "common/log/log.h"
#include "common/process/landlock.h"
#include "common/settings/certificate_map.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_load.h"
#include "common/settings/settings_manual.h"
#include "common/settings/settings_text.h"
#include "common/text.h"
#include "daemon/make_certificate.h"
#include "pam/explain.h"

#include <getopt.h>
#include <sysexits.h>

#define DEFAULT_PATH SYSCONFDIR "/sureftpd/sureftpd.conf"

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
	LONG_FROM,
	LONG_TLS,
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
	{ "from", required_argument, NULL, LONG_FROM },
	{ "tls", no_argument, NULL, LONG_TLS },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void
print_usage(FILE *out)
{
	fputs("usage: sureftpd [-C FILE] [-o SECTION.KEY=VALUE]... [-p PORT] "
	    "[MODE]\n"
	    "\n"
	    "  -C FILE    configuration file (default " DEFAULT_PATH ")\n"
	    "  -o SECTION.KEY=VALUE\n"
	    "             set a setting, overriding the file\n"
	    "  -p PORT    same as -o listener.port=PORT\n"
	    "\n"
	    "Without MODE, serve FTP in the foreground.  Modes:\n"
	    "  --check    check the configuration\n"
	    "  --dump     print all settings, and where each is set\n"
	    "  --settings describe all settings\n"
	    "  --sample   print a sample configuration file\n"
	    "  --manual   print the settings as for sureftpd.conf(5)\n"
	    "  --make-certificate FILE [--host NAME]\n"
	    "             create a self-signed certificate and its key\n"
	    "  --explain-login NAME [--from ADDRESS] [--tls]\n"
	    "             show which rules allow or deny a login, and its "
	    "settings\n"
	    "  -V, --version\n"
	    "  -h, --help\n", out);
}

static int
misuse(struct options *o)
{
	fputs("Try sureftpd --help\n", stderr);
	options_free(o);
	return EX_USAGE;
}

/* -p PORT is -o listener.port=PORT, in its order among the others. */
static bool
add_port(struct options *o, const char *port)
{
	char *text;

	if (asprintf(&text, "listener.port=%s", port) < 0)
		return false;
	o->port_texts[o->port_count++] = text;
	o->assignments[o->assignment_count++] = text;
	return true;
}

/* Handle one option; false if it is unknown or invalid. */
static bool
apply_option(struct options *o, int option)
{
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
		{ 'V', OPTIONS_VERSION },
		{ 'h', OPTIONS_HELP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i].option == option) {
			if (o->mode != OPTIONS_RUN &&
			    o->mode != modes[i].mode) {
				fputs("sureftpd: only one mode can be given\n",
				    stderr);
				return false;
			}
			o->mode = modes[i].mode;
			if (option == LONG_MAKE_CERTIFICATE)
				o->certificate = optarg;
			if (option == LONG_EXPLAIN_LOGIN)
				o->login = optarg;
			return true;
		}
	switch (option) {
	case 'C':
		o->path = optarg;
		o->path_named = true;
		return true;
	case 'o':
		o->assignments[o->assignment_count++] = optarg;
		return true;
	case LONG_HOST:
		o->host = optarg;
		return true;
	case LONG_FROM:
		o->from = optarg;
		return true;
	case LONG_TLS:
		o->with_tls = true;
		return true;
	case 'p':
		return add_port(o, optarg);
	default:	/* getopt_long() has reported the error */
		return false;
	}
}

int
options_parse(struct options *o, int argc, char **argv)
{
	int option;

	memset(o, 0, sizeof(*o));
	o->path = DEFAULT_PATH;
	/* There are no more of them than arguments. */
	o->assignments = calloc((size_t)argc + 1, sizeof(*o->assignments));
	o->port_texts = calloc((size_t)argc + 1, sizeof(*o->port_texts));
	if (o->assignments == NULL || o->port_texts == NULL) {
		options_free(o);
		return EX_OSERR;
	}
	optind = 0;	/* restart getopt, for repeated calls */
	while ((option = getopt_long(argc, argv, "+C:o:p:Vh", long_options,
	    NULL)) != -1)
		if (!apply_option(o, option))
			return misuse(o);
	if (optind < argc) {
		fprintf(stderr, "sureftpd: unexpected argument: %s\n",
		    argv[optind]);
		return misuse(o);
	}
	if (o->host != NULL && o->mode != OPTIONS_MAKE_CERTIFICATE) {
		fputs("sureftpd: --host requires --make-certificate\n",
		    stderr);
		return misuse(o);
	}
	if ((o->from != NULL || o->with_tls) &&
	    o->mode != OPTIONS_EXPLAIN_LOGIN) {
		fputs("sureftpd: --from and --tls require --explain-login\n",
		    stderr);
		return misuse(o);
	}
	return 0;
}

void
options_free(struct options *o)
{
	for (size_t i = 0; i < o->port_count; i++)
		free(o->port_texts[i]);
	free(o->port_texts);
	free(o->assignments);
	memset(o, 0, sizeof(*o));
}

static struct settings *
load(const struct options *o, settings_complaint *complain)
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

/* Errors there affect only single accounts, whose logins are refused. */
static size_t
check_accounts_file(const struct settings *settings,
	settings_complaint *complain)
{
	return text_list_has(settings->server.backends, "file") ?
	    accounts_file_check(settings, complain, NULL) : 0;
}

struct settings *
options_load(const struct options *o)
{
	struct settings *settings = load(o, report_error);

	if (settings == NULL)
		return NULL;
	settings_warn(settings, report_warning, NULL);
	(void)check_accounts_file(settings, report_warning);
	return settings;
}

static struct tls_server *
load_tls(const struct settings *settings, settings_complaint *complain)
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
	return load_tls(settings, report_error);
}

static void
print_error(UNUSED void *context, const char *where, const char *sentence)
{
	fprintf(stderr, "%s: %s\n", where, sentence);
}

static void
print_warning(UNUSED void *context, const char *where, const char *sentence)
{
	fprintf(stderr, "%s: warning: %s\n", where, sentence);
}

static int
check(const struct options *o)
{
	struct settings *settings = load(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	settings_warn(settings, print_warning, NULL);
	struct tls_server *tls = load_tls(settings, print_error);
	bool sound = tls != NULL && tls_server_take_keys(tls);
	sound = check_accounts_file(settings, print_error) == 0 && sound;
	tls_server_free(tls);
	if (!sound) {
		settings_free(settings);
		return EX_CONFIG;
	}
	printf("%s: %s\n", o->path, access(o->path, F_OK) == 0 ?
	    "OK" : "not found, using the defaults: OK");
	if (landlock_version() == 0)
		fputs("This kernel has no Landlock (version 2); sessions would "
		    "not be confined to what their permissions need.\n",
		    stdout);
	else
		printf("Landlock: version %d\n", landlock_version());
	settings_free(settings);
	return EX_OK;
}

static int
dump(const struct options *o)
{
	struct settings *settings = load(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	settings_dump(settings, stdout);
	settings_free(settings);
	return EX_OK;
}

static int
explain(const struct options *o)
{
	struct explain_request request = {
		.name = o->login,
		.tls = o->with_tls,
	};
	struct address from;

	if (geteuid() != 0) {
		fputs("sureftpd: --explain-login must be run as root\n",
		    stderr);
		return EX_NOPERM;
	}
	if (o->from != NULL && address_parse(&from, o->from) < 0) {
		fprintf(stderr, "sureftpd: --from needs a numeric address, "
		    "not %s\n", o->from);
		return EX_USAGE;
	}
	request.peer = o->from != NULL ? &from : NULL;
	struct settings *settings = load(o, print_error);
	if (settings == NULL)
		return EX_CONFIG;
	request.settings = settings;
	bool allowed = explain_login(&request, stdout);
	settings_free(settings);
	return allowed ? EX_OK : EX_NOPERM;
}

int
options_inform(const struct options *o)
{
	int status = EX_OK;

	switch (o->mode) {
	case OPTIONS_RUN:
		return -1;
	case OPTIONS_CHECK:
		status = check(o);
		break;
	case OPTIONS_DUMP:
		status = dump(o);
		break;
	case OPTIONS_SETTINGS:
		settings_describe(stdout);
		break;
	case OPTIONS_SAMPLE:
		settings_sample(stdout);
		break;
	case OPTIONS_MANUAL:
		settings_manual(stdout);
		break;
	case OPTIONS_MAKE_CERTIFICATE:
		status = make_certificate(o->certificate, o->host);
		break;
	case OPTIONS_EXPLAIN_LOGIN:
		status = explain(o);
		break;
	case OPTIONS_VERSION:
		puts("sureftpd " PACKAGE_VERSION);
		break;
	case OPTIONS_HELP:
		print_usage(stdout);
		break;
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return EX_IOERR;
	return status;
}
