/*
 * bookkeeping.c - starts and replaces the bookkeeper.
 *
 * Runs in: master; bookkeeper_child() begins in the bookkeeper.
 */
#include "common/base.h"
#include "daemon/bookkeeping.h"

#include "common/accounts/quota_limits.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "common/process/service.h"
#include "daemon/quota/bookkeeper.h"
#include "daemon/state.h"

#include <signal.h>
#include <sys/stat.h>

#define PARENT "/var/lib/sureftpd"	/* of QUOTA_DEFAULT_DIRECTORY */
#define QUEUE  (1 << 20)		/* bytes of sessions to be attached */

void
bookkeeping_init(struct bookkeeping *b)
{
	*b = (struct bookkeeping){
		.child.name = "bookkeeper",
		.receive = -1, .send = -1,
		.channel.fd = -1, .watch.fd = -1,
	};
	log_source_init(&b->log);
	scanning_init(&b->scanning);
}

/* Create the default directory if the package has not.  Any other is created by
 * the administrator. */
static void
make_directory(void)
{
	const struct role_account *account =
		role_service_account(ROLE_BOOKKEEPER);

	if (role_is_without_root())
		return;
	(void)!mkdir(PARENT, 0711);
	if (mkdir(QUOTA_DEFAULT_DIRECTORY, 0700) == 0 &&
	    chown(QUOTA_DEFAULT_DIRECTORY, account->uid, account->gid) < 0)
		log_error("cannot change the owner of %s to quota_user: %s",
			QUOTA_DEFAULT_DIRECTORY, strerror(errno));
}

/* A bookkeeper that runs stays: sessions may have a quota until they end. */
void
bookkeeping_change(struct bookkeeping *b,
	const struct configuration *configuration)
{
	const struct settings *s = configuration->settings;

	if (b->wanted || !quota_is_configured(s))
		return;
	b->wanted = role_prepare_bookkeeper(s->server.quota_user) == 0;
	if (b->wanted)
		make_directory();
}

int
bookkeeping_start(struct bookkeeping *b,
	const struct configuration *configuration)
{
	int fds[2];
	int error = service_pair(fds, QUEUE);

	if (error < 0)
		return error;
	b->receive = fds[0];
	b->send = fds[1];
	bookkeeping_change(b, configuration);
	return 0;
}

int
bookkeeping_service(const struct bookkeeping *b)
{
	return b->wanted ? b->send : -1;
}

/* --- the process */

static void
end_channel(struct bookkeeping *b)
{
	loop_unwatch(b->loop, &b->watch);
	channel_close(&b->channel);
}

/* loop.h */
static void
receive(void *context)
{
	struct bookkeeping *b = context;
	struct message m UNINITIALIZED;
	int r = channel_recv(&b->channel, &m);

	if (r == 1)
		scanning_start(&b->scanning, &m.quota_scan, m.fds[0]);
	else if (r != -EAGAIN)
		end_channel(b);
	/* Without its channel it would count nothing. */
	if (r == -EPROTO && b->child.pid > 0)
		(void)kill(b->child.pid, SIGKILL);
}

static int
watch_channel(struct bookkeeping *b, int fd)
{
	channel_open(&b->channel, fd, PARTY_MASTER, PARTY_BOOKKEEPER,
		&channel_any_phase);
	return loop_watch(b->loop, &b->watch, fd, receive, b);
}

static void NORETURN
bookkeeper_child(const struct bookkeeping *b, int channel, int log)
{
	const struct bookkeeper_start start = {
		.service = b->receive, .master = channel,
	};
	const int keep[] = { b->receive, channel, log_descriptor() };

	log_source_use(log);
	child_begin(keep, ARRAY_SIZE(keep));
	bookkeeper_main(&start);
}

static int
start(struct bookkeeping *b)
{
	int fds[2], log = -1;
	int error = channel_pair(fds);

	if (error < 0)
		return error;
	end_channel(b);
	log_source_close(&b->log);
	error = log_source_open(&b->log, LOG_SOURCE_BOOKKEEPER, &log);
	if (error == 0) {
		b->log.patience_ms = 0;
		log_source_attach(&b->log);
		pid_t pid = service_child_fork(&b->child);
		if (pid == 0)
			bookkeeper_child(b, fds[1], log);
		error = pid < 0 ? (int)pid : 0;
	}
	io_close(&fds[1]);
	io_close(&log);
	if (error < 0)
		io_close(&fds[0]);
	else
		error = watch_channel(b, fds[0]);
	return error;
}

bool
bookkeeping_step(struct bookkeeping *b, int64_t now)
{
	bool again = b->replaced;

	if (!b->wanted || b->receive < 0 ||
	    !service_child_missing(&b->child, now))
		return false;
	if (start(b) < 0) {
		pause_begin(&b->child.pause, now);
		return false;
	}
	b->replaced = false;
	return again;
}

int64_t
bookkeeping_due(const struct bookkeeping *b, int64_t now)
{
	return b->wanted && b->receive >= 0 ?
	    service_child_due(&b->child, now) : CLOCK_NEVER;
}

bool
bookkeeping_exited(struct bookkeeping *b, pid_t pid, int status)
{
	if (!service_child_exited(&b->child, pid, status))
		return scanning_exited(&b->scanning, pid, status);
	b->replaced = true;
	return true;
}

void
bookkeeping_reap(struct bookkeeping *b)
{
	if (service_child_reap(&b->child))
		b->replaced = true;
	scanning_reap(&b->scanning);
}

void
bookkeeping_reattach(const struct bookkeeping *b)
{
	if (b->child.pid != 0)
		log_source_attach(&b->log);
	scanning_reattach(&b->scanning);
}

void
bookkeeping_close(struct bookkeeping *b)
{
	if (b->loop != NULL)
		end_channel(b);
	io_close(&b->receive);
	io_close(&b->send);
	log_source_close(&b->log);
	scanning_close(&b->scanning);
}

/* --- the next program */

/* The scanners are not passed to the next program: they report to the
 * bookkeeper. */
void
bookkeeping_save(const struct bookkeeping *b, struct state_writer *w)
{
	service_child_save(&b->child, w);
	STATE_PUT(w, b->wanted);
	state_put_fd(w, b->receive);
	state_put_fd(w, b->send);
	state_put_fd(w, b->channel.fd);
	state_put_fd(w, b->log.fd);
	STATE_PUT(w, b->log.identity);
}

void
bookkeeping_restore(struct bookkeeping *b,
	const struct configuration *configuration, struct state_reader *r)
{
	bool was_wanted;

	service_child_restore(&b->child, r);
	STATE_GET(r, was_wanted);
	b->receive = state_get_fd(r);
	b->send = state_get_fd(r);
	int channel = state_get_fd(r);
	b->log.fd = state_get_fd(r);
	STATE_GET(r, b->log.identity);
	if (b->receive < 0 || b->send < 0) {
		io_close(&channel);
		state_fail(r);
		return;
	}
	bookkeeping_change(b, configuration);
	b->replaced = was_wanted && b->child.pid == 0;
	if (was_wanted && !b->wanted)
		b->wanted = role_prepare_bookkeeper(
			configuration->settings->server.quota_user) == 0;
	if (channel >= 0 && watch_channel(b, channel) < 0)
		end_channel(b);
}
