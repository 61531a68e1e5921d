/*
 * reports.h - what a worker's monitor reports to the master, and the answers.
 */
#ifndef DAEMON_REPORTS_H
#define DAEMON_REPORTS_H

#include "common/base.h"
#include "daemon/charges.h"
#include "daemon/sessions.h"

enum report {
	REPORT_NONE,		/* nothing has come */
	REPORT_HANDLED,
	REPORT_END,		/* the monitor has gone */
	REPORT_VIOLATION,	/* it broke the protocol; logged */
	REPORT_ERROR,		/* it cannot be answered */
};

/* Receive one message on the slot's channel and handle it: count a login,
 * charge a failed one. */
enum report reports_receive(struct slot *slot, struct sessions *sessions,
	struct charges *charges);

#endif
