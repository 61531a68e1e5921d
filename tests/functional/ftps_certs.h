/*
 * ftps_certs.h - the certificates of a suite's world, and a server that uses
 * them.
 */
#ifndef TESTS_FUNCTIONAL_FTPS_CERTS_H
#define TESTS_FUNCTIONAL_FTPS_CERTS_H

#include "common/base.h"
#include "tests/functional/server.h"

#define CERTS "/etc/sureftpd/tls/"

/*
 * From the authority ca.pem, a certificate and its key in one file each, all
 * 0600 and root's:
 *   rsa.pem, ec.pem     the server, CN "rsa.example" and "ec.example"
 *   other.pem           EC, CN "other.example"
 *   address.pem         EC, for the address 127.0.0.1
 *   revoked-address.pem the same, revoked by crl.pem
 *   plain.pem, plain.key  EC, CN "plain.example", key apart
 *   anna.pem, bert.pem, dora.pem  clients; CN "anna", e-mail
 *                       "anna@example.org"...
 *   revoked.pem         a client, CN "anna", revoked by crl.pem
 *   stranger.pem        a client, CN "anna", of an unknown authority
 * Keys are made once a suite.
 */
void ftps_certs_write(void);

/* Write a self-signed EC certificate for this name: key and certificate in one
 * file. */
void ftps_certs_make(const char *path, const char *name);

/* The private numbers in the file rsa.pem or ec.pem, in the order of bytes
 * that memory holds them in (limbs) or as files do.  How many there are;
 * each is `len` bytes from `bytes`. */
struct ftps_secret {
	const char *what;
	char bytes[256];
	size_t len;
};
#define FTPS_SECRETS 16
size_t ftps_certs_secrets(struct ftps_secret *secrets);

/* Does the process hold any of them, and which?  -1 when it cannot be read. */
int ftps_certs_held(pid_t pid, const char **what);

/* A server with ec.pem and rsa.pem. */
#define FTPS_SERVER(server, ...) \
	(ftps_certs_configure(), SERVER(server, __VA_ARGS__))
void ftps_certs_configure(void);

#endif
