/*
 * settings_reuse.c - determines session_reuse for a client's network.
 *
 * Runs in: the master (checking), the session.
 */
#include "common/base.h"
#include "common/settings/settings_reuse.h"

#include "common/settings/settings_lines.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_value.h"

/* "NETWORK strict|require|prefer|off" */
static int
parse_rule(const char *line, size_t len, struct settings_pair *rule, int *reuse)
{
	int error = settings_lines_pair(line, len, rule);

	return error < 0 ? error : settings_value_parse(
	    &settings_table[SETTINGS_ROW_tls_session_reuse], rule->word,
	    reuse);
}

int
settings_reuse_for(const struct settings *settings,
	const struct user_settings *user, const struct address *peer)
{
	const char *at = settings->server.session_reuse_for, *line;
	struct settings_pair rule;
	int reuse;
	size_t len;

	while ((line = settings_lines_next(&at, &len)) != NULL)
		if (parse_rule(line, len, &rule, &reuse) == 0 &&
		    address_in_network(peer, rule.network) == 1)
			return reuse;
	return user->session_reuse;
}

const char *
settings_reuse_mistake(const char **at, size_t *len)
{
	struct settings_pair rule;
	const char *line;
	int reuse;

	while ((line = settings_lines_next(at, len)) != NULL)
		if (parse_rule(line, *len, &rule, &reuse) < 0)
			return line;
	return NULL;
}
