/*
 * make_certificate.c - sureftpd --make-certificate.
 *
 * Runs in: sureftpd --make-certificate, which serves no clients.
 */
#include "common/base.h"
#include "daemon/modes/make_certificate.h"

#include "common/text.h"
#include "common/tls/tls_server.h"

#include <netdb.h>
#include <sysexits.h>

#define HOST_SIZE 256

/* This host's name into name[HOST_SIZE]. */
static int
find_host(char *name)
{
	const struct addrinfo hints = { .ai_flags = AI_CANONNAME };
	struct addrinfo *found;

	if (gethostname(name, HOST_SIZE) < 0)
		return -errno;
	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return 0;
	/* A result such as "localhost" is not better. */
	int error = 0;
	if (found->ai_canonname != NULL &&
	    strchr(found->ai_canonname, '.') != NULL)
		error = text_copy(name, HOST_SIZE, found->ai_canonname);
	freeaddrinfo(found);
	return error;
}

/* The path in the settings must be absolute. */
static void
report(const char *path, const char *host)
{
	char *absolute = realpath(path, NULL);

	printf("%s: created a self-signed certificate and its key for %s.\n"
		"To use it, add to the configuration:\n\n"
		"[tls]\ncertificate = %s\n", path, host,
		absolute != NULL ? absolute : path);
	free(absolute);
}

int
make_certificate(const char *path, const char *host)
{
	char name[HOST_SIZE];

	if (host == NULL) {
		int error = find_host(name);
		if (error < 0) {
			fprintf(stderr, "cannot determine the host name "
				"(%s); use --host NAME\n", strerror(-error));
			return EX_OSERR;
		}
		host = name;
	}

	int error = tls_server_make_certificate(path, host);
	if (error == -EINVAL) {
		fprintf(stderr, "%s: invalid host name\n", host);
		return EX_USAGE;
	}
	if (error < 0) {
		fprintf(stderr, "%s: %s%s\n", path, strerror(-error),
			error == -EEXIST ? "; it is not replaced" : "");
		return EX_CANTCREAT;
	}
	report(path, host);
	return EX_OK;
}
