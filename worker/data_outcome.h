/*
 * data_outcome.h - how a data transfer ended, for the log and for events.
 */
#ifndef WORKER_DATA_OUTCOME_H
#define WORKER_DATA_OUTCOME_H

#include "common/base.h"
#include "common/log/event.h"
#include "worker/data_transfer.h"

/* EVENT_STATUS_refused if it did not begin. */
enum event_status data_outcome_status(const struct data_transfer *t);

/* The reason of an incomplete transfer; NULL if complete. */
const char *data_outcome_reason(const struct data_transfer *t);

#endif
