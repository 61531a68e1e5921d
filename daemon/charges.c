/*
 * charges.c - charges addresses for failures of their sessions.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/charges.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/report.h"
#include "daemon/frequency.h"
#include "daemon/penalty.h"

#include <sys/wait.h>

struct charges {
	const struct configuration *configuration;
	struct penalties *penalties;
	struct frequency *logins;
};

struct charges *
charges_new(const struct configuration *configuration)
{
	struct charges *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->configuration = configuration;
	c->penalties = penalty_new();
	c->logins = frequency_new();
	if (c->penalties != NULL && c->logins != NULL)
		return c;
	charges_free(c);
	return NULL;
}

void
charges_free(struct charges *c)
{
	if (c == NULL)
		return;
	penalty_free(c->penalties);
	frequency_free(c->logins);
	free(c);
}

static int64_t
max_penalty_ms(const struct charges *c)
{
	return c->configuration->settings->server.max_penalty * 1000;
}

bool
charges_refuse(const struct charges *c, const struct address_prefix *prefix)
{
	return max_penalty_ms(c) > 0 &&
	    penalty_holds(c->penalties, prefix, clock_ms());
}

void
charges_log_about(const struct slot *slot)
{
	struct address nobody;

	address_clear(&nobody);
	if (slot == NULL)
		log_set_session(0, &nobody);
	else
		log_set_session(slot->session, &slot->peer);
}

static void
report_ban(int64_t ms)
{
	struct event e = event_new(EVENT_ban);

	e.duration_ms = ms;
	e.text = "too many failures";
	event_send(&e);
}

static void
charge(struct charges *c, const struct slot *slot, int64_t cost)
{
	int64_t now = clock_ms();

	if (penalty_add(c->penalties, &slot->prefix, cost, max_penalty_ms(c),
	    now))
		report_ban(penalty_owed(c->penalties, &slot->prefix, now));
}

bool
charges_allow_login(struct charges *c, const struct slot *slot)
{
	int64_t rate = c->configuration->settings->server.max_login_rate;

	return frequency_allows(c->logins, &slot->prefix, rate, 60000,
		clock_ms());
}

void
charges_failed_login(struct charges *c, const struct slot *slot)
{
	charge(c, slot, PENALTY_FAILED_LOGIN_MS);
}

static void
report_crash(int status)
{
	struct event e = event_new(EVENT_crash);

	e.ok = false;
	e.code = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	e.text = WIFSIGNALED(status) ? "monitor" : "greeter or session";
	event_send(&e);
}

void
charges_exited(struct charges *c, const struct slot *slot, int status)
{
	enum outcome outcome = slot->killed ? slot->reason :
	    child_outcome(status);

	charges_log_about(slot);
	if (outcome == OUTCOME_CRASH)
		report_crash(status);
	/* Otherwise the monitor has logged its end. */
	if (WIFSIGNALED(status))
		report_disconnect(outcome, false, clock_ms() - slot->started);
	charge(c, slot, penalty_cost(outcome));
	charges_log_about(NULL);
}
