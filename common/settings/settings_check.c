/*
 * settings_check.c - what only shows when settings stand together.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_place.h"
#include "common/settings/settings_tls.h"
#include "common/text.h"

#include <sys/un.h>

void
settings_check_where(const struct settings *settings, int line,
	struct buffer *b)
{
	const char *path = settings->path;

	if (line == SETTINGS_FROM_COMMAND_LINE) {
		buffer_add_text(b, "-o");
		return;
	}
	if (*path == '\0')
		path = "built-in settings";
	text_escape(b, path, strlen(path));
	if (line > 0)
		buffer_addf(b, ":%d", line);
}

void
settings_check_at(struct settings_checking *c, int line,
	const char *format, ...)
{
	BUFFER(where, SETTINGS_CHECK_WHERE_SIZE);
	BUFFER(sentence, 1024);
	va_list ap;

	settings_check_where(c->settings, line, &where);
	va_start(ap, format);
	buffer_addv(&sentence, format, ap);
	va_end(ap);
	c->complaints++;
	c->complain(c->context, buffer_text(&where), buffer_text(&sentence));
}

/* The line of a server or user row; of two rows, the one that was set. */
static int
line_of(const struct settings_checking *c, size_t row)
{
	return c->settings->origins[0].line[row];
}

static int
line_of_either(const struct settings_checking *c, size_t row, size_t other)
{
	int line = line_of(c, row);

	return line != SETTINGS_FROM_DEFAULT ? line : line_of(c, other);
}

static int
line_of_listener(const struct settings_checking *c, size_t i, size_t row)
{
	return c->settings->origins[SETTINGS_ORIGIN_LISTENER(i)].line[row];
}

#define ROW(section, key) SETTINGS_ROW_##section##_##key

static void
check_workers(struct settings_checking *c)
{
	const struct server_settings *s = &c->settings->server;

	if (s->min_spare_workers > s->max_workers)
		settings_check_at(c, line_of_either(c,
		    ROW(server, min_spare_workers),
		    ROW(server, max_workers)),
		    "min_spare_workers (%" PRId64 ") must not be more than "
		    "max_workers (%" PRId64 ")", s->min_spare_workers,
		    s->max_workers);
}

static void
check_accounts(struct settings_checking *c)
{
	const struct server_settings *s = &c->settings->server;

	if (strcmp(s->greeter_user, "root") == 0)
		settings_check_at(c, line_of(c, ROW(server, greeter_user)),
		    "greeter_user must not be root: its process talks to "
		    "strangers");
	if (strcmp(s->recorder_user, "root") == 0)
		settings_check_at(c, line_of(c, ROW(server, recorder_user)),
		    "recorder_user must not be root: its process reads what "
		    "strangers wrote");
	if (strcmp(s->keeper_user, "root") == 0)
		settings_check_at(c, line_of(c, ROW(server, keeper_user)),
		    "keeper_user must not be root: its process answers "
		    "processes that talk to strangers");
	if (strchr(s->pam_service, '/') != NULL)
		settings_check_at(c, line_of(c, ROW(auth, pam_service)),
		    "pam_service must be the name of a file in /etc/pam.d, "
		    "without a slash");
}

/* A socket's address is shorter than a path may be. */
static void
check_control_socket(struct settings_checking *c)
{
	const char *path = c->settings->server.control_socket;
	size_t most = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	if (strlen(path) > most)
		settings_check_at(c, line_of(c, ROW(server, control_socket)),
		    "control_socket must not be longer than %zu bytes", most);
	else if (*path != '\0' && path[strlen(path) - 1] == '/')
		settings_check_at(c, line_of(c, ROW(server, control_socket)),
		    "control_socket must be the name of a file, not of a "
		    "directory");
}

static bool
listeners_collide(const struct listener_settings *a,
	const struct listener_settings *b)
{
	/* One that listens everywhere takes the port of every address. */
	return a->port == b->port && (!address_is_set(&a->address) ||
	    !address_is_set(&b->address) ||
	    address_same_host(&a->address, &b->address));
}

static void
check_listeners(struct settings_checking *c)
{
	const struct settings *s = c->settings;

	for (size_t i = 1; i < s->listener_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct listener_settings *a = &s->listeners[k];
			const struct listener_settings *b = &s->listeners[i];
			if (!listeners_collide(a, b))
				continue;
			settings_check_at(c, line_of_listener(c, i,
			    ROW(listener, port)), "[listener%s%s] would "
			    "listen at port %" PRId64 " of the same address "
			    "as [listener%s%s]",
			    *b->name != '\0' ? " " : "", b->name, b->port,
			    *a->name != '\0' ? " " : "", a->name);
		}
}

