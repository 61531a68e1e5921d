/*
 * tally.h - counts items by key: sessions of an address prefix,
 * sessions of an account.
 *
 * Asking takes the same time whether one key counts thousands or thousands of
 * keys count one.  A client can choose keys (addresses, names of accounts), so
 * their places in the table are different in every run.
 *
 * No system call but for one random number at the start.
 */
#ifndef DAEMON_TALLY_H
#define DAEMON_TALLY_H

#include "common/base.h"

struct tally;
struct tally_entry;

/* An empty tally; NULL when out of memory. */
struct tally *tally_new(void);
void tally_free(struct tally *t);

/* One more of this key, which is copied.  The entry to give to tally_remove();
 * NULL when out of memory, and nothing is counted. */
struct tally_entry *tally_add(struct tally *t, const void *key, size_t len);

/* One fewer of the entry's key. */
void tally_remove(struct tally_entry *entry);

size_t tally_count(const struct tally *t, const void *key, size_t len);

#endif
