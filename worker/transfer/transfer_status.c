/*
 * transfer_status.c - how a data transfer ended, for the log and for events.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/transfer/transfer_status.h"

#include "worker/reason.h"

static const char *
data_lost(const struct data_transfer *t)
{
	switch (t->result.error) {
	case EBADMSG:
		return "TLS data stream ended without close_notify";
	case EPROTO:
		return t->tls_failure;
	case EILSEQ:
		return "compressed data (MODE Z) is corrupt or incomplete";
	case ECONNRESET:
	case EPIPE:
		return "data connection reset by the client";
	case ETIMEDOUT:
		return "data connection timed out";
	default:
		return "data connection lost";
	}
}

const char *
transfer_status_reason(const struct data_transfer *t)
{
	switch (t->result.end) {
	case TRANSFER_COMPLETE:
		return NULL;
	case TRANSFER_ABORTED:
		return "aborted by the client";
	case TRANSFER_STALLED:
		return "transfer stalled (data_timeout)";
	case TRANSFER_DATA_LOST:
		return data_lost(t);
	case TRANSFER_CONTROL_LOST:
		return "control connection lost";
	case TRANSFER_STOPPED:
		return "session ended by the server";
	case TRANSFER_LOCAL_ERROR:
		return reason_text(t->result.error);
	case TRANSFER_TOO_LARGE:
		return t->direction == UPLOAD ?
			"file larger than max_upload_size" :
			"file larger than max_download_size";
	case TRANSFER_RUNNING:
		break;
	}
	return "not finished";
}

static enum event_status
local_status(int error)
{
	if (reason_is_quota(error))
		return EVENT_STATUS_over_quota;
	switch (error) {
	case ENOSPC:
		return EVENT_STATUS_disk_full;
	case REASON_REJECTED:
		return EVENT_STATUS_rejected;
	default:
		return EVENT_STATUS_local_error;
	}
}

static enum event_status
lost_status(int error)
{
	switch (error) {
	case EBADMSG:
		return EVENT_STATUS_truncated;
	case EPROTO:
		return EVENT_STATUS_tls_failed;
	default:
		return EVENT_STATUS_data_lost;
	}
}

enum event_status
transfer_status(const struct data_transfer *t)
{
	switch (t->result.end) {
	case TRANSFER_COMPLETE:
		return EVENT_STATUS_complete;
	case TRANSFER_STALLED:
		return EVENT_STATUS_stalled;
	case TRANSFER_DATA_LOST:
		return lost_status(t->result.error);
	case TRANSFER_CONTROL_LOST:
		return EVENT_STATUS_control_lost;
	case TRANSFER_STOPPED:
		return EVENT_STATUS_stopped;
	case TRANSFER_LOCAL_ERROR:
		return t->announced || reason_is_quota(t->result.error) ?
			local_status(t->result.error) : EVENT_STATUS_refused;
	case TRANSFER_TOO_LARGE:
		return t->announced ? EVENT_STATUS_too_large :
			EVENT_STATUS_refused;
	case TRANSFER_ABORTED:
	case TRANSFER_RUNNING:
		break;
	}
	return EVENT_STATUS_aborted;
}
