/*
 * wire.c - a data connection over loopback with a client at its other end.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/wire.h"

#include "common/io.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* What a test stands on failed: no assertion of it would mean anything. */
static void
need(bool held, const char *what)
{
	if (held)
		return;
	perror(what);
	abort();
}

void
wire_tcp(int *server, int *client)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(a);
	int on = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(bind(listener, (struct sockaddr *)&a, size) == 0 &&
		listen(listener, 1) == 0 &&
		getsockname(listener, (struct sockaddr *)&a, &size) == 0,
		"listen");
	*client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	need(connect(*client, (struct sockaddr *)&a, size) == 0, "connect");
	*server = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	need(*server >= 0, "accept");
	need(setsockopt(*client, IPPROTO_TCP, TCP_NODELAY, &on,
		sizeof(on)) == 0, "TCP_NODELAY");
	close(listener);
}

static enum transfer_end
control_ready(void *context, bool readable UNUSED)
{
	struct wire *w = context;
	char line;

	if (w->watch.control_events == POLLRDHUP ||
	    read(w->control, &line, 1) != 1)
		return TRANSFER_CONTROL_LOST;
	w->handled++;
	if (line == 'p')
		w->watch.control_events = POLLRDHUP;
	if (line == 'q')
		w->watch.control_events = 0;
	return line == 'A' ? TRANSFER_ABORTED : TRANSFER_RUNNING;
}

static enum transfer_end
monitor_ready(void *context UNUSED)
{
	return TRANSFER_STOPPED;
}

static int
temporary_file(void)
{
	char path[] = "/tmp/sureftpd-wire-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	need(fd >= 0 && unlink(path) == 0, path);
	return fd;
}

void
wire_open(struct wire *w)
{
	int control[2], monitor[2];

	signal(SIGPIPE, SIG_IGN);
	*w = (struct wire){ .client = -1 };
	wire_tcp(&w->data, &w->peer);
	need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) == 0 &&
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
		monitor) == 0, "socketpair");
	w->control = control[0];
	w->control_peer = control[1];
	w->monitor = monitor[0];
	w->monitor_peer = monitor[1];
	w->file = temporary_file();
	w->watch = (struct watch){
		.control_fd = w->control,
		.monitor_fd = w->monitor,
		.control_events = POLLIN,
		.control = control_ready,
		.monitor = monitor_ready,
		.context = w,
	};
}

struct stream *
wire_stream(struct wire *w)
{
	w->stream = stream_plain(w->data);
	return &w->stream;
}

void
wire_download(struct wire *w, int64_t offset, int64_t stall)
{
	const struct send what = {
		.file = w->file, .offset = offset, .size = w->size,
		.stall = stall,
	};

	send_file(&w->watch, wire_stream(w), &what, &w->result);
}

void
wire_narrow(struct wire *w)
{
	int size = 32 << 10;

	need(setsockopt(w->data, SOL_SOCKET, SO_SNDBUF, &size,
		sizeof(size)) == 0 && setsockopt(w->peer, SOL_SOCKET,
		SO_RCVBUF, &size, sizeof(size)) == 0, "buffer sizes");
}

void
wire_open_last_bytes(struct wire *w, int64_t size)
{
	int large = 1 << 20, small = 4 << 10;

	wire_open(w);
	need(setsockopt(w->data, SOL_SOCKET, SO_SNDBUF, &large,
		sizeof(large)) == 0 && setsockopt(w->peer, SOL_SOCKET,
		SO_RCVBUF, &small, sizeof(small)) == 0, "buffer sizes");
	wire_fill_file(w, size);
}

void
wire_start(struct wire *w, wire_client *client)
{
	w->client = fork();
	need(w->client >= 0, "fork");
	if (w->client == 0) {
		alarm(20);
		close(w->data);
		_exit(client(w) ? 0 : 1);
	}
	close(w->peer);
	w->peer = -1;
}

bool
wire_close(struct wire *w)
{
	int status = 0;

	io_close(&w->data);
	if (w->client > 0)
		need(waitpid(w->client, &status, 0) == w->client, "waitpid");
	io_close(&w->peer);
	io_close(&w->control);
	io_close(&w->control_peer);
	io_close(&w->monitor);
	io_close(&w->monitor_peer);
	io_close(&w->file);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char
wire_byte(int64_t at)
{
	return (char)(at * 31 + (at >> 8) * 7 + (at >> 16));
}

void
wire_fill_file(struct wire *w, int64_t size)
{
	char piece[4096];

	for (int64_t at = 0; at < size; at += (int64_t)sizeof(piece)) {
		size_t n = sizeof(piece);
		if ((int64_t)n > size - at)
			n = (size_t)(size - at);
		for (size_t i = 0; i < n; i++)
			piece[i] = wire_byte(at + (int64_t)i);
		need(pwrite(w->file, piece, n, at) == (ssize_t)n, "pwrite");
	}
	w->size = size;
}

bool
wire_file_is(struct wire *w, const char *data, size_t len)
{
	char *held = malloc(len + 1);
	ssize_t n;

	need(held != NULL, "malloc");
	n = pread(w->file, held, len + 1, 0);
	bool same = n == (ssize_t)len && memcmp(held, data, len) == 0;
	free(held);
	return same;
}

int64_t
wire_drain(int fd, int64_t at)
{
	static char piece[1 << 16];
	int64_t begin = at;
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (piece[i] != wire_byte(at + i))
				return -1;
		at += n;
	}
	return n < 0 ? -errno - 1 : at - begin;
}

bool
wire_say(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

void
wire_reset(int *fd)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	need(setsockopt(*fd, SOL_SOCKET, SO_LINGER, &now,
		sizeof(now)) == 0, "SO_LINGER");
	io_close(fd);
}

void
wire_sleep(int ms)
{
	struct timespec t = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	nanosleep(&t, NULL);
}

/* Its state is the word behind the name, in parentheses, in proc(5)'s stat. */
bool
wire_server_waits(void)
{
	char path[64], stat[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)getppid());
	for (int i = 0; i < 5000; i++) {
		FILE *f = fopen(path, "re");
		bool got = f != NULL && fgets(stat, sizeof(stat), f) != NULL;
		if (f != NULL)
			fclose(f);
		if (got && strstr(stat, ") S ") != NULL)
			return true;
		/* Nothing announces it. */
		wire_sleep(1);
	}
	return false;
}

bool
wire_server_closes(const struct wire *w)
{
	return unit_await(w->peer, POLLRDHUP);
}

int64_t
wire_processor_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}
