/*
 * log_vsftpd.c - the format of vsftpd's own log, with paths as the client sees
 * them.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_vsftpd.h"

/* vsftpd's name for the event; NULL: no line. */
static const char *const words[EVENT_TYPES] = {
	[EVENT_connect] = "CONNECT",
	[EVENT_refuse] = "CONNECT",
	[EVENT_login] = "LOGIN",
	[EVENT_login_failed] = "LOGIN",
	[EVENT_download] = "DOWNLOAD",
	[EVENT_upload] = "UPLOAD",
	[EVENT_delete] = "DELETE",
	[EVENT_mkdir] = "MKDIR",
	[EVENT_rmdir] = "RMDIR",
	[EVENT_rename] = "RENAME",
	[EVENT_chmod] = "CHMOD",
};

/* The name in a failed login may as well be that of an account. */
static bool
is_anonymous(const struct event *e)
{
	return e->type != EVENT_login_failed &&
		strcmp(e->user, "anonymous") == 0;
}

/* Connections have no user and no result. */
static void
add_result(struct buffer *line, const struct event *e)
{
	if (e->type == EVENT_connect || e->type == EVENT_refuse)
		return;
	if (*e->user != '\0') {
		buffer_add_char(line, '[');
		log_line_add(line, is_anonymous(e) ? "ftp" : e->user,
			"[] \"");
		buffer_add_text(line, "] ");
	}
	bool ok = e->ok && e->type != EVENT_login_failed;
	buffer_add_text(line, ok ? "OK " : "FAIL ");
}

static void
add_name(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, ", \"");
	if (e->type == EVENT_refuse) {
		buffer_add_text(line, "Connection refused: ");
		log_line_add(line, e->text, "\"");
	} else {
		/* In a jail the client's path, as vsftpd logs it. */
		log_line_add(line, event_client_path(e, e->path), "\"");
	}
	if (e->type == EVENT_rename && *e->path2 != '\0') {
		buffer_add_char(line, ' ');
		log_line_add(line, event_client_path(e, e->path2), "\"");
	} else if (e->type == EVENT_chmod) {
		buffer_addf(line, " %03" PRIo32, (uint32_t)e->code);
	}
	buffer_add_char(line, '"');
}

static void
add_speed(struct buffer *line, const struct event *e)
{
	int64_t ms = e->duration_ms > 0 ? e->duration_ms : 1;

	if (e->bytes != 0)
		buffer_addf(line, ", %" PRId64 " bytes", e->bytes);
	buffer_addf(line, ", %.2fKbyte/sec",
		(double)e->bytes / 1024 / ((double)ms / 1000));
}

/* The password of anonymous logins (log_passwords). */
static void
add_password(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, ", anon password \"");
	log_line_add(line, e->text, "\"");
	buffer_add_char(line, '"');
}

bool
log_vsftpd_format(struct buffer *line, const struct event *e)
{
	if (words[e->type] == NULL)
		return false;
	log_line_ctime(line, e->wall_ns);
	buffer_addf(line, " [pid %d] ", (int)e->pid);
	add_result(line, e);
	buffer_addf(line, "%s: Client \"", words[e->type]);
	log_line_peer(line, e);
	buffer_add_char(line, '"');
	if (e->type != EVENT_connect && e->type != EVENT_login &&
	    e->type != EVENT_login_failed)
		add_name(line, e);
	if (e->type == EVENT_login && is_anonymous(e) && *e->text != '\0')
		add_password(line, e);
	if (e->type == EVENT_download || e->type == EVENT_upload)
		add_speed(line, e);
	return true;
}
