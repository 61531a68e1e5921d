/*
 * pwp_map_radius.c - RADIUS servers, and the accounts that they know.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

#include "common/radius/server_name.h"
#include "common/radius/subdirectory.h"
#include "common/settings/settings_table.h"
#include "common/text.h"
#include "daemon/import/pwp_dictionary.h"

#include <grp.h>
#include <pwd.h>

#define LOGIN_TIMEOUT 60	/* the default of login_timeout */

/* The next server of a list with commas or blanks between. */
static const char *
next_server(const char **at, size_t *len)
{
	*at += strspn(*at, ", \t");
	const char *server = *at;
	*len = strcspn(server, ", \t");
	*at += *len;
	return *len > 0 ? server : NULL;
}

static uint16_t
server_port(const struct pwp_mapping *m)
{
	int64_t port = pwp_nonzero(m, PWP_radius_port);

	return port > 0 && port <= UINT16_MAX ? (uint16_t)port : 1645;
}

static void
add_server(struct buffer *b, const struct radius_server_name *name)
{
	bool six = strchr(name->host, ':') != NULL;

	buffer_addf(b, "%s%s%s%s:%u", b->len > 0 ? " " : "", six ? "[" : "",
		name->host, six ? "]" : "", name->port);
}

/* The servers as the settings have them; returns their number. */
static int
list_servers(struct pwp_mapping *m, struct buffer *b)
{
	const char *at = m->text, *server;
	struct radius_server_name name;
	int count = 0;
	size_t len;

	while ((server = next_server(&at, &len)) != NULL) {
		if (radius_server_name_parse(&name, server, len,
		    server_port(m)) < 0 || name.tls)
			pwp_say(m, IMPORT_REFUSED, "%.*s is not the name or "
				"address of a server, and is left out",
				(int)len, server);
		else if (count >= RADIUS_MAX_SERVERS)
			pwp_say(m, IMPORT_CHANGED, "more than %d servers; the "
				"rest is left out", RADIUS_MAX_SERVERS);
		else {
			add_server(b, &name);
			count++;
		}
	}
	return count;
}

/* A login must be able to wait for all servers. */
static void
set_login_timeout(struct pwp_mapping *m, int servers)
{
	int64_t longest = servers * pwp_nonzero(m, PWP_radius_timeout);

	if (longest >= LOGIN_TIMEOUT)
		pwp_set_number(m, "limits", "login_timeout",
			longest + LOGIN_TIMEOUT / 2);
}

void
pwp_map_server(struct pwp_mapping *m)
{
	BUFFER(servers, 4000);

	if (!pwp_has_radius(m)) {
		pwp_say(m, IMPORT_CHANGED, "there is no RADIUS server, so this "
			"is converted as a configuration of Net::FTPServer "
			"itself: accounts are those of the host");
		return;
	}
	int count = list_servers(m, &servers);
	if (count == 0 || servers.overflow) {
		/* Refuse all logins: with the default backends, accounts of the
		 * host could log in instead. */
		pwp_set(m, "auth", "allowed_users", "-");
		pwp_say(m, IMPORT_REFUSED, "no server can be used; no account "
			"can log in until servers in [radius] and backends in "
			"[auth] are set, and allowed_users is removed");
		return;
	}
	pwp_set(m, "radius", "servers", "%s", buffer_text(&servers));
	pwp_set(m, "auth", "backends", "radius");
	pwp_set(m, "auth", "require_valid_shell", "no");
	set_login_timeout(m, count);
	pwp_say(m, IMPORT_CHANGED, "servers in [radius] and backends = radius "
		"in [auth]; answers must be signed (Message-Authenticator), "
		"which was not checked: if the RADIUS server cannot do it, "
		"update it, or set require_message_authenticator = no in "
		"[radius]");
}

void
pwp_map_port(struct pwp_mapping *m)
{
	uint16_t port = server_port(m);

	if (!pwp_has_radius(m))
		pwp_map_no_need(m);
	else if (port != pwp_nonzero(m, PWP_radius_port))
		pwp_say(m, IMPORT_REFUSED, "not a port; 1645 is used");
	else if (port == 1645)
		pwp_say(m, IMPORT_SAME, "servers in [radius] have it; 1645 is "
			"the port of old RADIUS servers, the assigned one is "
			"1812");
	/* It is a part of the setting servers, which another key has set. */
	m->answer.first = pwp_has_radius(m);
	m->answer.differs = true;
}

void
pwp_map_secret(struct pwp_mapping *m)
{
	const struct settings_row *row = settings_table_find("radius",
		"secret");

	if (*m->text == '\0' || row == NULL)
		return;
	if ((int64_t)strlen(m->text) > row->max)
		pwp_say(m, IMPORT_REFUSED, "longer than %" PRId64 " bytes; "
			"store it in secret_file in [radius]", row->max);
	else
		pwp_set(m, "radius", "secret", "%s", m->text);
}

