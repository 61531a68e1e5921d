/*
 * settings_tls.c - what is set about TLS: does it fit together, and what
 * holds for an account or a client's network.
 *
 * Runs in: the master (checking), the monitor, the greeter and the session.
 */
#include "common/base.h"
#include "common/settings/settings_tls.h"
#include "common/settings/settings_place.h"
#include "common/settings/settings_value.h"
#include "common/text.h"

#define ROW(key) SETTINGS_ROW_tls_##key

static bool
has_certificate(const struct settings *s)
{
	return *s->tls[0].certificate != '\0';
}

static int
line_of(const struct settings_checking *c, size_t row)
{
	return c->settings->origins[0].line[row];
}

static int
line_of_tls(const struct settings_checking *c, size_t i, size_t row)
{
	size_t origin = i == 0 ? 0 : SETTINGS_ORIGIN_TLS(i);

	return c->settings->origins[origin].line[row];
}

/* How many words; *relative becomes the first that is no absolute path. */
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
check_files(struct settings_checking *c, size_t i)
{
	const struct tls_settings *tls = &c->settings->tls[i];
	const char *certificate, *key;
	size_t certificate_len, key_len;
	size_t certificates = count_paths(tls->certificate, &certificate,
	    &certificate_len);
	size_t keys = count_paths(tls->private_key, &key, &key_len);

	if (certificate != NULL)
		settings_check_at(c, line_of_tls(c, i, ROW(certificate)),
		    "certificate must be absolute paths, not \"%.*s\"",
		    (int)certificate_len, certificate);
	if (key != NULL)
		settings_check_at(c, line_of_tls(c, i, ROW(private_key)),
		    "private_key must be absolute paths, not \"%.*s\"",
		    (int)key_len, key);
	if (keys != 0 && keys != certificates)
		settings_check_at(c, line_of_tls(c, i, ROW(private_key)),
		    "private_key has %zu files, but certificate has %zu; name "
		    "one key for each certificate, in the same order, or none",
		    keys, certificates);
}

static void
check_host(struct settings_checking *c, size_t i)
{
	const struct tls_settings *tls = &c->settings->tls[i];

	if (*tls->certificate == '\0')
		settings_check_at(c, line_of_tls(c, i, ROW(private_key)),
		    "[tls \"%s\"] has no certificate", tls->name);
	else if (!has_certificate(c->settings))
		settings_check_at(c, line_of_tls(c, i, ROW(certificate)),
		    "[tls \"%s\"] needs a certificate in [tls] as well, for "
		    "clients that name no host (SNI)", tls->name);
}

static void
check_listener(struct settings_checking *c, size_t i)
{
	const struct listener_settings *l = &c->settings->listeners[i];

	if (l->tls == TLS_IMPLICIT && !has_certificate(c->settings))
		settings_check_at(c, c->settings->origins[
		    SETTINGS_ORIGIN_LISTENER(i)].line[
		    SETTINGS_ROW_listener_tls], "tls = implicit needs a "
		    "certificate in [tls]");
}

/* `values` are those of everybody or of an override; an override's rows that
 * are not set are all zeros, which is the first of their words. */
static void
check_account(struct settings_checking *c, const struct user_settings *values,
	const struct settings_origin *origin)
{
	if (values->require_tls != REQUIRE_TLS_NO &&
	    !has_certificate(c->settings))
		settings_check_at(c, origin->line[ROW(require_tls)],
		    "require_tls needs a certificate in [tls]");
	if (values->login_with != LOGIN_WITH_PASSWORD &&
	    c->settings->server.client_certificate == CLIENT_CERTIFICATE_NO)
		settings_check_at(c, origin->line[ROW(login_with)],
		    "login_with needs client_certificate to be request or "
		    "require");
}

