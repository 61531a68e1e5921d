/*
 * bookkeeper_service.c - starts and replaces the bookkeeper.
 *
 * Runs in: master; be_bookkeeper() begins in the bookkeeper.
 */
#include "common/base.h"
#include "daemon/services/bookkeeper_service.h"

#include "common/accounts/quota_limits.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "daemon/quota/bookkeeper.h"
#include "daemon/state/state.h"

#include <signal.h>
#include <sys/stat.h>

#define PARENT "/var/lib/sureftpd"	/* of QUOTA_DEFAULT_DIRECTORY */
#define QUEUE  (1 << 20)		/* bytes of sessions to be attached */

/* request_service.ended */
static void
ended(void *context, pid_t pid UNUSED)
{
	struct bookkeeper_service *b = context;

	b->replaced = true;
}

/* It is never asked to finish. */
void
bookkeeper_service_init(struct bookkeeper_service *b)
{
	*b = (struct bookkeeper_service){ .channel.fd = -1, .watch.fd = -1 };
	request_service_init(&b->service, "bookkeeper",
		LOG_SOURCE_BOOKKEEPER, 0);
	b->service.ended = ended;
	b->service.context = b;
	scanners_init(&b->scanners);
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
bookkeeper_service_change(struct bookkeeper_service *b,
	const struct configuration *configuration)
{
	const struct settings *s = configuration->settings;

	if (b->service.wanted || !quota_is_configured(s))
		return;
	b->service.wanted = role_prepare_bookkeeper(s->server.quota_user) == 0;
	if (b->service.wanted)
		make_directory();
}

int
bookkeeper_service_start(struct bookkeeper_service *b,
	const struct configuration *configuration)
{
	int error = request_service_open(&b->service, QUEUE);

	if (error == 0)
		bookkeeper_service_change(b, configuration);
	return error;
}

/* --- the process */

static void
end_channel(struct bookkeeper_service *b)
{
	loop_unwatch(b->loop, &b->watch);
	channel_close(&b->channel);
}

/* loop.h */
static void
receive(void *context)
{
	struct bookkeeper_service *b = context;
	struct message m UNINITIALIZED;
	int r = channel_recv(&b->channel, &m);

	if (r == 1)
		scanners_start(&b->scanners, &m.quota_scan, m.fds[0]);
	else if (r != -EAGAIN)
		end_channel(b);
	/* Without its channel it would count nothing. */
	if (r == -EPROTO && b->service.child.pid > 0)
		(void)kill(b->service.child.pid, SIGKILL);
}

static int
watch_channel(struct bookkeeper_service *b, int fd)
{
	channel_open(&b->channel, fd, PARTY_MASTER, PARTY_BOOKKEEPER,
		&channel_any_phase);
	return loop_watch(b->loop, &b->watch, fd, receive, b);
}

static void NORETURN
be_bookkeeper(const struct bookkeeper_service *b, int channel)
{
	const struct bookkeeper_start start = {
		.service = b->service.receive, .master = channel,
	};

	bookkeeper_main(&start);
}

bool
bookkeeper_service_step(struct bookkeeper_service *b, int64_t now)
{
	bool again = b->replaced;
	int fds[2];

	if (!request_service_missing(&b->service, now))
		return false;
	if (channel_pair(fds) < 0) {
		pause_begin(&b->service.child.pause, now);
		return false;
	}
	if (request_service_step(&b->service, fds[1], now))
		be_bookkeeper(b, fds[1]);
	io_close(&fds[1]);
	end_channel(b);
	if (b->service.child.pid == 0) {
		io_close(&fds[0]);
		return false;
	}
	if (watch_channel(b, fds[0]) < 0) {
		end_channel(b);
		(void)kill(b->service.child.pid, SIGKILL);
		return false;
	}
	b->replaced = false;
	return again;
}

bool
bookkeeper_service_exited(struct bookkeeper_service *b, pid_t pid, int status)
{
	return request_service_exited(&b->service, pid, status) ||
		scanners_exited(&b->scanners, pid, status);
}

void
bookkeeper_service_reap(struct bookkeeper_service *b)
{
	request_service_reap(&b->service);
	scanners_reap(&b->scanners);
}

void
bookkeeper_service_reattach(const struct bookkeeper_service *b)
{
	request_service_reattach(&b->service);
	scanners_reattach(&b->scanners);
}

void
bookkeeper_service_close(struct bookkeeper_service *b)
{
	if (b->loop != NULL)
		end_channel(b);
	request_service_close(&b->service, 0);
	scanners_close(&b->scanners);
}

/* --- the next program */

void
bookkeeper_service_save(
	const struct bookkeeper_service *b, struct state_writer *w)
{
	request_service_save(&b->service, w);
	STATE_PUT(w, b->service.wanted);
	state_put_fd(w, b->channel.fd);
	scanners_save(&b->scanners, w);
}

void
bookkeeper_service_restore(struct bookkeeper_service *b,
	const struct configuration *configuration, struct state_reader *r)
{
	bool stands = request_service_restore(&b->service, r), was_wanted;

	STATE_GET(r, was_wanted);
	int channel = state_get_fd(r);
	scanners_restore(&b->scanners, r);
	if (!stands) {
		io_close(&channel);
		return;
	}
	bookkeeper_service_change(b, configuration);
	b->replaced = was_wanted && b->service.child.pid == 0;
	if (was_wanted && !b->service.wanted)
		b->service.wanted = role_prepare_bookkeeper(
			configuration->settings->server.quota_user) == 0;
	if (channel >= 0 && watch_channel(b, channel) < 0)
		end_channel(b);
}
