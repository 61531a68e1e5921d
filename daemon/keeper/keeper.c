/*
 * keeper.c - holds the private keys, and signs for the workers.
 *
 * Runs in: keeper.  Never: waits for a worker; signs what is not a TLS
 * handshake; sends a key.
 */
#include "common/base.h"
#include "daemon/keeper/keeper.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/role.h"
#include "common/process/title.h"
#include "daemon/keeper/keeper_budget.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define EVENTS 64	/* events per epoll_wait() */

struct worker {
	struct channel channel;
	struct keeper_budget budget;
	bool reported;		/* a failure was logged */
	struct worker *next;	/* of those that wait for their budget */
};

struct keeper {
	struct tls_keys *keys;
	struct channel service;	/* fd -1 when all senders have ended */
	size_t workers;
	struct worker *waiting;
	int epoll;
};

int
keeper_pair(int fds[2])
{
	return channel_pair(fds);
}

/* --- workers */

static int
watch(struct keeper *k, int fd, void *what)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = what };

	return epoll_ctl(k->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

/* Before it is closed: the monitor has the same end open, so closing it here
 * does not remove it from the epoll set. */
static void
unwatch(struct keeper *k, int fd)
{
	(void)epoll_ctl(k->epoll, EPOLL_CTL_DEL, fd, NULL);
}

static void
forget(struct keeper *k, struct worker *w)
{
	channel_close(&w->channel);
	free(w);
	k->workers--;
}

static void
hang_up(struct keeper *k, struct worker *w)
{
	unwatch(k, w->channel.fd);
	forget(k, w);
}

static void
add_worker(struct keeper *k, int fd)
{
	struct worker *w = calloc(1, sizeof(*w));
	int error = w == NULL ? -ENOMEM : watch(k, fd, w);

	if (error < 0) {
		log_error("cannot serve another worker: %s",
			log_errno(error));
		io_close(&fd);
		free(w);
		return;
	}
	channel_open(&w->channel, fd, PARTY_KEEPER, PARTY_GREETER_SESSION,
		&channel_any_phase);
	keeper_budget_init(&w->budget, clock_ms());
	k->workers++;
}

/* Its requests stay in the queue until its budget allows another signature. */
static void
let_wait(struct keeper *k, struct worker *w)
{
	unwatch(k, w->channel.fd);
	w->next = k->waiting;
	k->waiting = w;
}

/* Serve waiting workers whose budget allows it.  Returns when to call this
 * again. */
static int64_t
serve_waiting(struct keeper *k)
{
	struct worker **at = &k->waiting;
	int64_t now = clock_ms(), next = CLOCK_NEVER;

	while (*at != NULL) {
		struct worker *w = *at;
		int64_t due = keeper_budget_due(&w->budget, now);

		if (due > now) {
			next = clock_earlier(next, due);
			at = &w->next;
			continue;
		}
		*at = w->next;
		if (watch(k, w->channel.fd, w) < 0)
			forget(k, w);
	}
	return next;
}

/* --- requests */

/* The pid of the worker's monitor, for the log; channels have no session
 * number. */
static pid_t
monitor_of(const struct worker *w)
{
	struct ucred peer = { .pid = 0 };
	socklen_t size = sizeof(peer);

	(void)getsockopt(w->channel.fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
	return peer.pid;
}

/* Replace the request in *m by the answer.  False for a protocol violation. */
static bool
answer(const struct keeper *k, struct worker *w, struct message *m)
{
	const struct message_sign asked = m->sign;

	message_begin(m, MESSAGE_signature);
	m->signature.number = asked.number;
	int n = tls_keys_sign(k->keys, &asked.request, m->signature.data,
		sizeof(m->signature.data));
	if (n > 0) {
		m->signature.len = (uint16_t)n;
		return true;
	}
	message_begin(m, MESSAGE_sign_refused);
	m->sign_refused.number = asked.number;
	m->sign_refused.error = -n;
	if (w->reported)
		return n != -EPERM;
	w->reported = true;
	if (n == -EPERM)
		log_error("protocol violation: the worker of process %d "
			"requested a signature that is not for a TLS handshake",
			(int)monitor_of(w));
	else
		log_error("no signature: %s", n == -ENOKEY ?
			"no such private key" : "OpenSSL failed");
	return n != -EPERM;
}

/* A worker that does not read its answers is disconnected. */
static void
serve_worker(struct keeper *k, struct worker *w)
{
	struct message m UNINITIALIZED;

	if (!keeper_budget_take(&w->budget, clock_ms())) {
		let_wait(k, w);
		return;
	}
	int r = channel_recv(&w->channel, &m);
	if (r == -EAGAIN)
		return;
	bool sound = r == 1 && answer(k, w, &m);
	if (r != 1 || channel_send(&w->channel, &m) < 0 || !sound)
		hang_up(k, w);
}

/* Master and monitors are trusted, but memory or descriptors may run out. */
static void
serve_monitor(struct keeper *k)
{
	struct message m UNINITIALIZED;
	int r = channel_recv(&k->service, &m);

	if (r == 1) {
		add_worker(k, m.fds[0]);
	} else if (r != -EAGAIN && r != -EPROTO) {
		unwatch(k, k->service.fd);
		channel_close(&k->service);
	}
}

static void
serve(struct keeper *k)
{
	struct epoll_event events[EVENTS];

	while (k->service.fd >= 0 || k->workers > 0) {
		int64_t next = serve_waiting(k);
		int n = epoll_wait(k->epoll, events, EVENTS,
			clock_poll(next));

		if (n < 0 && errno != EINTR)
			bug("epoll_wait");
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == k)
				serve_monitor(k);
			else
				serve_worker(k, events[i].data.ptr);
		}
	}
}

