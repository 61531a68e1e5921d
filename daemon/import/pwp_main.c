/*
 * pwp_main.c - the command line of sureftpd --import-pwp.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_main.h"

#include "daemon/import/import_output.h"
#include "daemon/import/pwp_import.h"

#include <getopt.h>
#include <sysexits.h>

#define DEFAULT_PATH "/etc/ftpd.conf"

struct request {
	struct import_output output;
	const char *path;
	const char *host;
	char **options;		/* -o, as many as arguments */
	size_t option_count;
};

enum {
	LONG_HOST = IMPORT_OUTPUT_LAST,
	LONG_MANUAL,
};

static const struct option long_options[] = {
	IMPORT_OUTPUT_OPTIONS,
	{ "host", required_argument, NULL, LONG_HOST },
	{ "manual", no_argument, NULL, LONG_MANUAL },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void
print_usage(FILE *out)
{
	fputs("usage: sureftpd --import-pwp [OPTION]... [-oKEY=VALUE]... "
	    "[FILE]\n"
	    "\n"
	    "Convert a configuration of the PWP server "
	    "(Net::FTPServer::PWP), or of\n"
	    "Net::FTPServer.  Without FILE it is " DEFAULT_PATH ".\n"
	    "\n"
	    IMPORT_OUTPUT_USAGE
	    "  -o KEY=VALUE\n"
	    "             option that the server was started with; it "
	    "overrides the file\n"
	    "  --host=NAME\n"
	    "             convert the configuration of this virtual host\n"
	    "  --manual   print the keys as for sureftpd-pwp(7)\n"
	    "\n"
	    "Exit status: 0 all stays the same, 1 something changes, 2 the "
	    "server would not\n"
	    "have worked with this configuration, 64 and above: nothing was "
	    "converted.\n", out);
}

static int
take_file(struct request *r, const char *path)
{
	if (r->path != NULL)
		return import_output_misuse("pwp", "only one file can be "
			"converted: ", path);
	r->path = path;
	return 0;
}

/* Returns 0, an exit status for an error, or -1 after --help or --manual. */
static int
parse(struct request *r, int argc, char **argv)
{
	int option, status = 0;

	optind = 0;	/* start again */
	while (status == 0 && (option = getopt_long(argc, argv, "-o:O:h",
	    long_options, NULL)) != -1) {
		if (option == 'h' || option == LONG_MANUAL) {
			if (option == 'h')
				print_usage(stdout);
			else
				pwp_import_manual(stdout);
			return -1;
		}
		if (option == 1)
			status = take_file(r, optarg);
		else if (option == 'o')
			r->options[r->option_count++] = optarg;
		else if (option == LONG_HOST)
			r->host = optarg;
		else
			status = import_output_option(&r->output, "pwp",
				option);
	}
	for (int i = optind; status == 0 && i < argc; i++)
		status = take_file(r, argv[i]);
	if (r->path == NULL)
		r->path = DEFAULT_PATH;
	return status;
}

static int
read_all(struct pwp_config *c, const struct request *r)
{
	pwp_config_init(c, r->host);
	int error = pwp_config_file(c, r->path);
	if (error < 0)
		return import_output_unreadable(r->path, error);
	for (size_t i = 0; i < r->option_count; i++) {
		error = pwp_config_option(c, r->options[i]);
		if (error == -EINVAL)
			return import_output_misuse("pwp", "-o needs "
				"KEY=VALUE: ", r->options[i]);
		if (error < 0)
			return EX_OSERR;
	}
	if (r->host != NULL && !c->host_found)
		return import_output_misuse("pwp", "there is no section "
			"<Host> for ", r->host);
	pwp_config_settle(c);
	return 0;
}

int
pwp_main(int argc, char **argv)
{
	struct request r = { 0 };
	struct pwp_import i = { 0 };

	r.options = calloc((size_t)argc + 1, sizeof(*r.options));
	if (r.options == NULL)
		return EX_OSERR;
	int status = parse(&r, argc, argv);
	if (status == 0) {
		status = read_all(&i.config, &r);
		if (status == 0)
			status = import_output_finish(&r.output,
				pwp_import_convert(&i), &i.draft, &i.report);
		pwp_import_free(&i);
	} else if (status < 0)
		status = EX_OK;
	free(r.options);
	return status;
}
