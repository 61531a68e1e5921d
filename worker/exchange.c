/*
 * exchange.c - data connections from the commands' side: replies 425, 226,
 * 426, 451, 452, 552 (RFC 959 5.4).
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/exchange.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "worker/protect.h"
#include "worker/reply.h"

static const char *
data_lost(int error)
{
	switch (error) {
	case EBADMSG:
		return "TLS data stream cut without close_notify";
	case EPROTO:
		return "no TLS on the data connection";
	default:
		return "data connection lost";
	}
}

const char *
exchange_reason(const struct transfer_result *result)
{
	switch (result->end) {
	case TRANSFER_COMPLETE:
		return NULL;
	case TRANSFER_ABORTED:
		return "aborted by the client";
	case TRANSFER_STALLED:
		return "stood still for data_timeout";
	case TRANSFER_DATA_LOST:
		return data_lost(result->error);
	case TRANSFER_CONTROL_LOST:
		return "control connection lost";
	case TRANSFER_STOPPED:
		return "server shutdown";
	case TRANSFER_LOCAL_ERROR:
		return reply_reason(result->error);
	case TRANSFER_RUNNING:
		break;
	}
	return "not finished";
}

void
exchange_interrupted(struct session *s, enum transfer_end end)
{
	switch (end) {
	case TRANSFER_ABORTED:
		reply(s, 426, "Transfer aborted.");
		reply(s, 226, "ABOR done.");
		return;
	case TRANSFER_STOPPED:
		reply(s, 421, "The server is shutting down. "
			"Transfer aborted, closing.");
		session_end(s, OUTCOME_STOPPED);
		return;
	default:
		session_end(s, OUTCOME_LOST);
	}
}

static void
not_opened(struct session *s, int error, enum transfer_end end)
{
	switch (error) {
	case -ECANCELED:
		exchange_interrupted(s, end);
		return;
	case -ENOTCONN:
		reply(s, 425, "Say PASV, EPSV, PORT or EPRT first.");
		return;
	case -ETIMEDOUT:
		log_info("no data connection within data_connect_timeout");
		reply(s, 425, "No data connection within %" PRId64
			" seconds (data_connect_timeout).",
			s->limits->data_connect_timeout);
		return;
	default:
		log_info("no data connection: %s", log_errno(error));
		reply(s, 425, "Cannot open the data connection: %s.",
			error == -ECONNREFUSED ? "refused" : "not reachable");
	}
}

bool
exchange_open(struct session *s)
{
	enum transfer_end end = TRANSFER_RUNNING;
	int64_t deadline = clock_after(s->limits->data_connect_timeout);

	if (s->choices.prot != 'P' && settings_tls_data(s->limits)) {
		session_reset_transfer(s);
		reply(s, 521, "Data connections must be protected: PROT P.");
		return false;
	}
	/* Whatever becomes of it may cost the client a ticket. */
	s->data_attempts++;
	s->transferring = true;
	s->data_tls[0] = '\0';
	s->result = (struct transfer_result){ .end = TRANSFER_RUNNING };
	struct watch *watch = session_watch(s);
	int fd = -ECANCELED;
	/* ABOR may have come together with the command. */
	if (s->aborting)
		end = TRANSFER_ABORTED;
	else
		fd = data_open(&s->data, watch, deadline, &end);
	if (fd >= 0) {
		s->stream = stream_plain(fd);
		return true;
	}
	s->transferring = false;
	session_reset_transfer(s);
	not_opened(s, fd, end);
	return false;
}

static void
local_error(struct session *s, int error)
{
	int code = 451;

	if (error == ENOSPC)
		code = 452;
	else if (error == EDQUOT || error == EFBIG)
		code = 552;
	reply(s, code, "Transfer failed: %s.", reply_reason(error));
}

void
exchange_finish(struct session *s)
{
	exchange_finish_with(s, "Transfer complete.");
}

void
exchange_finish_with(struct session *s, const char *complete)
{
	const struct transfer_result *result = &s->result;

	/* RFC 8446 6.1: also the side that only received says that it ends. */
	if (result->end == TRANSFER_COMPLETE)
		(void)!stream_end(&s->stream);
	/* The client sees the end of its data before the reply. */
	stream_close(&s->stream);
	s->transferring = false;
	session_reset_transfer(s);

	switch (result->end) {
	case TRANSFER_COMPLETE:
		reply(s, 226, "%s", complete);
		return;
	case TRANSFER_STALLED:
		reply(s, 426, "Nothing moved for %" PRId64
			" seconds (data_timeout). Transfer aborted.",
			s->limits->data_timeout);
		return;
	case TRANSFER_DATA_LOST:
		reply(s, 426, result->error == EBADMSG
			? "The TLS data stream was cut (no close_notify). "
			  "Transfer incomplete."
			: "Data connection lost. Transfer aborted.");
		return;
	case TRANSFER_LOCAL_ERROR:
		local_error(s, result->error);
		return;
	default:
		exchange_interrupted(s, result->end);
	}
}

void
exchange_cancel(struct session *s)
{
	stream_close(&s->stream);
	s->transferring = false;
	session_reset_transfer(s);
}
