/*
 * replies.h - parses the server's replies on the control connection, and fails
 * the input unless they are well-formed (RFC 959 4.2): three digits and a blank
 * or a hyphen, lines ended by CR LF with no CR, LF or NUL inside, several lines
 * ended by one with the same code, a byte 255 only doubled (Telnet) or in the
 * answers to Telnet options, no code that the server does not have, nothing
 * after a last word.
 */
#ifndef TESTS_FUZZ_REPLIES_H
#define TESTS_FUZZ_REPLIES_H

#include "common/base.h"

struct replies {
	size_t finals;		/* whole replies, but for 150 and for a 421
				 * that no command was answered with */
	bool too_late;		/* login_timeout, which a command may have been
				 * answered with */
	bool welcome;		/* 230: what only sessions say may follow */
	int code;		/* of the last whole reply */
	uint16_t port;		/* the last of 227 and 229; 0 without one */
	bool compressed;	/* MODE Z: other bytes come than announced */
	int64_t announced;	/* bytes, by the last 150; -1 without */
	int64_t complete;	/* the same, when 226 has followed; the reader
				 * sets it to -1 */
	/* private to replies.c */
	int several;		/* inside a reply of several lines: its code */
	bool last;		/* 221 or 421: no more will follow */
	char line[40000];
	size_t len;
};

void replies_begin(struct replies *r);

/* These bytes came.  Fails the input when they are no replies. */
void replies_feed(struct replies *r, const char *data, size_t len);

/* No more will come: fails when a reply was cut. */
void replies_end(const struct replies *r);

#endif
