/*
 * logins.c - the logins that wait for a RADIUS server.
 *
 * Runs in: radius.  Never: waits for a server or a monitor.
 */
#include "common/base.h"
#include "daemon/radius/logins.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/process/secret.h"
#include "daemon/radius/answer.h"
#include "daemon/radius/exchange.h"
#include "daemon/radius/password.h"

#include <sys/random.h>
#include <sys/socket.h>

struct one {
	int monitor;		/* -1: the entry is not used */
	struct radius_logins *all;
	struct radius_login request;
	struct radius_exchange exchange;
	bool waiting;		/* for a server; otherwise for the answer to a
				 * challenge */
	bool challenged;
	char success[TLS_MSCHAP_SUCCESS_SIZE];	/* "": not needed */
	uint8_t state[RADIUS_VALUE_MAX];
	size_t state_len;
};

struct radius_logins {
	const struct radius_attributes *attributes;
	struct radius_servers *servers;
	size_t max, count, size;
	struct one list[];
};

struct radius_logins *
radius_logins_new(size_t max, const struct radius_attributes *attributes,
	struct radius_servers *servers)
{
	size_t size = sizeof(struct radius_logins) + max * sizeof(struct one);
	struct radius_logins *l = secret_new(size);

	if (l == NULL)
		return NULL;
	l->attributes = attributes;
	l->servers = servers;
	l->max = max;
	l->size = size;
	for (size_t i = 0; i < max; i++)
		l->list[i].monitor = l->list[i].exchange.fd = -1;
	return l;
}

bool
radius_logins_room(const struct radius_logins *l)
{
	return l->count < l->max;
}

size_t
radius_logins_count(const struct radius_logins *l)
{
	return l->count;
}

static void
end(struct one *o)
{
	struct radius_logins *all = o->all;

	radius_exchange_end(&o->exchange);
	io_close(&o->monitor);
	secret_wipe(o, sizeof(*o));
	o->monitor = o->exchange.fd = -1;
	all->count--;
}

static bool
add_mschap(struct one *o, struct radius_packet *p)
{
	const struct radius_attributes *a = o->all->attributes;
	uint8_t random[RADIUS_MSCHAP_RANDOM];
	BUFFER(name, MESSAGE_USER_SIZE + 256);

	radius_attributes_user(a, o->request.user, &name);
	return getrandom(random, sizeof(random), 0) ==
		(ssize_t)sizeof(random) && radius_password_add_mschap(p,
		a->mschap, buffer_text(&name), o->request.password, random,
		o->success);
}

static bool
add_chap(const struct one *o, struct radius_packet *p)
{
	uint8_t random[RADIUS_AUTHENTICATOR_SIZE + 1];

	return getrandom(random, sizeof(random), 0) ==
		(ssize_t)sizeof(random) && radius_password_add_chap(p,
		o->request.password, random[RADIUS_AUTHENTICATOR_SIZE],
		random);
}

/* radius_exchange.write.  The answer to a challenge is always sent as by PAP
 * (RFC 2865 section 5.44). */
static bool
write_request(void *context, const struct radius_server *server,
	struct radius_packet *p)
{
	struct one *o = context;
	const struct radius_attributes *a = o->all->attributes;
	const struct radius_login *r = &o->request;
	int way = o->challenged ? RADIUS_PAP : a->settings->authentication;

	radius_attributes_add_common(a, p, r->user, &r->peer, &r->local);
	radius_attributes_add_realm(a, p);
	if (o->challenged && o->state_len > 0)
		radius_packet_add(p, RADIUS_STATE, o->state, o->state_len);
	o->success[0] = '\0';
	if (way == RADIUS_MSCHAPV2)
		return add_mschap(o, p);
	return way == RADIUS_CHAP ? add_chap(o, p) : radius_password_add_pap(p,
		r->password, server->secret, server->secret_len);
}

/* The monitor's socket has room for one answer; if sending fails, the monitor
 * has exited. */
static void
reply(struct one *o, const struct radius_answer *answer)
{
	if (send(o->monitor, answer, sizeof(*answer), MSG_DONTWAIT |
	    MSG_NOSIGNAL) != (ssize_t)sizeof(*answer) ||
	    answer->verdict != RADIUS_CHALLENGED)
		end(o);
}

static void
fail(struct one *o)
{
	struct radius_answer answer = { .verdict = RADIUS_FAILED };

	snprintf(answer.reason, sizeof(answer.reason), "no RADIUS server has "
		"answered (%.*s)", (int)(sizeof(answer.reason) - 40),
		o->exchange.reason);
	reply(o, &answer);
}

static void
keep_state(struct one *o, const struct radius_packet *p)
{
	struct radius_place place = { 0 };
	struct radius_attribute a;

	o->challenged = true;
	o->state_len = 0;
	while (radius_packet_next(p, &place, &a))
		if (a.vendor == 0 && a.type == RADIUS_STATE) {
			memcpy(o->state, a.value, a.len);
			o->state_len = a.len;
			return;
		}
}

