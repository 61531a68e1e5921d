/*
 * tls_context.c - creates contexts according to the settings and the rules.
 *
 * Runs in: master (makes), greeter, session (ALPN).
 * Never: TLS before 1.2, compression, renegotiation, early data.
 */
#include "common/base.h"
#include "common/tls/tls_context.h"

#include "common/text.h"
#include "common/tls/tls_certificates.h"
#include "common/tls/tls_library.h"
#include "common/tls/tls_tickets.h"

#include <openssl/err.h>
#ifdef __aarch64__
#include <sys/auxv.h>
#include <asm/hwcap.h>
#endif

#define REASON_SIZE 160
#define CHACHA_SUITE "TLS_CHACHA20_POLY1305_SHA256"

bool
tls_context_has_aes(void)
{
#if defined(__x86_64__) || defined(__i386__)
	return __builtin_cpu_supports("aes");
#elif defined(__aarch64__)
	return (getauxval(AT_HWCAP) & HWCAP_AES) != 0;
#else
	return false;
#endif
}

bool
tls_context_prefer_chacha(SSL_CTX *context, const char *ciphers,
	const char *suites)
{
	BUFFER(list, 8192);
	const char *chacha = strstr(suites, CHACHA_SUITE);

	/* ciphers(1): "+" moves to the end what is in the list. */
	buffer_addf(&list, "%s:+AES", ciphers);
	if (list.overflow || SSL_CTX_set_cipher_list(context, list.data) != 1)
		return false;
	if (chacha == NULL)
		return SSL_CTX_set_ciphersuites(context, suites) == 1;
	buffer_clear(&list);
	buffer_addf(&list, "%s:%.*s%s", CHACHA_SUITE, (int)(chacha - suites),
		suites, chacha + strlen(CHACHA_SUITE));
	return !list.overflow && SSL_CTX_set_ciphersuites(context,
		list.data) == 1;
}

/* Complain about a key of [tls]. */
static bool
refuse(const struct settings *settings, struct tls_files *files,
	const char *key, const char *value)
{
	char reason[REASON_SIZE];

	tls_files_complain_of_settings(files, settings, "[tls] %s: %s: %s",
		key, value, tls_library_error(reason, sizeof(reason), NULL));
	return false;
}

/* OpenSSL says "passed invalid argument". */
static bool
refuse_groups(const struct settings *settings, struct tls_files *files)
{
	tls_files_complain_of_settings(files, settings, "[tls] groups: %s: a "
		"group is unknown or named twice", settings->server.groups);
	ERR_clear_error();
	return false;
}

static bool
set_ciphers(const struct settings *settings, struct tls_files *files,
	SSL_CTX *context)
{
	const struct server_settings *s = &settings->server;

	if (SSL_CTX_set_cipher_list(context, s->ciphers) != 1)
		return refuse(settings, files, "ciphers", s->ciphers);
	if (SSL_CTX_set_ciphersuites(context, s->ciphersuites) != 1)
		return refuse(settings, files, "ciphersuites",
			s->ciphersuites);
	if (SSL_CTX_set1_groups_list(context, s->groups) != 1)
		return refuse_groups(settings, files);
	/* The list was accepted above, so it is accepted in another order,
	 * too. */
	return tls_context_has_aes() || tls_context_prefer_chacha(context,
		s->ciphers, s->ciphersuites);
}

/* One line: NAME, blanks, VALUE. */
static int
run_command(SSL_CONF_CTX *conf, const char *line, size_t len)
{
	char *name = strndup(line, len);
	char *value = name;
	int result = 0;

	if (name == NULL)
		return 0;
	while (*value != '\0' && !text_is_blank(*value))
		value++;
	while (text_is_blank(*value))
		*value++ = '\0';
	result = SSL_CONF_cmd(conf, name, *value != '\0' ? value : NULL);
	free(name);
	return result;
}

