/*
 * data_transfer.c - the data connection of a command, with the replies 150,
 * 425, 226, 426, 451, 452, 552 (RFC 959 5.4).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/transfer/data_transfer.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/text.h"
#include "worker/data/deflate.h"
#include "worker/reason.h"
#include "worker/show.h"

enum transfer_end
data_transfer_begin_local(struct session *s, struct data_transfer *t)
{
	*t = (struct data_transfer){
		.stream = stream_plain(-1),
		.result = { .end = TRANSFER_RUNNING },
	};
	s->transfer = t;
	s->watch.control_events = POLLIN;
	return s->watch.control(s->watch.context, false);
}

void
data_transfer_interrupted(struct session *s, enum transfer_end end)
{
	switch (end) {
	case TRANSFER_ABORTED:
		/* ABOR itself is answered next. */
		reply(&s->reply, 426, "Transfer aborted.");
		return;
	case TRANSFER_STOPPED:
		reply(&s->reply, 421, "%s Transfer aborted, closing.",
			session_stop_text(s));
		session_end(s, OUTCOME_STOPPED);
		return;
	default:
		session_end(s, OUTCOME_LOST);
	}
}

static const char *
why_not(int error)
{
	switch (error) {
	case -ECONNREFUSED:
		return "connection refused";
	case -ECONNRESET:
		return "connection reset";
	case -EHOSTUNREACH:
	case -ENETUNREACH:
		return "host unreachable";
	case -EADDRINUSE:
	case -EADDRNOTAVAIL:
		return "an earlier connection still uses these ports";
	default:
		return "local error";
	}
}

/* A client may use several addresses, or a proxy for its data connections only:
 * then its own connection was refused. */
static void
not_in_time(struct session *s)
{
	char to[ADDRESS_TEXT_SIZE], from[ADDRESS_TEXT_SIZE] = "";
	const struct address *endpoint = &s->data.endpoint;
	bool refused = address_is_set(&s->data.refused);

	if (refused)
		address_text(&s->data.refused, from);
	log_info("no data connection to %s port %u within "
		"data_connect_timeout%s%s%s", address_text(endpoint, to),
		address_port(endpoint), refused ? "; one from " : "", from,
		refused ? " was refused" : "");
	reply(&s->reply, 425, "No data connection within %" PRId64
		" seconds (data_connect_timeout)%s.",
		s->limits->data_connect_timeout, refused ?
		"; one from another address was refused" : "");
}

static void
not_opened(struct session *s, int error, enum transfer_end end)
{
	char to[ADDRESS_TEXT_SIZE];

	switch (error) {
	case -ECANCELED:
		data_transfer_interrupted(s, end);
		return;
	case -ENOTCONN:
		reply(&s->reply, 425, "Use PASV, EPSV, PORT or EPRT first.");
		return;
	case -ETIMEDOUT:
		not_in_time(s);
		return;
	default:
		log_info("no data connection to %s port %u: %s",
			address_text(&s->data.endpoint, to),
			address_port(&s->data.endpoint), log_errno(error));
		reply(&s->reply, 425, "Cannot open the data connection: %s.",
			why_not(error));
	}
}

static void
close_connection(struct session *s, struct data_transfer *t)
{
	stream_close(&t->stream);
	s->transfer = NULL;
}

/* ABOR may have been sent together with the command. */
static int
open_connection(struct session *s, enum transfer_end *end)
{
	int64_t deadline = clock_after(s->limits->data_connect_timeout);

	s->watch.control_events = POLLIN;
	*end = s->watch.control(s->watch.context, false);
	if (*end != TRANSFER_RUNNING)
		return -ECANCELED;
	return data_open(&s->data, &s->watch, deadline, end);
}

/* MODE Z may have been set before login, when the account's settings were not
 * known. */
static bool
may_begin(struct session *s)
{
	if (s->choices.prot != 'P' && settings_tls_data(s->limits))
		reply(&s->reply, 521,
			"Data connections must use TLS; send PROT P first.");
	else if (s->choices.mode == 'Z' &&
		s->limits->max_compression_level == 0)
		reply(&s->reply, 504,
			"MODE Z is not supported; send MODE S first.");
	else
		return true;
	return false;
}

static bool
begin_compression(struct session *s, struct data_transfer *t)
{
	int64_t level = s->choices.level;
	int64_t most = s->limits->max_compression_level;

	if (s->choices.mode != 'Z')
		return true;
	if (t->direction == UPLOAD)
		t->stream.decompress = deflate_new_reader();
	else
		t->stream.compress = deflate_new_writer(
			(int)(level < most ? level : most));
	return t->stream.decompress != NULL || t->stream.compress != NULL;
}

#define SMALLEST_PIECE 4096

static size_t
piece_for(const struct session *s)
{
	int64_t size = s->limits->transfer_buffer;

	return size > 0 && size < SMALLEST_PIECE ? SMALLEST_PIECE :
		(size_t)size;
}

