/*
 * reports.h - handles the messages of a worker's monitor to the master.
 */
#ifndef DAEMON_REPORTS_H
#define DAEMON_REPORTS_H

#include "common/base.h"
#include "common/tls/tls_binding.h"
#include "daemon/sessions/board.h"
#include "daemon/bans/charges.h"
#include "daemon/admission/limits.h"
#include "daemon/rates/rates.h"
#include "daemon/sessions/sessions.h"

enum report {
	REPORT_NONE,		/* no message */
	REPORT_HANDLED,
	REPORT_END,		/* the monitor has exited */
	REPORT_VIOLATION,	/* a protocol violation; logged */
	REPORT_ERROR,		/* it cannot be answered */
};

/* What is needed to handle messages. */
struct reports {
	struct sessions *sessions;	/* for counting logins */
	struct charges *charges;	/* for failed logins */
	const struct configuration *configuration;	/* for clients behind
					 * proxies */
	struct limits *limits;		/* for refused logins and clients;
					 * set after reports_open() */
	const struct board *board;	/* for SITE WHO; likewise */
	struct rates *rates;		/* NULL: without limits of rates */
	uint8_t *ticket_secret;	/* tls_binding.h; wiped in every child, which
				 * could derive all accounts' keys from it */
};

/* 0 or -errno; call reports_close() in any case. */
int reports_open(struct reports *r, struct sessions *sessions,
	struct charges *charges, struct rates *rates) MUST_CHECK;
void reports_close(struct reports *r);

/* The ticket secret for the next program (state.h). */
struct state_reader;
struct state_writer;
void reports_save(const struct reports *r, struct state_writer *w);
void reports_restore(struct reports *r, struct state_reader *from);

/* Receive and handle one message on the slot's channel: count a login and send
 * the keys for its account's TLS tickets, or charge a failed login. */
enum report reports_receive(const struct reports *r, struct slot *slot);

#endif
