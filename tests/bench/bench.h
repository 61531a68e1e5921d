/*
 * bench.h - the small client of the measurements.  Any error ends the program,
 * so that no number is printed that was not measured.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "common/base.h"

#include <openssl/ssl.h>

/* What is measured: a server and how to speak with it. */
struct target {
	uint16_t port;
	pid_t pid;		/* of `bench serve`, its parent */
	bool secure;		/* AUTH TLS, and PROT P for data */
};

struct client {
	bool secure;
	int fd, data;
	SSL *tls, *data_tls;	/* or NULL */
	SSL_SESSION *ticket;	/* the newest */
	char input[2048];	/* what has come, `len` bytes */
	size_t len;
	char reply[2049];	/* the last one, terminated */
};

/* Say what went wrong (with errno's text when it is set), exit(1). */
void client_fail(const char *what) NORETURN;

/* Wait at most ten seconds until something listens on the port. */
void client_wait(const struct target *t);

/* Connect to 127.0.0.1, read the greeting, and where it is to be secure, have
 * the handshake done. */
void client_connect(struct client *c, const struct target *t);

/* Connect and log in as anna. */
void client_login(struct client *c, const struct target *t);

/* PBSZ and PROT P, where it is to be secure. */
void client_protect(struct client *c);

/* Read a reply, which must have this code. */
void client_reply(struct client *c, int code);

/* Send a command; its (first) reply must have this code. */
void client_command(struct client *c, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* PASV, connect there, send the command; what stands when its 150 or 125 has
 * come is the data connection.  The others read, write and end it, with the
 * 226. */
void client_transfer(struct client *c, const char *format, ...)
	PRINTF_LIKE(2, 3);
ssize_t client_data_read(struct client *c, void *data, size_t size);
void client_data_write(struct client *c, const void *data, size_t len);
void client_data_end(struct client *c);

/* QUIT, and the end of the connection. */
void client_quit(struct client *c);
void client_close(struct client *c);

/* The next number in a text, which *at then is behind; 0 at its end. */
int64_t client_number(const char **at);

/* Nanoseconds of CLOCK_MONOTONIC. */
int64_t client_ns(void);

/* --- tls.c */

/* A handshake on fd, which resumes the client's ticket if it has one. */
SSL *tls_begin(struct client *c, int fd);
/* As read() and write() on a blocking descriptor. */
ssize_t tls_receive(SSL *ssl, void *data, size_t size);
ssize_t tls_send(SSL *ssl, const void *data, size_t len);
/* `end`: say close_notify. */
void tls_close(SSL **ssl, bool end);
void tls_forget(struct client *c);

/* --- serve.c: a server and all that is forked by it */

/* Run a program, and be the parent of what it leaves behind. */
void serve_run(char **argv) NORETURN;
/* Receive what programs log with syslog(3). */
void serve_log(void) NORETURN;
/* KiB of PSS of all its processes. */
int64_t serve_pss(pid_t parent);
/* Nanoseconds of processor time of all its processes, the ended ones, too. */
int64_t serve_cpu(pid_t parent);

/* --- raw.c: the least that a server can do */

/* Serve clients on this port of 127.0.0.1, in the working directory, without
 * any check; with a certificate (and its key) also by TLS. */
void raw_run(uint16_t port, const char *certificate) NORETURN;

/* --- crowd.c: many clients at the same time */

struct work {
	/* Before anything is measured, or NULL: then `run` begins and ends
	 * sessions of its own. */
	void (*prepare)(struct client *c, const struct target *t);
	void (*run)(struct client *c, const struct target *t);
};

extern const struct work crowd_logins, crowd_accepts, crowd_commands,
	crowd_downloads, crowd_uploads;

/* Prints how often a second, and us of processor time for each. */
void crowd_measure(const struct target *t, const struct work *w,
	int64_t clients, int64_t ms);

/* --- what one client measures; each prints numbers, in one line */

/* logins.c */
void measure_banner(const struct target *t);
void measure_enter(const struct target *t);
/* sessions.c */
void measure_idle(const struct target *t, int64_t count);
void measure_held(const struct target *t, int64_t count);
/* transfers.c */
void measure_get(const struct target *t, const char *path);
void measure_put(const struct target *t, const char *path, int64_t mib);
/* listings.c */
void measure_listings(const struct target *t, const char *verb,
	const char *path, int64_t entries, int64_t ms);

/* --- table.c: what comes of the numbers */

struct table_row {
	const char *label, *unit, *better, *target;
	int64_t column;		/* from 1 */
};

/* names[0] is compared with the others; what was measured of a server
 * is in NAME.numbers, a line each round, "-" for what was not. */
void table_title(const char *title, char **names, size_t count);
void table_row(const struct table_row *row, char **names, size_t count);

/* The median; sorts the samples. */
double samples_median(double *samples, size_t n);

#endif
