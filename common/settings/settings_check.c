/*
 * settings_check.c - errors and warnings that depend on several settings.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_check.h"

#include "common/settings/settings_accounts.h"
#include "common/settings/settings_client.h"
#include "common/settings/settings_guests.h"
#include "common/settings/settings_log.h"
#include "common/settings/settings_passive.h"
#include "common/settings/settings_radius.h"
#include "common/settings/settings_report.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_tls.h"
#include "common/text.h"

#include <sys/un.h>

/* The line of a server or user row; for two rows, that of the one that was
 * set. */
static int
line_of(const struct settings_report *r, size_t row)
{
	return r->settings->origins[0].line[row];
}

static int
line_of_either(const struct settings_report *r, size_t row, size_t other)
{
	int line = line_of(r, row);

	return line != SETTINGS_FROM_DEFAULT ? line : line_of(r, other);
}

static int
line_of_listener(const struct settings_report *r, size_t i, size_t row)
{
	return r->settings->origins[SETTINGS_ORIGIN_LISTENER(i)].line[row];
}

/* One line of a section, or SETTINGS_FROM_DEFAULT. */
static int
first_line(const struct settings_origin *origin)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (origin->line[i] != SETTINGS_FROM_DEFAULT)
			return origin->line[i];
	return SETTINGS_FROM_DEFAULT;
}

#define ROW(section, key) SETTINGS_ROW_##section##_##key

static void
check_workers(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (s->min_spare_workers > s->max_workers)
		settings_report_at(r, line_of_either(r,
		    ROW(server, min_spare_workers),
		    ROW(server, max_workers)),
		    "min_spare_workers (%" PRId64 ") must not exceed "
		    "max_workers (%" PRId64 ")", s->min_spare_workers,
		    s->max_workers);
}

static void
check_not_root(struct settings_report *r, const char *account, size_t row)
{
	if (strcmp(account, "root") == 0)
		settings_report_row(r, row, "%s must not be root",
		    settings_table[row].key);
}

static void
check_accounts(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (strcmp(s->greeter_user, "root") == 0)
		settings_report_row(r, ROW(server, greeter_user),
		    "greeter_user must not be root: it talks to clients "
		    "that are not logged in");
	if (strcmp(s->recorder_user, "root") == 0)
		settings_report_row(r, ROW(server, recorder_user),
		    "recorder_user must not be root: it processes text "
		    "that clients sent");
	if (strcmp(s->keeper_user, "root") == 0)
		settings_report_row(r, ROW(server, keeper_user),
		    "keeper_user must not be root: it answers processes that "
		    "talk to clients");
	check_not_root(r, s->radius_user, ROW(server, radius_user));
	check_not_root(r, s->quota_user, ROW(quota, quota_user));
	check_not_root(r, s->runner_user, ROW(events, runner_user));
	if (strchr(s->pam_service, '/') != NULL)
		settings_report_row(r, ROW(auth, pam_service),
		    "pam_service must be the name of a file in /etc/pam.d, "
		    "without \"/\"");
}

/* The address of a socket is limited to fewer bytes than a path. */
static void
check_control_socket(struct settings_report *r)
{
	const char *path = r->settings->server.control_socket;
	size_t most = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	if (strlen(path) > most)
		settings_report_row(r, ROW(server, control_socket),
		    "control_socket must not be longer than %zu bytes", most);
	else if (*path != '\0' && path[strlen(path) - 1] == '/')
		settings_report_row(r, ROW(server, control_socket),
		    "control_socket must be a file name, not a directory");
}

/* Required, because there is no obvious default. */
static void
check_directories(struct settings_report *r)
{
	for (size_t i = 0; i < r->settings->directory_count; i++) {
		const struct settings_directory *d =
		    &r->settings->directories[i];
		if (d->origin.line[ROW(directory, permissions)] ==
		    SETTINGS_FROM_DEFAULT)
			settings_report_at(r, first_line(&d->origin),
			    "[directory \"%s\"] does not set permissions",
			    d->path);
	}
}

static bool
listeners_collide(const struct listener_settings *a,
	const struct listener_settings *b)
{
	/* A listener on all addresses uses the port of every address. */
	return a->port == b->port && (!address_is_set(&a->address) ||
	    !address_is_set(&b->address) ||
	    address_same_host(&a->address, &b->address));
}

