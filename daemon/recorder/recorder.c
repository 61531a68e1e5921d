/*
 * recorder.c - the process that writes every log.
 *
 * Runs in: recorder.
 * Never: believes what a datagram says about its sender's process or uid;
 * ends before the last sender has gone; keeps a sending end.
 */
#include "common/base.h"
#include "daemon/recorder/recorder.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "daemon/recorder/log_protocol.h"
#include "daemon/recorder/log_vsftpd.h"
#include "daemon/recorder/log_xferlog.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define SYSLOG_PATH  "/dev/log"
#define QUEUE_BYTES  (1024 * 1024)
#define CLOCK_DOUBT  (60 * (int64_t)1000000000)

static log_format *const formats[RECORDER_FILES] = {
	[RECORDER_PROTOCOL] = log_protocol_format,
	[RECORDER_VSFTPD] = log_vsftpd_format,
	[RECORDER_XFERLOG] = log_xferlog_format,
};

int
recorder_pair(int fds[2])
{
	int on = 1, size = QUEUE_BYTES;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	if (setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0) {
		int error = -errno;
		io_close(&fds[0]);
		io_close(&fds[1]);
		return error;
	}
	/* A longer queue for bursts is welcome, but not needed. */
	if (setsockopt(fds[1], SOL_SOCKET, SO_SNDBUFFORCE, &size,
	    sizeof(size)) < 0)
		setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

static void
write_files(struct recorder *r, const struct event *e)
{
	for (size_t i = 0; i < RECORDER_FILES; i++) {
		char storage[LOG_LINE_MAX];
		struct buffer line;
		if (*r->files[i].path == '\0')
			continue;
		log_line_begin(&line, storage, sizeof(storage));
		if (!formats[i](&line, e))
			continue;
		log_line_end(&line);
		log_file_write(&r->files[i], &line);
	}
}

/* The recorder's own lines: only to the text log, so that trouble with a
 * file cannot go round in circles. */
static void
deliver_own(void *recorder, struct event *e)
{
	struct recorder *r = recorder;

	e->pid = getpid();
	log_text_write(&r->text, e);
}

/* Who came, logged in and left is for the master's and the monitors' word
 * alone: a captured process could get strangers' addresses banned. */
static bool
may_say(const struct recorder *r, const struct event *e)
{
	switch (e->type) {
	case EVENT_connect:
	case EVENT_refuse:
	case EVENT_login:
	case EVENT_login_failed:
	case EVENT_disconnect:
		return e->uid == r->trusted;
	default:
		return true;
	}
}

static void
take(struct recorder *r, const char *data, size_t len,
	const struct ucred *sender)
{
	struct event e;
	int64_t now = clock_wall_ns();

	if (event_unpack(&e, data, len) < 0) {
		log_error("process %d, uid %u, sent a malformed event",
			(int)sender->pid, (unsigned)sender->uid);
		return;
	}
	e.pid = sender->pid;
	e.uid = sender->uid;
	if (e.wall_ns < now - CLOCK_DOUBT || e.wall_ns > now + CLOCK_DOUBT)
		e.wall_ns = now;
	if (!may_say(r, &e)) {
		log_error("process %d, uid %u, reported a %s and may not",
			(int)e.pid, (unsigned)e.uid, event_name(e.type));
		return;
	}
	if (e.lost > 0)
		log_warning("process %d lost %" PRIu32 " events",
			(int)e.pid, e.lost);
	log_text_write(&r->text, &e);
	write_files(r, &e);
}

/* The kernel adds the sender to every datagram, also to an empty one, and
 * nothing to the end of the stream: that is how they are told apart. */
static bool
sender_of(struct msghdr *msg, struct ucred *sender)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);

	if (cmsg == NULL || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SCM_CREDENTIALS ||
	    cmsg->cmsg_len != CMSG_LEN(sizeof(*sender)))
		return false;
	memcpy(sender, CMSG_DATA(cmsg), sizeof(*sender));
	return true;
}

void
recorder_loop(struct recorder *r, int fd)
{
	/* No room for descriptors: the kernel drops those a sender adds. */
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	char data[EVENT_PACKED_MAX + 1];

	while (true) {
		struct iovec iov = { data, sizeof(data) };
		struct msghdr msg = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof(control),
		};
		struct ucred sender;
		ssize_t n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			log_error("recorder: %s", log_errno(-errno));
			return;
		}
		if (sender_of(&msg, &sender))
			take(r, data, (size_t)n, &sender);
		else if (n == 0)
			return;
		else
			log_error("recorder: an event of an unknown sender");
	}
}

void
recorder_open(struct recorder *r, const struct settings *settings,
	const struct role_account *owner)
{
	const struct server_settings *s = &settings->server;
	enum log_level level = (enum log_level)s->level;
	const char *const paths[RECORDER_FILES] = {
		[RECORDER_PROTOCOL] = s->protocol,
		[RECORDER_VSFTPD] = s->vsftpd_file,
		[RECORDER_XFERLOG] = s->xferlog_file,
	};

	*r = (struct recorder){ .trusted = geteuid() };
	if (s->destination == LOG_TO_SYSLOG)
		log_text_open_syslog(&r->text, SYSLOG_PATH, level);
	else
		log_text_open_stderr(&r->text, STDERR_FILENO, level);
	event_divert(deliver_own, r);
	log_set_level(level);
	for (size_t i = 0; i < RECORDER_FILES; i++)
		log_file_open(&r->files[i], paths[i] == NULL ? "" : paths[i],
			owner);
}

void
recorder_close(struct recorder *r)
{
	event_divert(NULL, NULL);
	for (size_t i = 0; i < RECORDER_FILES; i++)
		log_file_close(&r->files[i]);
	log_text_close(&r->text);
}

/* It ends when its senders have ended, so that their last words are kept. */
static void
ignore_signals(void)
{
	static const int signals[] = {
		SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ,
	};

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_IGN);
}

void
recorder_main(int fd, const struct settings *settings)
{
	struct recorder r;

	ignore_signals();
	tzset();
	umask(027);
	log_connect(-1);
	log_set_role("recorder");
	recorder_open(&r, settings, role_service_account(ROLE_RECORDER));
	role_enter(ROLE_RECORDER, NULL);
	recorder_loop(&r, fd);
	_exit(0);
}