static void
check_log_files(struct settings_checking *c)
{
	const struct server_settings *s = &c->settings->server;
	const struct {
		const char *key, *path;
		size_t row;
	} files[] = {
		{ "protocol", s->protocol, ROW(log, protocol) },
		{ "vsftpd_file", s->vsftpd_file, ROW(log, vsftpd_file) },
		{ "xferlog_file", s->xferlog_file, ROW(log, xferlog_file) },
	};

	for (size_t i = 1; i < ARRAY_SIZE(files); i++)
		for (size_t k = 0; k < i; k++)
			if (*files[i].path != '\0' &&
			    strcmp(files[i].path, files[k].path) == 0)
				settings_check_at(c, line_of(c, files[i].row),
				    "%s and %s must not be the same file",
				    files[i].key, files[k].key);
}

size_t
settings_check(const struct settings *settings, settings_complaint *complain,
	void *context)
{
	struct settings_checking c = { settings, complain, context, 0 };

	check_workers(&c);
	check_accounts(&c);
	check_listeners(&c);
	check_control_socket(&c);
	check_log_files(&c);
	settings_tls_check(&c);
	return c.complaints;
}

static void
warn_limits(struct settings_checking *c)
{
	const struct server_settings *s = &c->settings->server;

	if (s->max_clients == 0 || s->max_clients > s->max_workers)
		settings_check_at(c, line_of_either(c,
		    ROW(limits, max_clients), ROW(server, max_workers)),
		    "max_workers (%" PRId64
		    ") ends the service before max_clients does, and "
		    "without a word to the client", s->max_workers);
	if (s->failed_login_delay == 0)
		settings_check_at(c,
		    line_of(c, ROW(auth, failed_login_delay)),
		    "without failed_login_delay passwords can be guessed "
		    "faster, and unknown accounts told from known ones");
}

static void
warn_accounts(struct settings_checking *c)
{
	const struct server_settings *s = &c->settings->server;
	bool root_allowed = *s->allowed_users == '\0' ||
	    text_list_has(s->allowed_users, "root");

	if (root_allowed && !text_list_has(s->rejected_users, "root"))
		settings_check_at(c, line_of(c, ROW(auth, rejected_users)),
		    "root may log in; add root to rejected_users to prevent "
		    "it");
	if (strcmp(s->greeter_user, s->recorder_user) == 0)
		settings_check_at(c, line_of_either(c,
		    ROW(server, greeter_user), ROW(server, recorder_user)),
		    "greeter_user and "
		    "recorder_user should be two accounts, so that neither "
		    "can reach the other");
	if (strcmp(s->keeper_user, s->greeter_user) == 0 ||
	    strcmp(s->keeper_user, s->recorder_user) == 0)
		settings_check_at(c, line_of(c, ROW(server, keeper_user)),
		    "keeper_user should be an account of its own, so that no "
		    "other process can reach the private keys");
}

static void
warn_passive_ports(struct settings_checking *c, size_t i)
{
	const struct listener_settings *l = &c->settings->listeners[i];
	int64_t ports = l->passive_ports.to - l->passive_ports.from + 1;
	int64_t clients = c->settings->server.max_clients;

	if (l->allow_passive && l->passive_ports.to != 0 &&
	    (clients == 0 || ports < clients))
		settings_check_at(c, line_of_listener(c, i,
		    ROW(listener, passive_ports)),
		    "passive_ports holds %" PRId64 " ports, but max_clients "
		    "allows more sessions; some may find no port", ports);
}

static void
warn_listener(struct settings_checking *c, size_t i)
{
	const struct listener_settings *l = &c->settings->listeners[i];

	if (!l->allow_passive && !l->allow_active)
		settings_check_at(c, line_of_listener(c, i,
		    ROW(listener, allow_passive)),
		    "with neither allow_passive nor allow_active nothing can "
		    "be listed or transferred");
	if (l->allow_fxp)
		settings_check_at(c, line_of_listener(c, i,
		    ROW(listener, allow_fxp)),
		    "allow_fxp lets clients make this server connect "
		    "to other hosts%s", l->allow_privileged_ports ?
		    ", to any port" : "");
	warn_passive_ports(c, i);
}

size_t
settings_warn(const struct settings *settings, settings_complaint *complain,
	void *context)
{
	struct settings_checking c = { settings, complain, context, 0 };

	warn_limits(&c);
	warn_accounts(&c);
	for (size_t i = 0; i < settings->listener_count; i++)
		warn_listener(&c, i);
	settings_tls_warn(&c);
	return c.complaints;
}
