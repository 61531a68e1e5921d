/*
 * pwp_map.h - maps the keys of ftpd.conf: one function for each option in
 * pwp_options.def.
 *
 * A function reads any options it needs, sets keys of the new configuration
 * and gives a verdict.  It runs once for its option, set or not; for options
 * that can be repeated, once for each line.
 */
#ifndef DAEMON_IMPORT_PWP_MAP_H
#define DAEMON_IMPORT_PWP_MAP_H

#include "common/base.h"
#include "daemon/import/answer.h"
#include "daemon/import/pwp_config.h"

struct pwp_mapping {
	const struct pwp_config *c;
	enum pwp_option option;	/* the one to map */
	const char *text;	/* its value: of this line, or the default */
	bool is_set;		/* by a line */
	struct answer answer;
};

/* Run the function of m->option, whose value is m->text. */
void pwp_map_option(struct pwp_mapping *m, struct draft *draft);

/* Options in effect.  pwp_nonzero() is the default where the number is 0, as
 * the server has it. */
const char *pwp_text(const struct pwp_mapping *m, enum pwp_option option);
bool pwp_on(const struct pwp_mapping *m, enum pwp_option option);
int64_t pwp_nonzero(const struct pwp_mapping *m, enum pwp_option option);

/* Is it the PWP server, which knows accounts by RADIUS only?  Otherwise it is
 * Net::FTPServer with the accounts of the host. */
bool pwp_has_radius(const struct pwp_mapping *m);

/* Set a key; a value set explicitly is printed even if it is the default. */
void pwp_set(struct pwp_mapping *m, const char *section, const char *key,
	const char *format, ...) PRINTF_LIKE(4, 5);
void pwp_set_bool(struct pwp_mapping *m, const char *section, const char *key,
	bool on);
/* The number, or the nearest one that the key can have. */
void pwp_set_number(struct pwp_mapping *m, const char *section,
	const char *key, int64_t number);

/* The verdict and its sentence; without this the sentence is the row's. */
#define pwp_say(m, ...) answer_say(&(m)->answer, __VA_ARGS__)

/* The text with the host's name for $hostname and without other variables;
 * false, with a verdict, if that is not possible. */
bool pwp_file_name(struct pwp_mapping *m, const char *text, struct buffer *b);

/* This host's name. */
const char *pwp_host_name(void);

/* A message: its % sequences become tokens of the settings. */
void pwp_message(struct pwp_mapping *m, const char *text, struct buffer *b);

/* The same for a text without % sequences. */
void pwp_add_literal(struct buffer *b, const char *text);

/* A path with %m for the home directory and %U for the user. */
void pwp_template(const char *text, struct buffer *b);

/* For options without an equivalent: not needed; refused if it does
 * something. */
void pwp_map_no_need(struct pwp_mapping *m);
void pwp_map_refuse(struct pwp_mapping *m);

/* pwp_map_radius.c */
void pwp_map_server(struct pwp_mapping *m);
void pwp_map_port(struct pwp_mapping *m);
void pwp_map_secret(struct pwp_mapping *m);
void pwp_map_realm(struct pwp_mapping *m);
void pwp_map_timeout(struct pwp_mapping *m);
void pwp_map_dictionary(struct pwp_mapping *m);
void pwp_map_vendor(struct pwp_mapping *m);
void pwp_map_ids(struct pwp_mapping *m);
void pwp_map_subdirectory(struct pwp_mapping *m);

/* pwp_map_quota.c */
void pwp_map_quota(struct pwp_mapping *m);
void pwp_map_quota_cache(struct pwp_mapping *m);
void pwp_map_quota_message(struct pwp_mapping *m);
void pwp_map_quota_file(struct pwp_mapping *m);
void pwp_map_quota_age(struct pwp_mapping *m);
void pwp_map_quota_lines(struct pwp_mapping *m);

/* pwp_map_login.c */
void pwp_map_anonymous(struct pwp_mapping *m);
void pwp_map_anonymous_password(struct pwp_mapping *m);
void pwp_map_pam(struct pwp_mapping *m);
void pwp_map_password_file(struct pwp_mapping *m);
void pwp_map_attempts(struct pwp_mapping *m);
void pwp_map_resolve(struct pwp_mapping *m);
void pwp_map_hide(struct pwp_mapping *m);
void pwp_map_home(struct pwp_mapping *m);
void pwp_map_root(struct pwp_mapping *m);

/* pwp_map_rules.c */
void pwp_map_access_rule(struct pwp_mapping *m);
void pwp_map_user_rule(struct pwp_mapping *m);
void pwp_map_rule(struct pwp_mapping *m);
void pwp_map_overwrite(struct pwp_mapping *m);
void pwp_map_restrict(struct pwp_mapping *m);
void pwp_map_command_wait(struct pwp_mapping *m);
void pwp_map_site_version(struct pwp_mapping *m);
void pwp_map_archive(struct pwp_mapping *m);

/* pwp_map_messages.c */
void pwp_map_greeting(struct pwp_mapping *m);
void pwp_map_greeting_text(struct pwp_mapping *m);
void pwp_map_welcome(struct pwp_mapping *m);
void pwp_map_welcome_text(struct pwp_mapping *m);
void pwp_map_welcome_file(struct pwp_mapping *m);
void pwp_map_clients_message(struct pwp_mapping *m);
void pwp_map_chdir_message(struct pwp_mapping *m);
void pwp_map_time_zone(struct pwp_mapping *m);

/* pwp_map_network.c */
void pwp_map_listen_port(struct pwp_mapping *m);
void pwp_map_address(struct pwp_mapping *m);
void pwp_map_passive(struct pwp_mapping *m);
void pwp_map_data_port(struct pwp_mapping *m);
void pwp_map_proxy(struct pwp_mapping *m);
void pwp_map_low_port(struct pwp_mapping *m);
void pwp_map_keepalive(struct pwp_mapping *m);
void pwp_map_daemon(struct pwp_mapping *m);
void pwp_map_virtual_hosts(struct pwp_mapping *m);
void pwp_map_idle(struct pwp_mapping *m);
void pwp_map_max_clients(struct pwp_mapping *m);
void pwp_map_titles(struct pwp_mapping *m);

/* pwp_map_logs.c */
void pwp_map_debug(struct pwp_mapping *m);
void pwp_map_syslog(struct pwp_mapping *m);
void pwp_map_error_log(struct pwp_mapping *m);
void pwp_map_client_log(struct pwp_mapping *m);
void pwp_map_hide_passwords(struct pwp_mapping *m);
void pwp_map_xferlog(struct pwp_mapping *m);

#endif
