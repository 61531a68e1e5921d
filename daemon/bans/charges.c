/*
 * charges.c - charges addresses for failures of their sessions, and bans them.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/bans/charges.h"

#include "common/clock.h"
#include "common/log/event.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/connection_log.h"
#include "common/text.h"
#include "daemon/bans/bans.h"
#include "daemon/frequency.h"

#include <sys/wait.h>

struct charges {
	const struct configuration *configuration;
	struct scores *hosts;		/* of address_prefix() */
	struct scores *networks;	/* of address_network() */
	struct bans *bans;
	struct frequency *logins;
	uint64_t crashes;
	struct frequency *connections;
	struct frequency *bursts;	/* of connections, within a second */
};

struct charges *
charges_new(const struct configuration *configuration)
{
	struct charges *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->configuration = configuration;
	c->hosts = scores_new();
	c->networks = scores_new();
	c->bans = bans_new();
	c->logins = frequency_new();
	c->connections = frequency_new();
	c->bursts = frequency_new();
	if (c->hosts != NULL && c->networks != NULL && c->bans != NULL &&
	    c->logins != NULL && c->connections != NULL &&
	    c->bursts != NULL)
		return c;
	charges_free(c);
	return NULL;
}

void
charges_free(struct charges *c)
{
	if (c == NULL)
		return;
	scores_free(c->hosts);
	scores_free(c->networks);
	bans_free(c->bans);
	frequency_free(c->logins);
	frequency_free(c->connections);
	frequency_free(c->bursts);
	free(c);
}

bool
charges_banned(const struct charges *c, const struct address *peer)
{
	return bans_find(c->bans, peer, clock_ms()) != NULL;
}

struct bans *
charges_bans(const struct charges *c)
{
	return c->bans;
}

