/*
 * map_tls.c - TLS.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/text.h"
#include "common/tls/tls_server.h"

#include <sys/stat.h>

/* Named where vsftpd has none, so that the server does not start without. */
#define NO_CERTIFICATE "/etc/sureftpd/tls.pem"
#define NO_AUTHORITIES "/etc/sureftpd/ca.pem"

static bool
has_tls(const struct mapping *m)
{
	return map_on(m, OPTION_ssl_enable);
}

/* Every option of TLS needs ssl_enable.  False, with the verdict set, if it is
 * off. */
static bool
needs_tls(struct mapping *m)
{
	if (has_tls(m))
		return true;
	map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use it without "
		"ssl_enable");
	return false;
}

void
map_ssl_enable(struct mapping *m)
{
	if (!has_tls(m))
		map_set(m, "listener", "tls", "off");
}

void
map_implicit(struct mapping *m)
{
	if (needs_tls(m))
		map_set(m, "listener", "tls", "%s",
			map_on(m, OPTION_implicit_ssl) ? "implicit" :
			"explicit");
}

/* Add the path, absolute as [tls] requires.  vsftpd's is relative to the
 * directory in which it is started: / by systemd and init.
 *
 * The files themselves are checked by import_verify(), which keeps unusable
 * ones: if they were removed, the server would start without TLS and accept
 * passwords in cleartext. */
static void
add_path(struct mapping *m, struct buffer *b, const char *path)
{
	if (path[0] != '/')
		buffer_add_char(b, '/');
	buffer_add_text(b, path);
	if (path[0] != '/')
		map_say(m, IMPORT_CHANGED, "used as %s, because it is relative "
			"to the directory in which vsftpd is started",
			buffer_text(b));
}

static void
check_key(struct mapping *m, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
		map_say(m, IMPORT_CHANGED, "used, with a warning: %s has a "
			"private key that others than root can use (mode "
			"%03o)", path, (unsigned)st.st_mode & 0777U);
}

/* TLS that was on stays on: the server does not start without a certificate. */
static void
require_certificate(struct mapping *m, const char *why)
{
	map_set(m, "tls", "certificate", "%s", NO_CERTIFICATE);
	map_say(m, IMPORT_REFUSED, "%s; the server starts when there is a "
		"certificate in %s (see --make-certificate in sureftpd(8))",
		why, NO_CERTIFICATE);
}

/* Add a certificate and its key, which by default is in the same file. */
static void
add_pair(struct mapping *m, enum vsftpd_option certificate_option,
	enum vsftpd_option key_option)
{
	const char *name = map_text(m, certificate_option);
	const char *key_name = map_text(m, key_option);
	BUFFER(certificate, PATH_MAX);
	BUFFER(key, PATH_MAX);

	if (name[0] == '\0')
		return;
	if (strpbrk(name, " \t,") != NULL ||
	    strpbrk(key_name, " \t,") != NULL) {
		require_certificate(m, "a path with blanks or commas cannot "
			"be set");
		return;
	}
	if (m->option == certificate_option || key_name[0] == '\0')
		add_path(m, &certificate, name);
	add_path(m, &key, key_name[0] != '\0' ? key_name : name);
	check_key(m, buffer_text(&key));
	/* Two options lead here; add the pair only once. */
	if (m->option != certificate_option)
		return;
	map_add(m, "tls", "certificate", buffer_text(&certificate));
	map_add(m, "tls", "private_key", buffer_text(&key));
}

void
map_certificate(struct mapping *m)
{
	if (!needs_tls(m))
		return;
	if (map_text(m, OPTION_rsa_cert_file)[0] == '\0' &&
	    map_text(m, OPTION_dsa_cert_file)[0] == '\0')
		require_certificate(m, "vsftpd has no certificate and cannot "
			"serve TLS");
	else
		add_pair(m, OPTION_rsa_cert_file, OPTION_rsa_private_key_file);
}

