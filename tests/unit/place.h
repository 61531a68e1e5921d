/*
 * place.h - a session's place for data connections: addresses, rules, a watch,
 * and an authority that answers what the test wants.
 */
#ifndef TESTS_UNIT_PLACE_H
#define TESTS_UNIT_PLACE_H

#include "common/base.h"
#include "tests/unit/wire.h"
#include "worker/data/data.h"

/* Everything a struct data stands on. */
struct place {
	struct wire wire;	/* for its watch */
	struct listener_settings rules;
	struct authority authority;
	int answer;		/* what it gives as a socket */
	int asked;		/* how often it was asked */
	struct address asked_for;
	struct address client, server;
	struct data data;
	enum transfer_end end;
};

/* The control connection runs on this address, from it to its port 2121. */
void place_open(struct place *p, const char *address);
void place_close(struct place *p);

/* data_open() with a deadline in ms and the place's watch. */
int place_open_data(struct place *p, int64_t ms);

struct address place_address(const char *text, uint16_t port);

/* A connection from `from` to `to`, or -errno. */
int place_connect(const char *from, const struct address *to);

/* A listening socket for active connections. */
int place_listen(const char *text, struct address *bound);

/* Is this a socket as data_open() promises? */
void place_check_socket(const struct place *p, int fd);

/* Does the preparation still stand, and nobody has connected? */
void place_check_kept(struct place *p);

/* Is nothing left of the preparation? */
void place_check_used_up(struct place *p);

#endif
