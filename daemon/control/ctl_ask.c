/*
 * ctl_ask.c - a request to the server, and its answer.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/ctl_ask.h"

#include "common/log/event.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/text.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sysexits.h>

/* An answer takes longer than the server's timeout for a question only if it is
 * that of the next program: 7 seconds for its trial (upgrade.c), 2 for workers
 * (succession.c), 10 for valid settings (serve.c), 10 for the keys
 * (keeper_service.c). */
#define PATIENCE_SECONDS 10
#define UPGRADE_SECONDS	 30

static struct {
	char *text;		/* NULL: to standard error */
	size_t size;
} kept;

void
ctl_fail_keep(char *text, size_t size)
{
	kept.text = text;
	kept.size = size;
}

int
ctl_fail(int status, const char *format, ...)
{
	BUFFER(text, 2048);
	BUFFER(escaped, 4096);
	va_list ap;

	va_start(ap, format);
	buffer_addv(&text, format, ap);
	va_end(ap);
	if (kept.text != NULL) {
		(void)!snprintf(kept.text, kept.size, "%s",
			buffer_text(&text));
		return status;
	}
	text_escape(&escaped, text.data, text.len);
	fprintf(stderr, "sureftpctl: %s\n", buffer_text(&escaped));
	return status;
}

int
ctl_ask_other_version(const struct ctl *c, const char *version)
{
	if (*version == '\0')
		version = "another version";
	return ctl_fail(EX_PROTOCOL, "version mismatch: the server at %s is %s,"
		" this sureftpctl is " PACKAGE_VERSION, c->socket, version);
}

static int
no_connection(const struct ctl *c, int error)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		return ctl_fail(EX_UNAVAILABLE, "cannot connect to %s: the "
			"server is not running, or its control_socket is "
			"another path", c->socket);
	case -EACCES:
	case -EPERM:
		return ctl_fail(EX_NOPERM, "%s: permission denied; run as "
			"root, or see admin_users in sureftpd.conf(5)",
			c->socket);
	case -EPROTOTYPE:
		return ctl_fail(EX_UNAVAILABLE, "%s: in use by another "
			"program", c->socket);
	case -EAGAIN:
		return ctl_fail(EX_TEMPFAIL, "%s: server busy, try again",
			c->socket);
	default:
		return ctl_fail(EX_UNAVAILABLE, "%s: %s", c->socket,
			log_errno(error));
	}
}

/* A connected socket, or -errno. */
static int
dial(const char *path, time_t seconds)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = seconds };

	if (text_copy(a.sun_path, sizeof(a.sun_path), path) < 0)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof(patience)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience)) == 0 &&
	    connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	int error = -errno;
	io_close(&fd);
	return error;
}

static int
refused(const struct ctl *c, int error)
{
	if (error == EPERM)
		return no_connection(c, -EPERM);
	return ctl_fail(EX_TEMPFAIL, "the server at %s reports: %s",
		c->socket, strerror(error));
}

/* The channel logs protocol violations; the message below is clearer. */
static void
keep_silent(UNUSED void *context, UNUSED struct event *e)
{
}

static int
receive(const struct ctl *c, struct channel *channel, enum message_type wanted,
	struct message *answer)
{
	int r = channel_recv(channel, answer);

	if (r == 1 && answer->type == wanted)
		return EX_OK;
	if (r == 1 && answer->type == MESSAGE_ask_refused)
		return refused(c, answer->ask_refused.error);
	if (r == -EAGAIN)
		return no_connection(c, r);
	if (r < 0 && r != -EPROTO)
		return ctl_fail(EX_UNAVAILABLE, "%s: %s", c->socket,
			log_errno(r));
	/* One side did not accept the other's message. */
	for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
		io_close(&answer->fds[i]);
	return ctl_ask_other_version(c, "");
}

int
ctl_ask(const struct ctl *c, const struct message *question,
	enum message_type wanted, struct message *answer)
{
	struct channel channel;
	bool upgrade = question->type == MESSAGE_admin_order &&
		question->admin_order.order == ADMIN_UPGRADE;
	int fd = dial(c->socket, upgrade ? UPGRADE_SECONDS : PATIENCE_SECONDS);

	if (fd < 0)
		return no_connection(c, fd);
	event_divert(keep_silent, NULL);
	channel_open(&channel, fd, PARTY_CONTROL, PARTY_MASTER,
		&channel_any_phase);
	/* The server may disconnect before the request is sent. */
	int error = channel_send(&channel, question);
	int status = error == 0 || error == -EPIPE ?
	    receive(c, &channel, wanted, answer) : no_connection(c, error);
	channel_close(&channel);
	return status;
}
