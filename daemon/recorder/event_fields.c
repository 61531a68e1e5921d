/*
 * event_fields.c - an event as a list of named fields.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/event_fields.h"

#include "common/log/log.h"
#include "common/process/sandbox.h"
#include "daemon/recorder/log_line.h"

static bool
is_transfer(const struct event *e)
{
	return e->type == EVENT_download || e->type == EVENT_upload;
}

const char *
event_fields_label(const struct event *e)
{
	bool up = e->type == EVENT_upload;

	if (e->type == EVENT_refuse || (event_is_operation(e->type) && !e->ok))
		return "refused";
	if (!is_transfer(e))
		return event_name(e->type);
	if (e->ok)
		return up ? "received" : "sent";
	if (e->code == EVENT_STATUS_refused)
		return "refused";
	return up ? "incomplete_received" : "incomplete_sent";
}

static void
add(struct event_fields *f, const char *name, bool number, const char *value)
{
	if (f->count == EVENT_FIELDS_MAX)
		bug("too many fields");
	f->list[f->count++] = (struct event_field){ name, number, value };
}

static void
add_text(struct event_fields *f, const char *name, const char *value)
{
	if (*value != '\0')
		add(f, name, false, value);
}

/* Begin a formatted value: a buffer on the free space of made[]. */
static struct buffer
begin_value(struct event_fields *f)
{
	struct buffer b;

	buffer_init(&b, f->made + f->used, sizeof(f->made) - f->used);
	return b;
}

static void
end_value(struct event_fields *f, const char *name, bool number,
	const struct buffer *b)
{
	add(f, name, number, b->data);
	f->used += b->len + 1;
}

static void PRINTF_LIKE(4, 5)
add_made(struct event_fields *f, const char *name, bool number,
	const char *format, ...)
{
	struct buffer b = begin_value(f);
	va_list ap;

	va_start(ap, format);
	buffer_addv(&b, format, ap);
	va_end(ap);
	end_value(f, name, number, &b);
}

static void
add_number(struct event_fields *f, const char *name, int64_t value)
{
	add_made(f, name, true, "%" PRId64, value);
}

static void
add_seconds(struct event_fields *f, const struct event *e)
{
	int64_t ms = e->duration_ms < 0 ? 0 : e->duration_ms;

	add_made(f, "seconds", true, "%" PRId64 ".%03d", ms / 1000,
		(int)(ms % 1000));
}

static void
add_address(struct event_fields *f, const char *name, const char *port,
	const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	if (!address_is_set(address))
		return;
	add_made(f, name, false, "%s", address_text(address, text));
	if (address_port(address) != 0)
		add_number(f, port, address_port(address));
}

static void
add_time(struct event_fields *f, const struct event *e)
{
	struct buffer b = begin_value(f);

	log_line_utc(&b, e->wall_ns);
	end_value(f, "time", false, &b);
}

static void
add_origin(struct event_fields *f, const struct event *e)
{
	add_time(f, e);
	add(f, "event", false, event_fields_label(e));
	add(f, "level", false, log_level_name(e->level));
	if (e->session != 0)
		add_made(f, "session", true, "%" PRIu64, e->session);
	add_number(f, "pid", e->pid);
	add_text(f, "process", e->role);
	add_address(f, "peer", "peer_port", &e->peer);
	add_address(f, "local", "local_port", &e->local);
	add_text(f, "user", e->user);
}

static void
add_path(struct event_fields *f, const struct event *e)
{
	add_text(f, "path", e->path);
	if (*e->path != '\0')
		add_text(f, "virtual_path", event_client_path(e, e->path));
}

static void
add_transfer(struct event_fields *f, const struct event *e)
{
	add_path(f, e);
	add_text(f, "verb", e->path2);
	add(f, "type", false, e->ascii == 'a' ? "ascii" : "binary");
	add_number(f, "offset", e->offset);
	if (e->type == EVENT_transfer_start)
		return;
	add(f, "status", false, event_status_name(e->code));
	add_text(f, e->ok ? "tls" : "reason", e->text);
	add_number(f, "bytes", e->bytes);
	add_seconds(f, e);
}

