/*
 * settings_reuse.c - determines session_reuse for a client's network.
 *
 * Runs in: the master (checking), the session.
 */
#include "common/base.h"
#include "common/settings/settings_reuse.h"

#include "common/settings/settings_table.h"
#include "common/settings/settings_value.h"
#include "common/text.h"

/* The next line of a LINES value, and its length; NULL at the end. */
static const char *
next_line(const char **at, size_t *len)
{
	const char *line = *at;

	if (*line == '\0')
		return NULL;
	*len = strcspn(line, "\n");
	*at = line + *len + (line[*len] == '\n');
	return line;
}

struct reuse_rule {
	char network[ADDRESS_TEXT_SIZE + 8];
	int reuse;
};

/* "NETWORK strict|require|prefer|off" */
static int
parse_rule(const char *line, size_t len, struct reuse_rule *rule)
{
	const struct settings_row *row =
	    &settings_table[SETTINGS_ROW_tls_session_reuse];
	char text[ADDRESS_TEXT_SIZE + 32];
	const char *at = text, *network, *word;
	size_t network_len, word_len, rest_len;
	struct address any;

	if (len >= sizeof(text))
		return -EINVAL;
	memcpy(text, line, len);
	text[len] = '\0';
	network = text_word(&at, &network_len);
	word = network != NULL ? text_word(&at, &word_len) : NULL;
	if (word == NULL || network_len >= sizeof(rule->network) ||
	    text_word(&at, &rest_len) != NULL)
		return -EINVAL;
	memcpy(rule->network, network, network_len);
	rule->network[network_len] = '\0';
	text[word - text + (ptrdiff_t)word_len] = '\0';
	address_clear(&any);
	if (address_in_network(&any, rule->network) < 0)
		return -EINVAL;
	return settings_value_parse(row, word, &rule->reuse);
}

int
settings_reuse_for(const struct settings *settings,
	const struct user_settings *user, const struct address *peer)
{
	const char *at = settings->server.session_reuse_for, *line;
	struct reuse_rule rule;
	size_t len;

	while ((line = next_line(&at, &len)) != NULL)
		if (parse_rule(line, len, &rule) == 0 &&
		    address_in_network(peer, rule.network) == 1)
			return rule.reuse;
	return user->session_reuse;
}

const char *
settings_reuse_mistake(const char **at, size_t *len)
{
	struct reuse_rule rule;
	const char *line;

	while ((line = next_line(at, len)) != NULL)
		if (parse_rule(line, *len, &rule) < 0)
			return line;
	return NULL;
}
