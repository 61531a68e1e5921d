/*
 * judge.c - collects what admission.h needs to know about a client.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/admission/judge.h"

static bool
allowed_by(const struct listener_settings *l, const struct address *peer)
{
	return (*l->allow_from == '\0' ||
	    address_in_networks(peer, l->allow_from) == 1) &&
	    address_in_networks(peer, l->deny_from) != 1;
}

/* What depends on the address. */
static struct admission_facts
facts_of(const struct judge *j, const struct address *peer)
{
	struct address_prefix prefix = address_prefix(peer);
	struct address_prefix network = address_network(peer);

	return (struct admission_facts){
		.from_address = sessions_of_prefix(j->sessions, &prefix),
		.from_network = sessions_of_network(j->sessions, &network),
		.too_fast = !charges_allow_connection(j->charges, &prefix),
		.banned = charges_banned(j->charges, peer),
	};
}

enum verdict
judge_connection(const struct judge *j,
	const struct listener_settings *listener, const struct address *peer)
{
	bool proxy = listener->proxy_protocol == PROXY_PROTOCOL_REQUIRE;
	struct admission_facts facts = { 0 };

	if (proxy && address_in_networks(peer, listener->proxy_from) != 1)
		return VERDICT_PROXY;
	if (!proxy) {
		facts = facts_of(j, peer);
		facts.denied = !allowed_by(listener, peer);
	}
	facts.clients = sessions_clients(j->sessions);
	facts.logging_in = sessions_in(j->sessions, SLOT_LOGIN);
	facts.draining = j->draining;
	return admission_decide(&j->settings->server, &facts);
}

enum verdict
judge_proxied(const struct judge *j, const struct listener_settings *listener,
	const struct address *peer)
{
	struct admission_facts facts = facts_of(j, peer);

	facts.denied = listener == NULL || !allowed_by(listener, peer);
	return admission_decide(&j->settings->server, &facts);
}
