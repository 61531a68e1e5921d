/*
 * session.c - starts and ends a session.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/session.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/page.h"
#include "common/settings/settings_client.h"
#include "common/settings/settings_reuse.h"
#include "worker/charsets.h"

#include <poll.h>

static bool
logs_replies(const struct session *s)
{
	return s->settings->server.protocol[0] != '\0' ||
		log_wants(LOG_LEVEL_DEBUG);
}

void
session_init(struct session *s, const struct settings *settings,
	const struct message_client *client, int control_fd, int monitor_fd,
	enum party self)
{
	static const enum phase login = PHASE_LOGIN, session = PHASE_SESSION;

	control_init(&s->control, control_fd);
	s->settings = settings;
	reply_init(&s->reply, &s->control, logs_replies(s));
	channel_open(&s->monitor, monitor_fd, self, PARTY_MONITOR,
		self == PARTY_SESSION ? &session : &login);
	s->client = *client;
	s->listener = &settings->listeners[client->listener];
	s->relay.fd = -1;
	session_forget(s);
	s->login.deadline = CLOCK_NEVER;
	s->started = clock_ms();
	flood_init(&s->log_budget, settings->server.max_rate,
		FLOOD_SENDER_SECONDS, s->started);
	s->logged = event_count();
	flood_init(&s->command_budget, s->limits->max_command_rate, 1,
		s->started);
	data_init(&s->data, &client->peer, &client->local, s->listener,
		&s->authority);
	if (s->listener->proxy_data == PROXY_DATA_PROXY)
		s->data.proxy = client->proxy;
}

void
session_apply_client(struct session *s)
{
	const struct user_settings *limits = s->identity != NULL ?
		s->identity->settings : &s->settings->user;
	const struct settings_client client = {
		.peer = &s->client.peer,
		.listener = s->listener->name,
		.clnt = s->choices.client,
	};

	s->own_limits = *limits;
	s->limits = settings_client_apply(s->settings, &client,
		&s->own_limits) ? &s->own_limits : limits;
	s->data.limits = s->limits;
	s->reply.charset = s->choices.utf8 ? NULL :
		charsets_choose(s->charsets, s->limits);
	if (s->identity == NULL)
		return;
	s->binding.reuse = settings_reuse_for(s->settings, s->limits,
		&s->client.peer);
}

void
session_log_in(struct session *s, const struct identity *identity)
{
	s->identity = identity;
	session_apply_client(s);
	flood_init(&s->command_budget, s->limits->max_command_rate, 1,
		clock_ms());
	tree_init(&s->tree, identity);
	s->tree.authority = &s->authority;
	s->reply.quota_exceeded = s->limits->quota_exceeded_message;
	s->tree.user.names = s->names;
}

void
session_login_failed(struct session *s, enum denial denial)
{
	s->login.failed++;
	if (denial != DENIAL_LAST)
		return;
	reply(&s->reply, 421, "Too many failed logins. Closing.");
	session_end(s, OUTCOME_LOGIN_FAILED);
}

void
session_forget(struct session *s)
{
	s->login.user[0] = '\0';
	choices_init(&s->choices, s->listener->tls == TLS_IMPLICIT);
	session_apply_client(s);
}

uint32_t
session_facts(const struct session *s)
{
	bool hidden = s->limits->list_owners == LIST_OWNERS_HIDDEN;

	return FACTS_ALL & ~(hidden ? FACTS_OF_OWNERS : 0);
}

void
session_end(struct session *s, enum outcome outcome)
{
	if (s->stage == SESSION_OVER)
		return;
	s->stage = SESSION_OVER;
	s->outcome = outcome;
}

int64_t
session_idle_timeout(const struct session *s)
{
	return s->idle_timeout > 0 ? s->idle_timeout : s->limits->idle_timeout;
}

void
session_time_out(struct session *s)
{
	if (clock_passed(s->login.deadline)) {
		reply(&s->reply, 421,
			"Login timeout (%" PRId64 " seconds). Closing.",
			s->settings->server.login_timeout);
		session_end(s, OUTCOME_LOGIN_TIMEOUT);
		return;
	}
	reply(&s->reply, 421, "Idle timeout (%" PRId64 " seconds). Closing.",
		session_idle_timeout(s));
	session_end(s, OUTCOME_IDLE);
}

void
session_client_gone(struct session *s)
{
	if (s->identity != NULL)
		session_end(s, OUTCOME_LOST);
	else
		session_end(s, s->login.failed > 0 ? OUTCOME_LOGIN_FAILED
						   : OUTCOME_NO_LOGIN);
}

void
session_pace(struct session *s)
{
	uint32_t count = event_count();

	for (; s->logged != count; s->logged++) {
		int64_t now = clock_ms();
		if (flood_allows(&s->log_budget, now))
			continue;
		clock_sleep_until(flood_due(&s->log_budget, now));
		(void)flood_allows(&s->log_budget, clock_ms());
	}
}

/* Until then, or until the monitor asks the session to end. */
static void
wait_until(struct session *s, int64_t until)
{
	struct pollfd fd = { .fd = s->monitor.fd, .events = POLLIN };

	while (s->stage == SESSION_SERVING && !clock_passed(until))
		if (poll(&fd, 1, clock_poll(until)) > 0)
			(void)session_receive_monitor(s);
}

void
session_pace_commands(struct session *s)
{
	if (s->command_budget.rate == 0)
		return;

	int64_t now = clock_ms();
	if (flood_allows(&s->command_budget, now))
		return;
	wait_until(s, flood_due(&s->command_budget, now));
	(void)flood_allows(&s->command_budget, clock_ms());
}

void
session_stop(struct session *s, const struct message_end_session *end)
{
	enum session_stage stage = end->now ? SESSION_STOPPING_NOW :
		SESSION_STOPPING;

	if (s->stage < stage)
		s->stage = stage;
	s->stop_reason = end->reason;
}

const char *
session_stop_text(const struct session *s)
{
	switch (s->stop_reason) {
	case END_ADMINISTRATOR:
		return "The administrator has ended this session.";
	case END_TIME:
		return "Session time limit reached.";
	default:
		return "The server is shutting down.";
	}
}

void
session_follow_orders(struct session *s)
{
	uint32_t number = page_order_number();

	if (number == s->orders)
		return;
	s->orders = number;
	int32_t level = page_order().log_level;
	if (level > 0)
		log_set_level((enum log_level)(level - 1));
	s->reply.log = logs_replies(s);
}

bool
session_receive_monitor(struct session *s)
{
	struct message m UNINITIALIZED;
	int r = channel_recv(&s->monitor, &m);

	if (r == 1 && m.type == MESSAGE_end_session) {
		session_stop(s, &m.end_session);
		return !m.end_session.now;
	}
	session_end(s, r == -EPROTO ? OUTCOME_VIOLATION : OUTCOME_STOPPED);
	return false;
}
