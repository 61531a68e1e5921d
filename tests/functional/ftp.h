/*
 * ftp.h - a small FTP client that can also violate the protocol.
 *
 * Everything has a timeout of ten seconds.  `code` is 0 when the server
 * closed the connection, and -1 when it did not answer in time.
 */
#ifndef TESTS_FUNCTIONAL_FTP_H
#define TESTS_FUNCTIONAL_FTP_H

#include "common/base.h"

enum ftp_mode { FTP_EPSV, FTP_PASV, FTP_EPRT, FTP_PORT, FTP_MODES };

struct ftp;

/* A layer between the client and its sockets (ftps.h).  `fd` is the control or
 * the data connection; the calls return what send(), recv() and poll()
 * would. */
struct ftp_wire {
	ssize_t (*send)(struct ftp *c, int fd, const void *data, size_t len);
	ssize_t (*receive)(struct ftp *c, int fd, void *data, size_t size);
	bool (*readable)(struct ftp *c, int fd, int64_t ms);
	bool (*open)(struct ftp *c);	/* c->data is connected */
	void (*end)(struct ftp *c);	/* before c->data is closed */
	void (*forget)(struct ftp *c);	/* before c->fd is closed */
};

struct ftp {
	int fd;			/* control connection, -1 when closed */
	const struct ftp_wire *wire;	/* NULL: no TLS */
	const char *server;	/* the address it went to */
	const char *from;	/* our address, or NULL for any */
	enum ftp_mode mode;
	int data;		/* data connection, or -1 */
	int listener;		/* active modes: waiting for the server */
	char sent[256];		/* the command sent last, for messages */
	int code;		/* of the last reply */
	char *text;		/* all lines of the last reply, "\n" between */
	size_t len, size;	/* of text: content, storage */
	char in[8192];		/* read, not parsed yet */
	size_t in_len;
};

#define FTP_HOST "127.0.0.1"

/* Initialise a client without a connection. */
void ftp_init(struct ftp *c, const char *server, const char *from);

/* Connect to port 21 and read the greeting: its code, or -1 if the connection
 * fails. */
int ftp_connect(struct ftp *c);
int ftp_connect_to(struct ftp *c, const char *server, const char *from);

/* Connect and log in with the account's password (accounts.h): true when the
 * greeting was 220 and PASS got 230; fails the test otherwise. */
bool ftp_enter(struct ftp *c, const char *account);
bool ftp_enter_to(struct ftp *c, const char *server, const char *from,
	const char *account);

/* USER and PASS; the last reply's code. */
int ftp_login(struct ftp *c, const char *user, const char *password);

/* Connect, log in, and close; the login's last code. */
int ftp_try_login(const char *user, const char *password);

/* Connect from this address, and close: was the greeting 220? */
bool ftp_is_greeted(const char *from);

/* Send a line (CR LF is added) and read its reply; the code. */
int ftp_command(struct ftp *c, const char *format, ...) PRINTF_LIKE(2, 3);

/* Send these bytes unchanged, in one write. */
bool ftp_send(struct ftp *c, const void *data, size_t len);
bool ftp_send_text(struct ftp *c, const char *text);
bool ftp_send_urgent(struct ftp *c, const void *data, size_t len);

/* Read one reply of any number of lines; its code. */
int ftp_reply(struct ftp *c);

/* Does a reply arrive within ms?  It is not read. */
bool ftp_replies_within(struct ftp *c, int64_t ms);

/* Does the server close the control connection within ten seconds, without
 * another reply? */
bool ftp_is_closed(struct ftp *c);

/* Close without QUIT, with a FIN, or with a reset. */
void ftp_close(struct ftp *c);
void ftp_reset(struct ftp *c);

/* --- ftp_data.c: data connections in c->mode */

/* Send PASV, EPSV, PORT or EPRT; passive modes connect immediately.  True if
 * the server accepted it. */
bool ftp_prepare(struct ftp *c);

/* The port of a 227 or 229 reply, or 0. */
uint16_t ftp_port(const struct ftp *c);

/* Prepare, send the command, and when it got 150 or 125, have the data
 * connection in c->data.  The command's first code. */
int ftp_start(struct ftp *c, const char *format, ...) PRINTF_LIKE(2, 3);

/* Close the data connection and read the last reply; its code. */
int ftp_finish(struct ftp *c);

/* Check that RETR of "f" gives this text. */
void ftp_check_get(struct ftp *c, const char *expected);

/* Receive all data: *len bytes, malloc'd and terminated; NULL if the command
 * was refused. c->code is the last reply's. */
char *ftp_get(struct ftp *c, size_t *len, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* Send all data; the code of the last reply. */
int ftp_put(struct ftp *c, const void *data, size_t len, const char *format,
	...) PRINTF_LIKE(4, 5);

/* Write to or read from the data connection; the number of bytes
 * transferred. */
size_t ftp_data_send(struct ftp *c, const void *data, size_t len);
size_t ftp_data_read(struct ftp *c, char *data, size_t size);

void ftp_data_close(struct ftp *c);

#endif
