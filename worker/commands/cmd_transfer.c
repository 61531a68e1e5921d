/*
 * cmd_transfer.c - RETR STOR APPE STOU ABOR (RFC 959 4.1.3).
 *
 * Runs in: session.
 *
 * An upload's target is made or truncated only after the data connection
 * stands, so a connection that never comes harms no file.
 */
#include "common/base.h"

#include "common/io.h"
#include "worker/tree/audit.h"
#include "worker/command.h"
#include "worker/exchange.h"
#include "worker/tree/files.h"
#include "worker/protect_data.h"
#include "worker/reply.h"

#include <sys/random.h>

static const char *
type_name(const struct session *s)
{
	return s->choices.type == 'A' ? "ASCII" : "BINARY";
}

static void
record(const struct session *s, enum event_type type, const char *path,
	int64_t offset)
{
	const struct transfer_result *result = &s->result;
	struct event e = event_new(type);

	e.bytes = result->bytes;
	e.offset = offset;
	e.duration_ms = result->duration_ms;
	e.ok = result->end == TRANSFER_COMPLETE;
	e.text = e.ok ? s->data_tls : exchange_reason(result);
	e.ascii = s->choices.type == 'A' ? 'a' : 'b';
	e.path2 = s->command->verb;
	audit_transfer(&e, path);
}

/* A data connection that stands and then fails to be TLS, too. */
static void
record_no_tls(struct session *s, enum event_type type, const char *path,
	int64_t offset)
{
	s->result = (struct transfer_result){
		.end = TRANSFER_DATA_LOST,
		.error = EPROTO,
	};
	record(s, type, path, offset);
}

/* A file that could not even be opened is part of the record. */
static void
refused(struct session *s, enum event_type type, const char *path, int error)
{
	s->result = (struct transfer_result){
		.end = TRANSFER_LOCAL_ERROR,
		.error = error,
	};
	record(s, type, path, 0);
	session_reset_transfer(s);
	reply_errno(s, error);
}

static bool
restart_fits(struct session *s, int64_t size)
{
	if (s->restart > 0 && s->choices.type == 'A')
		reply(s, 554, "REST works with TYPE I only.");
	else if (s->restart > size)
		reply(s, 554, "REST %" PRId64 " is behind the end of the file "
			"(%" PRId64 " bytes).", s->restart, size);
	else
		return true;
	session_reset_transfer(s);
	return false;
}

static void
send_file(struct session *s, const char *path, int file, int64_t size)
{
	int64_t offset = s->restart;

	if (!exchange_open(s))
		return;
	reply(s, 150, "Sending %s (%" PRId64 " bytes) in %s mode.", path,
		size - offset, type_name(s));
	if (!protect_data(s, false)) {
		record_no_tls(s, EVENT_download, path, offset);
		return;
	}
	transfer_send_file(&s->watch, &s->stream, file, offset,
		s->choices.type == 'A', s->limits->data_timeout, &s->result);
	record(s, EVENT_download, path, offset);
	exchange_finish(s);
}

static void
cmd_retr(struct session *s, char *path)
{
	struct stat st;
	int file = files_open_read(path, &st);

	if (file < 0) {
		refused(s, EVENT_download, path, -file);
		return;
	}
	if (restart_fits(s, st.st_size))
		send_file(s, path, file, st.st_size);
	io_close(&file);
}

/* An upload on its way. */
struct upload {
	const char *path;
	int file;		/* -1: to be made when the data comes */
	int64_t offset;		/* where the first byte goes */
	bool unique;		/* STOU */
};

/* Look at what is there.  False when the client was refused. */
static bool
upload_look(struct session *s, struct upload *u, bool append)
{
	struct stat st = { .st_size = 0 };

	u->file = files_open_existing(u->path, &st);
	if (u->file < 0 && u->file != -ENOENT) {
		refused(s, EVENT_upload, u->path, -u->file);
		return false;
	}
	u->offset = append ? st.st_size : s->restart;
	if (!restart_fits(s, st.st_size)) {
		io_close(&u->file);
		return false;
	}
	/* APPE after REST: only the file's end is no surprise. */
	if (append && s->restart > 0 && s->restart != st.st_size) {
		reply(s, 554, "APPE adds at the end (%jd).",
			(intmax_t)st.st_size);
		session_reset_transfer(s);
		io_close(&u->file);
		return false;
	}
	return true;
}

/* The data connection stands: make, or truncate, or find the place. */
static int
upload_begin(struct upload *u)
{
	/* Somebody may have made it since upload_look(). */
	if (u->file < 0)
		u->file = files_create(u->path, u->unique);
	if (u->file < 0)
		return u->file;
	if (u->offset == 0 && ftruncate(u->file, 0) < 0)
		return -errno;
	return lseek(u->file, u->offset, SEEK_SET) < 0 ? -errno : 0;
}

