/*
 * protect_data.c - TLS on data connections, and whose they are.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/protect_data.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "worker/exchange.h"
#include "worker/protect.h"
#include "worker/reply.h"
#include "common/tls/tls.h"

#include <poll.h>

/* For STAT and the log. */
static void
describe(struct session *s, const struct tls *tls, bool upload)
{
	struct tls_facts facts;
	struct buffer b;

	tls_describe(tls, &facts);
	buffer_init(&b, s->data_tls, sizeof(s->data_tls));
	protect_describe(&b, &facts);
	if (!upload)
		buffer_addf(&b, ", encrypted %s", facts.kernel_send ?
			"in the kernel" : "in user space");
	log_debug("TLS on the data connection: %s", buffer_text(&b));
}

static void
data_failed(struct session *s, struct tls *tls, const char *reason)
{
	log_warning("TLS on the data connection failed: %s", reason);
	tls_free(tls);
	stream_close(&s->stream);
	s->transferring = false;
	session_reset_transfer(s);
}

static bool
data_in_time(struct session *s, struct tls *tls, short events, int64_t deadline)
{
	enum transfer_end end;

	if (clock_passed(deadline)) {
		data_failed(s, tls, "not done in handshake_timeout");
		reply(s, 425, "The TLS handshake on the data connection took "
			"longer than %" PRId64 " seconds (handshake_timeout).",
			s->settings->server.handshake_timeout);
		return false;
	}
	end = watch_wait(&s->watch, s->stream.fd, events, deadline);
	if (end == TRANSFER_RUNNING)
		return true;
	data_failed(s, tls, "interrupted");
	exchange_interrupted(s, end);
	return false;
}

static void
not_resumed(struct session *s, struct tls *tls)
{
	bool strict = s->reuse == REUSE_STRICT;

	data_failed(s, tls, strict ?
		"it resumed no TLS session of its control connection" :
		"it resumed no TLS session of this account and address");
	if (strict)
		reply(s, 522, "The data connection must resume the TLS "
			"session of its control connection "
			"(session_reuse = strict).");
	else
		reply(s, 522, "The data connection must resume a TLS session "
			"of the control connection (session_reuse = "
			"require).");
}

static void
handshake_failed(struct session *s, struct tls *tls)
{
	BUFFER(reason, 200);

	buffer_add_text(&reason, tls_error(tls));
	data_failed(s, tls, buffer_text(&reason));
	reply(s, 425, "TLS on the data connection failed: %s.",
		buffer_text(&reason));
}

/* A client that did not resume is told so, also when it did not like what
 * followed: that is what it can mend. */
static bool
data_accepted(struct session *s, struct tls *tls, int handshake)
{
	bool must = s->reuse <= REUSE_REQUIRE;

	if (must && tls_did_not_resume(tls))
		not_resumed(s, tls);
	else if (handshake != 1)
		handshake_failed(s, tls);
	else
		return true;
	return false;
}

bool
protect_data(struct session *s, bool upload)
{
	int64_t deadline = clock_after(s->settings->server.handshake_timeout);
	short events = POLLIN;
	int r;

	if (s->choices.prot != 'P')
		return true;
	struct tls *tls = tls_new(s->tls_server, s->stream.fd,
		upload ? TLS_DATA_UPLOAD : TLS_DATA, &s->binding);
	if (tls == NULL) {
		data_failed(s, NULL, "out of memory");
		reply(s, 425, "TLS on the data connection failed.");
		return false;
	}
	while ((r = tls_handshake(tls, &events)) == -EAGAIN) {
		if (!data_in_time(s, tls, events, deadline))
			return false;
	}
	if (!data_accepted(s, tls, r))
		return false;
	describe(s, tls, upload);
	s->stream.tls = tls;
	if (upload && !settings_close_notify_upload(s->limits))
		tls_accept_cut(tls);
	s->stream.wait_end = settings_close_notify_download(s->limits);
	return true;
}
