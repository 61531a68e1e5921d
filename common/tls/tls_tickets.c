/*
 * tls_tickets.c - seal tickets with the session's own keys and write into them
 * whose they are.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_tickets.h"

#include "common/tls/tls.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#define NAME_SIZE   16
#define CIPHER_SIZE 32
#define MAC_SIZE    32
#define IV_SIZE     16
/* Longer than a session lasts: tickets of TLS 1.2 come once.  Those of TLS 1.3
 * are good for a week by what clients are told (RFC 8446 section 4.6.1); new
 * ones come in time (protect_fresh_ticket). */
#define LIFETIME    (366 * 86400L)

_Static_assert(sizeof(((struct tls_binding *)NULL)->keys) ==
	NAME_SIZE + CIPHER_SIZE + MAC_SIZE, "a binding is three keys");

/* In a ticket: whose data connections it opens.  Session 0 is nobody: who has
 * not proved to belong to one. */
struct owner {
	uint64_t session;
};

static const struct tls_ticket_rights *
rights_of(SSL *ssl)
{
	return SSL_get_app_data(ssl);
}

static bool
set_mac_key(EVP_MAC_CTX *mac, const uint8_t *key)
{
	uint8_t copy[MAC_SIZE];
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, copy,
			sizeof(copy)),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
			0),
		OSSL_PARAM_construct_end(),
	};

	memcpy(copy, key, sizeof(copy));
	bool ok = EVP_MAC_CTX_set_params(mac, params) == 1;
	OPENSSL_cleanse(copy, sizeof(copy));
	return ok;
}

/* SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 1 = keys are set, 0 = not our
 * ticket, -1 = failed. */
static int
seal(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
	EVP_MAC_CTX *mac, int sealing)
{
	const uint8_t *keys = rights_of(ssl)->binding.keys;

	if (sealing) {
		memcpy(name, keys, NAME_SIZE);
		if (RAND_bytes(iv, IV_SIZE) != 1)
			return -1;
	} else if (memcmp(name, keys, NAME_SIZE) != 0) {
		return 0;
	}
	if (!set_mac_key(mac, keys + NAME_SIZE + CIPHER_SIZE))
		return -1;
	return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL,
		keys + NAME_SIZE, iv, sealing) == 1 ? 1 : -1;
}

static int
write_owner(SSL *ssl, void *unused UNUSED)
{
	const struct tls_ticket_rights *rights = rights_of(ssl);
	struct owner owner = { 0 };

	if (rights->begins || SSL_session_reused(ssl))
		owner = (struct owner){ rights->binding.session };
	return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), &owner,
		sizeof(owner));
}

static bool
is_owner(const struct tls_binding *binding, const struct owner *owner)
{
	return binding->session != 0 && owner->session == binding->session;
}

/* A ticket that is not good for this session makes a full handshake, and
 * that one gives a new ticket. */
static SSL_TICKET_RETURN
check_owner(SSL *ssl, SSL_SESSION *session,
	const unsigned char *name UNUSED, size_t name_len UNUSED,
	SSL_TICKET_STATUS status, void *unused UNUSED)
{
	struct owner owner;
	void *data = NULL;
	size_t len = 0;

	if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	if (SSL_SESSION_get0_ticket_appdata(session, &data, &len) != 1 ||
	    len != sizeof(owner))
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	memcpy(&owner, data, sizeof(owner));
	if (!is_owner(&rights_of(ssl)->binding, &owner))
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	/* Tickets of TLS 1.3 should serve once: as many new ones follow as
	 * the connection's use gives (tls.c). */
	return SSL_version(ssl) >= TLS1_3_VERSION ?
		SSL_TICKET_RETURN_USE_RENEW : SSL_TICKET_RETURN_USE;
}

/* For clients without tickets (TLS 1.2): the control connection's session and
 * no other. */
static SSL_SESSION *
find_saved(SSL *ssl, const unsigned char *number, int len, int *keep)
{
	SSL_SESSION *saved = rights_of(ssl)->saved;
	const unsigned char *own;
	unsigned own_len;

	*keep = 0;
	if (saved == NULL)
		return NULL;
	own = SSL_SESSION_get_id(saved, &own_len);
	if (len <= 0 || own_len != (unsigned)len ||
	    memcmp(own, number, own_len) != 0)
		return NULL;
	/* A connection that is cut spoils its session, but only this copy. */
	return SSL_SESSION_dup(saved);
}

bool
tls_tickets_use(SSL_CTX *context)
{
	/* The same in all contexts: tickets of the control connection's are
	 * opened in the data connections'. */
	static const unsigned char id[] = "sureftpd";

	/* Without the first flag TLS 1.2 would give no session numbers. */
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER |
		SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_get_cb(context, find_saved);
	SSL_CTX_set_timeout(context, LIFETIME);
	SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
	return SSL_CTX_set_session_id_context(context, id,
			sizeof(id) - 1) == 1 &&
		SSL_CTX_set_tlsext_ticket_key_evp_cb(context, seal) == 1 &&
		SSL_CTX_set_session_ticket_cb(context, write_owner,
			check_owner, NULL) == 1;
}
