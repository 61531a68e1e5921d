/*
 * board.h - the pages that the master shares with its workers (page.h), a
 * place for each.
 *
 * They are in two files in memory, all reports in one and all orders in the
 * other; the master maps both completely, in mappings that are not copied by
 * fork.  A worker maps only its own place, then closes the descriptors.  All
 * functions take the same time for any number of workers, except when the board
 * is doubled.
 */
#ifndef DAEMON_BOARD_H
#define DAEMON_BOARD_H

#include "common/base.h"
#include "common/process/page.h"

struct board;
struct state_reader;
struct state_writer;

/* An empty board.  0 or -errno, logged. */
int board_new(struct board **board) MUST_CHECK;
void board_free(struct board *b);

/* For the next program (state.h).  In a restored one all places are free until
 * board_claim(); -EBADMSG if the place does not exist or is claimed already. */
void board_save(const struct board *b, struct state_writer *w);
void board_restore(struct board *b, struct state_reader *r);
int board_claim(struct board *b, size_t place) MUST_CHECK;

/* Take a place with new pages, before the fork of its worker: its number, or
 * -errno. */
ssize_t board_take(struct board *b) MUST_CHECK;

/* Free the place after its worker was reaped. */
void board_give_back(struct board *b, size_t place);

/* For page_map() in the worker, which has no board. */
struct page_files board_files(const struct board *b);

/* The current report of the worker of this place: page_read(). */
bool board_report(const struct board *b, size_t place,
	struct page_report *report, int64_t now) MUST_CHECK;

/* Get and set the orders of this place. */
struct page_order board_order(const struct board *b, size_t place);
void board_set_order(struct board *b, size_t place,
	const struct page_order *order);

#endif
