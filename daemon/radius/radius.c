/*
 * radius.c - the process that communicates with RADIUS servers.
 *
 * Runs in: radius.  Never: waits for anything but its loop.
 */
#include "common/base.h"
#include "daemon/radius/radius.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/message.h"
#include "common/process/role.h"
#include "common/process/service_socket.h"
#include "common/process/title.h"
#include "common/tls/tls_md5.h"
#include "daemon/radius/attributes.h"
#include "daemon/radius/connector.h"
#include "daemon/radius/find_hosts.h"
#include "daemon/radius/logins.h"
#include "daemon/radius/refusing.h"
#include "daemon/radius/reports.h"
#include "daemon/radius/servers.h"
#include "daemon/radius/sockets.h"
#include "daemon/radius/streams.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#define FINISH_MS     86400000	/* when its successor is there already */
#define RECEIVE_ROUND 64
#define SPARE_FILES   64

struct radius {
	const struct radius_start *start;
	struct radius_attributes attributes;
	struct radius_servers servers, accounting;
	struct radius_sockets sockets;
	struct radius_logins *logins;
	struct radius_reports *reports;
	struct pollfd *fds;
	int signals;
	int64_t finish_by;	/* CLOCK_NEVER: not asked to finish */
	bool ended;		/* the server has */
	bool broken;		/* no more sockets will come */
};

union request {
	int32_t kind;
	struct radius_login login;
	struct radius_accounting accounting;
};

/* --- requests of monitors */

static void
end_texts(union request *r)
{
	if (r->kind == RADIUS_REQUEST_LOGIN) {
		r->login.user[sizeof(r->login.user) - 1] = '\0';
		r->login.password[sizeof(r->login.password) - 1] = '\0';
		return;
	}
	r->accounting.user[sizeof(r->accounting.user) - 1] = '\0';
	if (r->accounting.class_len > sizeof(r->accounting.class))
		r->accounting.class_len = 0;
}

static void
handle(struct radius *r, union request *request,
	const struct service_datagram *d, int64_t now)
{
	bool login = d->uid == 0 && d->attached >= 0 &&
		d->len == sizeof(request->login) &&
		request->kind == RADIUS_REQUEST_LOGIN;
	bool accounting = d->uid == 0 && d->attached < 0 &&
		d->len == sizeof(request->accounting) &&
		request->kind == RADIUS_REQUEST_ACCOUNTING;

	if (login || accounting) {
		end_texts(request);
	} else {
		log_error("process %d, uid %u, sent a malformed request",
			(int)d->pid, (unsigned)d->uid);
		if (d->attached >= 0)
			close(d->attached);
	}
	if (login)
		radius_logins_add(r->logins, &request->login, d->attached,
			now);
	if (accounting)
		radius_reports_add(r->reports, &request->accounting, now);
}

static bool
receives(const struct radius *r)
{
	return r->finish_by == CLOCK_NEVER && radius_logins_room(r->logins);
}

static void
finish_by(struct radius *r, int64_t deadline)
{
	r->finish_by = clock_earlier(r->finish_by, deadline);
}

/* What the successor receives is not read, only that nobody can send more. */
static struct pollfd
watch_service(const struct radius *r)
{
	bool finishing = r->finish_by != CLOCK_NEVER && !r->ended;

	return (struct pollfd){ receives(r) || finishing ? r->start->service :
		-1, receives(r) ? POLLIN : POLLRDHUP, 0 };
}

static void
server_ended(struct radius *r, int64_t now)
{
	r->ended = true;
	finish_by(r, now + RADIUS_STOP_MS);
	radius_reports_hurry(r->reports);
}

static void
see_end(struct radius *r, int64_t now)
{
	if (r->finish_by != CLOCK_NEVER && !r->ended &&
	    (r->fds[1].revents & (POLLHUP | POLLRDHUP)) != 0)
		server_ended(r, now);
}

static void
receive(struct radius *r, int64_t now)
{
	union request request;

	for (int i = 0; i < RECEIVE_ROUND && receives(r); i++) {
		struct service_datagram d;
		int n = service_socket_receive(r->start->service, &request,
			sizeof(request), &d);

		if (n == -EAGAIN)
			break;
		if (n == 1)
			handle(r, &request, &d, now);
		else if (n != -EMFILE)
			server_ended(r, now);
	}
	explicit_bzero(&request, sizeof(request));
}

/* --- the loop */

