/*
 * cmd_site_tree.c - SITE commands that change the file tree: SYMLINK, MKDIR,
 * RMDIR, COPY, CPFR and CPTO.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/data/copy_file.h"
#include "worker/reason.h"
#include "worker/transfer/data_transfer.h"
#include "worker/transfer/transfer_status.h"
#include "worker/tree/file_end.h"
#include "worker/tree/make.h"
#include "worker/tree/remove.h"

#define POLL_MS 50

/* Take the first word: in double quotes, or up to a blank.  NULL when there is
 * none. */
static char *
cut_word(char **text)
{
	char *word = *text + strspn(*text, " ");
	bool quoted = *word == '"';
	char *end;

	word += quoted;
	end = strchr(word, quoted ? '"' : ' ');
	if (end == NULL && quoted)
		return NULL;
	if (end == NULL)
		end = word + strlen(word);
	*text = end;
	if (*end != '\0') {
		*text = end + 1;
		*end = '\0';
	}
	return *word != '\0' ? word : NULL;
}

/* Two paths; one that contains blanks must be quoted. */
static bool
two_paths(struct session *s, char *argument, char **first, char **second)
{
	*first = cut_word(&argument);
	*second = *first != NULL ? cut_word(&argument) : NULL;
	if (*second != NULL && argument[strspn(argument, " ")] == '\0')
		return true;
	reply(&s->reply, 501, "Invalid argument; use %s %s, with names that "
		"contain blanks in double quotes.", s->command->verb,
		s->command->syntax);
	return false;
}

/* --- SYMLINK, MKDIR, RMDIR */

static void
site_symlink(struct session *s, char *argument)
{
	char *target, *path;

	if (two_paths(s, argument, &target, &path))
		reply_result(&s->reply, make_link(&s->tree, target, path), 200,
			"Symbolic link created.");
}

static void
site_mkdir(struct session *s, char *path)
{
	reply_result(&s->reply, make_directories(&s->tree, path), 200,
		"Directory created.");
}

/* Long operations watch the control connection like transfers do: ABOR cancels
 * them, other commands are queued. */
struct long_work {
	struct session *session;
	struct data_transfer transfer;
	int64_t next_poll;
	enum transfer_end end;
};

static void
begin_work(struct session *s, struct long_work *w)
{
	w->session = s;
	w->next_poll = 0;
	w->end = data_transfer_begin_local(s, &w->transfer);
}

static bool
work_goes_on(void *context)
{
	struct long_work *w = context;
	int64_t now = clock_ms();

	session_pace(w->session);
	if (w->end == TRANSFER_RUNNING && now >= w->next_poll) {
		w->end = watch_wait(&w->session->watch, -1, 0, 0);
		w->next_poll = now + POLL_MS;
	}
	return w->end == TRANSFER_RUNNING;
}

static void
site_rmdir(struct session *s, char *path)
{
	struct long_work w;
	int error;

	begin_work(s, &w);
	error = remove_tree(&s->tree, path, s->limits->max_list_entries,
		work_goes_on, &w);
	s->transfer = NULL;
	if (error == -ECANCELED)
		data_transfer_interrupted(s, w.end);
	else if (error == -REASON_ENTRIES)
		reply(&s->reply, 550, "Not all was removed: it has more than "
			"%" PRId64 " entries (max_list_entries); repeat the "
			"command.", s->limits->max_list_entries);
	else
		reply_result(&s->reply, error, 250, "Directory removed.");
}

/* --- COPY */

/* The target is an upload, which has begun when it is open; a source that
 * cannot be read is a download. */
static void
record_copy(struct session *s, enum event_type type, const struct file *f,
	const struct transfer_result *result, bool begun)
{
	struct event e = event_new(type);
	const struct data_transfer t = { .result = *result,
		.direction = type == EVENT_upload ? UPLOAD : DOWNLOAD,
		.announced = begun };

	e.bytes = result->bytes;
	e.duration_ms = result->duration_ms;
	e.ok = result->end == TRANSFER_COMPLETE;
	e.code = (int32_t)transfer_status(&t);
	e.text = e.ok ? "" : transfer_status_reason(&t);
	e.ascii = 'b';
	e.path2 = s->command->verb;
	file_record(f, &e);
}

/* Copy; both files are open, and the target is empty. */
static void
copy_content(struct session *s, const struct file *from, struct file *to,
	struct transfer_result *r)
{
	struct long_work w;
	int64_t began = clock_ms(), most = s->limits->max_upload_size;
	bool by_quota = most == 0 || to->count.size < most;
	int error;

	begin_work(s, &w);
	r->end = w.end;
	if (r->end == TRANSFER_RUNNING)
		copy_file(&s->watch, from->fd, to->fd,
			by_quota ? to->count.size : most, r);
	/* The source has grown during the copy. */
	if (r->end == TRANSFER_TOO_LARGE && by_quota) {
		r->end = TRANSFER_LOCAL_ERROR;
		r->error = REASON_QUOTA + QUOTA_BYTES_EXCEEDED;
	}
	s->transfer = NULL;
	error = file_end_upload(&s->tree, to, r->end == TRANSFER_COMPLETE);
	if (error < 0 && r->end == TRANSFER_COMPLETE) {
		r->end = TRANSFER_LOCAL_ERROR;
		r->error = -error;
	}
	r->duration_ms = clock_ms() - began;
}

