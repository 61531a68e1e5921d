/*
 * limits.c - logs that limits have refused clients or logins.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/admission/limits.h"

#include "common/clock.h"
#include "common/text.h"

static const struct {
	const char *setting;
	const char *action, *one, *many;
} rows[LIMITS] = {
	/* Without a reply, because there is no process to send one. */
	[LIMIT_WORKERS] = { "max_workers", "closed",
		"connection", "connections" },
	[LIMIT_CLIENTS] = { "max_clients", "refused",
		"connection", "connections" },
	[LIMIT_UNAUTHENTICATED] = { "max_unauthenticated", "refused",
		"connection", "connections" },
	[LIMIT_PER_IP] = { "max_per_ip", "refused",
		"connection", "connections" },
	[LIMIT_PER_NETWORK] = { "max_per_network", "refused",
		"connection", "connections" },
	[LIMIT_CONNECTION_RATE] = { "max_connection_rate", "refused",
		"connection", "connections" },
	[LIMIT_LOGIN_RATE] = { "max_login_rate", "refused",
		"login", "logins" },
	[LIMIT_PER_USER] = { "max_per_user", "refused", "login", "logins" },
	[LIMIT_PER_GROUP] = { "max_per_group", "refused", "login", "logins" },
};

enum limit
limits_of_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_FULL:
		return LIMIT_CLIENTS;
	case VERDICT_ADDRESS_FULL:
		return LIMIT_PER_IP;
	case VERDICT_NETWORK_FULL:
		return LIMIT_PER_NETWORK;
	case VERDICT_TOO_FAST:
		return LIMIT_CONNECTION_RATE;
	case VERDICT_LOGINS_FULL:
		return LIMIT_UNAUTHENTICATED;
	default:
		return LIMIT_NONE;
	}
}

enum limit
limits_of_login(enum login_limit limit)
{
	switch (limit) {
	case LOGIN_LIMIT_USER:
		return LIMIT_PER_USER;
	case LOGIN_LIMIT_GROUP:
		return LIMIT_PER_GROUP;
	case LOGIN_LIMIT_RATE:
		return LIMIT_LOGIN_RATE;
	default:
		return LIMIT_NONE;
	}
}

void
limits_count(struct limits *l, enum limit limit, const struct address *peer,
	const char *user)
{
	struct limit_count *c = &l->list[limit];

	if (limit == LIMIT_NONE)
		return;
	c->count++;
	c->peer = *peer;
	(void)!text_copy(c->user, sizeof(c->user), user);
}

static void
report(enum limit limit, const struct limit_count *c)
{
	struct event e = event_new(EVENT_limit);
	BUFFER(text, 256);

	buffer_addf(&text, "%s reached, %s %" PRIu64 " %s",
		rows[limit].setting, rows[limit].action, c->count,
		c->count == 1 ? rows[limit].one : rows[limit].many);
	e.ok = false;
	e.peer = c->peer;
	e.user = c->user;
	e.text = buffer_text(&text);
	event_send(&e);
}

void
limits_step(struct limits *l, int64_t now)
{
	for (enum limit i = 0; i < LIMITS; i++) {
		struct limit_count *c = &l->list[i];

		if (c->count == 0 || now < c->next)
			continue;
		report(i, c);
		c->count = 0;
		c->next = now + LIMITS_MS;
	}
}

int64_t
limits_due(const struct limits *l)
{
	int64_t at = CLOCK_NEVER;

	for (enum limit i = 0; i < LIMITS; i++)
		if (l->list[i].count > 0)
			at = clock_earlier(at, l->list[i].next);
	return at;
}
