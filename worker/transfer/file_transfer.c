/*
 * file_transfer.c - shared by downloads and uploads.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/transfer/file_transfer.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "worker/command.h"
#include "worker/transfer/transfer_status.h"

#define LOCK_MS	      2000	/* wait for another transfer's lock; short,
				 * because the control connection is not
				 * watched meanwhile */
#define LOCK_RETRY_MS 50

static int
ascii_way(const struct session *s, enum direction direction)
{
	return direction == UPLOAD ? s->limits->ascii_upload :
		s->limits->ascii_download;
}

bool
file_transfer_converts(const struct session *s, enum direction direction)
{
	return s->choices.type == 'A' &&
		ascii_way(s, direction) != ASCII_PRETEND;
}

const char *
file_transfer_mode(const struct session *s, enum direction direction)
{
	return file_transfer_converts(s, direction) ? "ASCII" : "BINARY";
}

bool
file_transfer_type_fits(struct session *s, enum direction direction)
{
	if (s->choices.type != 'A' || ascii_way(s, direction) != ASCII_REFUSE)
		return true;
	reply(&s->reply, 504, "Files cannot be transferred with TYPE A "
		"(ascii_%s); send TYPE I first.",
		direction == UPLOAD ? "upload" : "download");
	return false;
}

bool
file_transfer_restart_fits(struct session *s, enum direction direction,
	int64_t size)
{
	int64_t restart = s->pending.restart, end = s->pending.range_end;

	if ((restart > 0 || end > 0) && file_transfer_converts(s, direction))
		reply(&s->reply, 554, "%s works with TYPE I only.",
			end > 0 ? "RANG" : "REST");
	else if (restart > size && end == 0)
		reply(&s->reply, 554, "REST %" PRId64 " is beyond the end of "
			"the file (%" PRId64 " bytes).", restart, size);
	else
		return true;
	return false;
}

int64_t
file_transfer_lock_deadline(void)
{
	return clock_ms() + LOCK_MS;
}

bool
file_transfer_wait_for_lock(int64_t deadline)
{
	if (clock_passed(deadline))
		return false;
	clock_sleep_until(clock_ms() + LOCK_RETRY_MS);
	return true;
}

void
file_transfer_record(const struct session *s, const struct file *f,
	const struct data_transfer *t)
{
	const struct transfer_result *result = &t->result;
	struct event e = event_new(t->direction == UPLOAD ? EVENT_upload :
		EVENT_download);
	BUFFER(details, SESSION_TLS_WORDS + sizeof(t->hash) + 2);

	e.bytes = result->bytes;
	e.offset = f->offset;
	e.duration_ms = result->duration_ms;
	e.ok = result->end == TRANSFER_COMPLETE;
	e.code = (int32_t)transfer_status(t);
	buffer_addf(&details, "%s%s%s", s->data_tls, s->data_tls[0] != '\0' &&
		t->hash[0] != '\0' ? ", " : "", t->hash);
	e.text = e.ok ? buffer_text(&details) : transfer_status_reason(t);
	e.ascii = file_transfer_converts(s, t->direction) ? 'a' : 'b';
	e.path2 = s->command->verb;
	file_record(f, &e);
}

void
file_transfer_record_start(const struct session *s, enum direction direction,
	const struct file *f)
{
	struct event e = event_new(EVENT_transfer_start);

	if (!s->settings->server.transfer_start &&
	    *s->settings->server.on_transfer_start == '\0')
		return;
	e.offset = f->offset;
	e.ascii = file_transfer_converts(s, direction) ? 'a' : 'b';
	e.path2 = s->command->verb;
	file_record(f, &e);
}

void
file_transfer_refuse(struct session *s, enum direction direction,
	const struct file *f, int error)
{
	const struct data_transfer t = {
		.result = { .end = TRANSFER_LOCAL_ERROR, .error = -error },
		.direction = direction,
	};

	file_transfer_record(s, f, &t);
	reply_errno(&s->reply, -error);
}
