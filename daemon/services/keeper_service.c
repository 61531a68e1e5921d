/*
 * keeper_service.c - starts and replaces the keeper.
 *
 * Runs in: master; keeper_child() begins in the keeper.
 * Never: reads a key.
 */
#include "common/base.h"
#include "daemon/services/keeper_service.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/log_source.h"
#include "daemon/keeper/keeper.h"
#include "daemon/services/service_child.h"

#include <poll.h>
#include <signal.h>

#define START_MS 10000	/* to read all keys */
#define TRIES	 3	/* at the start of the server */

struct keeper_service {
	uint64_t number;
	struct loop *loop;
	struct tls_server *tls;
	struct service_child child;
	enum keeper_service_state state;
	int receive, send;	/* the service socket */
	struct channel report;	/* fd is -1 afterwards */
	struct watch watch;	/* of that channel */
	int64_t report_by;	/* CLOCK_NEVER afterwards */
	bool vanished;		/* the keeper ended without a report */
	struct log_source log;
	bool replaced;		/* the keeper was replaced; monitors must attach
				 * to the new one */
};

/* --- forking */

static void NORETURN
keeper_child(const struct keeper_service *k, int report, int log,
	const int *keys, size_t count)
{
	const struct keeper_start start = {
		.master_fd = report,
		.service_fd = k->receive,
		.key_fds = keys,
		.key_count = count,
	};
	int keep[MESSAGE_KEYS + 4] = {
		report, k->receive, log_descriptor(), empty_root_fd(),
	};

	memcpy(keep + 4, keys, count * sizeof(*keys));
	log_source_use(log);
	child_begin(keep, count + 4);
	keeper_main(&start);
}

/* The caller closes the keeper's ends of its channel and log socket. */
static pid_t
fork_keeper(struct keeper_service *k, int report, int log)
{
	int keys[MESSAGE_KEYS];
	int count = tls_server_open_keys(k->tls, keys);

	if (count < 0)
		return -ENOENT;
	pid_t pid = service_child_fork(&k->child);
	if (pid == 0)
		keeper_child(k, report, log, keys, (size_t)count);
	for (int i = 0; i < count; i++)
		io_close(&keys[i]);
	return pid;
}

static void receive_report(void *context);

static int
watch_report(struct keeper_service *k, int fd)
{
	channel_open(&k->report, fd, PARTY_MASTER, PARTY_KEEPER,
		&channel_any_phase);
	return loop_watch(k->loop, &k->watch, fd, receive_report, k);
}

static void
end_report(struct keeper_service *k)
{
	k->report_by = CLOCK_NEVER;
	loop_unwatch(k->loop, &k->watch);
	channel_close(&k->report);
}

static int
start(struct keeper_service *k)
{
	int report[2], log;
	int error = channel_pair(report);

	if (error < 0)
		return error;
	log_source_close(&k->log);
	error = log_source_open(&k->log, LOG_SOURCE_KEEPER, &log);
	if (error == 0) {
		k->log.patience_ms = 0;
		log_source_attach(&k->log);
		error = fork_keeper(k, report[1], log);
	}
	io_close(&report[1]);
	io_close(&log);
	if (error < 0) {
		io_close(&report[0]);
		return error;
	}
	k->state = KEEPER_STARTING;
	k->vanished = false;
	k->report_by = clock_ms() + START_MS;
	error = watch_report(k, report[0]);
	if (error < 0) {
		end_report(k);
		child_kill_group(k->child.pid);
	}
	return error;
}

/* --- the keeper's report */

static enum keeper_service_state
read_report(struct keeper_service *k)
{
	struct message m UNINITIALIZED;
	int r = channel_recv(&k->report, &m);

	if (r == -EAGAIN)
		return KEEPER_STARTING;
	if (r == 1 && m.type == MESSAGE_keeper_failed) {
		tls_server_complain_of_key(k->tls, m.keeper_failed.file,
			m.keeper_failed.text);
		return KEEPER_FAILED;
	}
	if (r == 1 && m.keeper_ready.count <= MESSAGE_KEYS)
		return tls_server_check_keys(k->tls,
			(const uint8_t (*)[MESSAGE_KEY_NAME_SIZE])
			m.keeper_ready.keys, m.keeper_ready.count) ?
			KEEPER_READY : KEEPER_FAILED;
	log_error("keeper exited before it had read the private keys");
	k->vanished = true;
	return KEEPER_FAILED;
}

