/*
 * state.h - what a master hands on to the program that replaces it in the same
 * process (upgrade.h): a file in memory, and the descriptors named in it.
 *
 * It consists of parts.  Each is written and read by the module that it belongs
 * to, as structs of fixed size, and no module knows the part of another:
 *
 *	state_begin(w, STATE_BOARD);		state_enter(r, STATE_BOARD);
 *	STATE_PUT(w, places);			STATE_GET(r, places);
 *	state_put_fd(w, fd);			fd = state_get_fd(r);
 *	state_end(w);				state_leave(r);
 *
 * A reader believes nothing: after the first error all further calls do
 * nothing, values are zero and descriptors -1, and state_error() is set.
 * Programs that would read a part differently have different formats
 * (state_format()), and refuse each other's state.
 */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include "common/base.h"
#include "daemon/state/state_file.h"

/* The parts, in their order in the file. */
enum state_part {
	STATE_SURROUNDINGS = 1,
	STATE_MASTER,
	STATE_WORKERS,
	STATE_CLIENTS,
	STATE_SERVICES,
	STATE_ADMIN,
};

/* The format of this program: a version, and the sizes of what it shares with
 * processes that go on running, such as messages. */
const char *state_format(char text[STATE_FORMAT_SIZE]);

/* --- writing */

struct state_writer;

/* NULL when out of memory. */
struct state_writer *state_writer_new(void);

/* Wipe it.  Its descriptors are close-on-exec again. */
void state_writer_free(struct state_writer *w);

void state_begin(struct state_writer *w, enum state_part part);
void state_end(struct state_writer *w);
void state_put(struct state_writer *w, const void *data, size_t len);
#define STATE_PUT(w, value) state_put((w), &(value), sizeof(value))

/* NULL is the empty text. */
void state_put_text(struct state_writer *w, const char *text);

/* A descriptor goes along; -1: none. */
void state_put_fd(struct state_writer *w, int fd);

/* The sealed file, without close-on-exec; or -errno. */
int state_seal(struct state_writer *w) MUST_CHECK;

/* What tells the next program about the file: for the environment. */
#define STATE_VARIABLE	  "SUREFTPD_STATE"
#define STATE_ASSIGN_SIZE 256
void state_assign(int fd, char text[STATE_ASSIGN_SIZE]);

/* --- reading */

struct state_reader;

/*
 * At the start of the program: was it started by a master?  If so, read the
 * file, and close all descriptors above 2 that it does not name.  0 with *r
 * NULL when it was not; 0; or -errno.
 */
int state_open(struct state_reader **r) MUST_CHECK;

/* The same for an open file, which is closed; other descriptors stay open. */
int state_read(struct state_reader **r, int fd) MUST_CHECK;

/* Wipe it, and close the descriptors that nobody has taken. */
void state_reader_free(struct state_reader *r);

void state_enter(struct state_reader *r, enum state_part part);
void state_leave(struct state_reader *r);
void state_get(struct state_reader *r, void *data, size_t len);
#define STATE_GET(r, value) state_get((r), &(value), sizeof(value))

/* A text of less than size bytes. */
void state_get_text(struct state_reader *r, char *text, size_t size);

/* A descriptor, now the caller's and close-on-exec; or -1. */
int state_get_fd(struct state_reader *r);

/* A count of things of which there are at most `most`. */
size_t state_get_count(struct state_reader *r, size_t most);

/* A module cannot use what it has read. */
void state_fail(struct state_reader *r);

/* 0; -EBADMSG after an error. */
int state_error(const struct state_reader *r);

#endif
