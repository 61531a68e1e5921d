/*
 * ftps.c - the control connection over TLS, and the tickets received on it.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ftps.h"

#include "tests/functional/accounts.h"
#include "tests/functional/ftps_wire.h"
#include "tests/functional/functional.h"
#include "tests/functional/network.h"

#include <openssl/err.h>
#include <openssl/x509.h>

void
ftps_init(struct ftps *t)
{
	memset(t, 0, sizeof(*t));
	t->c.fd = t->c.data = t->c.listener = -1;
	t->control_alert = t->data_alert = -1;
}

bool
ftps_handshake(struct ftps *t)
{
	t->control_alert = t->data_alert = -1;
	t->control_last = FTPS_OPEN;
	t->control = ftps_wire_new(t, t->c.fd);
	if (t->foreign != NULL) {
		SSL_SESSION *copy = SSL_SESSION_dup(t->foreign);
		SSL_set_session(t->control, copy);
		SSL_SESSION_free(copy);
	}
	return ftps_wire_handshake(t, t->control);
}

bool
ftps_begin(struct ftps *t)
{
	ftp_connect_to(&t->c, FTP_HOST, t->from);
	return EXPECT_WAS(&t->c, 220) && EXPECT(&t->c, 234, "AUTH TLS");
}

bool
ftps_connect(struct ftps *t)
{
	return ftps_begin(t) &&
		CHECK_SAYS(ftps_handshake(t), "no handshake: %s", t->error);
}

int
ftps_connect_implicit(struct ftps *t, uint16_t port)
{
	ftp_init(&t->c, FTP_HOST, NULL);
	t->c.fd = network_connect(FTP_HOST, port, NULL);
	if (t->c.fd < 0 || !ftps_handshake(t))
		return t->c.code = -1;
	return ftp_reply(&t->c);
}

bool
ftps_login(struct ftps *t, const char *account)
{
	const struct account *a = accounts_find(account);

	return a != NULL && EXPECT(&t->c, 331, "USER %s", a->name) &&
		EXPECT(&t->c, 230, "PASS %s", a->password) &&
		EXPECT(&t->c, 200, "PBSZ 0") && EXPECT(&t->c, 200, "PROT P");
}

bool
ftps_enter(struct ftps *t, const char *account)
{
	return ftps_connect(t) && ftps_login(t, account);
}

bool
ftps_clear_control(struct ftps *t)
{
	char byte;

	if (t->control == NULL)
		return false;
	ERR_clear_error();
	bool said = SSL_shutdown(t->control) >= 0;
	int n = SSL_read(t->control, &byte, 1);
	bool good = said && n <= 0 &&
		SSL_get_error(t->control, n) == SSL_ERROR_ZERO_RETURN;
	ftps_wire_free(&t->control);
	return good;
}

const char *
ftps_version(const struct ftps *t)
{
	return SSL_get_version(t->control);
}

const char *
ftps_cipher(const struct ftps *t)
{
	return SSL_get_cipher_name(t->control);
}

const char *
ftps_server_name(const struct ftps *t)
{
	static char name[256];
	X509 *x = SSL_get1_peer_certificate(t->control);

	name[0] = '\0';
	if (x != NULL)
		X509_NAME_get_text_by_NID(X509_get_subject_name(x),
			NID_commonName, name, sizeof(name));
	X509_free(x);
	return name;
}

const char *
ftps_server_key(const struct ftps *t)
{
	X509 *x = SSL_get1_peer_certificate(t->control);
	const EVP_PKEY *key = x != NULL ? X509_get0_pubkey(x) : NULL;
	const char *kind = key != NULL ? EVP_PKEY_get0_type_name(key) : "";

	X509_free(x);
	return strcmp(kind, "RSA") == 0 ? "RSA"
		: strcmp(kind, "EC") == 0 ? "EC" : "";
}

SSL_SESSION *
ftps_steal(const struct ftps *t)
{
	return t->ntickets == 0 ? NULL
		: SSL_SESSION_dup(t->tickets[t->ntickets - 1]);
}
