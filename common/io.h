/*
 * io.h - descriptors: whole reads and writes, flags, closing.
 * Every descriptor made here is close-on-exec.
 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include "common/base.h"

/* Write all of data, waiting (poll) until deadline (clock_ms) where the
 * descriptor does not block.  0, -ETIMEDOUT, or the write's -errno. */
int io_write_all(int fd, const void *data, size_t len, int64_t deadline)
	MUST_CHECK;

/* Read a whole regular file of at most size-1 bytes into data, and add a NUL.
 * Its length, -EFBIG, or another -errno. */
ssize_t io_read_file(const char *path, char *data, size_t size) MUST_CHECK;

/* The same for an open file, from its current offset. */
ssize_t io_read_open(int fd, char *data, size_t size) MUST_CHECK;

/* len, or less if the open file has fewer bytes after this offset; len if it
 * has none. */
size_t io_within_file(int file, off_t offset, size_t len);

/* Open a security-relevant file for reading: it must be a regular file that is
 * owned by root, or by the user that runs the program, and that no other user
 * can write.  The stream, or NULL with the reason in *why and -errno in *error:
 * -EPERM when the file must not be trusted. */
FILE *io_open_trusted(const char *path, const char **why, int *error)
	MUST_CHECK;

/* A file in memory with this content, for another process to read; it can no
 * longer be changed (memfd_create(2)).  A descriptor or -errno. */
int io_sealed_file(const char *name, const void *data, size_t len) MUST_CHECK;

/* The same for one that was written step by step: `error` is the result of
 * that; the descriptor is closed after an error. */
int io_seal(int fd, int error) MUST_CHECK;

/* Another descriptor of the same file, which may have no name, with these flags
 * of open(2).  Or -errno. */
int io_open_again(int fd, int flags) MUST_CHECK;

int io_nonblocking(int fd, bool on);

/* Set TCP keepalive: the idle time in seconds (0: off), the seconds between
 * probes, and the number of unanswered probes after which the connection ends.
 * Accepted sockets inherit it from the listening one.  Errors are ignored. */
void io_keepalive(int fd, int64_t idle, int64_t interval, int64_t probes);

/* Close *fd unless it is -1, and set it to -1.  errno is kept. */
void io_close(int *fd);

/*
 * Close what another user has sent, or a local socket with a queue that may
 * hold more of it, in a process that must not wait: with SO_LINGER a close()
 * takes as long as that user wants, unless a signal interrupts it.  Between
 * io_hurry(true) and io_hurry(false), which use SIGALRM and its timer, nothing
 * that is closed takes long.
 */
void io_close_at_once(int *fd);
void io_hurry(bool on);

/* May this process do that (W_OK, X_OK) in this directory, or AT_FDCWD?  0 or
 * -errno, as access(2). */
int io_access(int dir, int mode) MUST_CHECK;

/* Close every descriptor from this one on. */
void io_close_from(int first);

/* Close every descriptor above 2 except keep[n].  The order of
 * keep does not matter; entries of -1 are ignored. */
void io_close_all_except(const int *keep, size_t n);

/* Redirect 0, 1 and 2 to /dev/null; with keep_stderr, only 0 and 1. */
int io_silence_stdio(bool keep_stderr) MUST_CHECK;

#endif
