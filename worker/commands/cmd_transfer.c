/*
 * cmd_transfer.c - RETR STOR APPE STOU ABOR (RFC 959 4.1.3).
 *
 * Runs in: session.
 *
 * Whether a file may be read, replaced or created is checked before the data
 * connection is waited for.  But the target of an upload is created or
 * truncated only after the connection is open, so a connection that never comes
 * harms no file.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/text.h"
#include "worker/commands/command.h"
#include "worker/data_transfer.h"
#include "worker/tls_data.h"
#include "worker/tree/file_end.h"

#define LOCK_MS	      2000	/* for another transfer to end; the control
				 * connection is not watched meanwhile */
#define LOCK_RETRY_MS 50

static const char *
type_name(const struct session *s)
{
	return s->choices.type == 'A' ? "ASCII" : "BINARY";
}

static void
record(const struct session *s, enum event_type type, const struct file *f,
	const struct data_transfer *t)
{
	const struct transfer_result *result = &t->result;
	struct event e = event_new(type);

	e.bytes = result->bytes;
	e.offset = f->offset;
	e.duration_ms = result->duration_ms;
	e.ok = result->end == TRANSFER_COMPLETE;
	e.code = (int32_t)data_transfer_status(t);
	e.text = e.ok ? s->data_tls : data_transfer_reason(t);
	e.ascii = s->choices.type == 'A' ? 'a' : 'b';
	e.path2 = s->command->verb;
	file_record(f, &e);
}

static void
record_start(const struct session *s, const struct file *f)
{
	struct event e = event_new(EVENT_transfer_start);

	if (!s->settings->server.transfer_start &&
	    *s->settings->server.on_transfer_start == '\0')
		return;
	e.offset = f->offset;
	e.ascii = s->choices.type == 'A' ? 'a' : 'b';
	e.path2 = s->command->verb;
	file_record(f, &e);
}

/* Files that could not be opened are also logged. */
static void
refuse(struct session *s, enum event_type type, const struct file *f,
	int error)
{
	const struct data_transfer t = {
		.result = { .end = TRANSFER_LOCAL_ERROR, .error = -error },
	};

	record(s, type, f, &t);
	reply_errno(&s->reply, -error);
}

/* Another transfer's lock may soon be released. */
static bool
wait_for_lock(int64_t deadline)
{
	if (clock_passed(deadline))
		return false;
	clock_sleep_until(clock_ms() + LOCK_RETRY_MS);
	return true;
}

static bool
restart_fits(struct session *s, int64_t size)
{
	int64_t restart = s->pending.restart;

	if (restart > 0 && s->choices.type == 'A')
		reply(&s->reply, 554, "REST works with TYPE I only.");
	else if (restart > size)
		reply(&s->reply, 554, "REST %" PRId64 " is beyond the end of "
			"the file (%" PRId64 " bytes).", restart, size);
	else
		return true;
	return false;
}

/* --- RETR */

static void
send_file(struct session *s, struct file *f)
{
	struct data_transfer t;

	if (!data_transfer_open(s, &t, false))
		return;
	bool begun = data_transfer_announce(s, &t,
		"Sending %s (%" PRId64 " bytes) in %s mode.", f->at.path,
		f->size - f->offset, type_name(s)) && tls_data_handshake(s, &t);
	if (begun) {
		record_start(s, f);
		transfer_send_file(&s->watch, &t.stream, f->fd, f->offset,
			f->size, s->choices.type == 'A',
			s->limits->data_timeout, &t.result);
	}
	record(s, EVENT_download, f, &t);
	if (begun)
		data_transfer_finish(s, &t);
}

static int
open_download(struct session *s, struct file *f, const char *path)
{
	int64_t deadline = clock_ms() + LOCK_MS;
	int error;

	while ((error = file_open_download(&s->tree, f, path)) == -EAGAIN &&
		wait_for_lock(deadline))
		file_close(f);
	return error;
}