void
pwp_map_realm(struct pwp_mapping *m)
{
	const char *realm = pwp_is_true(m->text) ? m->text :
		pwp_table[PWP_radius_realm].default_text;

	pwp_set(m, "radius", "realm", "%s", realm);
	pwp_say(m, IMPORT_CHANGED, "realm in [radius]; it is not added to user "
		"names that contain @ already");
}

void
pwp_map_timeout(struct pwp_mapping *m)
{
	pwp_set(m, "radius", "retries", "0");
	pwp_set_number(m, "radius", "timeout", pwp_nonzero(m, m->option));
}

void
pwp_map_dictionary(struct pwp_mapping *m)
{
	struct pwp_dictionary d;
	const char *path = pwp_is_true(m->text) ? m->text :
		pwp_table[PWP_radius_dictionary].default_text;

	int error = pwp_dictionary_read(&d, path,
		pwp_nonzero(m, PWP_pwp_radius_vendor_id));
	if (error < 0 && !m->is_set)
		return;
	if (error < 0) {
		pwp_say(m, IMPORT_CHANGED, "%s: %s; the numbers of the "
			"dictionary of the PWP server are used", path,
			strerror(-error));
		return;
	}
	pwp_set(m, "radius", "home_attribute", "%" PRId64, d.home);
	pwp_set(m, "radius", "realm_attribute", "%" PRId64, d.realm);
	pwp_set(m, "radius", "quota_attribute", "%" PRId64, d.quota);
	if (d.found < 3)
		pwp_say(m, IMPORT_CHANGED, "it has only %d of homedir, realm "
			"and quota of vendor %" PRId64 "; for the others the "
			"numbers of the dictionary of the PWP server are used",
			d.found, pwp_nonzero(m, PWP_pwp_radius_vendor_id));
}

void
pwp_map_vendor(struct pwp_mapping *m)
{
	pwp_set_number(m, "radius", "vendor_id", pwp_nonzero(m, m->option));
}

/* The number of an account or group; -1 if it is unknown. */
static int64_t
find_id(const char *text, bool user)
{
	if (pwp_number_is_plain(text))
		return pwp_number(text);
	const struct passwd *pw = user ? getpwnam(text) : NULL;
	const struct group *gr = user ? NULL : getgrnam(text);
	return pw != NULL ? (int64_t)pw->pw_uid :
		gr != NULL ? (int64_t)gr->gr_gid : -1;
}

void
pwp_map_ids(struct pwp_mapping *m)
{
	bool user = m->option == PWP_default_pwp_userid;
	const char *key = user ? "map_uid" : "map_gid";
	int64_t id = find_id(m->text, user);

	if (!pwp_has_radius(m))
		pwp_map_no_need(m);
	else if (*m->text == '\0')
		pwp_say(m, IMPORT_REFUSED, "without %s sessions ran as root; "
			"here accounts that the host does not have cannot log "
			"in until %s in [radius] is set",
			pwp_table[m->option].key, key);
	else if (id <= 0 || id >= UINT32_MAX)
		pwp_say(m, IMPORT_REFUSED, id == 0 ? "sessions cannot run as "
			"root; set %s in [radius] to an id of its own" :
			"not an id of this host; set %s in [radius]", key);
	else {
		pwp_set(m, "radius", key, "%" PRId64, id);
		pwp_say(m, IMPORT_CHANGED, "%s in [radius]; an account that "
			"the host has as well runs as itself", key);
	}
}

void
pwp_map_subdirectory(struct pwp_mapping *m)
{
	BUFFER(path, 1000);
	const char *text = m->text;
	size_t len;

	if (!pwp_is_true(text) || !pwp_has_radius(m)) {
		pwp_map_no_need(m);
		return;
	}
	text += strspn(text, "/");
	for (len = strlen(text); len > 0 && text[len - 1] == '/'; len--)
		;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '%')
			buffer_add_char(&path, '%');
		buffer_add_char(&path, text[i]);
	}
	if (path.overflow || !answer_can_put(buffer_text(&path)) ||
	    !radius_subdirectory_is_safe(buffer_text(&path))) {
		/* Refuse all logins: sessions would get another directory. */
		pwp_set(m, "auth", "allowed_users", "-");
		pwp_say(m, IMPORT_REFUSED, "root_subdir in [radius] must be a "
			"relative path without empty components, \".\" and "
			"\"..\"; set it, and remove allowed_users in [auth], "
			"which lets no user log in until then");
	} else
		pwp_set(m, "radius", "root_subdir", "%s", buffer_text(&path));
}
