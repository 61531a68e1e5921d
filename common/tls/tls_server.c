/*
 * tls_server.c - the contexts of all [tls] sections, and which of them a
 * connection gets.
 *
 * Runs in: master (loads), greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_server.h"

#include "common/text.h"
#include "common/tls/tls_context.h"
#include "common/tls/tls_files.h"
#include "common/tls/tls_library.h"
#include "common/tls/tls_selfsigned.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

/* One [tls] section. */
struct host {
	char *name;
	SSL_CTX *context;
};

struct tls_server {
	struct host hosts[SETTINGS_MAX_TLS];	/* [0] is [tls] */
	size_t host_count;	/* 0: no TLS, or the keys were wiped */
	SSL_CTX *throwaway;	/* for data connections without the keys */
	struct tls_files files;
	SSL_SESSION *saved;	/* the control connection's, or NULL */
	int certificate_user;
};

/* SNI (RFC 6066 section 3): a host that is not named gets [tls]. */
static int
choose_host(SSL *ssl, int *alert UNUSED, void *context)
{
	const struct tls_server *server = context;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	if (name == NULL)
		return SSL_TLSEXT_ERR_NOACK;
	for (size_t i = 1; i < server->host_count; i++) {
		if (!text_is(server->hosts[i].name, name))
			continue;
		return SSL_set_SSL_CTX(ssl, server->hosts[i].context) != NULL ?
			SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
	}
	return SSL_TLSEXT_ERR_OK;
}

/* The next path of a list, to be freed; NULL at the end. */
static char *
next_path(const char **list)
{
	size_t len;
	const char *word = text_word(list, &len);

	return word != NULL ? strndup(word, len) : NULL;
}

static bool
use_pairs(struct tls_server *server, SSL_CTX *context,
	const struct tls_settings *section)
{
	const char *certificates = section->certificate;
	const char *keys = section->private_key;
	bool apart = *keys != '\0', ok = true;
	char *certificate;

	while (ok && (certificate = next_path(&certificates)) != NULL) {
		char *key = apart ? next_path(&keys) : NULL;

		ok = !apart || key != NULL;
		if (!ok)
			tls_files_complain(&server->files, certificate,
				"[tls] private_key names no file for this "
				"certificate");
		ok = ok && tls_files_use_pair(&server->files, context,
			certificate, key);
		free(key);
		free(certificate);
	}
	return ok;
}

static bool
load_host(struct tls_server *server, const struct settings *settings,
	const struct tls_settings *section)
{
	struct host *host = &server->hosts[server->host_count];

	host->name = strdup(section->name);
	host->context = tls_context_new(settings, &server->files);
	server->host_count++;
	if (host->name == NULL || host->context == NULL)
		return false;
	SSL_CTX_set_tlsext_servername_callback(host->context, choose_host);
	SSL_CTX_set_tlsext_servername_arg(host->context, server);
	return use_pairs(server, host->context, section);
}

/* The certificate that sessions show which have given the keys up: worth
 * nothing, and only seen by clients that do not resume. */
static bool
make_throwaway(struct tls_server *server, const struct settings *settings)
{
	EVP_PKEY *key;
	X509 *certificate;

	server->throwaway = tls_context_new(settings, &server->files);
	if (server->throwaway == NULL ||
	    tls_selfsigned_new("resume.invalid", &key, &certificate) < 0)
		return false;
	bool ok = SSL_CTX_use_certificate(server->throwaway,
		certificate) == 1 &&
		SSL_CTX_use_PrivateKey(server->throwaway, key) == 1;
	EVP_PKEY_free(key);
	X509_free(certificate);
	return ok;
}

static bool
load(struct tls_server *server, const struct settings *settings)
{
	if (*settings->tls[0].certificate == '\0')
		return true;
	for (size_t i = 0; i < settings->tls_count; i++)
		if (!load_host(server, settings, &settings->tls[i]))
			return false;
	return make_throwaway(server, settings);
}

struct tls_server *
tls_server_load(const struct settings *settings, settings_complaint *complain,
	void *context)
{
	struct tls_server *server = calloc(1, sizeof(*server));

	if (server == NULL) {
		complain(context, settings->path, "out of memory");
		return NULL;
	}
	server->files.complain = complain;
	server->files.context = context;
	server->certificate_user = settings->server.certificate_user;
	tls_library_begin();
	if (load(server, settings))
		return server;
	if (server->files.complaints == 0)
		tls_files_complain(&server->files, settings->path,
			"TLS cannot be made ready: out of memory");
	tls_server_free(server);
	return NULL;
}

static void
forget_hosts(struct tls_server *server)
{
	for (size_t i = 0; i < server->host_count; i++) {
		free(server->hosts[i].name);
		SSL_CTX_free(server->hosts[i].context);
	}
	server->host_count = 0;
}

void
tls_server_free(struct tls_server *server)
{
	if (server == NULL)
		return;
	forget_hosts(server);
	SSL_CTX_free(server->throwaway);
	SSL_SESSION_free(server->saved);
	tls_files_free(&server->files);
	free(server);
}

bool
tls_server_on(const struct tls_server *server)
{
	return server->throwaway != NULL;
}

bool
tls_server_changed(struct tls_server *server)
{
	return tls_files_changed(&server->files);
}

void
tls_server_become_user(struct tls_server *server, bool keep_keys)
{
	/* The library wipes what it frees: see tls_library.c. */
	if (!keep_keys)
		forget_hosts(server);
}

void
tls_server_resume_saved(struct tls_server *server,
	const struct tls_saved *saved)
{
	const unsigned char *from = saved->data;

	if (saved->len == 0 || saved->len > sizeof(saved->data))
		return;
	SSL_SESSION_free(server->saved);
	server->saved = d2i_SSL_SESSION(NULL, &from, saved->len);
	ERR_clear_error();
}

SSL_SESSION *
tls_server_saved(const struct tls_server *server)
{
	return server->saved;
}

int
tls_server_make_certificate(const char *path, const char *host)
{
	tls_library_begin();
	return tls_selfsigned_write(path, host);
}

SSL_CTX *
tls_server_context(const struct tls_server *server, bool data)
{
	if (server->host_count > 0)
		return server->hosts[0].context;
	return data ? server->throwaway : NULL;
}

int
tls_server_certificate_user(const struct tls_server *server)
{
	return server->certificate_user;
}
