/*
 * tally.h - counts items by key: sessions of an address prefix or of an
 * account.
 *
 * A lookup takes the same time with any number of keys and counts.  Clients can
 * choose keys (addresses, account names), so their hashes use a random seed.
 *
 * Makes no system calls, except for one random number at the start.
 */
#ifndef DAEMON_TALLY_H
#define DAEMON_TALLY_H

#include "common/base.h"

struct tally;
struct tally_entry;

/* An empty tally; NULL when out of memory. */
struct tally *tally_new(void);
void tally_free(struct tally *t);

/* Count one more of this key, which is copied.  Returns the entry for
 * tally_remove(); NULL when out of memory, and nothing is counted. */
struct tally_entry *tally_add(struct tally *t, const void *key, size_t len);

/* Count one fewer of the entry's key. */
void tally_remove(struct tally_entry *entry);

size_t tally_count(const struct tally *t, const void *key, size_t len);

#endif
