/*
 * log_protocol.c - the log of commands and replies.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_protocol.h"

bool
log_protocol_format(struct buffer *line, const struct event *e)
{
	if (e->type != EVENT_command && e->type != EVENT_reply)
		return false;
	log_line_utc(line, e->wall_ns);
	buffer_addf(line, " sureftpd[%d]", (int)e->pid);
	log_line_who(line, e);
	if (e->type == EVENT_command) {
		buffer_add_text(line, " command: ");
		log_line_command(line, e->text);
	} else {
		buffer_addf(line, " reply: %" PRId32 " ", e->code);
		log_line_add(line, e->text, "");
	}
	return true;
}
