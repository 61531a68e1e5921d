/*
 * cmd_file.c - DELE RNFR RNTO SIZE MDTM MFMT (RFC 959 4.1.3, RFC 3659 3 and 4,
 * draft-somers-ftp-mfxx).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/tree/audit.h"
#include "worker/command.h"
#include "worker/tree/ftptime.h"
#include "worker/reply.h"

#include <fcntl.h>
#include <sys/stat.h>

static void
cmd_dele(struct session *s, char *path)
{
	int error = unlink(path) < 0 ? errno : 0;

	audit(EVENT_delete, path, NULL, error, 0);
	if (error != 0)
		reply_errno(s, error);
	else
		reply(s, 250, "File deleted.");
}

static void
cmd_rnfr(struct session *s, char *path)
{
	struct stat st;

	s->rename_from[0] = '\0';
	if (lstat(path, &st) < 0) {
		reply_errno(s, errno);
		return;
	}
	memcpy(s->rename_from, path, strlen(path) + 1);
	reply(s, 350, "RNTO with the new name, please.");
}

static void
cmd_rnto(struct session *s, char *path)
{
	if (s->rename_from[0] == '\0') {
		reply(s, 503, "RNFR with the old name must come right before.");
		return;
	}
	int error = rename(s->rename_from, path) < 0 ? errno : 0;
	audit(EVENT_rename, s->rename_from, path, error, 0);
	if (error != 0)
		reply_errno(s, error);
	else
		reply(s, 250, "Renamed.");
}

static void
cmd_size(struct session *s, char *path)
{
	struct stat st;

	/* RFC 3659 4: the size in TYPE A is that of the converted file, which
	 * nobody can know without reading all of it. */
	if (s->choices.type == 'A')
		reply(s, 550, "SIZE is known with TYPE I only.");
	else if (stat(path, &st) < 0)
		reply_errno(s, errno);
	else if (!S_ISREG(st.st_mode))
		reply(s, 550, "Not a plain file.");
	else
		reply(s, 213, "%jd", (intmax_t)st.st_size);
}

/* "YYYYMMDDHHMMSS[.sss] path": the path, or NULL.  *len is the time's. */
static char *
time_and_path(char *argument, struct timespec *t)
{
	char *blank = strchr(argument, ' ');

	if (blank == NULL || blank[1] == '\0')
		return NULL;
	if (ftptime_parse(argument, (size_t)(blank - argument), t) < 0)
		return NULL;
	return blank + 1;
}

static int
set_mtime(const char *path, const struct timespec *t)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, *t };
	int error = utimensat(AT_FDCWD, path, times, 0) < 0 ? errno : 0;

	audit(EVENT_mtime, path, NULL, error, 0);
	return error;
}

static void
cmd_mfmt(struct session *s, char *argument)
{
	BUFFER(text, 32);
	struct timespec t;
	char *path = time_and_path(argument, &t);

	if (path == NULL) {
		reply(s, 501, "MFMT takes YYYYMMDDHHMMSS and a path.");
		return;
	}
	int error = set_mtime(path, &t);
	if (error != 0) {
		reply_errno(s, error);
		return;
	}
	ftptime_add(&text, t.tv_sec);
	reply(s, 213, "Modify=%s; %s", buffer_text(&text), path);
}

/* Older clients set the time with a second argument of MDTM, as vsftpd lets
 * them.  A file that has the whole argument as its name comes first. */
static bool
mdtm_sets_time(struct session *s, char *argument)
{
	struct timespec t;
	char *path = time_and_path(argument, &t);

	if (path == NULL || !session_may(s, 'T'))
		return false;
	int error = set_mtime(path, &t);
	if (error != 0)
		reply_errno(s, error);
	else
		reply(s, 213, "Time set.");
	return true;
}

static void
cmd_mdtm(struct session *s, char *argument)
{
	BUFFER(text, 32);
	struct stat st;

	if (stat(argument, &st) < 0) {
		int error = errno;
		if (!mdtm_sets_time(s, argument))
			reply_errno(s, error);
		return;
	}
	ftptime_add(&text, st.st_mtime);
	reply(s, 213, "%s", buffer_text(&text));
}

const struct command cmd_file_rows[] = {
	{ "DELE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'd', "<path>", NULL,
		"deletes a file", cmd_dele },
	{ "RNFR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RENAME,
		'f', "<path>", NULL, "names what RNTO renames", cmd_rnfr },
	{ "RNTO", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'f', "<path>", NULL,
		"gives the new name", cmd_rnto },
	{ "SIZE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RESTART,
		'l', "<path>", "SIZE", "tells a file's size", cmd_size },
	{ "MDTM", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RESTART,
		'l', "<path>", "MDTM", "tells when a file was changed",
		cmd_mdtm },
	{ "MFMT", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'T',
		"<YYYYMMDDHHMMSS> <path>", "MFMT",
		"sets when a file was changed", cmd_mfmt },
	{ .verb = NULL },
};
