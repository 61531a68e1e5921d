/*
 * wire.h - a data connection over loopback with a client at its other end.
 *
 * `data` is the server's end, as data_open() gives it; the client is a process
 * that runs a function of the test.  The control connection and the monitor
 * are socket pairs whose other ends, control_peer and monitor_peer, both
 * processes may use.
 *
 * The watch's functions understand bytes: 'A' on control is ABOR, 'p' a line
 * that must wait, 'q' the client's last, anything else one that was answered;
 * any byte from the monitor, or its end, is the server's shutdown.
 */
#ifndef TESTS_UNIT_WIRE_H
#define TESTS_UNIT_WIRE_H

#include "common/base.h"
#include "worker/data/send.h"

struct wire {
	int data, peer;
	struct stream stream;	/* wire_stream() */
	int control, control_peer;
	int monitor, monitor_peer;
	int file;		/* a temporary file that is gone when closed */
	int64_t size;		/* of it, after wire_fill_file() */
	struct watch watch;
	int handled;		/* lines answered during the transfer */
	struct transfer_result result;
	pid_t client;
};

/* The client's part: true when it got what it wanted. */
typedef bool wire_client(struct wire *w);

void wire_open(struct wire *w);

/* The server's end, as the transfers take it. */
struct stream *wire_stream(struct wire *w);

/* Connected pair of TCP sockets on loopback, the first non-blocking. */
void wire_tcp(int *server, int *client);

/* Send the file from this offset on, as RETR does. */
void wire_download(struct wire *w, int64_t offset, int64_t stall);

/* Small socket buffers, so that a client that does not read is felt soon. */
void wire_narrow(struct wire *w);

/* Open it with a file of `size` bytes, which fits into the server's socket
 * buffer but not into the client's. */
void wire_open_last_bytes(struct wire *w, int64_t size);

/* Start the client; it must end within twenty seconds. */
void wire_start(struct wire *w, wire_client *client);

/* Close everything, the server's end of the data connection first, and say
 * whether the client was content. */
bool wire_close(struct wire *w);

/* For clients and files: bytes that do not repeat themselves soon. */
char wire_byte(int64_t at);

/* Make the temporary file `size` bytes of wire_byte(). */
void wire_fill_file(struct wire *w, int64_t size);

/* Does the temporary file hold exactly this? */
bool wire_file_is(struct wire *w, const char *data, size_t len);

/* Read to the end of the stream: the bytes of wire_byte() from `at` on?
 * Returns their number, -1 for other bytes, -errno - 1 for an error. */
int64_t wire_drain(int fd, int64_t at);

/* Write all of it. */
bool wire_say(int fd, const char *data, size_t len);

/* Close so that the other side gets a reset. */
void wire_reset(int *fd);

/* Let time pass, for tests of timers and rates. */
void wire_sleep(int ms);

/* For clients: wait, at most five seconds, until the server has nothing to do
 * but to wait for somebody. */
bool wire_server_waits(void);

/* For clients: wait until the server has closed the data connection. */
bool wire_server_closes(const struct wire *w);

/* Processor time this process has used so far. */
int64_t wire_processor_ms(void);

#endif
