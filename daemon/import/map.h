/*
 * map.h - maps vsftpd's options: one function for each option in
 * vsftpd_options.def.
 *
 * A function reads any options it needs, sets keys of the new configuration
 * and gives a verdict.  All functions run once over the whole configuration;
 * those of options that work in a file of user_config_dir run again for each
 * such file, and then set keys of that [user NAME].
 */
#ifndef DAEMON_IMPORT_MAP_H
#define DAEMON_IMPORT_MAP_H

#include "common/base.h"
#include "daemon/import/activation.h"
#include "daemon/import/answer.h"
#include "daemon/import/vsftpd_config.h"

struct mapping {
	const struct vsftpd_config *v;
	struct draft *draft;
	const struct activation *activation; /* if vsftpd does not listen */
	enum vsftpd_option option;	/* the one to map */
	/* When mapping for one user: the name, whether it is the anonymous
	 * user, and whether chroot_list_file contains it. */
	const char *user;
	const struct vsftpd_config *for_all; /* v without the user's file */
	bool user_is_anonymous;
	bool user_is_listed;
	int list_error;	/* chroot_list_file is used: 0, or -errno */
	struct answer answer;
	bool set_for_all;	/* a key was set that is not per user */
};

/* Run the function of m->option. */
void map_option(struct mapping *m);

/* Options in effect. */
bool map_on(const struct mapping *m, enum vsftpd_option option);
uint32_t map_number(const struct mapping *m, enum vsftpd_option option);
const char *map_text(const struct mapping *m, enum vsftpd_option option);

/* Set a key for all, or for the user of this mapping.  If m->option was set
 * explicitly, it is printed even if it is the default. */
void map_set(struct mapping *m, const char *section, const char *key,
	const char *format, ...) PRINTF_LIKE(4, 5);
void map_set_bool(struct mapping *m, const char *section, const char *key,
	bool on);

/* The same for anonymous sessions. */
void map_set_anonymous(struct mapping *m, const char *key,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* Add a line to a key that may be repeated, for all. */
void map_add(struct mapping *m, const char *section, const char *key,
	const char *value);

/* Does vsftpd listen itself, and is not started by xinetd or systemd? */
bool map_listens(const struct mapping *m);

/* The account that the user's file makes this guest run as, if it is another
 * than that of all guests, can be used, and can be written in guest_user_for;
 * else NULL. */
const char *map_own_guest(const struct mapping *m);

/* Do sessions of local users, or of guests, have the rights of anonymous
 * ones? */
bool map_guests_are_anonymous(const struct mapping *m);

/* Are sessions of this mapping's users jailed?  With chroot_list_enable the
 * list names the exceptions; if it cannot be read, all users are jailed. */
bool map_is_jailed(const struct mapping *m);

/* The verdict and its sentence; without this the sentence is the row's. */
#define map_say(m, ...) answer_say(&(m)->answer, __VA_ARGS__)

/* For options without an equivalent: not needed; or refused if on. */
void map_no_need(struct mapping *m);
void map_refuse_on(struct mapping *m);
void map_with_other(struct mapping *m);	/* see the option of the sentence */
void map_ftp_enable(struct mapping *m);

/* map_network.c */
void map_listen(struct mapping *m);
void map_listen_port(struct mapping *m);
void map_listen_address(struct mapping *m);
void map_pasv_enable(struct mapping *m);
void map_port_enable(struct mapping *m);
void map_passive_ports(struct mapping *m);
void map_pasv_address(struct mapping *m);
void map_promiscuous(struct mapping *m);
void map_port_20(struct mapping *m);

/* map_limits.c */
void map_max_clients(struct mapping *m);
void map_max_per_ip(struct mapping *m);
void map_idle_timeout(struct mapping *m);
void map_data_timeout(struct mapping *m);
void map_connect_timeout(struct mapping *m);
void map_rate(struct mapping *m);
void map_login_fails(struct mapping *m);
void map_failed_delay(struct mapping *m);
void map_success_delay(struct mapping *m);

/* map_anonymous.c */
void map_anonymous_enable(struct mapping *m);
void map_ftp_username(struct mapping *m);
void map_anonymous_password(struct mapping *m);
void map_email_list(struct mapping *m);

/* map_login.c */
void map_local_enable(struct mapping *m);
void map_session_support(struct mapping *m);
void map_userlist(struct mapping *m);
void map_guest(struct mapping *m);
void map_banner(struct mapping *m);
void map_user_config_dir(struct mapping *m);

/* map_pam.c */
void map_pam_service(struct mapping *m);

/* map_place.c */
void map_chroot(struct mapping *m);
void map_chroot_list(struct mapping *m);
void map_local_root(struct mapping *m);
void map_anon_root(struct mapping *m);
void map_passwd_chroot(struct mapping *m);
void map_writeable_chroot(struct mapping *m);
void map_sub_token(struct mapping *m);

/* map_rights.c */
void map_rights(struct mapping *m);
void map_world_readable(struct mapping *m);
void map_umask(struct mapping *m);
void map_file_mode(struct mapping *m);
void map_chown(struct mapping *m);
void map_commands(struct mapping *m);
void map_locking(struct mapping *m);
void map_failed_uploads(struct mapping *m);

/* map_names.c */
void map_deny_file(struct mapping *m);
void map_hide_file(struct mapping *m);
void map_upload_file(struct mapping *m);
void map_download_file(struct mapping *m);

/* map_listing.c */
void map_directory_message(struct mapping *m);
void map_dot_files(struct mapping *m);
void map_list_times(struct mapping *m);
void map_list_owners(struct mapping *m);
void map_list_recursion(struct mapping *m);
void map_ascii(struct mapping *m);
void map_process_titles(struct mapping *m);

/* map_tls.c */
void map_ssl_enable(struct mapping *m);
void map_require_tls(struct mapping *m);
void map_tls_version(struct mapping *m);
void map_old_tls(struct mapping *m);
void map_certificate(struct mapping *m);
void map_second_certificate(struct mapping *m);
void map_ciphers(struct mapping *m);
void map_ciphersuites(struct mapping *m);
void map_client_certificate(struct mapping *m);
void map_session_reuse(struct mapping *m);
void map_close_notify(struct mapping *m);
void map_implicit(struct mapping *m);
void map_allow_anon_ssl(struct mapping *m);

/* map_logs.c */
void map_xferlog(struct mapping *m);
void map_syslog(struct mapping *m);
void map_protocol_log(struct mapping *m);

/* map_wrappers.c */
void map_tcp_wrappers(struct mapping *m);

#endif