static void
limit_rate(struct session *s, struct data_transfer *t)
{
	rates_begin(&s->rates);
	t->stream.rates = &s->rates;
	if (t->direction == UPLOAD)
		t->stream.reading = &s->rates.up;
	else
		t->stream.writing = &s->rates.down;
}

bool
data_transfer_open(struct session *s, struct data_transfer *t,
	enum direction direction)
{
	enum transfer_end end;

	*t = (struct data_transfer){
		.stream = stream_plain(-1),
		.result = { .end = TRANSFER_RUNNING },
		.direction = direction,
	};
	if (!may_begin(s))
		return false;
	/* A long download must not hold reports back; those of many small
	 * uploads are sent together. */
	if (direction == DOWNLOAD)
		quota_flush(s->tree.quota);
	/* Its handshake may use up a ticket even if it fails. */
	s->data_attempts++;
	s->data_tls[0] = '\0';
	s->transfer = t;
	int fd = open_connection(s, &end);
	if (fd >= 0) {
		t->stream = stream_plain(fd);
		t->stream.piece = piece_for(s);
		limit_rate(s, t);
		if (begin_compression(s, t))
			return true;
		close_connection(s, t);
		reply_errno(&s->reply, ENOMEM);
		return false;
	}
	s->transfer = NULL;
	not_opened(s, fd, end);
	return false;
}

void
data_transfer_cancel(struct session *s, struct data_transfer *t)
{
	data_keep(&s->data, t->stream.fd);
	t->stream.fd = -1;
	close_connection(s, t);
}

bool
data_transfer_announce(struct session *s, struct data_transfer *t,
	const char *format, ...)
{
	BUFFER(text, 2 * PATH_MAX);
	va_list ap;

	va_start(ap, format);
	buffer_addv(&text, format, ap);
	va_end(ap);
	reply(&s->reply, 150, "%s", buffer_text(&text));
	t->announced = true;
	t->result.end = s->watch.control(s->watch.context, false);
	if (t->result.end == TRANSFER_RUNNING)
		return true;
	close_connection(s, t);
	data_transfer_interrupted(s, t->result.end);
	return false;
}

void
data_transfer_show(const struct target *at, enum page_state state,
	int64_t offset, int64_t size)
{
	BUFFER(path, 2 * PATH_MAX);

	target_named_path(at, &path);
	show_transfer(state, buffer_text(&path), offset, size);
}

void
data_transfer_fail_tls(struct session *s, struct data_transfer *t,
	const char *reason)
{
	t->result.end = TRANSFER_DATA_LOST;
	t->result.error = EPROTO;
	snprintf(t->tls_failure, sizeof(t->tls_failure),
		"TLS on the data connection failed: %s", reason);
	close_connection(s, t);
}

void
data_transfer_finish(struct session *s, struct data_transfer *t)
{
	data_transfer_finish_with(s, t, "Transfer complete.");
}

void
data_transfer_too_large(struct session *s, const char *what)
{
	BUFFER(size, 32);

	text_add_size(&size, s->limits->max_upload_size);
	reply(&s->reply, 552, "%s: files may have at most %s bytes "
		"(max_upload_size).", what, buffer_text(&size));
}

static void
reply_data_lost(struct session *s, const struct data_transfer *t)
{
	if (t->result.error == EBADMSG)
		reply(&s->reply, 426, "TLS data stream ended without "
			"close_notify. Transfer incomplete.");
	else if (t->result.error == EILSEQ)
		reply(&s->reply, 426, "The compressed data is corrupt or "
			"incomplete (MODE Z). Transfer aborted.");
	else
		reply(&s->reply, 426,
			"Data connection lost. Transfer aborted.");
}

void
data_transfer_finish_with(struct session *s, struct data_transfer *t,
	const char *complete)
{
	const struct transfer_result *result = &t->result;
	const char *reason;

	/* RFC 8446 6.1: the receiving side sends close_notify as well. */
	if (result->end == TRANSFER_COMPLETE && t->direction == UPLOAD &&
		t->stream.tls != NULL)
		(void)!stream_end(&t->stream);
	/* The data connection is closed before the reply. */
	close_connection(s, t);

	switch (result->end) {
	case TRANSFER_COMPLETE:
		reply(&s->reply, 226, "%s", complete);
		return;
	case TRANSFER_STALLED:
		reply(&s->reply, 426, "Transfer stalled for %" PRId64
			" seconds (data_timeout).", s->limits->data_timeout);
		return;
	case TRANSFER_DATA_LOST:
		reply_data_lost(s, t);
		return;
	case TRANSFER_TOO_LARGE:
		data_transfer_too_large(s, "Transfer aborted");
		return;
	case TRANSFER_LOCAL_ERROR:
		reason = reply_reason(&s->reply, result->error);
		reply(&s->reply, reason_code(result->error, 451),
			"Transfer failed: %s%s", reason, reply_period(reason));
		return;
	default:
		data_transfer_interrupted(s, result->end);
	}
}
