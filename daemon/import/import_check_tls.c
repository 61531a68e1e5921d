/*
 * import_check_tls.c - certificates, keys and ciphers with which vsftpd does
 * not start.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/import_check.h"

#include "common/tls/tls_foreign.h"
#include "common/tls/tls_server.h"
#include "daemon/import/vsftpd_file.h"

static bool
on(const struct import *i, enum vsftpd_option option)
{
	return i->vsftpd.values[option].on;
}

static const char *
path_of(const struct import *i, enum vsftpd_option option)
{
	return i->vsftpd.values[option].text;
}

static bool
is_readable(const char *path)
{
	return access(path, R_OK) == 0;
}

/* Is there such a text in the file? */
static bool
has_text(const char *path, const char *text)
{
	struct vsftpd_file file;

	bool found = vsftpd_file_read(&file, path) == 0 && file.len > 0 &&
		memmem(file.data, file.len, text, strlen(text)) != NULL;
	vsftpd_file_free(&file);
	return found;
}

static void
check_key(struct import *i, struct tls_foreign *foreign,
	enum vsftpd_option option, const char *kind)
{
	const char *path = path_of(i, option);
	const char *why = tls_foreign_key(foreign, path);

	if (why == NULL)
		return;
	if (has_text(path, "ENCRYPTED"))
		why = "there is nobody to type in its passphrase";
	check_fault(i, option, "SSL: cannot load %s private key: %s: %s",
		kind, path, why);
}

/* Without a file of its own the key is beside the certificate.  What cannot be
 * read is reported once. */
static void
check_pair(struct import *i, struct tls_foreign *foreign, const char *kind,
	enum vsftpd_option certificate, enum vsftpd_option key)
{
	const char *path = path_of(i, certificate);
	bool apart = path_of(i, key)[0] != '\0';

	/* vsftpd may be started in another directory than this program. */
	if (path[0] != '/' || (apart && path_of(i, key)[0] != '/'))
		return;
	check_readable(i, certificate);
	check_readable(i, key);
	if (is_readable(path)) {
		const char *why = tls_foreign_certificate(foreign, path);

		if (why != NULL) {
			check_fault(i, certificate, "SSL: cannot load "
				"%s certificate: %s: %s", kind, path, why);
			return;
		}
	}
	if (apart ? is_readable(path_of(i, key)) : is_readable(path))
		check_key(i, foreign, apart ? key : certificate, kind);
}

static void
check_authorities(struct import *i, struct tls_foreign *foreign)
{
	const char *path = path_of(i, OPTION_ca_certs_file);

	if (!on(i, OPTION_ssl_request_cert) && !on(i, OPTION_require_cert))
		return;
	check_readable(i, OPTION_ca_certs_file);
	if (path[0] == '\0' || !is_readable(path))
		return;
	const char *why = tls_foreign_authorities(foreign, path);
	if (why != NULL)
		check_fault(i, OPTION_ca_certs_file, "SSL: could not "
			"load verify file: %s: %s", path, why);
}

/* Builds of other libraries may know other ciphers than this one. */
static void
check_ciphers(struct import *i, enum vsftpd_option option, const char *what)
{
	const char *list = path_of(i, option);

	if (vsftpd_config_is_set(&i->vsftpd, option) &&
	    strncmp(list, "PROFILE=", 8) != 0 &&
	    !tls_server_knows_ciphers(list, option == OPTION_ssl_ciphersuites))
		check_fault(i, option, "SSL: could not set %s list: %s",
			what, list);
}

void
import_check_tls(struct import *i)
{
	if (!on(i, OPTION_ssl_enable))
		return;
	struct tls_foreign *foreign = tls_foreign_new();
	if (foreign == NULL) {
		i->report.failed = true;
		return;
	}
	/* In vsftpd's order: a key must fit the certificate of its kind that
	 * was loaded last. */
	check_pair(i, foreign, "RSA", OPTION_rsa_cert_file,
		OPTION_rsa_private_key_file);
	check_pair(i, foreign, "DSA", OPTION_dsa_cert_file,
		OPTION_dsa_private_key_file);
	check_authorities(i, foreign);
	check_ciphers(i, OPTION_ssl_ciphers, "cipher");
	check_ciphers(i, OPTION_ssl_ciphersuites, "ciphersuites");
	tls_foreign_free(foreign);
}