static void
check_listeners(struct settings_report *r)
{
	const struct settings *s = r->settings;

	for (size_t i = 1; i < s->listener_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct listener_settings *a = &s->listeners[k];
			const struct listener_settings *b = &s->listeners[i];
			if (!listeners_collide(a, b))
				continue;
			settings_report_at(r, line_of_listener(r, i,
			    ROW(listener, port)), "[listener%s%s] has the "
			    "same address and port (%" PRId64 ") as "
			    "[listener%s%s]",
			    *b->name != '\0' ? " " : "", b->name, b->port,
			    *a->name != '\0' ? " " : "", a->name);
		}
}

static void
check_directory_message(struct settings_report *r,
	const struct user_settings *user, int line)
{
	if (strchr(user->directory_message, '/') != NULL)
		settings_report_at(r, line, "directory_message must be the "
		    "name of a file, without \"/\"");
}

static void
check_message_of(struct settings_report *r, const struct settings_override *o,
	size_t row)
{
	if (o->origin.line[row] != SETTINGS_FROM_DEFAULT)
		check_directory_message(r, &o->values, o->origin.line[row]);
}

static void
check_messages(struct settings_report *r)
{
	const size_t row = ROW(session, directory_message);
	const struct settings *s = r->settings;

	check_directory_message(r, &s->user, line_of(r, row));
	for (size_t i = 0; i < s->override_count; i++)
		check_message_of(r, &s->overrides[i], row);
	check_message_of(r, &s->anonymous, row);
}

size_t
settings_check(const struct settings *settings, settings_complaint *complain,
	void *context)
{
	struct settings_report r = { settings, complain, context, 0 };

	check_workers(&r);
	check_accounts(&r);
	check_listeners(&r);
	check_control_socket(&r);
	settings_log_check(&r);
	check_directories(&r);
	check_messages(&r);
	settings_passive_check(&r);
	settings_guests_check(&r);
	settings_accounts_check(&r);
	settings_radius_check(&r);
	settings_tls_check(&r);
	return r.count;
}

static void
warn_limits(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (s->max_clients == 0 || s->max_clients > s->max_workers)
		settings_report_at(r, line_of_either(r,
		    ROW(limits, max_clients), ROW(server, max_workers)),
		    "max_workers (%" PRId64 ") is lower than max_clients%s: "
		    "further clients will be disconnected without a reply",
		    s->max_workers, s->max_clients == 0 ? " (no limit)" : "");
	if (s->failed_login_delay == 0)
		settings_report_row(r, ROW(auth, failed_login_delay),
		    "failed_login_delay is 0: passwords can be guessed faster, "
		    "and existing accounts can be detected by timing");
}

static void
warn_group_limit(struct settings_report *r, size_t row,
	const struct settings_origin *origin)
{
	if (origin->line[row] != SETTINGS_FROM_DEFAULT)
		settings_report_at(r, origin->line[row], "%s has an effect in "
		    "[group NAME] sections only", settings_table[row].key);
}

/* Only the members of a group have these limits together. */
static void
warn_group_limits(struct settings_report *r)
{
	static const size_t rows[] = { ROW(limits, max_per_group),
		ROW(limits, max_group_download_rate),
		ROW(limits, max_group_upload_rate) };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		warn_group_limit(r, rows[i], &r->settings->origins[0]);
		for (size_t k = 0; k < r->settings->override_count; k++)
			if (r->settings->overrides[k].kind == OVERRIDE_USER)
				warn_group_limit(r, rows[i],
				    &r->settings->overrides[k].origin);
	}
}

static void
warn_client_sections(struct settings_report *r)
{
	for (size_t i = 0; i < r->settings->override_count; i++) {
		const struct settings_override *o = &r->settings->overrides[i];
		if (o->kind == OVERRIDE_CLIENT &&
		    !settings_client_is_known(o->name, r->settings))
			settings_report_at(r, first_line(&o->origin),
			    "[client \"%s\"]: there is no such listener",
			    o->name);
	}
}

static void
warn_directories(struct settings_report *r)
{
	for (size_t i = 0; i < r->settings->directory_count; i++) {
		const struct settings_directory *d =
		    &r->settings->directories[i];
		if (strchr(d->path, '%') != NULL)
			settings_report_at(r, first_line(&d->origin),
			    "[directory \"%s\"]: tokens such as %%u are not "
			    "supported here", d->path);
	}
}

