/*
 * radius.h - a RADIUS server of the suites' own, in a process of its own, which
 * can also do what a server must not do.
 *
 * It shares no code with the program.  What it receives is written to
 * RADIUS_LOG, a line for each request:
 *
 *	PORT access user=NAME password=WORD NUMBER=VALUE...
 *	PORT accounting NUMBER=VALUE...
 *
 * with the attributes in the order of the packet: 32 bits as numbers, texts,
 * others in hexadecimal; then "from=PORT id=IDENTIFIER", but not over TLS.  A
 * request that is not signed with the secret is written as "PORT unsigned".
 */
#ifndef TESTS_FUNCTIONAL_RADIUS_H
#define TESTS_FUNCTIONAL_RADIUS_H

#include "common/base.h"

#define RADIUS_LOG    "/var/log/radius.requests"
#define RADIUS_SECRET "xyzzy5461"

/* What it does instead of a good answer. */
enum radius_way {
	RADIUS_GOOD,
	RADIUS_SILENT,
	RADIUS_UNSIGNED,	/* without Message-Authenticator */
	RADIUS_WRONG_SECRET,
	RADIUS_WRONG_MESSAGE,	/* Message-Authenticator */
	RADIUS_WRONG_NUMBER,	/* identifier */
	RADIUS_LATE,		/* after 1500 ms */
	RADIUS_TWICE,		/* first a reject of another, then the answer,
				 * then all again */
	RADIUS_REPLAYED,	/* the first answer, again and again */
	RADIUS_BROKEN,		/* bytes that are no packet */
	RADIUS_FLOOD,		/* of those, for three seconds */
	RADIUS_UNPROVEN,	/* a wrong MS-CHAP2-Success */
	RADIUS_RECOVERS,	/* silent, but good from the third request on */
	RADIUS_ASKS,		/* a challenge, whatever the answer */
	RADIUS_NOT_FOR_ANNA,	/* no answer to requests about anna */
	RADIUS_ELSEWHERE,	/* from another port than the request went to */
	/* over TLS only: */
	RADIUS_HANGS,		/* no handshake */
	RADIUS_PLAIN,		/* a text instead of TLS */
	RADIUS_OLD_TLS,		/* TLS 1.1 at most */
	RADIUS_CLOSES,		/* the connection, after each answer */
	RADIUS_LEAVES,		/* it closes the first connection instead of
				 * answering */
	RADIUS_SWAPS,		/* the answers to two requests */
};

struct radius_user {
	const char *name;	/* as in User-Name */
	const char *password;
	uint8_t attributes[2000];	/* of the accepting answer */
	size_t len;
	const char *challenge;	/* the question after the password; NULL */
	const char *code;	/* and its answer */
	uint8_t state[253];	/* of the challenge; */
	size_t state_len;	/* 0: "state" */
	bool stateless;		/* a challenge without State */
};

/* Add an attribute to the answer; vendor 0 for a standard one. */
void radius_add(struct radius_user *u, uint32_t vendor, uint8_t type,
	const void *value, size_t len);
void radius_text(struct radius_user *u, uint32_t vendor, uint8_t type,
	const char *text);
void radius_number(struct radius_user *u, uint32_t vendor, uint8_t type,
	uint32_t number);

/* Start it at this address ("127.0.0.1", "::1") and port; its pid. Other users
 * and wrong passwords are rejected with this Reply-Message, unless NULL. */
pid_t radius_start(const char *address, uint16_t port, enum radius_way way,
	const struct radius_user *users, size_t count, const char *reject);

/* The same over TLS, at 127.0.0.1, with the certificate and key in this file;
 * clients need one of ca.pem (ftps_certs.h).  Each connection is logged as
 * "PORT connected". */
pid_t radius_start_tls(uint16_t port, enum radius_way way,
	const struct radius_user *users, size_t count, const char *certificate);

void radius_stop(pid_t pid);

/* How many requests on this port contain the text. */
size_t radius_times(uint16_t port, const char *text);

/* Wait for at least so many; false if they do not come. */
bool radius_await(uint16_t port, const char *text, size_t times);

#endif
