/*
 * cmd_file.c - DELE RNFR RNTO SIZE MDTM MFMT (RFC 959 4.1.3, RFC 3659 3 and 4,
 * draft-somers-ftp-mfxx).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/command.h"
#include "worker/data/ascii_size.h"
#include "worker/transfer/file_transfer.h"
#include "worker/tree/ftptime.h"

static void
cmd_dele(struct session *s, char *path)
{
	reply_result(&s->reply, tree_delete(&s->tree, path), 250,
		"File deleted.");
}

static void
cmd_rnfr(struct session *s, char *path)
{
	int error = tree_may_rename(&s->tree, path);

	s->pending.from[0] = '\0';
	if (error < 0) {
		reply_errno(&s->reply, -error);
		return;
	}
	memcpy(s->pending.from, path, strlen(path) + 1);
	s->pending.to_copy = false;
	reply(&s->reply, 350, "Ready for RNTO.");
}

static void
cmd_rnto(struct session *s, char *path)
{
	const char *from = s->pending.from;
	BUFFER(numbered, PATH_MAX);

	if (from[0] == '\0' || s->pending.to_copy) {
		reply(&s->reply, 503, "Send RNFR first.");
		return;
	}
	int error = tree_rename(&s->tree, from, path, &numbered);
	if (error == 0 && numbered.len > 0)
		reply(&s->reply, 250, "Rename successful; the new name is %s.",
			buffer_text(&numbered));
	else
		reply_result(&s->reply, error, 250, "Rename successful.");
}

/* Like HASH it reads the whole file, and ABOR cancels it. */
static enum transfer_end
count_lines(struct session *s, const struct file *f, int64_t *size, int *error)
{
	struct data_transfer t UNINITIALIZED;
	enum transfer_end end = data_transfer_begin_local(s, &t);

	if (end == TRANSFER_RUNNING)
		end = ascii_size(&s->watch, f->fd, size, error);
	s->transfer = NULL;
	return end;
}

static void
size_in_ascii(struct session *s, const char *path)
{
	int64_t most = s->limits->max_hash_size, size = 0;
	struct file f UNINITIALIZED;
	int error = file_open_download(&s->tree, &f, path);

	if (error < 0) {
		reply_errno(&s->reply, -error);
	} else if (most > 0 && f.size > most) {
		reply(&s->reply, 550, "Too large for SIZE with TYPE A "
			"(max_hash_size); send TYPE I first.");
	} else {
		enum transfer_end end = count_lines(s, &f, &size, &error);
		if (end == TRANSFER_COMPLETE)
			reply(&s->reply, 213, "%" PRId64, size);
		else if (end == TRANSFER_LOCAL_ERROR)
			reply_errno(&s->reply, error);
		else
			data_transfer_interrupted(s, end);
	}
	file_close(&f);
}

static void
cmd_size(struct session *s, char *path)
{
	struct stat st;
	int error;

	/* RFC 3659 4: the size in TYPE A is that of the converted file, which
	 * cannot be determined without reading the whole file.  A client that
	 * has sent no TYPE at all, such as GetFileSize of .NET, means the size
	 * of the file. */
	if (file_transfer_converts(s, DOWNLOAD) &&
		s->limits->ascii_size == ASCII_SIZE_COUNT &&
		s->limits->ascii_download == ASCII_CONVERT) {
		size_in_ascii(s, path);
		return;
	}
	if (file_transfer_converts(s, DOWNLOAD) && s->choices.type_sent) {
		reply(&s->reply, 550, "SIZE not allowed in ASCII mode; send "
			"TYPE I first.");
		return;
	}
	error = tree_stat(&s->tree, path, &st);
	if (error == 0 && !S_ISREG(st.st_mode))
		error = -ENXIO;
	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 213, "%jd", (intmax_t)st.st_size);
}

static void
cmd_mfmt(struct session *s, char *argument)
{
	BUFFER(text, 32);
	struct timespec t;
	const char *path = ftptime_split(argument, strlen(argument), &t);

	if (path == NULL) {
		reply(&s->reply, 501,
			"Invalid argument; use MFMT YYYYMMDDHHMMSS <path>.");
		return;
	}
	int error = tree_set_time(&s->tree, path, &t);
	if (error < 0) {
		reply_errno(&s->reply, -error);
		return;
	}
	ftptime_add(&text, t.tv_sec);
	reply(&s->reply, 213, "Modify=%s; %s", buffer_text(&text), path);
}

static void
reply_time(struct session *s, int error, time_t time)
{
	BUFFER(text, 32);

	if (error < 0) {
		reply_errno(&s->reply, -error);
		return;
	}
	ftptime_add(&text, time);
	reply(&s->reply, 213, "%s", buffer_text(&text));
}

static void
cmd_mdtm(struct session *s, char *path)
{
	struct stat st = { .st_mtime = 0 };
	int error = tree_stat(&s->tree, path, &st);

	reply_time(s, error, st.st_mtime);
}

/* Older clients set the time with a second argument of MDTM, as with vsftpd,
 * and some read the new one in the reply.  A file whose name is the whole
 * argument takes precedence. */
static void
cmd_mdtm_time(struct session *s, char *argument)
{
	struct timespec t;
	struct stat st;

	if (!s->limits->allow_mdtm_write ||
		tree_stat(&s->tree, argument, &st) == 0) {
		cmd_mdtm(s, argument);
		return;
	}
	const char *path = ftptime_split(argument, strlen(argument), &t);
	int error = tree_set_time(&s->tree, path, &t);
	reply_time(s, error, t.tv_sec);
}

const struct command cmd_file_rows[] = {
	{ "DELE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_delete,
		"<path>", NULL, "deletes a file", cmd_dele },
	{ "RNFR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RENAME,
		PERMISSION_rename, "<path>", NULL,
		"selects the file that RNTO renames", cmd_rnfr },
	{ "RNTO", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_rename,
		"<path>", NULL, "renames the file selected by RNFR", cmd_rnto },
	{ "SIZE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RESTART,
		PERMISSION_list, "<path>", "SIZE", "shows the size of a file",
		cmd_size },
	/* It needs the permission l or T; worker/tree checks which one. */
	{ "MDTM", COMMAND_AFTER_LOGIN | COMMAND_IF_TIME |
			COMMAND_KEEPS_RESTART,
		0, "<YYYYMMDDHHMMSS> <path>", NULL,
		"sets the modification time of a file", cmd_mdtm_time },
	{ "MDTM", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_KEEPS_RESTART,
		PERMISSION_list, "<path>", "MDTM",
		"shows the modification time of a file", cmd_mdtm },
	{ "MFMT", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_set_time,
		"<YYYYMMDDHHMMSS> <path>", "MFMT",
		"sets the modification time of a file", cmd_mfmt },
	{ .verb = NULL },
};
