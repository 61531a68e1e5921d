/*
 * map_limits.c - limits and times.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#define MOST_CLIENTS 50000

/* A number within the range of the key; if it has to be changed, the report
 * says so. */
static void
set_bounded(struct mapping *m, const char *section, const char *key,
	uint32_t number)
{
	map_set(m, section, key, "%" PRId64,
		answer_bounded(&m->answer, section, key, number));
}

/* If vsftpd does not listen itself it cannot count sessions, but xinetd may. */
static uint32_t
counted_by(struct mapping *m, enum vsftpd_option option, int64_t elsewhere)
{
	if (map_listens(m))
		return map_number(m, option);
	map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use it, because it does "
		"not listen itself");
	return elsewhere > 0 && elsewhere < 100000 ? (uint32_t)elsewhere : 0;
}

void
map_max_clients(struct mapping *m)
{
	uint32_t clients = counted_by(m, OPTION_max_clients,
		m->activation->sessions);
	bool too_many = clients == 0 || clients > MOST_CLIENTS;

	if (too_many)
		map_say(m, IMPORT_CHANGED, "max_clients in [limits] is %d: "
			"there is always a limit to the number of processes",
			MOST_CLIENTS);
	if (too_many)
		clients = MOST_CLIENTS;
	map_set(m, "limits", "max_clients", "%" PRIu32, clients);
	/* Idle workers come on top of the busy ones. */
	map_set(m, "server", "max_workers", "%" PRIu32,
		clients + clients / 8 + 16);
}

void
map_max_per_ip(struct mapping *m)
{
	set_bounded(m, "limits", "max_per_ip",
		counted_by(m, OPTION_max_per_ip, m->activation->per_address));
}

void
map_idle_timeout(struct mapping *m)
{
	set_bounded(m, "limits", "idle_timeout",
		map_number(m, OPTION_idle_session_timeout));
}

void
map_data_timeout(struct mapping *m)
{
	uint32_t timeout = map_number(m, OPTION_data_connection_timeout);

	set_bounded(m, "limits", "data_timeout", timeout);
	/* For the default the difference is only a reply, which is among the
	 * changes that every report lists. */
	if (timeout > 0 && m->answer.verdict == IMPORT_SAME &&
	    vsftpd_config_is_set(m->v, OPTION_data_connection_timeout))
		map_say(m, IMPORT_CHANGED, "data_timeout in [limits]; the "
			"transfer ends with 426 and the session goes on, "
			"which vsftpd ended");
}

/* vsftpd has separate timeouts for passive and active connections. */
void
map_connect_timeout(struct mapping *m)
{
	uint32_t passive = map_number(m, OPTION_accept_timeout);
	uint32_t active = map_number(m, OPTION_connect_timeout);
	uint32_t larger = passive > active ? passive : active;

	set_bounded(m, "limits", "data_connect_timeout", larger);
	if (map_number(m, m->option) != larger)
		map_say(m, IMPORT_CHANGED, "data_connect_timeout in [limits] "
			"is %" PRIu32 ", the larger of accept_timeout and "
			"connect_timeout", larger);
}

void
map_rate(struct mapping *m)
{
	uint32_t local = map_number(m, OPTION_local_max_rate);
	uint32_t anonymous = map_number(m, OPTION_anon_max_rate);

	if (map_guests_are_anonymous(m))
		local = anonymous;
	map_set(m, "limits", "max_download_rate", "%" PRIu32, local);
	map_set(m, "limits", "max_upload_rate", "%" PRIu32, local);
	map_set_anonymous(m, "max_download_rate", "%" PRIu32, anonymous);
	map_set_anonymous(m, "max_upload_rate", "%" PRIu32, anonymous);
}

void
map_login_fails(struct mapping *m)
{
	set_bounded(m, "auth", "max_login_attempts",
		map_number(m, OPTION_max_login_fails));
	/* Many users may share an address. */
	map_set(m, "limits", "ban_after", "0");
	map_set(m, "limits", "ban_network_after", "0");
	map_say(m, m->answer.verdict, "max_login_attempts in [auth]; vsftpd "
		"does not ban addresses after failed logins, so ban_after and "
		"ban_network_after in [limits] are 0; remove them to have "
		"addresses banned for a while");
}

void
map_failed_delay(struct mapping *m)
{
	set_bounded(m, "auth", "failed_login_delay",
		map_number(m, OPTION_delay_failed_login));
}

void
map_success_delay(struct mapping *m)
{
	m->answer.verdict = map_number(m, OPTION_delay_successful_login) > 0 ?
		IMPORT_CHANGED : IMPORT_DEFAULT;
}
