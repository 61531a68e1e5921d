/*
 * reports.h - what a worker's monitor reports to the master, and the answers.
 */
#ifndef DAEMON_REPORTS_H
#define DAEMON_REPORTS_H

#include "common/base.h"
#include "common/tls/tls_binding.h"
#include "daemon/charges.h"
#include "daemon/rates.h"
#include "daemon/sessions.h"

enum report {
	REPORT_NONE,		/* nothing has come */
	REPORT_HANDLED,
	REPORT_END,		/* the monitor has exited */
	REPORT_VIOLATION,	/* it broke the protocol; logged */
	REPORT_ERROR,		/* it cannot be answered */
};

/* What is needed to handle them. */
struct reports {
	struct sessions *sessions;	/* to count logins in */
	struct charges *charges;	/* for those that failed */
	struct rates *rates;		/* NULL: without limits of rates */
	uint8_t *ticket_secret;	/* tls_binding.h; wiped in every child, which
				 * could derive all accounts' keys from it */
};

/* 0 or -errno; close it in any case. */
int reports_open(struct reports *r, struct sessions *sessions,
	struct charges *charges, struct rates *rates) MUST_CHECK;
void reports_close(struct reports *r);

/* Receive one message on the slot's channel and handle it: count a login and
 * give out the keys for its account's TLS tickets, charge a failed one. */
enum report reports_receive(const struct reports *r, struct slot *slot);

#endif
