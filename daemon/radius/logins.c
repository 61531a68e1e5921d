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

struct login {
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
	struct login list[];
};

struct radius_logins *
radius_logins_new(size_t max, const struct radius_attributes *attributes,
	struct radius_servers *servers)
{
	size_t size = sizeof(struct radius_logins) + max * sizeof(struct login);
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
end(struct login *login)
{
	struct radius_logins *all = login->all;

	radius_exchange_end(&login->exchange);
	io_close(&login->monitor);
	secret_wipe(login, sizeof(*login));
	login->monitor = login->exchange.fd = -1;
	all->count--;
}

/* The answer to a challenge is always sent as by PAP (RFC 2865 section
 * 5.44). */
static int
method_of(const struct login *login)
{
	return login->challenged ? RADIUS_PAP :
		login->all->attributes->settings->authentication;
}

static bool
add_mschap(struct login *login, struct radius_packet *p)
{
	const struct radius_attributes *a = login->all->attributes;
	BUFFER(name, MESSAGE_USER_SIZE + 256);

	radius_attributes_user(a, login->request.user, &name);
	return radius_password_add_mschap(p, a->mschap, buffer_text(&name),
		login->request.password, login->success);
}

static bool
add_chap(const struct login *login, struct radius_packet *p)
{
	uint8_t random[RADIUS_AUTHENTICATOR_SIZE + 1];

	return getrandom(random, sizeof(random), 0) ==
		(ssize_t)sizeof(random) && radius_password_add_chap(p,
		login->request.password, random[RADIUS_AUTHENTICATOR_SIZE],
		random);
}

/* radius_exchange.write */
static bool
write_request(void *context, const struct radius_server *server,
	struct radius_packet *p)
{
	struct login *login = context;
	const struct radius_attributes *a = login->all->attributes;
	const struct radius_login *r = &login->request;

