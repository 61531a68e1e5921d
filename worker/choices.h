/*
 * choices.h - parameters that the client has set for its session.  Part of the
 * handover.
 */
#ifndef WORKER_CHOICES_H
#define WORKER_CHOICES_H

#include "common/base.h"

#define CHOICES_CLIENT_SIZE 64	/* longer ones are truncated */

struct choices {
	char type;		/* TYPE: 'A' or 'I' */
	bool type_sent;		/* otherwise it is the default */
	char mode;		/* MODE: 'S' or 'Z' */
	uint8_t level;		/* OPTS MODE Z LEVEL */
	bool epsv_all;		/* EPSV ALL */
	char prot;		/* PROT: 'C' or 'P' */
	bool pbsz;		/* PBSZ, or a command that implies it, was
				 * sent */
	uint32_t facts;		/* OPTS MLST */
	char client[CHOICES_CLIENT_SIZE];	/* CLNT, or "" */
	bool utf8;		/* OPTS UTF8 ON */
	uint8_t hash;		/* OPTS HASH: enum hash_kind */
};

/* The defaults (RFC 959 5.1, RFC 4217 9).  Clients of implicit TLS expect
 * protected data connections without asking. */
void choices_init(struct choices *c, bool implicit_tls);

#endif