void
map_second_certificate(struct mapping *m)
{
	if (needs_tls(m))
		add_pair(m, OPTION_dsa_cert_file, OPTION_dsa_private_key_file);
}

void
map_old_tls(struct mapping *m)
{
	if (!needs_tls(m))
		return;
	if (map_on(m, m->option))
		map_say(m, IMPORT_CHANGED, "TLS 1.2 is the least that is "
			"served; older clients cannot connect any more");
	else
		m->answer.verdict = IMPORT_DEFAULT;
}

static bool
serves_12(const struct mapping *m)
{
	return map_on(m, OPTION_ssl_tlsv12) && map_on(m, OPTION_ssl_tlsv1_2);
}

static bool
serves_13(const struct mapping *m)
{
	return map_on(m, OPTION_ssl_tlsv13) && map_on(m, OPTION_ssl_tlsv1_3);
}

void
map_tls_version(struct mapping *m)
{
	bool is_12 = m->option == OPTION_ssl_tlsv12 ||
		m->option == OPTION_ssl_tlsv1_2;

	if (!needs_tls(m))
		return;
	if (!serves_12(m) && !serves_13(m)) {
		map_say(m, IMPORT_REFUSED, "neither TLS 1.2 nor TLS 1.3 is "
			"on; both are served");
		return;
	}
	if (is_12)
		map_set(m, "tls", "min_version", "%s",
			serves_12(m) ? "1.2" : "1.3");
	else if (!serves_13(m))
		map_set(m, "tls", "openssl_commands", "MaxProtocol TLSv1.2");
}

/* vsftpd's default, and a system-wide crypto policy, which is not a cipher
 * list, are replaced by sureftpd's default. */
void
map_ciphers(struct mapping *m)
{
	const char *list = map_text(m, OPTION_ssl_ciphers);

	if (!needs_tls(m))
		return;
	if (!vsftpd_config_is_set(m->v, OPTION_ssl_ciphers)) {
		map_say(m, IMPORT_CHANGED, "ciphers in [tls] has more than "
			"the cipher that vsftpd serves by default");
		return;
	}
	if (list[0] == '\0' || strncmp(list, "PROFILE=", 8) == 0) {
		map_say(m, IMPORT_CHANGED, "ciphers in [tls] keeps its "
			"default, because %s is not a list of ciphers",
			list[0] == '\0' ? "nothing" : list);
		return;
	}
	if (!tls_server_knows_ciphers(list, false)) {
		map_say(m, IMPORT_REFUSED, "OpenSSL knows no cipher of the "
			"list; ciphers in [tls] keeps its default");
		return;
	}
	map_set(m, "tls", "ciphers", "%s", list);
	map_say(m, IMPORT_SAME, "ciphers in [tls], of which only those with "
		"ECDHE key exchange are used");
}

void
map_ciphersuites(struct mapping *m)
{
	const char *list = map_text(m, OPTION_ssl_ciphersuites);

	if (!needs_tls(m) || list[0] == '\0')
		return;
	if (tls_server_knows_ciphers(list, true))
		map_set(m, "tls", "ciphersuites", "%s", list);
	else
		map_say(m, IMPORT_REFUSED, "OpenSSL does not know all of the "
			"list; ciphersuites in [tls] keeps its default");
}

void
map_allow_anon_ssl(struct mapping *m)
{
	if (!needs_tls(m))
		return;
	if (!map_on(m, OPTION_allow_anon_ssl) &&
	    map_on(m, OPTION_anonymous_enable))
		map_say(m, IMPORT_CHANGED, "anonymous sessions can use TLS; "
			"vsftpd refused them");
}

static const char *
required(bool login, bool data)
{
	if (login && data)
		return "both";
	if (login)
		return "login";
	return data ? "data" : "no";
}

