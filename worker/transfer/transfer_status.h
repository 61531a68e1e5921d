/*
 * transfer_status.h - how a data transfer ended, for the log and for events.
 */
#ifndef WORKER_TRANSFER_TRANSFER_STATUS_H
#define WORKER_TRANSFER_TRANSFER_STATUS_H

#include "common/base.h"
#include "common/log/event.h"
#include "worker/transfer/data_transfer.h"

/* EVENT_STATUS_refused if it did not begin. */
enum event_status transfer_status(const struct data_transfer *t);

/* The reason of an incomplete transfer; NULL if complete. */
const char *transfer_status_reason(const struct data_transfer *t);

#endif