static bool
run_commands(const struct settings *settings, struct tls_files *files,
	SSL_CTX *context)
{
	const char *line = settings->server.openssl_commands;
	SSL_CONF_CTX *conf = SSL_CONF_CTX_new();
	bool ok = conf != NULL;

	if (ok) {
		SSL_CONF_CTX_set_flags(conf, SSL_CONF_FLAG_FILE |
			SSL_CONF_FLAG_SERVER | SSL_CONF_FLAG_SHOW_ERRORS);
		SSL_CONF_CTX_set_ssl_ctx(conf, context);
	}
	while (ok && *line != '\0') {
		size_t len = strcspn(line, "\n");

		if (len > 0 && run_command(conf, line, len) <= 0) {
			char *command = strndup(line, len);
			ok = refuse(settings, files, "openssl_commands",
				command != NULL ? command : "");
			free(command);
		}
		line += len + (line[len] == '\n');
	}
	SSL_CONF_CTX_free(conf);
	return ok;
}

static int
choose_protocol(SSL *ssl UNUSED, const unsigned char **chosen,
	unsigned char *chosen_len, const unsigned char *offered,
	unsigned int offered_len, void *unused UNUSED)
{
	/* The library has checked the lengths. */
	for (unsigned i = 0; i < offered_len; i += 1u + offered[i]) {
		if (offered[i] != 3 || memcmp(offered + i + 1, "ftp", 3) != 0)
			continue;
		*chosen = offered + i + 1;
		*chosen_len = 3;
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool
ask_for_certificates(const struct settings *settings, struct tls_files *files,
	SSL_CTX *context)
{
	const struct server_settings *s = &settings->server;
	int mode = SSL_VERIFY_PEER;

	if (s->client_certificate == CLIENT_CERTIFICATE_NO)
		return true;
	if (s->client_certificate == CLIENT_CERTIFICATE_REQUIRE)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_CTX_set_verify(context, mode, NULL);
	return tls_certificates_use_authorities(files, context, s->client_ca,
		s->client_crl);
}

/*
 * Only key exchanges that need a signature and no other use of the private key,
 * because the keeper signs ECDH parameters only.
 */
static bool
keep_ecdhe(SSL_CTX *context)
{
	STACK_OF(SSL_CIPHER) *all = SSL_CTX_get_ciphers(context);
	BUFFER(list, 8192);

	for (int i = 0; i < sk_SSL_CIPHER_num(all); i++) {
		const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(all, i);

		if (SSL_CIPHER_get_kx_nid(cipher) == NID_kx_ecdhe)
			buffer_addf(&list, "%s%s", list.len > 0 ? ":" : "",
				SSL_CIPHER_get_name(cipher));
	}
	return !list.overflow && SSL_CTX_set_cipher_list(context,
		buffer_text(&list)) == 1;
}

static bool
limit_ciphers(const struct settings *settings, struct tls_files *files,
	SSL_CTX *context)
{
	const struct server_settings *s = &settings->server;

	if (keep_ecdhe(context) || s->min_version == MIN_VERSION_1_3)
		return true;
	return refuse(settings, files, "ciphers (with ECDHE)", s->ciphers);
}

/* After the commands, so that they cannot enable what must be disabled. */
static bool
demand(const struct settings *settings, SSL_CTX *context)
{
	int least = settings->server.min_version == MIN_VERSION_1_3 ?
		TLS1_3_VERSION : TLS1_2_VERSION;
	uint64_t options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
		SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_CIPHER_SERVER_PREFERENCE |
		SSL_OP_PRIORITIZE_CHACHA;

#ifdef SSL_OP_ENABLE_KTLS
	options |= SSL_OP_ENABLE_KTLS;
#endif
	SSL_CTX_set_options(context, options);
	SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF |
		SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
	if (SSL_CTX_get_min_proto_version(context) < least &&
	    SSL_CTX_set_min_proto_version(context, least) != 1)
		return false;
	return SSL_CTX_set_max_early_data(context, 0) == 1 &&
		SSL_CTX_set_recv_max_early_data(context, 0) == 1 &&
		tls_tickets_use(context);
}

SSL_CTX *
tls_context_new(const struct settings *settings, struct tls_files *files)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (context == NULL) {
		refuse(settings, files, "certificate", "OpenSSL");
		return NULL;
	}
	/* Not from the system's OpenSSL configuration. */
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(context, 0);
	if (set_ciphers(settings, files, context) &&
	    run_commands(settings, files, context) &&
	    limit_ciphers(settings, files, context) &&
	    ask_for_certificates(settings, files, context) &&
	    demand(settings, context))
		return context;
	SSL_CTX_free(context);
	return NULL;
}
