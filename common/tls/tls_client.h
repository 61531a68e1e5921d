/*
 * tls_client.h - TLS connections to servers, with a certificate on both sides.
 *
 * TLS 1.2 or newer; the server's certificate must be issued by one of the given
 * authorities for the server's name.
 */
#ifndef COMMON_TLS_TLS_CLIENT_H
#define COMMON_TLS_TLS_CLIENT_H

#include "common/base.h"
#include "common/settings/settings.h"

struct tls_client;
struct tls;

struct tls_client_files {
	const char *authorities;
	const char *revoked;	/* "": none */
	const char *certificate;
	const char *key;	/* "": in the file of the certificate */
};

/* Read the files, as root.  NULL after at least one complaint. */
struct tls_client *tls_client_load(const struct tls_client_files *files,
	settings_complaint *complain, void *context);
/* After the last of its connections; NULL is fine. */
void tls_client_free(struct tls_client *client);

/* Begin a connection to this host, a name or a numeric address, on fd, which
 * remains the caller's; the other functions are those of tls.h.  NULL when out
 * of memory. */
struct tls *tls_client_new(const struct tls_client *client, int fd,
	const char *host);

#endif
