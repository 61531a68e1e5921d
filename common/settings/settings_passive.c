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

/* "This network", multicast and reserved (RFC 6890). */
#define UNUSABLE "0.0.0.0/8 224.0.0.0/3"

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

/* A host name: letters, digits, hyphens and dots, and not all digits and dots,
 * which would be a mistyped address. */
static bool
is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strlen(text);

	return len > 0 && strspn(text, "0123456789.-_"
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
		len && strpbrk(text, letters) != NULL &&
		text[0] != '-' && text[0] != '.';
}

/* --- names */

#define NAMES_MOST 64

static size_t
add_name(const char *name, const char **names, size_t count, size_t most)
{
	if (!is_name(name) || text_is(name, LOCAL) || count >= most)
		return count;
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return count;
	names[count] = name;
	return count + 1;
}

static size_t
add_lines(const char *lines, const char **names, size_t count, size_t most)
{
	static struct settings_pair pairs[NAMES_MOST];
	const char *line;
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL &&
	    count < NAMES_MOST)
		if (settings_lines_pair(line, len, &pairs[count]) == 0)
			count = add_name(pairs[count].word, names, count, most);
	return count;
}

size_t
settings_passive_names(const struct settings *settings, const char **names,
	size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < settings->listener_count; i++) {
		const struct listener_settings *l = &settings->listeners[i];

		count = add_name(l->passive_address, names, count, most);
		count = add_lines(l->passive_address_for, names, count, most);
		count = add_lines(l->passive_address_map, names, count, most);
	}
	return count;
}

/* --- mistakes */

static void
check_lines(struct settings_report *r, const char *lines, int at,
	const char *key)
{
	struct settings_pair pair;
	const char *line;
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL)
		if (settings_lines_pair(line, len, &pair) < 0 ||
		    !(is_name(pair.word) || is_address(pair.word)))
			settings_report_at(r, at, "%s: \"%.*s\" must be an "
			    "address or network, followed by an IPv4 address, "
			    "a host name or local", key, (int)len, line);
}

static void
check_listener(struct settings_report *r, size_t i)
{
	const struct listener_settings *l = &r->settings->listeners[i];
	const int *line = r->settings->origins[SETTINGS_ORIGIN_LISTENER(i)]
		.line;

	if (*l->passive_address != '\0' && !is_address(l->passive_address) &&
	    !is_name(l->passive_address))
		settings_report_at(r,
		    line[SETTINGS_ROW_listener_passive_address],
		    "passive_address must be an IPv4 address or a host name");
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

static void
warn_listener(struct settings_report *r, size_t i)
{
	const struct listener_settings *l = &r->settings->listeners[i];
	int line = r->settings->origins[SETTINGS_ORIGIN_LISTENER(i)]
		.line[SETTINGS_ROW_listener_passive_address];
	struct address a;

	if (address_parse(&a, l->passive_address) < 0)
		return;
	if (address_in_networks(&a, UNUSABLE) == 1)
		settings_report_at(r, line, "passive_address: no client can "
		    "connect to %s", l->passive_address);
	else if (address_in_network(&a, "127.0.0.0/8") == 1)
		settings_report_at(r, line, "passive_address: only clients "
		    "on this host can connect to %s", l->passive_address);
}

void
settings_passive_warn(struct settings_report *r)
{
	for (size_t i = 0; i < r->settings->listener_count; i++)
		warn_listener(r, i);
}
