/*
 * log_sentence.c - the sentence for each event.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_sentence.h"

#include "common/digits.h"
#include "common/process/message.h"
#include "common/process/sandbox.h"
#include "common/text.h"

static void
add_seconds(struct buffer *line, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	char rest[] = { '.', (char)('0' + ms / 100 % 10), 0, 0, ' ', 's',
		'\0' };

	digits_put_two(rest + 2, (unsigned)(ms % 100));
	log_line_number(line, ms / 1000);
	buffer_add_text(line, rest);
}

static void
add_reason(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, ": ");
	log_line_add(line, *e->text == '\0' ? "no reason given" : e->text, "");
}

static void
connection(struct buffer *line, const struct event *e)
{
	char local[ADDRESS_TEXT_SIZE];

	buffer_addf(line, "connected to %s port %u",
		address_text(&e->local, local), address_port(&e->local));
}

static void
ending(struct buffer *line, const struct event *e)
{
	bool logout = e->type == EVENT_logout;

	buffer_addf(line, "%s: %s after ", logout ? "logout" : "session ended",
		outcome_name((enum outcome)e->code));
	add_seconds(line, e->duration_ms);
	if (logout)
		buffer_addf(line, ", sent %" PRId64 " bytes, received %"
			PRId64 " bytes", e->bytes, e->received);
}

/* The path on the host and, in a jail, the client's path. */
static void
add_path(struct buffer *line, const struct event *e, const char *path)
{
	log_line_quoted(line, path);
	if (e->root_len == 0)
		return;
	buffer_add_text(line, " (client path ");
	log_line_quoted(line, event_client_path(e, path));
	buffer_add_char(line, ')');
}

static void
login(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, "login, home directory ");
	log_line_quoted(line, e->path);
	if (*e->path2 != '\0') {
		buffer_add_text(line, ", jail ");
		log_line_quoted(line, e->path2);
	}
	if (*e->text != '\0') {
		buffer_add_text(line, ", password ");
		log_line_quoted(line, e->text);
	}
}

static void
start(struct buffer *line, const struct event *e)
{
	log_line_word(line, e->path2);
	buffer_add_text(line, " of ");
	add_path(line, e, e->path);
	if (e->offset != 0)
		buffer_addf(line, " from byte %" PRId64, e->offset);
	buffer_add_text(line, " begins");
}

static void
transfer(struct buffer *line, const struct event *e)
{
	bool append = strcmp(e->path2, "APPE") == 0;
	const char *what = e->type == EVENT_download ? "download of " :
		append ? "append to " : "upload of ";

	buffer_add_text(line, what);
	add_path(line, e, e->path);
	if (e->ascii == 'a')
		buffer_add_text(line, " as ASCII");
	if (e->offset != 0)
		buffer_addf(line, " from byte %" PRId64, e->offset);
	buffer_add_text(line, e->ok ? " complete, " : " failed after ");
	log_line_number(line, e->bytes);
	buffer_add_text(line, " bytes in ");
	add_seconds(line, e->duration_ms);
	if (!e->ok) {
		add_reason(line, e);
	} else if (*e->text != '\0') {
		buffer_add_text(line, ", ");
		log_line_add(line, e->text, "");
	}
}

/* An operation on a file. */
static void
operation(struct buffer *line, const struct event *e)
{
	static const struct {
		const char *done, *failed;
	} words[EVENT_TYPES] = {
		[EVENT_delete] = { "deleted ", "delete " },
		[EVENT_mkdir] = { "created directory ", "create directory " },
		[EVENT_rmdir] = { "removed directory ", "remove directory " },
		[EVENT_rename] = { "renamed ", "rename " },
		[EVENT_chmod] = { "changed mode of ", "change mode of " },
		[EVENT_chgrp] = { "changed group of ", "change group of " },
		[EVENT_chown] = { "changed owner of ", "change owner of " },
		[EVENT_mtime] = { "changed modification time of ",
			"change modification time of " },
		[EVENT_symlink] = { "created symbolic link ",
			"create symbolic link " },
	};

	if (e->ok)
		buffer_add_text(line, words[e->type].done);
	else
		buffer_addf(line, "could not %s", words[e->type].failed);
	add_path(line, e, e->path);
	if ((e->type == EVENT_rename && *e->path2 != '\0') ||
		(e->type == EVENT_symlink && *e->path2 == '/')) {
		buffer_add_text(line, " to ");
		add_path(line, e, e->path2);
	} else if (e->type == EVENT_symlink) {
		buffer_add_text(line, " to ");
		log_line_quoted(line, e->path2);
	} else if (e->type == EVENT_chmod) {
		buffer_addf(line, " to %04" PRIo32, (uint32_t)e->code);
	} else if (e->type == EVENT_chgrp || e->type == EVENT_chown) {
		buffer_addf(line, " to %" PRIu32, (uint32_t)e->code);
	}
	if (!e->ok)
		add_reason(line, e);
}