static bool
download_fits(struct session *s, const struct file *f)
{
	const struct data_transfer t = {
		.result = { .end = TRANSFER_TOO_LARGE },
	};
	int64_t most = s->limits->max_download_size;
	BUFFER(size, 32);

	if (most == 0 || f->size <= most)
		return true;
	text_add_size(&size, most);
	record(s, EVENT_download, f, &t);
	reply(&s->reply, 550, "File too large: files of at most %s bytes can "
		"be downloaded (max_download_size).", buffer_text(&size));
	return false;
}

static void
cmd_retr(struct session *s, char *path)
{
	struct file f UNINITIALIZED;
	int error = open_download(s, &f, path);

	if (error < 0) {
		refuse(s, EVENT_download, &f, error);
	} else if (download_fits(s, &f) && restart_fits(s, f.size)) {
		f.offset = s->pending.restart;
		send_file(s, &f);
	}
	file_close(&f);
}

/* --- STOR APPE STOU */

static int
prepare_upload(struct session *s, struct file *f, const char *path,
	enum upload_kind kind)
{
	int64_t deadline = clock_ms() + LOCK_MS;
	int error;

	while ((error = file_prepare_upload(&s->tree, f, path, kind)) ==
		-EAGAIN && wait_for_lock(deadline))
		file_close(f);
	return error;
}

/* APPE after REST: only the file's end is no surprise.  Nor is anything lost
 * when a file is resumed there. */
static bool
end_fits(struct session *s, const struct file *f)
{
	if (s->pending.restart == 0 || s->pending.restart == f->size)
		return true;
	if (f->kind == UPLOAD_APPEND)
		reply(&s->reply, 554, "APPE appends to the end of the file (%"
			PRId64 " bytes).", f->size);
	else if (s->limits->overwrite != OVERWRITE_ALLOW)
		reply(&s->reply, 554, "Overwriting is not allowed; REST is "
			"possible only at the end of the file (%" PRId64
			" bytes).", f->size);
	else
		return true;
	return false;
}

/* How many bytes may still be added to the file. */
static int64_t
room_for(const struct session *s, const struct file *f)
{
	int64_t most = s->limits->max_upload_size;
	int64_t begin = f->kind == UPLOAD_APPEND ? f->size :
		s->pending.restart;

	return most == 0 ? INT64_MAX : most - begin;
}

static bool
upload_fits(struct session *s, const struct file *f)
{
	const struct data_transfer t = {
		.result = { .end = TRANSFER_TOO_LARGE },
		.upload = true,
	};

	if (room_for(s, f) >= 0)
		return true;
	record(s, EVENT_upload, f, &t);
	data_transfer_too_large(s, "File too large");
	return false;
}

static bool
announce(struct session *s, struct data_transfer *t, const struct file *f)
{
	/* RFC 1123 4.1.2.9 fixes STOU's form. */
	if (f->kind == UPLOAD_UNIQUE)
		return data_transfer_announce(s, t, "FILE: %s", f->unique);
	return data_transfer_announce(s, t, "Ready to receive %s in %s mode.",
		f->at.path, type_name(s));
}

static void
upload_failed(struct data_transfer *t, int error)
{
	if (error == 0 || t->result.end != TRANSFER_COMPLETE)
		return;
	t->result.end = TRANSFER_LOCAL_ERROR;
	t->result.error = -error;
}

/* The 150 has named it as well, but its name may have been taken since. */
static void
finish_upload(struct session *s, struct data_transfer *t, const struct file *f)
{
	BUFFER(text, 2 * PATH_MAX);

	buffer_add_text(&text, "Transfer complete");
	if (f->numbered.number > 0)
		buffer_addf(&text, "; stored as %s", f->numbered.path);
	buffer_add_char(&text, '.');
	data_transfer_finish_with(s, t, buffer_text(&text));
}