/* "{" is for administrators of vsftpd, whose patterns have lists. */
static void
warn_patterns(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	static const size_t rows[] = { ROW(session, deny_names),
		ROW(session, allow_names), ROW(session, download_names),
		ROW(session, hide_names) };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct settings_row *row = &settings_table[rows[i]];
		const char *const *text = settings_table_value(row, values);
		if (origin->line[rows[i]] != SETTINGS_FROM_DEFAULT &&
		    strchr(*text, '{') != NULL)
			settings_report_at(r, origin->line[rows[i]],
			    "%s: \"{\" is an ordinary character; separate "
			    "patterns by blanks", row->key);
	}
}

static void
warn_accounts(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	bool root_allowed = *s->allowed_users == '\0' ||
	    text_list_has(s->allowed_users, "root");

	if (root_allowed && !text_list_has(s->rejected_users, "root"))
		settings_report_row(r, ROW(auth, rejected_users),
		    "root can log in; add root to rejected_users to prevent "
		    "this");
	if (r->settings->user.allow_chown)
		settings_report_row(r, ROW(session, allow_chown),
		    "allow_chown applies to all accounts here; set it in "
		    "[user NAME] or [group NAME]");
	if (strcmp(s->greeter_user, s->recorder_user) == 0)
		settings_report_at(r, line_of_either(r,
		    ROW(server, greeter_user), ROW(server, recorder_user)),
		    "greeter_user and recorder_user should be different "
		    "accounts, so that neither process can signal or trace "
		    "the other");
	if (strcmp(s->keeper_user, s->greeter_user) == 0 ||
	    strcmp(s->keeper_user, s->recorder_user) == 0)
		settings_report_row(r, ROW(server, keeper_user),
		    "keeper_user should be an account of its own, so that no "
		    "other process can reach the private keys");
}

static void
warn_passive_ports(struct settings_report *r, size_t i)
{
	const struct listener_settings *l = &r->settings->listeners[i];
	int64_t ports = l->passive_ports.to - l->passive_ports.from + 1;
	int64_t clients = r->settings->server.max_clients;

	if (l->allow_passive && l->passive_ports.to != 0 &&
	    (clients == 0 || ports < clients))
		settings_report_at(r, line_of_listener(r, i,
		    ROW(listener, passive_ports)),
		    "passive_ports has %" PRId64 " ports, which is less than "
		    "max_clients%s: some sessions may find no free port",
		    ports, clients == 0 ? " (no limit)" : "");
}

static void
warn_listener(struct settings_report *r, size_t i)
{
	const struct listener_settings *l = &r->settings->listeners[i];

	if (!l->allow_passive && !l->allow_active)
		settings_report_at(r, line_of_listener(r, i,
		    ROW(listener, allow_passive)),
		    "allow_passive and allow_active are both off: clients "
		    "cannot list or transfer anything");
	if (strcmp(l->allow_fxp, "yes") == 0 ||
	    strcmp(l->allow_fxp, "active") == 0)
		settings_report_at(r, line_of_listener(r, i,
		    ROW(listener, allow_fxp)),
		    "allow_fxp lets clients make this server connect to "
		    "other hosts%s (FTP bounce)",
		    l->allow_privileged_ports ? " on any port" : "");
	if (l->proxy_protocol == PROXY_PROTOCOL_REQUIRE &&
	    *l->proxy_from == '\0')
		settings_report_at(r, line_of_listener(r, i,
		    ROW(listener, proxy_protocol)),
		    "proxy_protocol needs proxy_from, the addresses of the "
		    "proxies: without it nobody can connect");
	if (l->proxy_protocol == PROXY_PROTOCOL_NO && *l->proxy_from != '\0')
		settings_report_at(r, line_of_listener(r, i,
		    ROW(listener, proxy_from)),
		    "proxy_from has no effect without proxy_protocol = "
		    "require");
	warn_passive_ports(r, i);
}

size_t
settings_warn(const struct settings *settings, settings_complaint *complain,
	void *context)
{
	struct settings_report r = { settings, complain, context, 0 };

	warn_limits(&r);
	warn_group_limits(&r);
	warn_accounts(&r);
	warn_client_sections(&r);
	warn_directories(&r);
	for (size_t i = 0; i < settings->listener_count; i++)
		warn_listener(&r, i);
	settings_passive_warn(&r);
	settings_accounts_warn(&r);
	settings_radius_warn(&r);
	settings_tls_warn(&r);
	return r.count + settings_report_values(settings, complain, context,
	    warn_patterns);
}