static void
read_signals(struct radius *r, int64_t now)
{
	struct signalfd_siginfo info;

	while (read(r->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		finish_by(r, now + FINISH_MS);
}

static bool
is_idle(const struct radius *r)
{
	return radius_logins_count(r->logins) +
		radius_reports_count(r->reports) == 0;
}

static bool
is_done(const struct radius *r)
{
	if (r->broken)
		return true;
	if (r->finish_by == CLOCK_NEVER)
		return false;
	return clock_passed(r->finish_by) || is_idle(r);
}

static int64_t
due(const struct radius *r)
{
	int64_t at = clock_earlier(radius_logins_due(r->logins),
		radius_reports_due(r->reports));

	at = clock_earlier(at, radius_streams_due(&r->servers));
	at = clock_earlier(at, radius_streams_due(&r->accounting));
	return clock_earlier(at, r->finish_by);
}

static void
take_sockets(struct radius *r, int64_t now)
{
	if (radius_sockets_step(&r->sockets, now))
		return;
	log_error("the process that makes the sockets has ended");
	r->broken = true;
}

static void
loop(struct radius *r)
{
	while (!is_done(r)) {
		size_t n = 3;

		r->fds[0] = (struct pollfd){ r->signals, POLLIN, 0 };
		r->fds[1] = watch_service(r);
		r->fds[2] = radius_sockets_watch(&r->sockets);
		struct pollfd *logins = r->fds + n;
		n += radius_logins_watch(r->logins, logins);
		struct pollfd *reports = r->fds + n;
		n += radius_reports_watch(r->reports, reports);
		struct pollfd *streams = r->fds + n;
		n += radius_streams_watch(&r->servers, streams);
		n += radius_streams_watch(&r->accounting, r->fds + n);
		(void)!poll(r->fds, n, clock_poll(due(r)));
		int64_t now = clock_ms();
		radius_logins_step(r->logins, logins, now);
		radius_reports_step(r->reports, reports, now);
		radius_streams_step(&r->servers, streams, now);
		radius_streams_step(&r->accounting, streams +
			r->servers.count, now);
		take_sockets(r, now);
		see_end(r, now);
		read_signals(r, now);
		receive(r, now);
	}
	radius_streams_end(&r->servers);
	radius_streams_end(&r->accounting);
	if (radius_reports_count(r->reports) > 0)
		log_error("accounting reports were lost, because no RADIUS "
			"server has confirmed them: %zu",
			radius_reports_count(r->reports));
	*r->start->waiting = 0;		/* it is logged */
}

/* --- start */

static int
open_signals(void)
{
	sigset_t set;

	signal(SIGCHLD, SIG_IGN);	/* nobody waits for the children */
	sigemptyset(&set);
	sigaddset(&set, RADIUS_FINISH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Two descriptors for each login. */
static void
make_room(rlim_t files)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= files)
		return;
	limit.rlim_cur = limit.rlim_max < files ? limit.rlim_max : files;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* The first digest makes OpenSSL read its configuration, which the filter
 * forbids later. */
static bool
has_md5(void)
{
	const struct tls_md5_part part = { "", 0 };
	uint8_t out[TLS_MD5_SIZE];

	return tls_md5(&part, 1, out) && tls_md5_hmac("", 0, "", 0, out);
}

/* Before the secrets are read. */
static bool
start_connector(struct radius *r)
{
	struct radius_target targets[2 * RADIUS_MAX_SERVERS];
	size_t n = radius_servers_targets(&r->servers, targets);

	r->servers.sockets = r->accounting.sockets = &r->sockets;
	r->accounting.target = (uint32_t)n;
	n += radius_servers_targets(&r->accounting, targets + n);
	int later = radius_find_hosts(targets, n,
		r->start->settings->server.name_refresh_interval);
	int fd = radius_connector_start(targets, n, later);
	io_close(&later);
	if (fd < 0)
		log_error("cannot start the process that makes the sockets: "
			"%s", log_errno(fd));
	radius_sockets_init(&r->sockets, fd);
	return fd >= 0;
}

static bool
prepare(struct radius *r)
{
	const struct settings *settings = r->start->settings;
	const struct server_settings *s = &settings->server;
	size_t max = (size_t)s->max_workers;

	make_room(2 * max + SPARE_FILES);
	if (!has_md5()) {
		log_error("OpenSSL does not offer MD5, which RADIUS needs");
		return false;
	}
	r->servers.what = "RADIUS server";
	r->servers.silent = &r->start->metrics->radius_silent;
	r->accounting.what = "RADIUS accounting server";
	r->accounting.silent = &r->start->metrics->radius_accounting_silent;
	if (radius_attributes_read(&r->attributes, s) < 0 ||
	    radius_servers_read(&r->servers, s, s->servers, s->port) < 0 ||
	    radius_servers_read(&r->accounting, s, s->accounting_servers,
	    s->accounting_port) < 0 ||
	    !start_connector(r) ||
	    radius_servers_read_secrets(&r->servers, settings) < 0 ||
	    radius_servers_read_secrets(&r->accounting, settings) < 0 ||
	    radius_streams_open(s, &r->servers, &r->accounting) < 0)
		return false;		/* they have logged why */
	r->logins = radius_logins_new(max, &r->attributes, &r->servers);
	r->reports = radius_reports_new(&r->attributes, &r->accounting,
		r->start->waiting);
	r->fds = calloc(3 + 2 * max + RADIUS_REPORTS_SENT +
		2 * RADIUS_MAX_SERVERS, sizeof(*r->fds));
	return r->logins != NULL && r->reports != NULL && r->fds != NULL;
}

void
radius_main(const struct radius_start *start)
{
	static struct radius r;

	r.start = start;
	r.finish_by = CLOCK_NEVER;
	log_set_role("radius");
	bool able = prepare(&r);
	r.signals = open_signals();
	if (r.signals < 0)
		fatal(OUTCOME_ERROR, "signalfd: %s", strerror(errno));
	role_enter(ROLE_RADIUS, NULL);
	title_begin("radius");
	if (!able) {
		radius_refusing(start->service, r.signals);
		_exit(OUTCOME_ERROR);
	}
	loop(&r);
	_exit(r.broken ? OUTCOME_ERROR : 0);
}