static void
reply_copied(struct session *s, const struct file *to,
	const struct transfer_result *r)
{
	if (r->end == TRANSFER_TOO_LARGE)
		data_transfer_too_large(s, "Copy aborted");
	else if (r->end == TRANSFER_LOCAL_ERROR)
		reply_errno(&s->reply, r->error);
	else if (r->end != TRANSFER_COMPLETE)
		data_transfer_interrupted(s, r->end);
	else if (to->numbered.number > 0)
		reply(&s->reply, 250, "Copied %" PRId64 " bytes; stored as "
			"%s.", r->bytes, to->numbered.path);
	else
		reply(&s->reply, 250, "Copied %" PRId64 " bytes.", r->bytes);
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The source must not change, even if the target is another link to it. */
static bool
lead_to_same(struct session *s, const char *from, const char *to)
{
	struct stat a, b;

	return tree_stat(&s->tree, from, &a) == 0 &&
		tree_stat(&s->tree, to, &b) == 0 && is_same(&a, &b);
}

static bool
is_too_large(const struct session *s, const struct file *from)
{
	return s->limits->max_upload_size > 0 &&
		from->size > s->limits->max_upload_size;
}

/* -EFBIG also if it is too large: before the target loses its content. */
static int
open_target(struct session *s, const struct file *from, struct file *to,
	const char *path)
{
	struct stat a, b;
	int error = file_prepare_upload(&s->tree, to, path, UPLOAD_STORE);

	to->expected = from->size;
	if (error == 0 && to->fd >= 0 && fstat(from->fd, &a) == 0 &&
		fstat(to->fd, &b) == 0 && is_same(&a, &b))
		error = -EBUSY;
	if (error == 0 && is_too_large(s, from))
		error = -EFBIG;
	return error < 0 ? error : file_begin_upload(&s->tree, to, 0);
}

static void
copy_opened(struct session *s, struct file *from, const char *path)
{
	struct transfer_result r = { .end = TRANSFER_LOCAL_ERROR };
	struct file to UNINITIALIZED;
	int error = open_target(s, from, &to, path);

	if (error == -EFBIG && is_too_large(s, from))
		r.end = TRANSFER_TOO_LARGE;
	else if (error < 0)
		r.error = -error;
	else
		copy_content(s, from, &to, &r);
	record_copy(s, EVENT_upload, &to, &r, error == 0);
	/* With its lock: after the reply, another session may change it. */
	io_close(&from->fd);
	reply_copied(s, &to, &r);
	file_close(&to);
}

static void
refuse_source(struct session *s, const struct file *from, int error)
{
	const struct transfer_result r = {
		.end = TRANSFER_LOCAL_ERROR, .error = -error,
	};

	record_copy(s, EVENT_download, from, &r, false);
	reply_errno(&s->reply, -error);
}

static void
copy(struct session *s, const char *from, const char *to)
{
	struct file f UNINITIALIZED;
	int error;

	if (lead_to_same(s, from, to)) {
		reply(&s->reply, 550, "Source and target are the same file.");
		return;
	}
	error = file_open_download(&s->tree, &f, from);
	if (error < 0)
		refuse_source(s, &f, error);
	else
		copy_opened(s, &f, to);
	file_close(&f);
}

static void
site_copy(struct session *s, char *argument)
{
	char *from, *to;

	if (two_paths(s, argument, &from, &to))
		copy(s, from, to);
}

/* Clients that find SITE COPY in FEAT may use these two instead, as of
 * ProFTPD: WinSCP does.  There is no quoting. */
static void
site_cpfr(struct session *s, char *path)
{
	struct file f UNINITIALIZED;
	int error = file_open_download(&s->tree, &f, path);

	s->pending.from[0] = '\0';
	if (error < 0)
		refuse_source(s, &f, error);
	file_close(&f);
	if (error < 0)
		return;
	memcpy(s->pending.from, path, strlen(path) + 1);
	s->pending.to_copy = true;
	reply(&s->reply, 350, "Ready for SITE CPTO.");
}

static void
site_cpto(struct session *s, char *path)
{
	if (s->pending.from[0] == '\0' || !s->pending.to_copy)
		reply(&s->reply, 503, "Send SITE CPFR first.");
	else
		copy(s, s->pending.from, path);
}

const struct command cmd_site_tree_rows[] = {
	{ "SITE SYMLINK", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_SYMLINK,
		PERMISSION_store, "<target> <path>", "SITE SYMLINK",
		"creates a symbolic link", site_symlink },
	{ "SITE MKDIR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_make_directory, "<path>", "SITE MKDIR",
		"creates a directory and those above it", site_mkdir },
	{ "SITE RMDIR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_delete | PERMISSION_list, "<path>", "SITE RMDIR",
		"removes a directory with all that is in it", site_rmdir },
	{ "SITE COPY", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_retrieve | PERMISSION_store, "<path> <path>",
		"SITE COPY", "copies a file on the server", site_copy },
	{ "SITE CPFR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT |
			COMMAND_COPY | COMMAND_KEEPS_RENAME,
		PERMISSION_retrieve | PERMISSION_store, "<path>", NULL,
		"selects the file that SITE CPTO copies", site_cpfr },
	{ "SITE CPTO", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT | COMMAND_COPY,
		PERMISSION_retrieve | PERMISSION_store, "<path>", NULL,
		"copies the file selected by SITE CPFR", site_cpto },
	{ .verb = NULL },
};