	radius_attributes_add_common(a, p, r->user, &r->peer, &r->local);
	radius_attributes_add_realm(a, p);
	if (login->challenged && login->state_len > 0)
		radius_packet_add(p, RADIUS_STATE, login->state,
			login->state_len);
	login->success[0] = '\0';
	switch (method_of(login)) {
	case RADIUS_MSCHAPV2:
		return add_mschap(login, p);
	case RADIUS_CHAP:
		return add_chap(login, p);
	default:
		return radius_password_add_pap(p, r->password,
			&server->secret);
	}
}

/* The monitor's socket has room for one answer; if sending fails, the monitor
 * has exited. */
static void
reply(struct login *login, const struct radius_answer *answer)
{
	if (send(login->monitor, answer, sizeof(*answer), MSG_DONTWAIT |
	    MSG_NOSIGNAL) != (ssize_t)sizeof(*answer) ||
	    answer->verdict != RADIUS_CHALLENGED)
		end(login);
}

static void
fail(struct login *login)
{
	struct radius_answer answer = { .verdict = RADIUS_FAILED };

	snprintf(answer.reason, sizeof(answer.reason), "no RADIUS server has "
		"answered (%.*s)", (int)(sizeof(answer.reason) - 40),
		login->exchange.reason);
	reply(login, &answer);
}

static void
keep_state(struct login *login, const struct radius_packet *p)
{
	struct radius_place place = { 0 };
	struct radius_attribute a;

	login->challenged = true;
	login->state_len = 0;
	while (radius_packet_next(p, &place, &a))
		if (a.vendor == 0 && a.type == RADIUS_STATE) {
			memcpy(login->state, a.value, a.len);
			login->state_len = a.len;
			return;
		}
}

static void
answered(struct login *login, const struct radius_packet *p)
{
	struct radius_answer answer;

	if (radius_answer_read(login->all->attributes, p, &answer) &&
	    answer.verdict == RADIUS_CHALLENGED)
		keep_state(login, p);
	if (answer.verdict == RADIUS_ACCEPTED && login->success[0] != '\0' &&
	    !radius_password_is_proven(p, login->success))
		answer = (struct radius_answer){ .verdict = RADIUS_FAILED,
			.reason = "the RADIUS server has not proved that it "
				"knows the password (MS-CHAP2-Success)" };
	if (answer.verdict == RADIUS_REJECTED)
		snprintf(answer.reason, sizeof(answer.reason), "rejected by "
			"the RADIUS server %s", login->exchange.servers->list[
			radius_exchange_server(&login->exchange)].name);
	login->waiting = false;
	reply(login, &answer);
}

static void
proceed(struct login *login, enum radius_progress progress)
{
	login->waiting = progress == RADIUS_WAITING;
	if (progress == RADIUS_GIVEN_UP)
		fail(login);
}

/* radius_exchange.handle */
static void
go_on(void *context, enum radius_progress progress,
	const struct radius_packet *answer, int64_t now UNUSED)
{
	struct login *login = context;

	if (progress == RADIUS_ANSWERED)
		answered(login, answer);
	else
		proceed(login, progress);
}

/* Why no server can be sent this name or password; NULL if it can. */
static const char *
why_not(const struct login *login)
{
	const struct radius_attributes *a = login->all->attributes;
	const char *password = login->request.password;
	int method = method_of(login);
	BUFFER(name, MESSAGE_USER_SIZE + 256);

	radius_attributes_user(a, login->request.user, &name);
	if (name.len > RADIUS_VALUE_MAX)
		return "the name is longer than RADIUS allows";
	if (method == RADIUS_PAP && strlen(password) > RADIUS_PASSWORD_MAX)
		return "the password is longer than RADIUS allows";
	if (method == RADIUS_MSCHAPV2 && !tls_mschap_takes(password))
		return "the password is not UTF-8, or is too long for "
			"MS-CHAPv2";
	return NULL;
}

/* Send what the client has given to this server first; -1: to any. */
static void
ask(struct login *login, int first, int64_t now)
{
	struct radius_answer answer = { .verdict = RADIUS_REJECTED };
	const char *why = why_not(login);

	if (why == NULL) {
		proceed(login, radius_exchange_begin(&login->exchange, first,
			now));
		return;
	}
	snprintf(answer.reason, sizeof(answer.reason), "%s", why);
	reply(login, &answer);
}

void
radius_logins_add(struct radius_logins *l, const struct radius_login *request,
	int monitor, int64_t now)
{
	struct login *login = l->list;

	while (login->monitor >= 0)
		login++;
	l->count++;
	login->all = l;
	login->monitor = monitor;
	login->request = *request;
	login->exchange.write = write_request;
	login->exchange.handle = go_on;
	login->exchange.context = login;
	login->exchange.code = RADIUS_ACCESS_REQUEST;
	login->exchange.servers = l->servers;
	login->exchange.require_message_authenticator =
		l->attributes->settings->require_message_authenticator;
	ask(login, -1, now);
}

/* The answer to a challenge goes to the server that has sent it. */
static void
receive_more(struct login *login, int64_t now)
{
	struct radius_more more;
	ssize_t n = recv(login->monitor, &more, sizeof(more), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != (ssize_t)sizeof(more) || login->waiting) {
		/* The monitor has cancelled the login. */
		end(login);
		return;
	}
	memcpy(login->request.password, more.answer, sizeof(more.answer));
	login->request.password[sizeof(more.answer) - 1] = '\0';
	secret_wipe(&more, sizeof(more));
	ask(login, radius_exchange_server(&login->exchange), now);
}

static void
receive_answer(struct login *login, int64_t now)
{
	struct radius_packet packet UNINITIALIZED;

	go_on(login, radius_exchange_receive(&login->exchange, &packet, now),
		&packet, now);
}

size_t
radius_logins_watch(const struct radius_logins *l, struct pollfd *fds)
{
	for (size_t i = 0; i < l->max; i++) {
		const struct login *login = &l->list[i];
		fds[2 * i] = (struct pollfd){ login->monitor, POLLIN, 0 };
		fds[2 * i + 1] = (struct pollfd){ login->exchange.fd, POLLIN,
			0 };
	}
	return 2 * l->max;
}

static void
step(struct login *login, const struct pollfd *monitor,
	const struct pollfd *server, int64_t now)
{
	if (monitor->revents != 0 && monitor->fd == login->monitor)
		receive_more(login, now);
	if (login->monitor >= 0 && login->waiting && server->revents != 0 &&
	    server->fd == login->exchange.fd)
		receive_answer(login, now);
	if (login->monitor >= 0 && login->waiting &&
	    now >= login->exchange.deadline)
		proceed(login, radius_exchange_overdue(&login->exchange, now));
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
