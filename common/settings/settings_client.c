/*
 * settings_client.c - settings for some clients.
 *
 * Runs in: greeter, session; the master checks.
 */
#include "common/base.h"
#include "common/settings/settings_client.h"

#include "common/glob.h"

#define LISTENER "listener:"
#define CLNT     "clnt:"

/* The text after the word, or NULL. */
static const char *
after(const char *name, const char *word)
{
	size_t len = strlen(word);

	return strncmp(name, word, len) == 0 ? name + len : NULL;
}

bool
settings_client_is_name(const char *name)
{
	const char *pattern = after(name, CLNT);
	struct address any;

	if (after(name, LISTENER) != NULL)
		return true;
	if (pattern != NULL)
		return *pattern != '\0' &&
			glob_check(pattern, strlen(pattern)) == 0;
	return address_parse(&any, "127.0.0.1") == 0 &&
		address_in_network(&any, name) >= 0;
}

bool
settings_client_is_known(const char *name, const struct settings *settings)
{
	const char *listener = after(name, LISTENER);

	for (size_t i = 0; listener != NULL && i < settings->listener_count;
	     i++)
		if (strcmp(settings->listeners[i].name, listener) == 0)
			return true;
	return listener == NULL;
}

bool
settings_client_allows(size_t row)
{
	static const size_t rows[] = {
		SETTINGS_ROW_tls_session_reuse,
		SETTINGS_ROW_tls_require_tls_close_notify,
		SETTINGS_ROW_limits_idle_timeout,
		SETTINGS_ROW_limits_data_connect_timeout,
		SETTINGS_ROW_limits_data_timeout,
		SETTINGS_ROW_session_ascii_download,
		SETTINGS_ROW_session_ascii_upload,
		SETTINGS_ROW_session_ascii_size,
		SETTINGS_ROW_session_allow_mdtm_write,
		SETTINGS_ROW_session_announce_utf8,
		SETTINGS_ROW_session_data_receive_buffer,
		SETTINGS_ROW_session_data_send_buffer,
		SETTINGS_ROW_session_filename_charset,
		SETTINGS_ROW_session_hash_commands,
		SETTINGS_ROW_session_list_links,
		SETTINGS_ROW_session_list_owners,
		SETTINGS_ROW_session_list_sort,
		SETTINGS_ROW_session_max_compression_level,
		SETTINGS_ROW_session_transfer_buffer,
		SETTINGS_ROW_session_upload_hash,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i] == row)
			return true;
	return false;
}

static bool
fits(const char *name, const struct settings_client *client)
{
	const char *listener = after(name, LISTENER);
	const char *pattern = after(name, CLNT);

	if (listener != NULL)
		return strcmp(listener, client->listener) == 0;
	if (pattern != NULL)
		return glob_match(pattern, strlen(pattern), client->clnt,
			strlen(client->clnt));
	return address_in_network(client->peer, name) == 1;
}

bool
settings_client_apply(const struct settings *settings,
	const struct settings_client *client, struct user_settings *out)
{
	bool any = false;

	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (o->kind != OVERRIDE_CLIENT || !fits(o->name, client))
			continue;
		settings_apply(o, out);
		any = true;
	}
	return any;
}