static void
upload_failed(struct session *s, int error)
{
	if (s->result.end != TRANSFER_COMPLETE)
		return;
	s->result.end = TRANSFER_LOCAL_ERROR;
	s->result.error = error;
}

/* Complete: nothing of an older, longer file stays behind.  Not complete: the
 * site decides what happens to the piece; what was there before is kept. */
static void
upload_end(struct session *s, struct upload *u)
{
	off_t end = lseek(u->file, 0, SEEK_CUR);

	if (s->result.end == TRANSFER_COMPLETE && end >= 0 &&
		ftruncate(u->file, end) < 0)
		upload_failed(s, errno);
	if (s->result.end != TRANSFER_COMPLETE && u->offset == 0 &&
		s->limits->incomplete_uploads == INCOMPLETE_DELETE)
		files_remove_if_same(u->path, u->file);
	/* A network file system may report a full disk only now. */
	if (close(u->file) < 0)
		upload_failed(s, errno);
}

static void
announce(struct session *s, const struct upload *u)
{
	/* RFC 1123 4.1.2.9 fixes STOU's form. */
	if (u->unique)
		reply(s, 150, "FILE: %s", u->path);
	else
		reply(s, 150, "Ready to receive %s in %s mode.", u->path,
			type_name(s));
}

/*
 * In the clear the target is made before the 150, so that a refusal can take
 * its place.  Under TLS clients wait for the 150 before their handshake, and
 * the target waits for the handshake.
 */
static int
upload_prepare(struct session *s, struct upload *u)
{
	bool first = s->choices.prot != 'P';
	int r = first ? upload_begin(u) : 0;

	if (r < 0)
		return r;
	announce(s, u);
	if (!protect_data(s, true))
		return -ECANCELED;
	return first ? 0 : upload_begin(u);
}

static void
upload_run(struct session *s, struct upload *u)
{
	if (!exchange_open(s)) {
		io_close(&u->file);
		return;
	}
	int r = upload_prepare(s, u);
	if (r < 0) {
		io_close(&u->file);
		if (r == -ECANCELED) {
			record_no_tls(s, EVENT_upload, u->path, u->offset);
			return;
		}
		exchange_cancel(s);
		refused(s, EVENT_upload, u->path, -r);
		return;
	}
	transfer_receive_file(&s->watch, &s->stream, u->file,
		s->choices.type == 'A', s->limits->data_timeout, &s->result);
	upload_end(s, u);
	record(s, EVENT_upload, u->path, u->offset);
	exchange_finish(s);
}

static void
upload(struct session *s, const char *path, bool append)
{
	struct upload u = { .path = path, .file = -1 };

	if (upload_look(s, &u, append))
		upload_run(s, &u);
}

static void
cmd_stor(struct session *s, char *path)
{
	upload(s, path, false);
}

static void
cmd_appe(struct session *s, char *path)
{
	upload(s, path, true);
}

/* A name that nobody has yet: the client's with a random end.  That it is made
 * anew in any case is files_create()'s part. */
static int
find_unique(const char *name, char *path, size_t size)
{
	struct stat st;

	for (int tries = 0; tries < 100; tries++) {
		uint32_t number;
		if (getrandom(&number, sizeof(number), 0) < 0)
			return -errno;
		int n = snprintf(path, size, "%s.%08x", name, number);
		if (n < 0 || (size_t)n >= size)
			return -ENAMETOOLONG;
		if (lstat(path, &st) < 0)
			return errno == ENOENT ? 0 : -errno;
	}
	return -EEXIST;
}

static void
cmd_stou(struct session *s, char *name)
{
	char upload_name[] = "upload";
	char path[PATH_MAX];
	struct upload u = { .path = path, .file = -1, .unique = true };

	if (name[0] == '\0')
		name = upload_name;
	s->restart = 0;
	int r = find_unique(name, path, sizeof(path));
	if (r < 0)
		refused(s, EVENT_upload, name, -r);
	else
		upload_run(s, &u);
}

/* During a transfer the loop ends it and exchange.c answers 426 and 226;
 * otherwise there is nothing but the preparation to forget. */
static void
cmd_abor(struct session *s, char *none UNUSED)
{
	if (s->transferring) {
		s->aborting = true;
		return;
	}
	session_reset_transfer(s);
	reply(s, 226, "No transfer to abort.");
}

const struct command cmd_transfer_rows[] = {
	{ "RETR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'r', "<path>", NULL,
		"sends a file to the client", cmd_retr },
	{ "STOR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'w', "<path>", NULL,
		"takes a file from the client", cmd_stor },
	{ "APPE", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 'a', "<path>", NULL,
		"adds to the end of a file", cmd_appe },
	{ "STOU", COMMAND_AFTER_LOGIN, 'w', "[<path>]", NULL,
		"takes a file and finds a new name for it", cmd_stou },
	{ "ABOR", COMMAND_AFTER_LOGIN | COMMAND_IN_TRANSFER, 0, "", NULL,
		"ends the running transfer", cmd_abor },
	{ .verb = NULL },
};