struct scores *
charges_scores(const struct charges *c, bool networks)
{
	return networks ? c->networks : c->hosts;
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

/* --- bans */

static void
report_ban(const struct ban *ban, int64_t now)
{
	struct event e = event_new(EVENT_ban);
	char text[ADDRESS_RANGE_TEXT_SIZE];

	e.duration_ms = ban->until == CLOCK_NEVER ? 0 : ban->until - now;
	e.path = address_range_text(&ban->range, text);
	e.text = ban->reason;
	event_send(&e);
}

static void
report_unban(const struct ban *ban, const char *reason)
{
	struct event e = event_new(EVENT_unban);
	char text[ADDRESS_RANGE_TEXT_SIZE];

	e.path = address_range_text(&ban->range, text);
	e.text = reason;
	event_send(&e);
}

int
charges_ban(struct charges *c, const struct ban *ban)
{
	struct ban ended;

	if (bans_make_room(c->bans, &ban->range, &ended))
		report_unban(&ended, "too many bans");
	int error = bans_add(c->bans, ban);
	if (error == 0)
		report_ban(ban, clock_ms());
	return error;
}

bool
charges_unban(struct charges *c, const struct address_range *range)
{
	struct ban ban;

	if (!bans_lift(c->bans, range, &ban))
		return false;
	scores_forget(c->hosts, &range->base);
	scores_forget(c->networks, &range->base);
	report_unban(&ban, "sureftpctl unban");
	return true;
}

void
charges_step(struct charges *c, int64_t now)
{
	struct ban ban;

	while (bans_ended(c->bans, &ban, now))
		report_unban(&ban, "expired");
}

int64_t
charges_due(const struct charges *c)
{
	return bans_due(c->bans);
}

/* --- scores */

static struct scores_rules
rules(const struct charges *c, int64_t limit)
{
	const struct server_settings *s =
		&c->configuration->settings->server;

	return (struct scores_rules){
		.limit = limit,
		.window = s->ban_window * 1000,
		.time = s->ban_time * 1000,
		.max_time = s->max_ban_time * 1000,
	};
}

static bool
is_exempt(const struct charges *c, const struct address *peer)
{
	return address_in_networks(peer,
		c->configuration->settings->server.ban_exempt) == 1;
}

/* Ban a range for this time, if it is to be banned. */
static void
ban_for(struct charges *c, struct address_range range, int64_t ms,
	const char *reason)
{
	struct ban ban = { .range = range, .until = clock_ms() + ms };

	if (ms == 0)
		return;
	(void)!text_copy(ban.reason, sizeof(ban.reason), reason);
	if (charges_ban(c, &ban) < 0)
		log_warning("cannot ban an address: %d networks are banned "
			"by administrators", BANS_MAX);
}

static void
charge(struct charges *c, const struct slot *slot, int64_t cost,
	const struct guess *guess)
{
	const struct server_settings *s =
		&c->configuration->settings->server;
	struct scores_rules host = rules(c, s->ban_after);
	struct scores_rules network = rules(c, s->ban_network_after);
	struct address_prefix prefix = address_network(&slot->peer);
	int64_t now = clock_ms();
	const char *reason = cost == SCORES_ALWAYS ?
	    "protocol violation or crash" : "too many failures";

	/* A proxy that has not named its client yet is never banned. */
	if (cost == 0 || slot->unnamed || is_exempt(c, &slot->peer) ||
	    charges_banned(c, &slot->peer))
		return;
	ban_for(c, address_range_of(&slot->peer), scores_add(c->hosts,
		&slot->prefix, &host, cost, guess, now), reason);
	if (cost == SCORES_ALWAYS)
		cost = SCORES_LOGIN;
	ban_for(c, address_range_network(&slot->peer), scores_add(c->networks,
		&prefix, &network, cost, guess, now),
		"too many failures in the network");
}

bool
charges_allow_connection(struct charges *c, const struct address_prefix *prefix)
{
	const struct server_settings *s = &c->configuration->settings->server;
	int64_t now = clock_ms();

	return frequency_allows(c->bursts, prefix,
		    s->max_connections_per_second, 1000, now) &&
		frequency_allows(c->connections, prefix,
		    s->max_connection_rate, 60000, now);
}

bool
charges_allow_login(struct charges *c, const struct slot *slot)
{
	int64_t rate = c->configuration->settings->server.max_login_rate;

	return frequency_allows(c->logins, &slot->prefix, rate, 60000,
		clock_ms());
}

void
charges_failed_login(struct charges *c, const struct slot *slot,
	const struct guess *guess)
{
	charge(c, slot, SCORES_LOGIN, guess);
}

void
charges_login(struct charges *c, const struct slot *slot, uint64_t user)
{
	struct address_prefix network = address_network(&slot->peer);

	scores_login(c->hosts, &slot->prefix, user);
	scores_login(c->networks, &network, user);
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

uint64_t
charges_crashes(const struct charges *c)
{
	return c->crashes;
}

/* What the monitor would have logged. */
static void
report_end_of(const struct slot *slot, const struct page_report *page,
	enum outcome outcome)
{
	const struct connection_end end = {
		.outcome = outcome,
		.duration_ms = clock_ms() - slot->started,
	};

	if (page != NULL && page->state != PAGE_NONE && slot->user != NULL)
		connection_log_logout(slot->user, page, &end);
	connection_log_disconnect(&end);
}

void
charges_exited(struct charges *c, const struct slot *slot,
	const struct page_report *page, int status)
{
	enum outcome outcome = slot->killed ? slot->reason :
	    child_outcome(status);

	charges_log_about(slot);
	if (outcome == OUTCOME_CRASH) {
		c->crashes++;
		report_crash(status);
	}
	if (WIFSIGNALED(status))
		report_end_of(slot, page, outcome);
	charge(c, slot, scores_cost(outcome), NULL);
	charges_log_about(NULL);
}

void
charges_save(const struct charges *c, struct state_writer *w)
{
	bans_save(c->bans, w);
	scores_save(c->hosts, w);
	scores_save(c->networks, w);
	frequency_save(c->logins, w);
	frequency_save(c->connections, w);
	frequency_save(c->bursts, w);
}

void
charges_restore(struct charges *c, struct state_reader *r)
{
	bans_restore(c->bans, r);
	scores_restore(c->hosts, r);
	scores_restore(c->networks, r);
	frequency_restore(c->logins, r);
	frequency_restore(c->connections, r);
	frequency_restore(c->bursts, r);
}
