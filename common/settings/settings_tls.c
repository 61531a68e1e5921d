/*
 * settings_tls.c - errors and warnings about the TLS settings.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_tls.h"

#include "common/settings/settings_reuse.h"
#include "common/text.h"

#define ROW(key) SETTINGS_ROW_tls_##key

static bool
has_certificate(const struct settings *s)
{
	return *s->tls[0].certificate != '\0';
}

static int
line_of_tls(const struct settings_report *r, size_t i, size_t row)
{
	size_t origin = i == 0 ? 0 : SETTINGS_ORIGIN_TLS(i);

	return r->settings->origins[origin].line[row];
}

/* The number of words; *relative is set to the first that is not an absolute
 * path. */
static size_t
count_paths(const char *list, const char **relative, size_t *relative_len)
{
	const char *word;
	size_t len, n = 0;

	*relative = NULL;
	for (; (word = text_word(&list, &len)) != NULL; n++)
		if (*word != '/' && *relative == NULL) {
			*relative = word;
			*relative_len = len;
		}
	return n;
}

static void
check_files(struct settings_report *r, size_t i)
{
	const struct tls_settings *tls = &r->settings->tls[i];
	const char *certificate, *key;
	size_t certificate_len, key_len;
	size_t certificates = count_paths(tls->certificate, &certificate,
	    &certificate_len);
	size_t keys = count_paths(tls->private_key, &key, &key_len);

	if (certificate != NULL)
		settings_report_at(r, line_of_tls(r, i, ROW(certificate)),
		    "certificate must be absolute paths, not \"%.*s\"",
		    (int)certificate_len, certificate);
	if (key != NULL)
		settings_report_at(r, line_of_tls(r, i, ROW(private_key)),
		    "private_key must be absolute paths, not \"%.*s\"",
		    (int)key_len, key);
	if (keys != 0 && keys != certificates)
		settings_report_at(r, line_of_tls(r, i, ROW(private_key)),
		    "private_key has %zu files, but certificate has %zu; list "
		    "one key for each certificate, in the same order, or none",
		    keys, certificates);
}

static void
check_host(struct settings_report *r, size_t i)
{
	const struct tls_settings *tls = &r->settings->tls[i];

	if (*tls->certificate == '\0')
		settings_report_at(r, line_of_tls(r, i, ROW(private_key)),
		    "[tls \"%s\"] has no certificate", tls->name);
	else if (!has_certificate(r->settings))
		settings_report_at(r, line_of_tls(r, i, ROW(certificate)),
		    "[tls \"%s\"] also needs a certificate in [tls], for "
		    "clients that send no host name (SNI)", tls->name);
}

static void
check_listener(struct settings_report *r, size_t i)
{
	const struct listener_settings *l = &r->settings->listeners[i];

	if (l->tls == TLS_IMPLICIT && !has_certificate(r->settings))
		settings_report_at(r, r->settings->origins[
		    SETTINGS_ORIGIN_LISTENER(i)].line[
		    SETTINGS_ROW_listener_tls], "tls = implicit "
		    "requires a certificate in [tls]");
}

/* `values` are the general ones or those of an override; in an override, rows
 * that are not set are 0, which is the first word of a CHOICE. */
static void
check_account(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	if (values->require_tls != REQUIRE_TLS_NO &&
	    !has_certificate(r->settings))
		settings_report_at(r, origin->line[ROW(require_tls)],
		    "require_tls requires a certificate in [tls]");
	if (values->login_with != LOGIN_WITH_PASSWORD &&
	    r->settings->server.client_certificate == CLIENT_CERTIFICATE_NO)
		settings_report_at(r, origin->line[ROW(login_with)],
		    "login_with requires client_certificate = request or "
		    "require");
}

static void
check_clients(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (s->client_certificate != CLIENT_CERTIFICATE_NO &&
	    *s->client_ca == '\0')
		settings_report_row(r, ROW(client_certificate),
		    "client_certificate requires client_ca");
	if (*s->client_crl != '\0' && *s->client_ca == '\0')
		settings_report_row(r, ROW(client_crl),
		    "client_crl requires client_ca");
	if (s->certificate_user == CERTIFICATE_USER_MAP &&
	    *s->certificate_map == '\0')
		settings_report_row(r, ROW(certificate_user),
		    "certificate_user = map requires certificate_map");
}

static void
check_networks(struct settings_report *r)
{
	const char *at = r->settings->server.session_reuse_for, *line;
	size_t len;

	while ((line = settings_reuse_mistake(&at, &len)) != NULL)
		settings_report_row(r, ROW(session_reuse_for),
		    "session_reuse_for must be a network such as "
		    "192.0.2.0/24 and strict, require, prefer or off, not "
		    "\"%.*s\"", (int)(len < 200 ? len : 200), line);
}

void
settings_tls_check(struct settings_report *r)
{
	const struct settings *s = r->settings;

	for (size_t i = 0; i < s->tls_count; i++)
		check_files(r, i);
	for (size_t i = 1; i < s->tls_count; i++)
		check_host(r, i);
	for (size_t i = 0; i < s->listener_count; i++)
		check_listener(r, i);
	check_account(r, &s->user, &s->origins[0]);
	check_account(r, &s->anonymous.values, &s->anonymous.origin);
	for (size_t i = 0; i < s->override_count; i++)
		check_account(r, &s->overrides[i].values,
		    &s->overrides[i].origin);
	check_clients(r);
	check_networks(r);
}

static void
warn_listeners(struct settings_report *r)
{
	const struct settings *s = r->settings;

	for (size_t i = 0; i < s->listener_count; i++)
		if (s->listeners[i].tls != TLS_OFF)
			return;
	settings_report_row(r, ROW(certificate), "a "
	    "certificate is configured, but every listener has tls = off");
}

/* A client chooses its name itself. */
static void
warn_names_of_clients(struct settings_report *r)
{
	for (size_t i = 0; i < r->settings->override_count; i++) {
		const struct settings_override *o = &r->settings->overrides[i];
		if (o->kind == OVERRIDE_CLIENT &&
		    strncmp(o->name, "clnt:", 5) == 0 &&
		    o->values.session_reuse > REUSE_REQUIRE)
			settings_report_at(r, o->origin.line[
			    ROW(session_reuse)], "session_reuse in [client "
			    "\"%s\"]: any client can send this name, and "
			    "others could take over its data connections; "
			    "name a network instead", o->name);
	}
}

void
settings_tls_warn(struct settings_report *r)
{
	const struct settings *s = r->settings;

	if (!has_certificate(s))
		return;
	warn_listeners(r);
	warn_names_of_clients(r);
	if (*s->server.client_ca != '\0' &&
	    s->server.client_certificate == CLIENT_CERTIFICATE_NO)
		settings_report_row(r, ROW(client_ca),
		    "client_ca has no effect without client_certificate");
	if (s->user.session_reuse > REUSE_REQUIRE)
		settings_report_row(r, ROW(session_reuse),
		    "session_reuse is neither strict nor require: others can "
		    "take over a client's data connection; use "
		    "session_reuse_for to make exceptions by network");
	if (!settings_close_notify_upload(&s->user))
		settings_report_row(r, ROW(require_tls_close_notify),
		    "truncated uploads count as complete; set "
		    "require_tls_close_notify = upload");
}
