/*
 * tls_tickets.c - encrypts tickets with the session's or its account's keys,
 * and stores their owner in them.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_tickets.h"

#include "common/settings/settings.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#define NAME_SIZE   16
#define CIPHER_SIZE 32
#define MAC_SIZE    32
#define IV_SIZE     16

_Static_assert(MESSAGE_TICKET_KEYS_SIZE == NAME_SIZE + CIPHER_SIZE + MAC_SIZE,
	"three keys");

/* Stored in a ticket.  Only a proven ticket shows that its holder belongs to
 * the session: it was sent on the control connection, or on a data connection
 * that resumed with a proven ticket. */
struct owner {
	uint64_t session, proven;
};

static struct tls_ticket_rights *
rights_of(SSL *ssl)
{
	return SSL_get_app_data(ssl);
}

/* With TLS 1.2 tickets are sent in the handshake, before the login, so they use
 * the session's own keys.  With TLS 1.3 they are sent after the login. */
static const uint8_t *
keys_of(SSL *ssl)
{
	const struct tls_binding *binding = &rights_of(ssl)->binding;

	if (SSL_version(ssl) < TLS1_3_VERSION)
		return binding->own;
	return binding->has_account ? binding->account : NULL;
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
	const uint8_t *keys = keys_of(ssl);

	if (keys == NULL)
		return sealing ? -1 : 0;
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

/* A connection that resumes with an unproven ticket remains unproven. */
static bool
proves(SSL *ssl)
{
	struct tls_ticket_rights *rights = rights_of(ssl);

	return rights->control || (SSL_session_reused(ssl) == 1 &&
		rights->resumed_proven);
}

static int
write_owner(SSL *ssl, void *unused UNUSED)
{
	const struct tls_binding *binding = &rights_of(ssl)->binding;
	const struct owner owner = { binding->session, proves(ssl) };

	return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), &owner,
		sizeof(owner));
}

/* The keys are already specific to account and address. */
static bool
is_good(SSL *ssl, const struct owner *owner)
{
	const struct tls_binding *binding = &rights_of(ssl)->binding;
	bool same = owner->session == binding->session;

	if (binding->session == 0)
		return false;
	if (!owner->proven && binding->reuse <= REUSE_REQUIRE)
		return false;
	return same || (SSL_version(ssl) >= TLS1_3_VERSION &&
		binding->reuse != REUSE_STRICT);
}

/*
 * Tickets are announced with a lifetime of a week.  Those of TLS 1.2 are sent
 * only once, so their age is ignored within their own session, which may last
 * longer.
 */
static void
ignore_age(SSL_SESSION *session)
{
	SSL_SESSION_set_timeout(session, INT32_MAX);
}

/* A ticket that is not valid here leads to a full handshake. */
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
	if (!is_good(ssl, &owner))
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	rights_of(ssl)->resumed_proven = owner.proven != 0;
	/* Tickets of TLS 1.3 should be used once; the number of new ones
	 * depends on the use of the connection (tls.c). */
	if (SSL_version(ssl) >= TLS1_3_VERSION)
		return SSL_TICKET_RETURN_USE_RENEW;
	ignore_age(session);
	return SSL_TICKET_RETURN_USE;
}

/* For clients without tickets (TLS 1.2): only the session of the control
 * connection. */
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
	/* A connection that breaks invalidates its session, but only this
	 * copy. */
	SSL_SESSION *copy = SSL_SESSION_dup(saved);
	if (copy != NULL)
		ignore_age(copy);
	rights_of(ssl)->resumed_proven = true;
	return copy;
}

/* libssl selects a certificate only if no session was resumed. */
static int
note_beginning(SSL *ssl, void *unused UNUSED)
{
	rights_of(ssl)->began = true;
	return 1;
}

bool
tls_tickets_use(SSL_CTX *context)
{
	/* The same in all contexts, so that tickets of one host are accepted
	 * for another. */
	static const unsigned char id[] = "sureftpd";

	/* Without the first flag TLS 1.2 would send no session ids. */
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER |
		SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_get_cb(context, find_saved);
	SSL_CTX_set_cert_cb(context, note_beginning, NULL);
	SSL_CTX_set_timeout(context, TLS_TICKET_SECONDS);
	SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
	return SSL_CTX_set_session_id_context(context, id,
			sizeof(id) - 1) == 1 &&
		SSL_CTX_set_tlsext_ticket_key_evp_cb(context, seal) == 1 &&
		SSL_CTX_set_session_ticket_cb(context, write_owner,
			check_owner, NULL) == 1;
}