static void
check_clients(struct settings_checking *c)
{
	const struct server_settings *s = &c->settings->server;

	if (s->client_certificate != CLIENT_CERTIFICATE_NO &&
	    *s->client_ca == '\0')
		settings_check_at(c, line_of(c, ROW(client_certificate)),
		    "client_certificate needs client_ca");
	if (*s->client_crl != '\0' && *s->client_ca == '\0')
		settings_check_at(c, line_of(c, ROW(client_crl)),
		    "client_crl needs client_ca");
	if (s->certificate_user == CERTIFICATE_USER_MAP &&
	    *s->certificate_map == '\0')
		settings_check_at(c, line_of(c, ROW(certificate_user)),
		    "certificate_user = map needs certificate_map");
}

/* The next line of LINES, and its length; NULL at the end. */
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
	const struct settings_row *row = &settings_table[ROW(session_reuse)];
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

static void
check_networks(struct settings_checking *c)
{
	const char *at = c->settings->server.session_reuse_for, *line;
	struct reuse_rule rule;
	size_t len;

	while ((line = next_line(&at, &len)) != NULL)
		if (parse_rule(line, len, &rule) < 0)
			settings_check_at(c,
			    line_of(c, ROW(session_reuse_for)),
			    "session_reuse_for must be a network such as "
			    "192.0.2.0/24 and strict, require, prefer or "
			    "off, not \"%.*s\"",
			    (int)(len < 200 ? len : 200), line);
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

void
settings_tls_check(struct settings_checking *c)
{
	const struct settings *s = c->settings;

	for (size_t i = 0; i < s->tls_count; i++)
		check_files(c, i);
	for (size_t i = 1; i < s->tls_count; i++)
		check_host(c, i);
	for (size_t i = 0; i < s->listener_count; i++)
		check_listener(c, i);
	check_account(c, &s->user, &s->origins[0]);
	for (size_t i = 0; i < s->override_count; i++)
		check_account(c, &s->overrides[i].values,
		    &s->overrides[i].origin);
	check_clients(c);
	check_networks(c);
}

static void
warn_listeners(struct settings_checking *c)
{
	const struct settings *s = c->settings;

	for (size_t i = 0; i < s->listener_count; i++)
		if (s->listeners[i].tls != TLS_OFF)
			return;
	settings_check_at(c, line_of(c, ROW(certificate)), "there is a "
	    "certificate, but tls = off on every listener");
}

void
settings_tls_warn(struct settings_checking *c)
{
	const struct settings *s = c->settings;

	if (!has_certificate(s))
		return;
	warn_listeners(c);
	if (s->user.session_reuse > REUSE_REQUIRE)
		settings_check_at(c, line_of(c, ROW(session_reuse)),
		    "without session_reuse = require a stranger may take over "
		    "a data connection; session_reuse_for can make exceptions "
		    "by network");
	if (!settings_close_notify_upload(&s->user))
		settings_check_at(c, line_of(c, ROW(require_tls_close_notify)),
		    "uploads that were cut short on the network count as "
		    "complete; set require_tls_close_notify = upload");
}

bool
settings_tls_login(const struct user_settings *user)
{
	return user->require_tls == REQUIRE_TLS_LOGIN ||
	    user->require_tls == REQUIRE_TLS_BOTH;
}

bool
settings_tls_data(const struct user_settings *user)
{
	return user->require_tls == REQUIRE_TLS_DATA ||
	    user->require_tls == REQUIRE_TLS_BOTH;
}

bool
settings_close_notify_upload(const struct user_settings *user)
{
	return user->require_tls_close_notify == CLOSE_NOTIFY_UPLOAD ||
	    user->require_tls_close_notify == CLOSE_NOTIFY_BOTH;
}

bool
settings_close_notify_download(const struct user_settings *user)
{
	return user->require_tls_close_notify == CLOSE_NOTIFY_DOWNLOAD ||
	    user->require_tls_close_notify == CLOSE_NOTIFY_BOTH;
}

bool
settings_tls_by_group(const struct settings *settings)
{
	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (o->group && o->origin.line[ROW(require_tls)] !=
		    SETTINGS_FROM_DEFAULT)
			return true;
	}
	return false;
}
