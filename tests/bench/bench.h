/*
 * bench.h - the small client of the measurements.  Whatever goes wrong ends
 * the program: a number that was not measured must not be printed.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "common/base.h"

struct client {
	int fd;
	char reply[1024];	/* the last one, terminated */
	size_t len;
};

/* Say what went wrong (with errno's text when it is set), exit(1). */
void client_fail(const char *what) NORETURN;

/* Wait at most ten seconds until something listens on the port. */
void client_wait(uint16_t port);

/* Connect to 127.0.0.1 and read the greeting. */
void client_connect(struct client *c, uint16_t port);

/* Connect and log in as anna. */
void client_login(struct client *c, uint16_t port);

/* Read a reply, which must have this code. */
void client_reply(struct client *c, int code);

/* Send a command; its (first) reply must have this code. */
void client_command(struct client *c, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* PASV, and connect there: the data connection. */
int client_passive(struct client *c);

void client_close(struct client *c);

/* Nanoseconds of CLOCK_MONOTONIC. */
int64_t client_ns(void);

/* The median; sorts the samples. */
int64_t client_median(int64_t *samples, size_t n);

/* KiB of PSS of all processes whose name begins so. */
int64_t client_pss(const char *process);

#endif