static void
add_operation(struct event_fields *f, const struct event *e)
{
	add_path(f, e);
	if (e->type == EVENT_symlink) {
		add_text(f, "target", e->path2);
	} else if (e->type == EVENT_rename) {
		add_text(f, "new_path", e->path2);
		if (*e->path2 != '\0')
			add_text(f, "new_virtual_path",
				event_client_path(e, e->path2));
	} else if (e->type == EVENT_chmod) {
		add_made(f, "mode", false, "%04" PRIo32, (uint32_t)e->code);
	} else if (e->type == EVENT_chgrp) {
		add_made(f, "group", true, "%" PRIu32, (uint32_t)e->code);
	} else if (e->type == EVENT_chown) {
		add_made(f, "owner", true, "%" PRIu32, (uint32_t)e->code);
	}
	add(f, "verb", false, event_name(e->type));
	add(f, "status", false, e->ok ? "complete" : "refused");
	add_text(f, "reason", e->text);
}

static void
add_command(struct event_fields *f, const struct event *e)
{
	struct buffer b;

	buffer_init(&b, f->masked, sizeof(f->masked));
	log_line_mask(&b, e->text);
	add(f, "text", false, buffer_text(&b));
}

static void
add_sandbox(struct event_fields *f, const struct event *e)
{
	char name[64];

	add_number(f, "code", e->code);
	add_made(f, "reason", false, "%s",
		sandbox_call_name(e->code, name, sizeof(name)));
}

static void
add_end(struct event_fields *f, const struct event *e)
{
	add_text(f, "reason", e->text);
	if (e->type == EVENT_logout) {
		add_number(f, "bytes_sent", e->bytes);
		add_number(f, "bytes_received", e->received);
	}
	add_seconds(f, e);
}

/* The fields of an event other than its origin. */
static void
add_rest(struct event_fields *f, const struct event *e)
{
	switch (e->type) {
	case EVENT_login:
		add_text(f, "home", e->path);
		add_text(f, "jail", e->path2);
		return;
	case EVENT_logout:
	case EVENT_disconnect:
		add_end(f, e);
		return;
	case EVENT_ban:
	case EVENT_unban:
		add_text(f, "network", e->path);
		add_text(f, "reason", e->text);
		if (e->duration_ms > 0)
			add_seconds(f, e);
		return;
	case EVENT_transfer_start:
	case EVENT_download:
	case EVENT_upload:
		add_transfer(f, e);
		return;
	case EVENT_command:
		add_command(f, e);
		return;
	case EVENT_reply:
		add_number(f, "code", e->code);
		add_text(f, "text", e->text);
		return;
	case EVENT_reload:
	case EVENT_limit:
	case EVENT_refuse:
	case EVENT_login_failed:
		add(f, "status", false, e->ok && e->type == EVENT_reload ?
			"complete" : "refused");
		add_text(f, "reason", e->text);
		return;
	case EVENT_crash:
		add_number(f, "signal", e->code);
		add_text(f, "reason", e->text);
		return;
	case EVENT_sandbox:
		add_sandbox(f, e);
		return;
	default:
		add_text(f, e->type == EVENT_violation ? "reason" : "text",
			e->text);
	}
}

void
event_fields(struct event_fields *f, const struct event *e)
{
	f->count = f->used = 0;
	add_origin(f, e);
	if (event_is_operation(e->type))
		add_operation(f, e);
	else
		add_rest(f, e);
}

const char *
event_fields_find(const struct event_fields *f, const char *name, size_t len)
{
	for (size_t i = 0; i < f->count; i++)
		if (strlen(f->list[i].name) == len &&
		    memcmp(f->list[i].name, name, len) == 0)
			return f->list[i].value;
	return NULL;
}
