/*
 * bench.h - the small client of the measurements.  Whatever goes wrong ends
 * the program: a number that was not measured must not be printed.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "common/base.h"

#include <openssl/ssl.h>

struct client {
	bool secure;		/* AUTH TLS and PROT P */
	int fd, data;
	SSL *tls, *data_tls;	/* or NULL */
	SSL_SESSION *ticket;	/* the newest */
	char reply[1024];	/* the last one, terminated */
	size_t len;
};

/* Say what went wrong (with errno's text when it is set), exit(1). */
void client_fail(const char *what) NORETURN;

/* Wait at most ten seconds until something listens on the port. */
void client_wait(uint16_t port);

/* Connect to 127.0.0.1, read the greeting, and where it is to be secure, have
 * the handshake done. */
void client_connect(struct client *c, uint16_t port, bool secure);

/* Connect and log in as anna. */
void client_login(struct client *c, uint16_t port, bool secure);

/* Read a reply, which must have this code. */
void client_reply(struct client *c, int code);

/* Send a command; its (first) reply must have this code. */
void client_command(struct client *c, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* PASV, connect there, send the command; what stands when its 150 has come is
 * the data connection.  The others read, write and end it, with the 226. */
void client_transfer(struct client *c, const char *format, ...)
	PRINTF_LIKE(2, 3);
ssize_t client_data_read(struct client *c, void *data, size_t size);
void client_data_write(struct client *c, const void *data, size_t len);
void client_data_end(struct client *c);

void client_close(struct client *c);

/* Nanoseconds of CLOCK_MONOTONIC. */
int64_t client_ns(void);

/* The median; sorts the samples. */
int64_t client_median(int64_t *samples, size_t n);

/* KiB of PSS of all processes whose name begins so. */
int64_t client_pss(const char *process);

/* --- tls.c */

/* A handshake on fd, which resumes the client's ticket if it has one. */
SSL *tls_begin(struct client *c, int fd);
/* As read() and write() on a blocking descriptor. */
ssize_t tls_receive(SSL *ssl, void *data, size_t size);
ssize_t tls_send(SSL *ssl, const void *data, size_t len);
/* `end`: say close_notify. */
void tls_close(SSL **ssl, bool end);
void tls_forget(struct client *c);

#endif
