/*
 * cmd_site.c - SITE and its verbs: HELP, CHMOD, UMASK, UTIME, IDLE, TIME.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/log/log.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/reason.h"
#include "worker/tree/ftptime.h"

#include <sys/stat.h>

#define IDLE_MAX INT64_C(86400)

static void
site_chmod(struct session *s, char *argument)
{
	char *path = strchr(argument, ' ');
	unsigned mode;
	int error;

	if (path == NULL || path[1] == '\0' ||
		text_octal(argument, (size_t)(path - argument), &mode) < 0) {
		reply(&s->reply, 501, "Invalid argument; use SITE CHMOD "
			"<octal mode> <path>.");
		return;
	}
	error = tree_change_mode(&s->tree, path + 1, mode);
	if (error == -REASON_MODE)
		log_info("SITE CHMOD %04o refused (allow_special_modes)",
			mode);
	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 200, "Mode changed to %03o.", mode);
}

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

	if (path == NULL)
		path = parse_times_last(argument, times);
	if (path == NULL) {
		reply(&s->reply, 501, "Invalid argument; use SITE UTIME %s.",
			s->command->syntax);
		return;
	}
	reply_result(&s->reply, tree_set_times(&s->tree, path, times), 200,
		"Time set.");
}

/* Without the permission to change modes, no bit can become set that was not:
 * what a client cannot do to a file later, it cannot do to a new one. */
static void
site_umask(struct session *s, char *argument)
{
	mode_t before = umask(077);
	unsigned mask = before;
	int code = 200;

	if (argument[0] != '\0' &&
	    (text_octal(argument, strlen(argument), &mask) < 0 || mask > 0777))
		code = 501;
	else if ((mask & before) != before &&
	    !tree_permits(&s->tree, PERMISSION_change_mode))
		code = 550;
	umask(code == 200 ? (mode_t)mask : before);
	if (code == 501)
		reply(&s->reply, 501,
			"Invalid argument; use SITE UMASK <octal mask>.");
	else if (code == 550)
		reply(&s->reply, 550, "The umask must keep the bits of %03o.",
			(unsigned)before);
	else
		reply(&s->reply, 200, "The umask is %03o.", mask);
}

/* The timeout can only be reduced. */
static void
site_idle(struct session *s, char *argument)
{
	int64_t most = s->limits->idle_timeout;
	int64_t seconds;

	if (argument[0] == '\0') {
		seconds = s->idle_timeout;
	} else if (text_number(argument, strlen(argument), &seconds) < 0 ||
		seconds == 0 || seconds > IDLE_MAX ||
		(most > 0 && seconds > most)) {
		reply(&s->reply, 501, "Invalid argument; the idle timeout can "
			"be 1 to %" PRId64 " seconds%s.", most > 0 ? most :
			IDLE_MAX, most > 0 ? " (idle_timeout)" : "");
		return;
	}
	s->idle_timeout = seconds;
	if (session_idle_timeout(s) == 0)
		reply(&s->reply, 200, "There is no idle timeout.");
	else
		reply(&s->reply, 200, "The idle timeout is %" PRId64
			" seconds.", session_idle_timeout(s));
}

static void
site_time(struct session *s, char *none UNUSED)
{
	BUFFER(text, 32);

	ftptime_add(&text, time(NULL));
	reply(&s->reply, 200, "%s GMT", buffer_text(&text));
}

static void
site_help(struct session *s, char *none UNUSED)
{
	struct reply_lines l;

	reply_begin(&l, &s->reply, 214, "SITE commands:");
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		if (strncmp(row->verb, "SITE ", 5) != 0 ||
			!command_is_usable(s, row))
			continue;
		reply_line(&l, "%s%s%s - %s", row->verb,
			row->syntax[0] != '\0' ? " " : "", row->syntax,
			row->help);
	}
	reply_finish(&l, "End");
}

static void
cmd_site(struct session *s, char *verb UNUSED)
{
	reply(&s->reply, 504, "Unknown SITE command; see SITE HELP.");
}

const struct command cmd_site_rows[] = {
	{ "SITE CHMOD", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_change_mode, "<octal mode> <path>", NULL,
		"changes the mode of a file or directory", site_chmod },
	{ "SITE UMASK", COMMAND_AFTER_LOGIN | COMMAND_WORDS, 0,
		"[<octal mask>]", NULL,
		"shows or sets the umask of new files", site_umask },
	{ "SITE UTIME", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_set_time,
		"<YYYYMMDDhhmm[ss]> <path> | <path> <access> <modify> "
		"<change> UTC",
		"SITE UTIME", "sets the times of a file (GMT)", site_utime },
	{ "SITE IDLE", COMMAND_AFTER_LOGIN | COMMAND_WORDS, 0,
		"[<seconds>]", NULL,
		"shows or sets the idle timeout of this session", site_idle },
	{ "SITE TIME", COMMAND_AFTER_LOGIN, 0, "", NULL,
		"shows the server's time (GMT)", site_time },
	{ "SITE HELP", COMMAND_AFTER_LOGIN, 0, "", NULL,
		"lists the SITE commands", site_help },
	{ "SITE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 0, "<command>",
		NULL, "runs a command specific to this server", cmd_site },
	{ .verb = NULL },
};
