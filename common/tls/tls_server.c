/*
 * tls_server.c - the contexts of all [tls] sections, the selection of the
 * context for a connection, and the keys of the certificates.
 *
 * Runs in: master (loads), greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_server.h"

#include "common/io.h"
#include "common/text.h"
#include "common/tls/tls_certificates.h"
#include "common/tls/tls_context.h"
#include "common/tls/tls_keys.h"
#include "common/tls/tls_library.h"
#include "common/tls/tls_selfsigned.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

/* One [tls] section. */
struct host {
	char *name;
	SSL_CTX *context;
};

/* A certificate's private key. */
struct key {
	char *certificate, *path;
	uint8_t name[MESSAGE_KEY_NAME_SIZE];
};

struct tls_server {
	struct host hosts[SETTINGS_MAX_TLS];	/* [0] is [tls] */
	size_t host_count;	/* 0: no TLS */
	struct key keys[MESSAGE_KEYS];
	size_t key_count;
	struct tls_provider *provider;
	struct tls_signer signer;
	struct tls_keys *held;	/* for signing in this process, or NULL */
	struct tls_files files;
	SSL_SESSION *saved;	/* session of the control connection, or NULL */
	int certificate_user;
};

/* SNI (RFC 6066 section 3): a host without its own section gets [tls]. */
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

/* The next path of a list, which the caller frees; NULL at the end. */
static char *
next_path(const char **list)
{
	size_t len;
	const char *word = text_word(list, &len);

	return word != NULL ? strndup(word, len) : NULL;
}

/* Takes ownership of both paths. */
static bool
use_pair(struct tls_server *server, SSL_CTX *context, char *certificate,
	char *path)
{
	struct key *key = &server->keys[server->key_count];

	if (server->key_count == MESSAGE_KEYS || certificate == NULL ||
	    path == NULL) {
		free(certificate);
		free(path);
		return false;
	}
	key->certificate = certificate;
	key->path = path;
	server->key_count++;
	return tls_certificates_use(&server->files, context, certificate,
		server->provider, &server->signer, key->name);
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
		char *key = apart ? next_path(&keys) : strdup(certificate);

		if (key == NULL && apart)
			tls_files_complain(&server->files, certificate,
				"[tls] private_key names no file for this "
				"certificate");
		ok = use_pair(server, context, certificate, key);
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

static bool
load(struct tls_server *server, const struct settings *settings)
{
	if (*settings->tls[0].certificate == '\0')
		return true;
	/* Without TLS, workers do not need OpenSSL's tables. */
	tls_library_begin();
	server->provider = tls_provider_new();
	if (server->provider == NULL)
		return false;
	for (size_t i = 0; i < settings->tls_count; i++)
		if (!load_host(server, settings, &settings->tls[i]))
			return false;
	return true;
}

bool
tls_server_knows_ciphers(const char *list, bool suites)
{
	tls_library_begin();
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	bool known = context != NULL && (suites ?
		SSL_CTX_set_ciphersuites(context, list) == 1 :
		SSL_CTX_set_cipher_list(context, list) == 1);

	ERR_clear_error();
	SSL_CTX_free(context);
	return known;
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
	if (load(server, settings))
		return server;
	if (server->files.complaints == 0)
		tls_files_complain_of_settings(&server->files, settings,
			"TLS cannot be set up: out of memory");
	tls_server_free(server);
	return NULL;
}

void
tls_server_free(struct tls_server *server)
{
	if (server == NULL)
		return;
	for (size_t i = 0; i < server->host_count; i++) {
		free(server->hosts[i].name);
		SSL_CTX_free(server->hosts[i].context);
	}
	for (size_t i = 0; i < server->key_count; i++) {
		free(server->keys[i].certificate);
		free(server->keys[i].path);
	}
	tls_keys_free(server->held);
	tls_provider_free(server->provider);
	SSL_SESSION_free(server->saved);
	tls_files_free(&server->files);
	free(server);
}

bool
tls_server_on(const struct tls_server *server)
{
	return server->host_count > 0;
}

bool
tls_server_changed(struct tls_server *server)
{
	return tls_files_changed(&server->files);
}

int
tls_server_open_keys(struct tls_server *server, int *fds)
{
	for (size_t i = 0; i < server->key_count; i++) {
		fds[i] = tls_files_open_key(&server->files,
			server->keys[i].path);
		if (fds[i] >= 0)
			continue;
		while (i-- > 0)
			io_close(&fds[i]);
		return -1;
	}
	return (int)server->key_count;
}

void
tls_server_complain_of_key(struct tls_server *server, int file,
	const char *text)
{
	bool known = file >= 0 && (size_t)file < server->key_count;

	tls_files_complain(&server->files, known ? server->keys[file].path :
		"private keys", "%s", text);
}

bool
tls_server_check_keys(struct tls_server *server,
	const uint8_t (*names)[MESSAGE_KEY_NAME_SIZE], size_t count)
{
	if (count != server->key_count) {
		tls_server_complain_of_key(server, -1, "not all were read");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct key *key = &server->keys[i];

		if (memcmp(key->name, names[i], sizeof(key->name)) == 0)
			continue;
		tls_files_complain(&server->files, key->path,
			"the private key does not match the certificate in %s",
			key->certificate);
		return false;
	}
	return true;
}

bool
tls_server_same_keys(const struct tls_server *a, const struct tls_server *b)
{
	if (a->key_count != b->key_count)
		return false;
	for (size_t i = 0; i < a->key_count; i++)
		if (memcmp(a->keys[i].name, b->keys[i].name,
			sizeof(a->keys[i].name)) != 0)
			return false;
	return true;
}

void
tls_server_sign_by(struct tls_server *server, tls_sign_function *sign,
	void *context)
{
	server->signer = (struct tls_signer){ sign, context };
}

static bool
check_held(struct tls_server *server)
{
	uint8_t names[MESSAGE_KEYS][MESSAGE_KEY_NAME_SIZE];
	size_t count = tls_keys_count(server->held);

	for (size_t i = 0; i < count; i++)
		memcpy(names[i], tls_keys_name(server->held, i),
			sizeof(names[i]));
	return tls_server_check_keys(server,
		(const uint8_t (*)[MESSAGE_KEY_NAME_SIZE])names, count);
}

bool
tls_server_take_keys(struct tls_server *server)
{
	char text[MESSAGE_TEXT_SIZE];
	int fds[MESSAGE_KEYS], file;
	int count = tls_server_open_keys(server, fds);

	if (count < 0)
		return false;
	tls_keys_free(server->held);
	server->held = tls_keys_read(fds, (size_t)count, &file, text,
		sizeof(text));
	for (int i = 0; i < count; i++)
		io_close(&fds[i]);
	if (server->held == NULL) {
		tls_server_complain_of_key(server, file, text);
		return false;
	}
	tls_server_sign_by(server, tls_keys_sign, server->held);
	return check_held(server);
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
tls_server_context(const struct tls_server *server)
{
	return server->host_count > 0 ? server->hosts[0].context : NULL;
}

int
tls_server_certificate_user(const struct tls_server *server)
{
	return server->certificate_user;
}
