/*
 * import_output.c - writes the new configuration and the report.
 *
 * Runs in: sureftpd --import-vsftpd, --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/import_output.h"

#include "common/io.h"
#include "daemon/import/import_verify.h"

#include <fcntl.h>
#include <getopt.h>
#include <sys/stat.h>
#include <sysexits.h>

int
import_output_misuse(const char *server, const char *what, const char *value)
{
	fprintf(stderr, "sureftpd: %s%s\n"
		"Try sureftpd --import-%s --help\n", what, value, server);
	return EX_USAGE;
}

int
import_output_option(struct import_output *o, const char *server, int option)
{
	switch (option) {
	case 'O':
		o->path = optarg;
		return 0;
	case IMPORT_OUTPUT_FORCE:
		o->force = true;
		return 0;
	case IMPORT_OUTPUT_REPORT_FILE:
		o->report_path = optarg;
		return 0;
	case IMPORT_OUTPUT_REPORT:
		o->form = report_form_find(optarg);
		return o->form < REPORT_FORMS ? 0 : import_output_misuse(
			server, "unknown form of report: ", optarg);
	default:	/* getopt_long() has reported the error */
		return import_output_misuse(server, "invalid option", "");
	}
}

int
import_output_unreadable(const char *path, int error)
{
	fprintf(stderr, "sureftpd: %s: %s\n", path, error == -EINVAL ?
		"not a regular file" : strerror(-error));
	return error == -ENOMEM ? EX_OSERR : EX_NOINPUT;
}

/* A file that is replaced does not give its mode, owner and other names to the
 * new one. */
static void
make_way(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		(void)unlink(path);
}

/* Created with a restrictive mode, because a configuration may contain password
 * hashes and secrets. */
static FILE *
create(const char *path, bool force)
{
	if (force)
		make_way(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
		(force ? O_TRUNC : O_EXCL), 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (out == NULL) {
		fprintf(stderr, "sureftpd: %s: %s%s\n", path, strerror(errno),
			errno == EEXIST ? "; --force replaces it" : "");
		io_close(&fd);
	}
	return out;
}

static int
finish(FILE *out, const char *path)
{
	bool failed = ferror(out) != 0;

	if (failed)
		errno = EIO;	/* the call that failed is not known any more */
	failed = (out == stdout || out == stderr ? fflush(out) :
		fclose(out)) != 0 || failed;
	if (failed)
		fprintf(stderr, "sureftpd: cannot write %s: %s\n",
			path != NULL ? path : "the output", strerror(errno));
	return failed ? EX_IOERR : 0;
}

static int
write_report(const struct import_output *o, const struct report *report)
{
	FILE *to = o->report_path != NULL ? create(o->report_path, o->force) :
		stderr;
	if (to == NULL)
		return EX_CANTCREAT;
	report_print(report, o->form, to);
	return finish(to, o->report_path);
}

int
import_output_report(const struct import_output *o,
	const struct report *report)
{
	int status = report->failed ? EX_OSERR : write_report(o, report);

	return status != 0 ? status : report_status(report);
}

static int
write_all(const struct import_output *o, struct draft *draft,
	const struct report *report)
{
	FILE *out = o->path != NULL ? create(o->path, o->force) : stdout;
	if (out == NULL)
		return EX_CANTCREAT;
	draft_print(draft, out);
	int status = finish(out, o->path);
	return status != 0 ? status : write_report(o, report);
}

int
import_output_finish(const struct import_output *o, int error,
	struct draft *draft, struct report *report)
{
	if (error == 0)
		error = import_verify(draft, report);
	if (error < 0) {
		fprintf(stderr, "sureftpd: cannot convert: %s\n",
			strerror(-error));
		return error == -ENOMEM ? EX_OSERR : EX_SOFTWARE;
	}
	int status = write_all(o, draft, report);
	return status != 0 ? status : report_status(report);
}
