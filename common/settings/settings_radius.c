/*
 * settings_radius.c - errors and warnings about [radius].
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_radius.h"

#include "common/radius/attribute_name.h"
#include "common/radius/server_name.h"
#include "common/radius/subdirectory.h"
#include "common/settings/settings_table.h"
#include "common/text.h"

#define ROW(key) SETTINGS_ROW_radius_##key
#define OLD_PORT 1645

bool
settings_radius_used(const struct server_settings *s)
{
	return text_list_has(s->backends, "radius");
}

static void
add_kinds(struct settings_radius_kinds *kinds, const char *list)
{
	struct radius_server_name name;
	const char *word;
	size_t len;

	while ((word = text_word(&list, &len)) != NULL) {
		bool tls = radius_server_name_parse(&name, word, len, 1) ==
			0 && name.tls;
		kinds->tls = kinds->tls || tls;
		kinds->datagram = kinds->datagram || !tls;
	}
}

struct settings_radius_kinds
settings_radius_kinds(const struct server_settings *s)
{
	struct settings_radius_kinds kinds = { false, false };

	add_kinds(&kinds, s->servers);
	add_kinds(&kinds, s->accounting_servers);
	return kinds;
}

/* Every server of the list; returns how many. */
static int
check_servers(struct settings_report *r, size_t row, const char *list)
{
	struct radius_server_name name;
	const char *word;
	size_t len;
	int count = 0;

	while ((word = text_word(&list, &len)) != NULL) {
		if (radius_server_name_parse(&name, word, len, 1) < 0)
			settings_report_row(r, row, "%s: \"%.*s\" "
			    "is not HOST, HOST:PORT or [ADDRESS]:PORT",
			    settings_table[row].key, (int)len, word);
		if (++count == RADIUS_MAX_SERVERS + 1)
			settings_report_row(r, row, "%s has more "
			    "than %d servers", settings_table[row].key,
			    RADIUS_MAX_SERVERS);
	}
	return count;
}

static void
check_attributes(struct settings_report *r)
{
	static const size_t rows[] = { ROW(home_attribute),
		ROW(realm_attribute), ROW(quota_attribute),
		ROW(download_rate_attribute), ROW(upload_rate_attribute) };
	const struct server_settings *s = &r->settings->server;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct settings_row *row = &settings_table[rows[i]];
		const char *const *text = settings_table_value(row, s);
		struct radius_attribute_name a;
		BUFFER(why, 256);

		if (radius_attribute_name_parse(&a, *text, s->vendor_id,
		    s->dictionary, &why) < 0)
			settings_report_row(r, rows[i],
			    "%s: \"%s\" %s", row->key, *text,
			    buffer_text(&why));
	}
}

static void
check_subdirectory(struct settings_report *r)
{
	if (!radius_subdirectory_is_safe(r->settings->server.root_subdir))
		settings_report_row(r, ROW(root_subdir),
		    "root_subdir must be a relative path without empty, \".\" "
		    "and \"..\" components");
}

static void
check_secret(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (r->settings->origins[0].line[ROW(secret)] ==
	    SETTINGS_FROM_COMMAND_LINE)
		settings_report_at(r, SETTINGS_FROM_COMMAND_LINE, "secret must "
		    "be in the file: every user can read command lines");
	if (*s->secret == '\0' && *s->secret_file == '\0' &&
	    settings_radius_kinds(s).datagram)
		settings_report_row(r, ROW(secret_file),
		    "backends = radius needs secret_file or secret");
}

static void
check_tls(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (!settings_radius_kinds(s).tls)
		return;
	if (*s->tls_ca == '\0')
		settings_report_row(r, ROW(tls_ca),
		    "servers with tls:// need tls_ca");
	if (*s->tls_certificate == '\0')
		settings_report_row(r, ROW(tls_certificate),
		    "servers with tls:// need tls_certificate");
}

void
settings_radius_check(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (!settings_radius_used(s))
		return;
	if (check_servers(r, ROW(servers), s->servers) == 0)
		settings_report_row(r, ROW(servers),
		    "backends = radius needs servers in [radius]");
	(void)check_servers(r, ROW(accounting_servers),
	    s->accounting_servers);
	check_secret(r);
	check_tls(r);
	check_attributes(r);
	check_subdirectory(r);
}

static void
warn_secret(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	bool inside = *s->secret != '\0';
	const char *path = inside ? r->settings->path : s->secret_file;
	size_t row = inside ? ROW(secret) : ROW(secret_file);

	if (!settings_radius_kinds(s).datagram)
		return;
	if (settings_report_others_read(path))
		settings_report_row(r, row, "others can read %s, "
		    "which holds the RADIUS secret; make its mode 0600", path);
	else if (access(path, F_OK) < 0)
		settings_report_row(r, row, "%s: %s", path,
		    strerror(errno));
}

/* A login waits at most this long for all servers. */
static void
warn_time(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	const char *at = s->servers;
	int64_t count = 0;
	size_t len;

	while (text_word(&at, &len) != NULL)
		count++;
	int64_t longest = count * s->timeout * (s->retries + 1);
	if (longest >= s->login_timeout)
		settings_report_row(r, ROW(timeout), "timeout and "
		    "retries of all servers can take %" PRId64 " seconds, "
		    "which is not less than login_timeout (%" PRId64 "): the "
		    "last ones may never be asked", longest,
		    s->login_timeout);
}

/* Accounts with the same ids are one user to the kernel. */
static void
warn_shared_ids(struct settings_report *r)
{
	const struct user_settings *u = &r->settings->user;

	if (u->map_uid != 0 && strcmp(u->jail, "no") == 0 &&
	    !u->hide_mount_point &&
	    *r->settings->server.root_subdir == '\0')
		settings_report_row(r, ROW(map_uid), "accounts that "
		    "share map_uid can change each other's files; set jail = "
		    "home in [session]");
}

void
settings_radius_warn(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (!settings_radius_used(s))
		return;
	warn_secret(r);
	warn_time(r);
	warn_shared_ids(r);
	if (s->port == OLD_PORT)
		settings_report_row(r, ROW(port),
		    "port 1645 is the one of old RADIUS servers; the assigned "
		    "port is 1812");
	if (!s->require_message_authenticator &&
	    settings_radius_kinds(s).datagram)
		settings_report_row(r, ROW(require_message_authenticator),
		    "without require_message_authenticator, others on the "
		    "network can forge an accepted login (CVE-2024-3596)");
	if (strcmp(s->radius_user, s->greeter_user) == 0 ||
	    strcmp(s->radius_user, s->keeper_user) == 0)
		settings_report_row(r, SETTINGS_ROW_server_radius_user,
		    "radius_user should be an account of its own, so that no "
		    "other process can reach the RADIUS secret");
}