void
map_require_tls(struct mapping *m)
{
	if (!needs_tls(m))
		return;
	bool guest_data = map_guests_are_anonymous(m) &&
		map_on(m, OPTION_force_anon_data_ssl);
	map_set(m, "tls", "require_tls", "%s",
		required(map_on(m, OPTION_force_local_logins_ssl),
		map_on(m, OPTION_force_local_data_ssl) || guest_data));
	map_set_anonymous(m, "require_tls", "%s",
		required(map_on(m, OPTION_force_anon_logins_ssl),
		map_on(m, OPTION_force_anon_data_ssl)));
	if (map_on(m, m->option) && (m->option == OPTION_force_local_data_ssl ||
	    m->option == OPTION_force_anon_data_ssl))
		map_say(m, IMPORT_CHANGED, "require_tls in [tls]; without PROT "
			"P transfers are answered with 521 instead of 522");
}

void
map_session_reuse(struct mapping *m)
{
	if (needs_tls(m))
		map_set(m, "tls", "session_reuse", "%s",
			map_on(m, OPTION_require_ssl_reuse) ? "require" :
			"prefer");
}

void
map_close_notify(struct mapping *m)
{
	static const char *const words[2][2] = {
		{ "no", "download" }, { "upload", "both" },
	};

	if (needs_tls(m))
		map_set(m, "tls", "require_tls_close_notify", "%s",
			words[map_on(m, OPTION_strict_ssl_read_eof)]
			[map_on(m, OPTION_strict_ssl_write_shutdown)]);
}

/* Without authorities vsftpd accepts no certificate. */
static void
require_authorities(struct mapping *m, bool required_here)
{
	if (!required_here) {
		map_say(m, IMPORT_CHANGED, "certificates of clients are not "
			"asked for; vsftpd has no authorities in ca_certs_file "
			"and accepted none");
		return;
	}
	map_set(m, "tls", "client_ca", "%s", NO_AUTHORITIES);
	map_set(m, "tls", "client_certificate", "require");
	map_say(m, IMPORT_REFUSED, "vsftpd has no authorities in ca_certs_file "
		"and accepted no client; the server starts when they are in "
		"%s", NO_AUTHORITIES);
}

/* A certificate that nobody verifies proves nothing.  If one is required, the
 * authorities of ca_certs_file must have issued it here. */
static void
map_unverified(struct mapping *m, bool required_here, const char *ca)
{
	if (!required_here) {
		map_say(m, IMPORT_SAME, "certificates of clients are not "
			"asked for: vsftpd accepted any");
		return;
	}
	if (ca[0] == '\0') {
		map_say(m, IMPORT_REFUSED, "vsftpd required a certificate, "
			"but accepted any; set client_ca and "
			"client_certificate = require in [tls]");
		return;
	}
	map_set(m, "tls", "client_certificate", "require");
	map_say(m, IMPORT_CHANGED, "client_certificate = require in [tls]: an "
		"authority in client_ca must have issued the certificate, of "
		"which vsftpd accepted any; set client_certificate = no if "
		"clients cannot have such ones");
}

void
map_client_certificate(struct mapping *m)
{
	const char *ca = map_text(m, OPTION_ca_certs_file);
	bool required_here = map_on(m, OPTION_require_cert);
	bool verified = map_on(m, OPTION_validate_cert);
	BUFFER(path, PATH_MAX);

	if (!needs_tls(m))
		return;
	if (!map_on(m, OPTION_ssl_request_cert)) {
		map_say(m, IMPORT_SAME, "certificates of clients are not "
			"asked for");
		return;
	}
	if (!verified)
		map_unverified(m, required_here, ca);
	else if (ca[0] == '\0')
		require_authorities(m, required_here);
	else
		map_set(m, "tls", "client_certificate", "%s",
			required_here ? "require" : "request");
	if (ca[0] == '\0' || !(verified || required_here))
		return;
	add_path(m, &path, ca);
	map_set(m, "tls", "client_ca", "%s", buffer_text(&path));
}