static void
crash(struct buffer *line, const struct event *e)
{
	log_line_add(line, e->text, "");
	if (e->code == 0)
		buffer_add_text(line, " process crashed");
	else
		buffer_addf(line, " was killed by signal %" PRId32 "%s",
			e->code, e->session == 0 ? ", restarting it" : "");
}

static void
sandbox(struct buffer *line, const struct event *e)
{
	char name[64];

	buffer_addf(line, "blocked system call %s (%" PRId32 ") of the ",
		sandbox_call_name(e->code, name, sizeof(name)), e->code);
	log_line_word(line, e->role);
}

static void
refusal(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, e->type == EVENT_refuse ? "connection refused" :
		"login failed");
	add_reason(line, e);
}

static void
command(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, "command: ");
	log_line_command(line, e->text);
}

static void
violation(struct buffer *line, const struct event *e)
{
	buffer_add_text(line, "protocol violation reported by the ");
	log_line_word(line, e->role);
	add_reason(line, e);
}

static void
ban(struct buffer *line, const struct event *e)
{
	bool begins = e->type == EVENT_ban;

	buffer_addf(line, begins ? "banned " : "ban of ");
	log_line_word(line, e->path);
	if (begins && e->duration_ms > 0) {
		buffer_add_text(line, " for ");
		/* It is logged a moment after it has begun. */
		text_add_seconds(line, (e->duration_ms + 999) / 1000);
	}
	buffer_add_text(line, begins ? "" : " lifted");
	add_reason(line, e);
}

/* The text of a greeter or session is untrusted: it must not look like the
 * sentence of another event. */
static void
message(struct buffer *line, const struct event *e)
{
	if (e->from != EVENT_FROM_ROOT) {
		log_line_word(line, e->role);
		buffer_add_text(line, ": ");
	}
	log_line_add(line, e->text, "");
}

void
log_sentence(struct buffer *line, const struct event *e)
{
	switch (e->type) {
	case EVENT_connect:
		connection(line, e);
		return;
	case EVENT_refuse:
	case EVENT_login_failed:
		refusal(line, e);
		return;
	case EVENT_login:
		login(line, e);
		return;
	case EVENT_logout:
	case EVENT_disconnect:
		ending(line, e);
		return;
	case EVENT_command:
		command(line, e);
		return;
	case EVENT_reply:
		buffer_addf(line, "reply: %" PRId32 " ", e->code);
		log_line_add(line, e->text, "");
		return;
	case EVENT_transfer_start:
		start(line, e);
		return;
	case EVENT_download:
	case EVENT_upload:
		transfer(line, e);
		return;
	case EVENT_delete:
	case EVENT_mkdir:
	case EVENT_rmdir:
	case EVENT_rename:
	case EVENT_chmod:
	case EVENT_chgrp:
	case EVENT_chown:
	case EVENT_mtime:
	case EVENT_symlink:
		operation(line, e);
		return;
	case EVENT_violation:
		violation(line, e);
		return;
	case EVENT_sandbox:
		sandbox(line, e);
		return;
	case EVENT_ban:
	case EVENT_unban:
		ban(line, e);
		return;
	case EVENT_crash:
		crash(line, e);
		return;
	default:
		message(line, e);
		return;
	}
}
