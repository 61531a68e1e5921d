/*
 * admission.c - which clients are accepted.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/admission/admission.h"

static bool
used_up(int64_t limit, size_t count)
{
	return limit != 0 && (limit < 0 || count >= (uint64_t)limit);
}

enum verdict
admission_decide(const struct server_settings *rules,
	const struct admission_facts *facts)
{
	if (facts->denied)
		return VERDICT_NETWORK;
	if (facts->draining)
		return VERDICT_DRAINING;
	if (facts->banned)
		return VERDICT_BANNED;
	if (used_up(rules->max_per_ip, facts->from_address))
		return VERDICT_ADDRESS_FULL;
	if (facts->too_fast)
		return VERDICT_TOO_FAST;
	if (used_up(rules->max_per_network, facts->from_network))
		return VERDICT_NETWORK_FULL;
	if (used_up(rules->max_clients, facts->clients))
		return VERDICT_FULL;
	if (used_up(rules->max_unauthenticated, facts->logging_in))
		return VERDICT_LOGINS_FULL;
	return VERDICT_WELCOME;
}

bool
admission_account(int32_t limit, size_t sessions)
{
	return !used_up(limit, sessions);
}

const char *
admission_reason(enum verdict verdict)
{
	static const char *const reasons[VERDICTS] = {
		[VERDICT_WELCOME] = "accepted",
		[VERDICT_FULL] = "max_clients reached",
		[VERDICT_ADDRESS_FULL] = "max_per_ip reached",
		[VERDICT_LOGINS_FULL] = "max_unauthenticated reached",
		[VERDICT_BANNED] = "address banned",
		[VERDICT_NETWORK] = ("address not allowed (allow_from, "
			"deny_from)"),
		[VERDICT_PROXY] = "not a trusted proxy (proxy_from)",
		[VERDICT_NETWORK_FULL] = "max_per_network reached",
		[VERDICT_TOO_FAST] = ("max_connection_rate or "
			"max_connections_per_second reached"),
		[VERDICT_DRAINING] = "draining (sureftpctl drain)",
	};

	if ((unsigned)verdict >= VERDICTS)
		return "unknown";
	return reasons[verdict];
}