void
keeper_serve(int service_fd, struct tls_keys *keys)
{
	struct keeper k = { .keys = keys,
		.epoll = epoll_create1(EPOLL_CLOEXEC) };

	channel_open(&k.service, service_fd, PARTY_KEEPER, PARTY_MONITOR,
		&channel_any_phase);
	if (k.epoll < 0 || watch(&k, service_fd, &k) < 0)
		fatal(OUTCOME_ERROR, "epoll: %s", strerror(errno));
	serve(&k);
	io_close(&k.epoll);
}

/* --- the process */

/*
 * Lock all memory, so that no key is swapped out.  Only without a limit, which
 * root can set; with a limit, later allocations could fail.  Pages are locked
 * when they are first used, so pages of the master that the keeper never uses
 * cost nothing.
 */
static void
lock_memory(void)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0 ||
	    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
		log_warning("the private keys cannot be kept out of the swap "
			"space: %s", strerror(errno));
}

static void
report_ready(int master_fd, const struct tls_keys *keys)
{
	struct channel master;
	struct message m UNINITIALIZED;

	channel_open(&master, master_fd, PARTY_KEEPER, PARTY_MASTER,
		&channel_any_phase);
	message_begin(&m, MESSAGE_keeper_ready);
	m.keeper_ready.count = (uint32_t)tls_keys_count(keys);
	for (size_t i = 0; i < tls_keys_count(keys); i++)
		memcpy(m.keeper_ready.keys[i], tls_keys_name(keys, i),
			MESSAGE_KEY_NAME_SIZE);
	/* If the master has ended, nobody needs the report. */
	(void)!channel_send(&master, &m);
	channel_close(&master);
}

NORETURN static void
report_failure(int master_fd, int file, const char *text)
{
	struct channel master;
	struct message m UNINITIALIZED;

	channel_open(&master, master_fd, PARTY_KEEPER, PARTY_MASTER,
		&channel_any_phase);
	message_begin(&m, MESSAGE_keeper_failed);
	m.keeper_failed.file = file;
	snprintf(m.keeper_failed.text, sizeof(m.keeper_failed.text), "%s",
		text);
	(void)!channel_send(&master, &m);
	_exit(OUTCOME_ERROR);
}

void
keeper_main(const struct keeper_start *start)
{
	char wrong[MESSAGE_TEXT_SIZE];
	int file;

	/* A full log queue must not delay handshakes. */
	event_never_wait(true);
	lock_memory();
	role_enter(ROLE_KEEPER, NULL);
	title_begin("keeper");
	struct tls_keys *keys = tls_keys_read(start->key_fds,
		start->key_count, &file, wrong, sizeof(wrong));
	for (size_t i = 0; i < start->key_count; i++)
		close(start->key_fds[i]);
	if (keys == NULL)
		report_failure(start->master_fd, file, wrong);
	report_ready(start->master_fd, keys);
	keeper_serve(start->service_fd, keys);
	tls_keys_free(keys);
	_exit(0);
}
