/*
 * tls_data.c - TLS on data connections, and the check that they belong to the
 * session.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/transfer/tls_data.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "common/tls/tls.h"
#include "worker/reply.h"
#include "worker/tls_control.h"

#include <poll.h>

/* For STAT and the log. */
static void
describe(struct session *s, const struct tls *tls, enum direction direction)
{
	struct tls_facts facts;
	struct buffer b;

	tls_describe(tls, &facts);
	buffer_init(&b, s->data_tls, sizeof(s->data_tls));
	tls_control_describe(&b, &facts);
	if (direction == DOWNLOAD)
		buffer_addf(&b, ", encrypted %s", facts.kernel_send ?
			"in the kernel" : "in user space");
	log_debug("TLS on the data connection: %s", buffer_text(&b));
}

static void
data_failed(struct session *s, struct data_transfer *t, struct tls *tls,
	const char *reason)
{
	log_warning("TLS on the data connection failed: %s", reason);
	data_transfer_fail_tls(s, t, reason);
	tls_free(tls);
}

static bool
data_in_time(struct session *s, struct data_transfer *t, struct tls *tls,
	short events, int64_t deadline)
{
	enum transfer_end end;

	if (clock_passed(deadline)) {
		data_failed(s, t, tls,
			"not completed within handshake_timeout");
		reply(&s->reply, 425, "The TLS handshake on the data "
			"connection took longer than %" PRId64
			" seconds (handshake_timeout).",
			s->settings->server.handshake_timeout);
		return false;
	}
	end = watch_wait(&s->watch, t->stream.fd, events, deadline);
	if (end == TRANSFER_RUNNING)
		return true;
	data_failed(s, t, tls, "interrupted");
	t->result.end = end;
	data_transfer_interrupted(s, end);
	return false;
}

static void
not_resumed(struct session *s, struct data_transfer *t, struct tls *tls)
{
	bool strict = s->binding.reuse == REUSE_STRICT;

	data_failed(s, t, tls, strict ?
		"it did not resume the control connection's TLS session" :
		"it did not resume a TLS session of this account and address");
	if (strict)
		reply(&s->reply, 522, "The data connection must resume the "
			"TLS session of its control connection "
			"(session_reuse = strict).");
	else
		reply(&s->reply, 522, "The data connection must resume a TLS "
			"session of the control connection (session_reuse = "
			"require).");
}

static void
handshake_failed(struct session *s, struct data_transfer *t, struct tls *tls)
{
	BUFFER(reason, 200);

	buffer_add_text(&reason, tls_error(tls));
	data_failed(s, t, tls, buffer_text(&reason));
	reply(&s->reply, 425, "TLS on the data connection failed: %s.",
		buffer_text(&reason));
}

/* A client that did not resume gets this reply even if the handshake failed
 * later for another reason, because it can correct the former. */
static bool
data_accepted(struct session *s, struct data_transfer *t, struct tls *tls,
	int handshake)
{
	bool must = s->binding.reuse <= REUSE_REQUIRE;

	if (must && tls_did_not_resume(tls))
		not_resumed(s, t, tls);
	else if (handshake != 1)
		handshake_failed(s, t, tls);
	else
		return true;
	return false;
}

/* The ticket is sent with the first bytes of the content.  If it cannot be
 * sent, neither can these. */
static void
begin_download(struct stream *stream)
{
	short events;

	stream_gather(stream);
	(void)!tls_send_ticket(stream->tls, &events);
}

bool
tls_data_handshake(struct session *s, struct data_transfer *t)
{
	int64_t deadline = clock_after(s->settings->server.handshake_timeout);
	short events = POLLIN;
	int r;

	if (s->choices.prot != 'P')
		return true;
	struct tls *tls = tls_new(s->tls_server, t->stream.fd,
		t->direction == UPLOAD ? TLS_DATA_UPLOAD : TLS_DATA,
		&s->binding);
	if (tls == NULL) {
		data_failed(s, t, NULL, "out of memory");
		reply(&s->reply, 425, "TLS on the data connection failed.");
		return false;
	}
	/* With kernel TLS, OpenSSL writes the Finished of TLS 1.2 separately:
	 * it would wait for a round trip. */
	stream_send_each(&t->stream);
	while ((r = tls_handshake(tls, &events)) == -EAGAIN) {
		if (!data_in_time(s, t, tls, events, deadline))
			return false;
	}
	if (!data_accepted(s, t, tls, r))
		return false;
	describe(s, tls, t->direction);
	t->stream.tls = tls;
	if (t->direction == UPLOAD && !settings_close_notify_upload(s->limits))
		tls_accept_cut(tls);
	if (t->direction == DOWNLOAD)
		begin_download(&t->stream);
	t->stream.wait_end = settings_close_notify_download(s->limits);
	return true;
}
