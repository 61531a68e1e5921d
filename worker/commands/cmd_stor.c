/*
 * cmd_stor.c - STOR APPE STOU ABOR (RFC 959 4.1.3).
 *
 * Runs in: session.
 *
 * Whether a file may be replaced or created is checked before waiting for the
 * data connection.  It is created or truncated only after the connection is
 * open, so that a failed connection does not change any file.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "worker/command.h"
#include "worker/data/receive.h"
#include "worker/quota_text.h"
#include "worker/transfer/file_transfer.h"
#include "worker/transfer/mid_transfer.h"
#include "worker/transfer/tls_data.h"
#include "worker/tree/file_end.h"

/* --- STOR APPE STOU */

static int
prepare_upload(struct session *s, struct file *f, const char *path,
	enum upload_kind kind)
{
	int64_t deadline = file_transfer_lock_deadline();
	int error;

	while ((error = file_prepare_upload(&s->tree, f, path, kind)) ==
		-EAGAIN && file_transfer_wait_for_lock(deadline))
		file_close(f);
	return error;
}

/* Only the end of the file is allowed as the offset of APPE after REST.  The
 * same offset is safe for STOR if overwriting is not allowed. */
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
		.direction = UPLOAD,
	};

	if (room_for(s, f) >= 0)
		return true;
	file_transfer_record(s, f, &t);
	data_transfer_too_large(s, "File too large");
	return false;
}

static bool
announce(struct session *s, struct data_transfer *t, const struct file *f)
{
	/* RFC 1123 4.1.2.9 defines the form for STOU. */
	if (f->kind == UPLOAD_UNIQUE)
		return data_transfer_announce(s, t, "FILE: %s", f->unique);
	if (f->kind == UPLOAD_APPEND)
		return data_transfer_announce(s, t, "Ready to append to %s in "
			"%s mode%s.", f->at.path, file_transfer_mode(s, UPLOAD),
			s->limits->atomic_uploads ? ", in place" : "");
	return data_transfer_announce(s, t, "Ready to receive %s in %s mode.",
		f->at.path, file_transfer_mode(s, UPLOAD));
}

static void
upload_failed(struct data_transfer *t, int error)
{
	if (error == 0 || t->result.end != TRANSFER_COMPLETE)
		return;
	t->result.end = TRANSFER_LOCAL_ERROR;
	t->result.error = -error;
}

/* The 150 also contained the name; but another process may have used that name
 * since, and some clients (Perl's Net::FTP) look for the name of STOU here, in
 * the form of 4.3BSD's server. */
static void
finish_upload(struct session *s, struct data_transfer *t, const struct file *f)
{
	BUFFER(text, 2 * PATH_MAX);

	buffer_add_text(&text, "Transfer complete");
	if (f->kind == UPLOAD_UNIQUE)
		buffer_addf(&text, " (unique file name: %s)", f->unique);
	if (t->hash[0] != '\0')
		buffer_addf(&text, "; %s", t->hash);
	if (f->numbered.number > 0)
		buffer_addf(&text, "; stored as %s", f->numbered.path);
	quota_text_warn(s, "; ", &text);
	buffer_add_char(&text, '.');
	data_transfer_finish_with(s, t, buffer_text(&text));
}

/* For upload_hash; not if only a part of the file is uploaded. */
static bool
is_hashed(const struct session *s, const struct file *f)
{
	return s->limits->upload_hash != UPLOAD_HASH_NO && f->offset == 0 &&
		(f->kind == UPLOAD_STORE || f->kind == UPLOAD_UNIQUE);
}

static void
keep_hash(struct session *s, struct data_transfer *t, const struct file *f,
	enum hash_kind kind, struct hash *hash)
{
	char hex[TLS_HASH_HEX_SIZE];

	if (!hash_end(hash, hex) || t->result.end != TRANSFER_COMPLETE)
		return;
	snprintf(t->hash, sizeof(t->hash), "%s %s", hash_name(kind), hex);
	hash_cache_add(&s->hash_cache, &f->closed, kind, hex);
}

/* Where the file has to end: by max_upload_size, and by the room that the
 * bookkeeper has granted. */
struct upload_room {
	struct file *file;
	int64_t most;		/* max_upload_size, or INT64_MAX */
	int64_t end;
};

static int64_t
end_of(const struct upload_room *room)
{
	int64_t granted = room->file->count.size;

	return granted < room->most ? granted : room->most;
}

/* receive.h */
static int64_t
more_room(void *context)
{
	struct upload_room *room = context;
	int64_t before = room->end;

	if (before == room->most)
		return 0;
	int error = file_count_grow(&room->file->count);
	if (error < 0)
		return error;
	room->end = end_of(room);
	return room->end - before;
}

static struct upload_room
begin_room(const struct session *s, struct file *f)
{
	int64_t most = s->limits->max_upload_size;
	struct upload_room room = { .file = f,
		.most = most == 0 ? INT64_MAX : most };

	room.end = end_of(&room);
	return room;
}

