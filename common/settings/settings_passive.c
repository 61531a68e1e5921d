/*
 * settings_passive.c - determines the address in PASV replies.
 *
 * Runs in: the master (checking), the session, sureftpd --check.
 */
#include "common/base.h"
#include "common/settings/settings_passive.h"

#include "common/settings/settings_lines.h"
#include "common/text.h"

#define LOCAL "local"

/* The word of the first line whose network contains the address. */
static bool
find(const char *lines, const struct address *a, struct settings_pair *pair)
{
	const char *line;
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL)
		if (settings_lines_pair(line, len, pair) == 0 &&
		    address_in_network(a, pair->network) == 1)
			return true;
	return false;
}

void
settings_passive_address(const struct listener_settings *l,
	const struct address *peer, const struct address *local, char *text)
{
	struct settings_pair pair;
	const char *found = l->passive_address;

	if (find(l->passive_address_for, peer, &pair) ||
	    find(l->passive_address_map, local, &pair))
		found = text_is(pair.word, LOCAL) ? "" : pair.word;
	if (text_copy(text, SETTINGS_PASSIVE_SIZE, found) < 0)
		*text = '\0';
}

static bool
is_address(const char *text)
{
	struct address a;

	return address_parse(&a, text) == 0 && address_family(&a) == AF_INET;
}

static void
check_lines(struct settings_report *r, const char *lines, int at,
	const char *key)
{
	struct settings_pair pair;
	const char *line;
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL)
		if (settings_lines_pair(line, len, &pair) < 0 ||
		    !(text_is(pair.word, LOCAL) || is_address(pair.word)))
			settings_report_at(r, at, "%s: \"%.*s\" must be an "
			    "address or network, followed by an IPv4 address "
			    "or local", key, (int)len, line);
}

static void
check_listener(struct settings_report *r, size_t i)
{
	const struct listener_settings *l = &r->settings->listeners[i];
	const int *line = r->settings->origins[SETTINGS_ORIGIN_LISTENER(i)]
		.line;

	if (*l->passive_address != '\0' && !is_address(l->passive_address))
		settings_report_at(r,
		    line[SETTINGS_ROW_listener_passive_address],
		    "passive_address must be an IPv4 address");
	check_lines(r, l->passive_address_for,
	    line[SETTINGS_ROW_listener_passive_address_for],
	    "passive_address_for");
	check_lines(r, l->passive_address_map,
	    line[SETTINGS_ROW_listener_passive_address_map],
	    "passive_address_map");
}

void
settings_passive_check(struct settings_report *r)
{
	for (size_t i = 0; i < r->settings->listener_count; i++)
		check_listener(r, i);
}