static void
answered(struct one *o, const struct radius_packet *p)
{
	struct radius_answer answer;

	if (radius_answer_read(o->all->attributes, p, &answer) &&
	    answer.verdict == RADIUS_CHALLENGED)
		keep_state(o, p);
	if (answer.verdict == RADIUS_ACCEPTED && o->success[0] != '\0' &&
	    !radius_password_is_proven(p, o->success))
		answer = (struct radius_answer){ .verdict = RADIUS_FAILED,
			.reason = "the RADIUS server has not proved that it "
				"knows the password (MS-CHAP2-Success)" };
	if (answer.verdict == RADIUS_REJECTED)
		snprintf(answer.reason, sizeof(answer.reason), "rejected by "
			"the RADIUS server %s", o->exchange.servers->list[
			radius_exchange_server(&o->exchange)].name);
	o->waiting = false;
	reply(o, &answer);
}

static void
proceed(struct one *o, enum radius_progress progress)
{
	o->waiting = progress == RADIUS_WAITING;
	if (progress == RADIUS_GIVEN_UP)
		fail(o);
}

/* radius_exchange.handle */
static void
go_on(void *context, enum radius_progress progress,
	const struct radius_packet *answer, int64_t now UNUSED)
{
	struct one *o = context;

	if (progress == RADIUS_ANSWERED)
		answered(o, answer);
	else
		proceed(o, progress);
}

/* Why this cannot be sent to any server: the client's fault, not theirs. */
static const char *
unfit(const struct one *o)
{
	const struct radius_attributes *a = o->all->attributes;
	const char *password = o->request.password;
	int way = o->challenged ? RADIUS_PAP : a->settings->authentication;
	BUFFER(name, MESSAGE_USER_SIZE + 256);

	radius_attributes_user(a, o->request.user, &name);
	if (name.len > RADIUS_VALUE_MAX)
		return "the name is longer than RADIUS allows";
	if (way == RADIUS_PAP && strlen(password) > RADIUS_PASSWORD_MAX)
		return "the password is longer than RADIUS allows";
	if (way == RADIUS_MSCHAPV2 && !tls_mschap_takes(password))
		return "the password is not UTF-8, or is too long for "
			"MS-CHAPv2";
	return NULL;
}

/* Send what the client has given to this server first; -1: to any. */
static void
ask(struct one *o, int first, int64_t now)
{
	struct radius_answer answer = { .verdict = RADIUS_REJECTED };
	const char *why = unfit(o);

	if (why == NULL) {
		proceed(o, radius_exchange_begin(&o->exchange, first, now));
		return;
	}
	snprintf(answer.reason, sizeof(answer.reason), "%s", why);
	reply(o, &answer);
}

void
radius_logins_add(struct radius_logins *l, const struct radius_login *request,
	int monitor, int64_t now)
{
	struct one *o = l->list;

	while (o->monitor >= 0)
		o++;
	l->count++;
	o->all = l;
	o->monitor = monitor;
	o->request = *request;
	o->exchange.write = write_request;
	o->exchange.handle = go_on;
	o->exchange.context = o;
	o->exchange.code = RADIUS_ACCESS_REQUEST;
	o->exchange.servers = l->servers;
	o->exchange.require_message_authenticator =
		l->attributes->settings->require_message_authenticator;
	ask(o, -1, now);
}

/* The answer to a challenge goes to the server that has sent it. */
static void
receive_more(struct one *o, int64_t now)
{
	struct radius_more more;
	ssize_t n = recv(o->monitor, &more, sizeof(more), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != (ssize_t)sizeof(more) || o->waiting) {
		end(o);		/* the monitor has cancelled the login */
		return;
	}
	memcpy(o->request.password, more.answer, sizeof(more.answer));
	o->request.password[sizeof(more.answer) - 1] = '\0';
	secret_wipe(&more, sizeof(more));
	ask(o, radius_exchange_server(&o->exchange), now);
}

static void
receive_answer(struct one *o, int64_t now)
{
	struct radius_packet packet UNINITIALIZED;

	go_on(o, radius_exchange_receive(&o->exchange, &packet, now), &packet,
		now);
}

size_t
radius_logins_watch(const struct radius_logins *l, struct pollfd *fds)
{
	for (size_t i = 0; i < l->max; i++) {
		const struct one *o = &l->list[i];
		fds[2 * i] = (struct pollfd){ o->monitor, POLLIN, 0 };
		fds[2 * i + 1] = (struct pollfd){ o->exchange.fd, POLLIN, 0 };
	}
	return 2 * l->max;
}

static void
step(struct one *o, const struct pollfd *monitor, const struct pollfd *server,
	int64_t now)
{
	if (monitor->revents != 0 && monitor->fd == o->monitor)
		receive_more(o, now);
	if (o->monitor >= 0 && o->waiting && server->revents != 0 &&
	    server->fd == o->exchange.fd)
		receive_answer(o, now);
	if (o->monitor >= 0 && o->waiting && now >= o->exchange.deadline)
		proceed(o, radius_exchange_overdue(&o->exchange, now));
}

void
radius_logins_step(struct radius_logins *l, const struct pollfd *fds,
	int64_t now)
{
	for (size_t i = 0; i < l->max; i++)
		if (l->list[i].monitor >= 0)
			step(&l->list[i], &fds[2 * i], &fds[2 * i + 1], now);
}

int64_t
radius_logins_due(const struct radius_logins *l)
{
	int64_t due = CLOCK_NEVER;

	for (size_t i = 0; i < l->max; i++)
		if (l->list[i].monitor >= 0 && l->list[i].waiting)
			due = clock_earlier(due, l->list[i].exchange.deadline);
	return due;
}
