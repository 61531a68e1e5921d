/*
 * cmd_retr.c - RETR (RFC 959 4.1.3).
 *
 * Runs in: session.
 *
 * Whether a file may be read is checked before waiting for the data connection.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/io.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/transfer/file_transfer.h"
#include "worker/transfer/tls_data.h"

/* Where the download begins and ends, with 0 for the end of the file.  Of a
 * range the part that exists is sent (draft-bryan-ftp-range 4.3). */
static int64_t
set_range(const struct session *s, struct file *f)
{
	f->offset = s->pending.restart < f->size ? s->pending.restart : f->size;
	return s->pending.range_end < f->size ? s->pending.range_end : 0;
}

static void
download(struct session *s, struct file *f)
{
	int64_t end = set_range(s, f);
	const struct send what = {
		.file = f->fd, .offset = f->offset, .end = end, .size = f->size,
		.ascii = end == 0 && file_transfer_converts(s, DOWNLOAD),
		.stall = s->limits->data_timeout,
	};
	struct data_transfer t;

	if (!data_transfer_open(s, &t, DOWNLOAD))
		return;
	/* Clients take the size from this text; .NET knows no other form. */
	bool begun = data_transfer_announce(s, &t,
		"Opening %s mode data connection for %s (%" PRId64 " bytes).",
		file_transfer_mode(s, DOWNLOAD), f->at.path,
		(end > 0 ? end : f->size) - f->offset) &&
		tls_data_handshake(s, &t);
	if (begun) {
		file_transfer_record_start(s, DOWNLOAD, f);
		data_transfer_show(&f->at, PAGE_DOWNLOAD, f->offset,
			end > 0 ? end : f->size);
		send_file(&s->watch, &t.stream, &what, &t.result);
	}
	file_transfer_record(s, f, &t);
	/* With its lock: after the reply, another session may change it. */
	io_close(&f->fd);
	if (begun)
		data_transfer_finish(s, &t);
}

static int
open_download(struct session *s, struct file *f, const char *path)
{
	int64_t deadline = file_transfer_lock_deadline();
	int error;

	while ((error = file_open_download(&s->tree, f, path)) == -EAGAIN &&
		file_transfer_wait_for_lock(deadline))
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
	file_transfer_record(s, f, &t);
	reply(&s->reply, 550, "File too large: files of at most %s bytes can "
		"be downloaded (max_download_size).", buffer_text(&size));
	return false;
}

static void
cmd_retr(struct session *s, char *path)
{
	struct file f UNINITIALIZED;
	int error;

	if (!file_transfer_type_fits(s, DOWNLOAD))
		return;
	error = open_download(s, &f, path);
	if (error < 0) {
		file_transfer_refuse(s, DOWNLOAD, &f, error);
	} else if (download_fits(s, &f) &&
		file_transfer_restart_fits(s, DOWNLOAD, f.size)) {
		download(s, &f);
	}
	file_close(&f);
}

const struct command cmd_retr_rows[] = {
	{ "RETR", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, PERMISSION_retrieve,
		"<path>", NULL, "downloads a file", cmd_retr },
	{ .verb = NULL },
};