/* The connection is ready, and so is the file. */
static void
receive_file(struct session *s, struct data_transfer *t, struct file *f)
{
	record_start(s, f);
	transfer_receive_file(&s->watch, &t->stream, f->fd,
		s->choices.type == 'A', room_for(s, f),
		s->limits->data_timeout, &t->result);
	upload_failed(t, file_end_upload(&s->tree, f,
		t->result.end == TRANSFER_COMPLETE));
	record(s, EVENT_upload, f, t);
	finish_upload(s, t, f);
}

/* The file could not be created or truncated after the 150. */
static void
fail_upload(struct session *s, struct data_transfer *t, struct file *f,
	int error)
{
	t->result.end = TRANSFER_LOCAL_ERROR;
	t->result.error = -error;
	record(s, EVENT_upload, f, t);
	data_transfer_finish(s, t);
}

/* With TLS clients wait for the 150 before their handshake, and the file is
 * created after the handshake. */
static void
upload_with_tls(struct session *s, struct data_transfer *t, struct file *f)
{
	if (!announce(s, t, f) || !tls_data_handshake(s, t)) {
		record(s, EVENT_upload, f, t);
		return;
	}
	int error = file_begin_upload(&s->tree, f, s->pending.restart);
	if (error < 0)
		fail_upload(s, t, f, error);
	else
		receive_file(s, t, f);
}

/* Without TLS the file is created before the 150, so that a refusal can be sent
 * instead. */
static void
upload_cleartext(struct session *s, struct data_transfer *t, struct file *f)
{
	int error = file_begin_upload(&s->tree, f, s->pending.restart);

	if (error < 0) {
		data_transfer_cancel(s, t);
		refuse(s, EVENT_upload, f, error);
	} else if (!announce(s, t, f)) {
		(void)!file_end_upload(&s->tree, f, false);
		record(s, EVENT_upload, f, t);
	} else {
		receive_file(s, t, f);
	}
}

static void
upload(struct session *s, const char *path, enum upload_kind kind)
{
	struct data_transfer t;
	struct file f UNINITIALIZED;
	int error = prepare_upload(s, &f, path, kind);

	if (error < 0)
		refuse(s, EVENT_upload, &f, error);
	else if (restart_fits(s, f.size) && end_fits(s, &f) &&
		upload_fits(s, &f) && data_transfer_open(s, &t, true)) {
		if (s->choices.prot == 'P')
			upload_with_tls(s, &t, &f);
		else
			upload_cleartext(s, &t, &f);
	}
	file_close(&f);
}

static void
cmd_stor(struct session *s, char *path)
{
	if (s->pending.restart > 0 && s->limits->atomic_uploads) {
		reply(&s->reply, 554, "REST is not supported before STOR "
			"(atomic_uploads); send the whole file.");
		return;
	}
	upload(s, path, s->pending.restart > 0 ? UPLOAD_RESUME : UPLOAD_STORE);
}

static void
cmd_appe(struct session *s, char *path)
{
	upload(s, path, UPLOAD_APPEND);
}

static void
cmd_stou(struct session *s, char *name)
{
	s->pending.restart = 0;
	upload(s, name[0] != '\0' ? name : "upload", UPLOAD_UNIQUE);
}

/* A running transfer has been ended before (in_transfer.c), with its own
 * 426. */
static void
cmd_abor(struct session *s, char *none UNUSED)
{
	reply(&s->reply, 226, "Abort successful.");
}

const struct command cmd_transfer_rows[] = {
	{ "RETR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_retrieve,
		"<path>", NULL, "downloads a file", cmd_retr },
	{ "STOR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_store,
		"<path>", NULL, "uploads a file", cmd_stor },
	{ "APPE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_append,
		"<path>", NULL, "appends to a file", cmd_appe },
	{ "STOU", COMMAND_AFTER_LOGIN, PERMISSION_store, "[<path>]", NULL,
		"uploads a file under a unique name", cmd_stou },
	{ "ABOR", COMMAND_AFTER_LOGIN | COMMAND_ABORTS, 0, "", NULL,
		"aborts the running transfer", cmd_abor },
	{ .verb = NULL },
};
