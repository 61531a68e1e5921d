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

/* A file that is being written. */
struct output {
	FILE *stream;
	const char *path;	/* NULL: not a file of ours */
	char name[PATH_MAX];	/* another one until it is complete */
};

/* With --force the former file stays until the new one is complete, and does
 * not give its mode, owner and other names to it.  One that is mounted there,
 * as into a container, cannot be replaced. */
static bool
is_replaceable(const char *path)
{
	struct statx x;

	return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE,
		&x) == 0 && S_ISREG(x.stx_mode) &&
		!(x.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static bool
set_name(struct output *out, const char *end)
{
	int n = snprintf(out->name, sizeof(out->name), "%s%s", out->path, end);

	if (n >= 0 && (size_t)n < sizeof(out->name))
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* Created with a restrictive mode, because a configuration may contain password
 * hashes and secrets.  Where no other file can be created beside it, the former
 * one is overwritten. */
static int
create_file(struct output *out, bool force)
{
	if (force && is_replaceable(out->path) && set_name(out, ".XXXXXX")) {
		int fd = mkostemp(out->name, O_CLOEXEC);
		if (fd >= 0 || (errno != EACCES && errno != ENAMETOOLONG))
			return fd;
	}
	return !set_name(out, "") ? -1 : open(out->name, O_WRONLY |
		O_CREAT | O_CLOEXEC | O_NOFOLLOW | (force ? O_TRUNC : O_EXCL),
		0600);
}

/* To the other stream without a path. */
static bool
begin(struct output *out, const char *path, FILE *other, bool force)
{
	out->path = path;
	out->stream = other;
	if (path == NULL)
		return true;
	int fd = create_file(out, force);
	out->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (out->stream != NULL)
		return true;
	fprintf(stderr, "sureftpd: %s: %s%s\n", path, strerror(errno),
		errno == EEXIST ? "; --force replaces it" : "");
	io_close(&fd);
	return false;
}

static int
finish(const struct output *out)
{
	bool failed = ferror(out->stream) != 0;
	bool apart = out->path != NULL && strcmp(out->name, out->path) != 0;

	if (failed)
		errno = EIO;	/* the call that failed is not known any more */
	failed = (out->path == NULL ? fflush(out->stream) :
		fclose(out->stream)) != 0 || failed;
	if (!failed && apart)
		failed = rename(out->name, out->path) < 0;
	if (failed)
		fprintf(stderr, "sureftpd: cannot write %s: %s\n",
			out->path != NULL ? out->path : "the output",
			strerror(errno));
	if (failed && apart)
		unlink(out->name);
	return failed ? EX_IOERR : 0;
}

static int
write_report(const struct import_output *o, const struct report *report)
{
	struct output out;

	if (!begin(&out, o->report_path, stderr, o->force))
		return EX_CANTCREAT;
	report_print(report, o->form, out.stream);
	return finish(&out);
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
	struct output out;

	if (!begin(&out, o->path, stdout, o->force))
		return EX_CANTCREAT;
	draft_print(draft, out.stream);
	int status = finish(&out);
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