static void
set_state(struct keeper_service *k, enum keeper_service_state state)
{
	k->state = state;
	if (state == KEEPER_STARTING)
		return;
	end_report(k);
	if (state == KEEPER_READY) {
		pause_clear(&k->child.pause);
		return;
	}
	/* It may have been reaped already.  Otherwise a keeper with the wrong
	 * keys would be used. */
	if (k->child.pid == 0)
		return;
	service_child_ask(&k->child);
	child_kill_group(k->child.pid);
}

/* loop.h */
static void
receive_report(void *context)
{
	struct keeper_service *k = context;

	set_state(k, read_report(k));
}

void
keeper_service_check_start(struct keeper_service *k, int64_t now)
{
	if (k == NULL || now < k->report_by)
		return;
	log_error("keeper did not read the private keys in time: killed");
	set_state(k, KEEPER_FAILED);
}

enum keeper_service_state
keeper_service_state(const struct keeper_service *k)
{
	return k->state;
}

static void
await_report(struct keeper_service *k)
{
	struct pollfd fd = { .fd = k->report.fd, .events = POLLIN };

	while (k->state == KEEPER_STARTING) {
		(void)!poll(&fd, 1, clock_poll(k->report_by));
		set_state(k, read_report(k));
		keeper_service_check_start(k, clock_ms());
	}
}

/* After an upgrade, the sessions would end with a keeper that was only
 * killed. */
enum keeper_service_state
keeper_service_wait(struct keeper_service *k)
{
	await_report(k);
	for (int i = 1; i < TRIES && k->vanished; i++) {
		if (k->child.pid > 0)
			(void)child_reap(k->child.pid, START_MS);
		k->child.pid = 0;
		if (start(k) < 0)
			break;
		await_report(k);
	}
	return k->state;
}

/* --- start, replacement, end */

struct keeper_service *
keeper_service_new(struct loop *loop, struct tls_server *tls)
{
	static uint64_t last_number;
	struct keeper_service *k = calloc(1, sizeof(*k));
	int fds[2];
	int error = k == NULL ? -ENOMEM : keeper_pair(fds);

	if (error < 0) {
		log_error("cannot start a keeper: %s", log_errno(error));
		free(k);
		return NULL;
	}
	*k = (struct keeper_service){
		.number = ++last_number, .loop = loop, .tls = tls,
		.child.name = "keeper",
		.receive = fds[0], .send = fds[1],
		.report.fd = -1, .watch.fd = -1, .report_by = CLOCK_NEVER,
	};
	log_source_init(&k->log);
	error = start(k);
	if (error == 0)
		return k;
	/* The error has been logged. */
	if (error != -ENOENT)
		log_error("cannot start a keeper: %s", log_errno(error));
	keeper_service_free(k);
	return NULL;
}

void
keeper_service_free(struct keeper_service *k)
{
	if (k == NULL)
		return;
	end_report(k);
	io_close(&k->receive);
	io_close(&k->send);
	log_source_close(&k->log);
	free(k);
}

uint64_t
keeper_service_number(const struct keeper_service *k)
{
	return k != NULL ? k->number : 0;
}

bool
keeper_service_serves(const struct keeper_service *k)
{
	return k != NULL && k->state == KEEPER_READY && k->child.pid != 0;
}

void
keeper_service_change(struct keeper_service *k, struct tls_server *tls)
{
	k->tls = tls;
}

int
keeper_service_fd(const struct keeper_service *k)
{
	return k != NULL ? k->send : -1;
}

static void
exited(struct keeper_service *k)
{
	k->replaced = true;
	if (k->state == KEEPER_FAILED)
		pause_begin(&k->child.pause, clock_ms());
}

bool
keeper_service_exited(struct keeper_service *k, pid_t pid, int status)
{
	if (k == NULL || !service_child_exited(&k->child, pid, status))
		return false;
	exited(k);
	return true;
}

void
keeper_service_reap(struct keeper_service *k)
{
	if (k != NULL && service_child_reap(&k->child))
		exited(k);
}

bool
keeper_service_step(struct keeper_service *k, int64_t now)
{
	if (k == NULL)
		return false;
	keeper_service_check_start(k, now);
	if (service_child_missing(&k->child, now) && start(k) < 0)
		pause_begin(&k->child.pause, now);
	if (!k->replaced || k->state != KEEPER_READY || k->child.pid == 0)
		return false;
	k->replaced = false;
	return true;
}

int64_t
keeper_service_due(const struct keeper_service *k, int64_t now)
{
	if (k == NULL)
		return CLOCK_NEVER;
	return clock_earlier(k->report_by, service_child_due(&k->child, now));
}

void
keeper_service_reattach(const struct keeper_service *k)
{
	if (k != NULL)
		log_source_attach(&k->log);
}