/* The connection and the file are ready: transfer. */
static void
receive(struct session *s, struct data_transfer *t, struct file *f)
{
	bool hashed = is_hashed(s, f);
	enum hash_kind kind = hashed ?
		(enum hash_kind)(s->limits->upload_hash - 1) : HASH_SHA256;
	struct hash hash;
	struct upload_room room = begin_room(s, f);
	const struct receive how = {
		.file = f->fd,
		.ascii = file_transfer_converts(s, UPLOAD),
		.room = room.end - f->offset,
		.more = more_room,
		.context = &room,
		.stall = s->limits->data_timeout,
		.hash = hashed ? &hash : NULL,
	};

	file_transfer_record_start(s, UPLOAD, f);
	data_transfer_show(&f->at, PAGE_UPLOAD, f->offset, PAGE_SIZE_UNKNOWN);
	if (hashed)
		hash_begin(&hash, kind);
	receive_file(&s->watch, &t->stream, &how, &t->result);
	mid_transfer_check_end(s);
	upload_failed(t, file_end_upload(&s->tree, f,
		t->result.end == TRANSFER_COMPLETE));
	if (hashed)
		keep_hash(s, t, f, kind, &hash);
	file_transfer_record(s, f, t);
	finish_upload(s, t, f);
}

/* The file could not be created or truncated after the 150. */
static void
fail_upload(struct session *s, struct data_transfer *t, struct file *f,
	int error)
{
	t->result.end = TRANSFER_LOCAL_ERROR;
	t->result.error = -error;
	file_transfer_record(s, f, t);
	data_transfer_finish(s, t);
}

/* With TLS clients wait for the 150 before their handshake, and the file is
 * created after the handshake. */
static void
upload_with_tls(struct session *s, struct data_transfer *t, struct file *f)
{
	if (!announce(s, t, f) || !tls_data_handshake(s, t)) {
		file_transfer_record(s, f, t);
		return;
	}
	int error = file_begin_upload(&s->tree, f, s->pending.restart);
	if (error < 0)
		fail_upload(s, t, f, error);
	else
		receive(s, t, f);
}

/* Without TLS the file is created before the 150, so that a refusal can be sent
 * instead. */
static void
upload_cleartext(struct session *s, struct data_transfer *t, struct file *f)
{
	int error = file_begin_upload(&s->tree, f, s->pending.restart);

	if (error < 0) {
		data_transfer_cancel(s, t);
		file_transfer_refuse(s, UPLOAD, f, error);
	} else if (!announce(s, t, f)) {
		(void)!file_end_upload(&s->tree, f, false);
		file_transfer_record(s, f, t);
	} else {
		receive(s, t, f);
	}
}

static void
upload(struct session *s, const char *path, enum upload_kind kind)
{
	struct data_transfer t;
	struct file f UNINITIALIZED;
	int error;

	if (s->pending.range_end > 0) {
		reply(&s->reply, 554, "RANG works with RETR only.");
		return;
	}
	if (!file_transfer_type_fits(s, UPLOAD))
		return;
	error = prepare_upload(s, &f, path, kind);
	f.announced = s->pending.announced;
	if (error < 0)
		file_transfer_refuse(s, UPLOAD, &f, error);
	else if (file_transfer_restart_fits(s, UPLOAD, f.size) &&
		end_fits(s, &f) && upload_fits(s, &f) &&
		data_transfer_open(s, &t, UPLOAD)) {
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
	bool checked = tree_checks_uploads(&s->tree);

	if (s->pending.restart > 0 && (s->limits->atomic_uploads || checked)) {
		reply(&s->reply, 554, "REST is not supported before STOR "
			"(%s); send the whole file.",
			checked ? "upload_check" : "atomic_uploads");
		return;
	}
	upload(s, path, s->pending.restart > 0 ? UPLOAD_RESUME : UPLOAD_STORE);
}

/* Not with upload_check: data that the check rejects could not be removed
 * again, because an account may be allowed to append, but neither to truncate
 * nor to delete. */
static void
cmd_appe(struct session *s, char *path)
{
	if (tree_checks_uploads(&s->tree)) {
		reply(&s->reply, 550, "APPE is not supported (upload_check); "
			"send the whole file with STOR.");
		return;
	}
	upload(s, path, UPLOAD_APPEND);
}

static void
cmd_stou(struct session *s, char *name)
{
	if (s->pending.restart > 0)
		reply(&s->reply, 554, "REST does not work with STOU, which "
			"creates a new file.");
	else
		upload(s, name[0] != '\0' ? name : "upload", UPLOAD_UNIQUE);
}

/* A running transfer has already been ended (mid_transfer.c) with a 426.  What
 * PASV has prepared stays for the next transfer, as after a refusal: a client
 * whose connection is in the listener's queue would see it reset. */
static void
cmd_abor(struct session *s, char *none UNUSED)
{
	reply(&s->reply, 226, "Abort successful.");
}

const struct command cmd_stor_rows[] = {
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
