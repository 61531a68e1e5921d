/*
 * settings.c - the settings of an account.
 *
 * Runs in: every process that has settings.
 */
#include "common/base.h"
#include "common/settings/settings.h"

const char *const settings_override_words[SETTINGS_OVERRIDES] = {
	[OVERRIDE_USER] = "user",
	[OVERRIDE_GROUP] = "group",
	[OVERRIDE_CLIENT] = "client",
};

static bool
sets(const struct settings_override *o, size_t row)
{
	return o->origin.line[row] != SETTINGS_FROM_DEFAULT;
}

#define APPLY_SERVER(row, key)
#define APPLY_LISTENER(row, key)
#define APPLY_TLS(row, key)
#define APPLY_DIRECTORY(row, key)
#define APPLY_USER(row, key) \
	if (sets(o, row)) \
		out->key = o->values.key;

void
settings_apply(const struct settings_override *o, struct user_settings *out)
{
#define SETTING(scope, section, key, kind, def, min, max, unit, vsftpd, text) \
	APPLY_##scope(SETTINGS_ROW_##section##_##key, key)
#include "common/settings/settings.def"
#undef SETTING
}

bool
settings_is_member(const char *const *groups, size_t ngroups, const char *name)
{
	for (size_t i = 0; i < ngroups; i++)
		if (strcmp(groups[i], name) == 0)
			return true;
	return false;
}

static bool
limits_group(const struct settings_override *o)
{
	return sets(o, SETTINGS_ROW_limits_max_per_group) ||
	    sets(o, SETTINGS_ROW_limits_max_group_download_rate) ||
	    sets(o, SETTINGS_ROW_limits_max_group_upload_rate);
}

void
settings_for_user(const struct settings *settings, const char *user,
	const char *const *groups, size_t ngroups, struct user_settings *out)
{
	*out = settings->user;
	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (o->kind != OVERRIDE_GROUP ||
		    !settings_is_member(groups, ngroups, o->name))
			continue;
		settings_apply(o, out);
		if (limits_group(o))
			out->limited_group = o->name;
	}
	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (o->kind == OVERRIDE_USER && strcmp(o->name, user) == 0)
			settings_apply(o, out);
	}
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
settings_tls_by_account(const struct settings *settings)
{
	if (strcmp(settings->server.backends, "pam") != 0 ||
	    settings->server.enabled || *settings->server.guest_user != '\0' ||
	    *settings->server.strip_domain != '\0' ||
	    *settings->server.default_domain != '\0')
		return true;
	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (o->kind == OVERRIDE_GROUP &&
		    sets(o, SETTINGS_ROW_tls_require_tls))
			return true;
	}
	return false;
}

const struct listener_settings *
settings_listener(const struct settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->listener_count; i++)
		if (strcmp(settings->listeners[i].name, name) == 0)
			return &settings->listeners[i];
	return NULL;
}

bool
settings_allow_fxp(const struct listener_settings *listener,
	const struct address *other, bool active)
{
	const char *allowed = listener->allow_fxp;

	/* Words are no networks. */
	return strcmp(allowed, "yes") == 0 ||
	    strcmp(allowed, active ? "active" : "passive") == 0 ||
	    address_in_networks(other, allowed) == 1;
}

int
settings_check_active(const struct listener_settings *rules,
	const struct address *local, const struct address *peer,
	const struct address *to)
{
	uint16_t port = address_port(to);

	if (address_family(to) == AF_UNSPEC ||
	    address_family(to) != address_family(local))
		return -EAFNOSUPPORT;
	if (!address_same_host(to, peer) &&
	    !settings_allow_fxp(rules, to, true))
		return -EPERM;
	if (port == 0 || (port < 1024 && !rules->allow_privileged_ports))
		return -EACCES;
	return 0;
}
