/*
 * cmd_site_tree.c - SITE commands that change the file tree: UTIME, MKDIR and
 * RMDIR.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/text.h"
#include "worker/commands/command.h"
#include "worker/data_transfer.h"
#include "worker/tree/ftptime.h"
#include "worker/tree/make.h"
#include "worker/tree/remove.h"

#define POLL_MS 50

static void
invalid(struct session *s)
{
	reply(&s->reply, 501, "Invalid argument; use %s %s.", s->command->verb,
		s->command->syntax);
}

/* --- UTIME */

/* "YYYYMMDDhhmm PATH" or "YYYYMMDDhhmmss PATH", as in touch. */
static const char *
parse_time_first(const char *text, struct timespec times[2])
{
	size_t len = strspn(text, "0123456789");
	char whole[15];

	if ((len != 12 && len != 14) || text[len] != ' ' ||
		text[len + 1] == '\0')
		return NULL;
	snprintf(whole, sizeof(whole), "%.*s00", (int)len, text);
	if (ftptime_parse(whole, 14, &times[1]) < 0)
		return NULL;
	times[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	return text + len + 1;
}

static bool
cut_time(char *text, struct timespec *t)
{
	char *blank = strrchr(text, ' ');

	if (blank == NULL || blank == text ||
		ftptime_parse(blank + 1, strlen(blank + 1), t) < 0)
		return false;
	*blank = '\0';
	return true;
}

/* "PATH ACCESS MODIFY CHANGE UTC"; the change time cannot be set. */
static const char *
parse_times_last(char *text, struct timespec times[2])
{
	struct timespec change;
	size_t len = strlen(text);

	if (len < 4 || !text_is(text + len - 4, " UTC"))
		return NULL;
	text[len - 4] = '\0';
	return cut_time(text, &change) && cut_time(text, &times[1]) &&
		cut_time(text, &times[0]) ? text : NULL;
}

static void
site_utime(struct session *s, char *argument)
{
	struct timespec times[2];
	const char *path = parse_time_first(argument, times);
	int error;

	if (path == NULL)
		path = parse_times_last(argument, times);
	if (path == NULL) {
		invalid(s);
		return;
	}
	error = tree_set_times(&s->tree, path, times);
	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 200, "Time set.");
}

/* --- MKDIR, RMDIR */

static void
site_mkdir(struct session *s, char *path)
{
	int error = make_directories(&s->tree, path);

	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 200, "Directory created.");
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
	else if (error == -E2BIG)
		reply(&s->reply, 550, "Not all was removed: it has more than "
			"%" PRId64 " entries (max_list_entries); repeat the "
			"command.", s->limits->max_list_entries);
	else if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 250, "Directory removed.");
}

const struct command cmd_site_tree_rows[] = {
	{ "SITE UTIME", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_set_time,
		"<YYYYMMDDhhmm[ss]> <path> | <path> <access> <modify> "
		"<change> UTC",
		"SITE UTIME", "sets the times of a file (GMT)", site_utime },
	{ "SITE MKDIR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_make_directory, "<path>", "SITE MKDIR",
		"creates a directory and those above it", site_mkdir },
	{ "SITE RMDIR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_delete | PERMISSION_list, "<path>", "SITE RMDIR",
		"removes a directory with all that is in it", site_rmdir },
	{ .verb = NULL },
};
