/*
 * import_main.c - the command line of sureftpd --import-vsftpd.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/import_main.h"

#include "daemon/import/import.h"
#include "daemon/import/import_manual.h"
#include "daemon/import/import_output.h"

#include <getopt.h>
#include <sysexits.h>

#define DEBIAN_PATH "/etc/vsftpd.conf"
#define REDHAT_PATH "/etc/vsftpd/vsftpd.conf"

/* A file or the KEY=VALUE of an -o, in the order of the command line. */
struct source {
	const char *text;
	bool is_file;
};

struct request {
	struct import_output output;
	enum vsftpd_build build; /* VSFTPD_BUILDS: detect it */
	struct source *sources;	/* as many as arguments */
	size_t source_count;
	bool any_file;
	bool named;	/* any file or -o */
};

enum {
	LONG_BUILD = IMPORT_OUTPUT_LAST,
	LONG_MANUAL,
};

static const struct option long_options[] = {
	IMPORT_OUTPUT_OPTIONS,
	{ "build", required_argument, NULL, LONG_BUILD },
	{ "manual", no_argument, NULL, LONG_MANUAL },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void
print_usage(FILE *out)
{
	fputs("usage: sureftpd --import-vsftpd [OPTION]... "
	    "[FILE | -oKEY=VALUE]...\n"
	    "\n"
	    "Convert a configuration of vsftpd: files and -o options apply in "
	    "their order.\n"
	    "Without FILE it is " DEBIAN_PATH " or " REDHAT_PATH ".\n"
	    "\n"
	    IMPORT_OUTPUT_USAGE
	    "  --build=upstream|debian|redhat|suse\n"
	    "             build of vsftpd that the files were written for "
	    "(default: by the\n"
	    "             path of the first file)\n"
	    "  --manual   print the options of vsftpd as for "
	    "sureftpd-vsftpd(7)\n"
	    "\n"
	    "Exit status: 0 all stays the same, 1 something changes, 2 vsftpd "
	    "would not have\n"
	    "started with this configuration (nothing is written if FILE "
	    "cannot be read), 64\n"
	    "and above: nothing was converted.\n", out);
}

static void
add_source(struct request *r, const char *text, bool is_file)
{
	r->sources[r->source_count++] = (struct source){ text, is_file };
	r->any_file = r->any_file || is_file;
}

/* One option; 0 or the exit status. */
static int
apply_option(struct request *r, int option)
{
	switch (option) {
	case 1:
		add_source(r, optarg, true);
		return 0;
	case 'o':
		add_source(r, optarg, false);
		return 0;
	case LONG_BUILD:
		r->build = vsftpd_build_find(optarg);
		return r->build < VSFTPD_BUILDS ? 0 :
			import_output_misuse("vsftpd",
			"unknown build of vsftpd: ", optarg);
	default:
		return import_output_option(&r->output, "vsftpd", option);
	}
}

/* Like vsftpd: if no file is given, the default one is read last, if it exists;
 * but without an -o either there is nothing to convert. */
static int
add_default(struct request *r)
{
	const char *path = access(DEBIAN_PATH, F_OK) == 0 ||
		access(REDHAT_PATH, F_OK) < 0 ? DEBIAN_PATH : REDHAT_PATH;

	if (access(path, F_OK) == 0)
		add_source(r, path, true);
	else if (r->source_count == 0)
		return import_output_unreadable(path, -errno);
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
				import_manual(stdout);
			return -1;
		}
		status = apply_option(r, option);
	}
	for (int i = optind; status == 0 && i < argc; i++)
		add_source(r, argv[i], true);
	r->named = r->source_count > 0;
	return status == 0 && !r->any_file ? add_default(r) : status;
}

static enum vsftpd_build
guess_build(const struct request *r)
{
	for (size_t i = 0; i < r->source_count; i++)
		if (r->sources[i].is_file)
			return strncmp(r->sources[i].text, "/etc/vsftpd/",
			    12) == 0 ? VSFTPD_BUILD_REDHAT :
			    VSFTPD_BUILD_DEBIAN;
	return VSFTPD_BUILD_DEBIAN;
}

/* vsftpd does not start without a file that is named. */
static int
read_file(struct import *i, const char *path)
{
	int error = vsftpd_config_file(&i->vsftpd, path);

	if (error == -ENOMEM)
		return EX_OSERR;
	if (error == -EINVAL)
		report_fault(&i->report, path, 0, "config file not owned by "
			"correct user, or not a file");
	else if (error < 0)
		report_fault(&i->report, NULL, 0, "cannot read config file: "
			"%s: %s", path, strerror(-error));
	return 0;
}

static int
read_sources(struct import *i, const struct request *r)
{
	int status = 0;

	if (vsftpd_config_init(&i->vsftpd, r->build) < 0)
		return EX_OSERR;
	for (size_t n = 0; status == 0 && n < r->source_count; n++) {
		if (r->sources[n].is_file)
			status = read_file(i, r->sources[n].text);
		else if (vsftpd_config_option(&i->vsftpd,
		    r->sources[n].text) < 0)
			status = EX_OSERR;
	}
	return status;
}

static int
run(struct import *i, struct request *r)
{
	if (r->build == VSFTPD_BUILDS)
		r->build = guess_build(r);
	int status = read_sources(i, r);
	if (status != 0)
		return status;
	if (i->report.fault_count > 0) {
		import_nothing(i);
		return import_output_report(&r->output, &i->report);
	}
	i->named = r->named;
	return import_output_finish(&r->output, import_convert(i), &i->draft,
		&i->report);
}

int
import_main(int argc, char **argv)
{
	struct request r = { .build = VSFTPD_BUILDS };
	struct import i = { 0 };

	r.sources = calloc((size_t)argc + 1, sizeof(*r.sources));
	if (r.sources == NULL)
		return EX_OSERR;
	int status = parse(&r, argc, argv);
	if (status == 0)
		status = run(&i, &r);
	else if (status < 0)
		status = EX_OK;
	import_free(&i);
	free(r.sources);
	return status;
}
