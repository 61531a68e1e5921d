/*
 * log_xferlog.c - the transfer log of wu-ftpd, xferlog(5).
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_xferlog.h"

#include "common/text.h"

/* Is this character written unescaped? */
static bool
is_plain(const char *c, size_t len)
{
	BUFFER(escaped, 32);

	if (len == 1 && *c == '\\')
		return true;
	text_escape(&escaped, c, len);
	return len > 0 && *c != ' ' && escaped.len == len;
}

static void
add_field(struct buffer *line, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		size_t n = text_utf8(text + i, len - i);
		if (is_plain(text + i, n)) {
			buffer_add(line, text + i, n);
			i += n;
		} else {
			buffer_add_char(line, '_');
			i++;
		}
	}
	if (len == 0)
		buffer_add_char(line, '_');
}

/*
 * current-time transfer-time remote-host file-size filename transfer-type
 * special-action-flag direction access-mode username service-name
 * authentication-method authenticated-user-id completion-status
 */
bool
log_xferlog_format(struct buffer *line, const struct event *e)
{
	if (e->type != EVENT_download && e->type != EVENT_upload)
		return false;

	int64_t seconds = e->duration_ms / 1000;
	log_line_ctime(line, e->wall_ns);
	buffer_addf(line, " %" PRId64 " ", seconds > 0 ? seconds : 1);
	log_line_peer(line, e);
	buffer_addf(line, " %" PRId64 " ", e->bytes);
	/* In a jail, as the client sees it: so does vsftpd. */
	add_field(line, event_client_path(e, e->path));
	buffer_addf(line, " %c _ %c %c ", e->ascii,
	    e->type == EVENT_download ? 'o' : 'i',
	    strcmp(e->user, "anonymous") == 0 ? 'a' : 'r');
	add_field(line, e->user);
	buffer_addf(line, " ftp 0 * %c", e->ok ? 'c' : 'i');
	return true;
}
