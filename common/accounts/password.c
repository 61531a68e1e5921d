/*
 * password.c - passwords that the server checks itself.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/password.h"

#include "common/accounts/refuse.h"
#include "common/password_hash.h"
#include "common/text.h"
#include "common/tls/tls_digest.h"

static bool
digest_matches(const char *hash, const char *password)
{
	char name[16], computed[TLS_DIGEST_HEX_SIZE];
	char stored[PASSWORD_HASH_SIZE];
	const char *end = strchr(hash, '}');
	size_t len = end != NULL ? (size_t)(end - hash) - 1 : 0;
	size_t at = 0;

	if (end == NULL || len >= sizeof(name))
		return false;
	memcpy(name, hash + 1, len);
	name[len] = '\0';
	for (end++; *end != '\0' && at < sizeof(stored) - 1; end++)
		stored[at++] = text_lower(*end);
	stored[at] = '\0';
	bool same = tls_digest_hex(name, password, computed) &&
		password_hash_equal(computed, stored);
	explicit_bzero(computed, sizeof(computed));
	explicit_bzero(stored, sizeof(stored));
	return same;
}

bool
password_is_right(const char *hash, const char *password, bool legacy_allowed,
	struct buffer *reason)
{
	const char *why = "wrong password";

	switch (password_hash_kind(hash)) {
	case PASSWORD_HASH_LEGACY:
		if (!legacy_allowed)
			why = "this kind of hash requires "
				"allow_legacy_hashes";
		else if (*hash == '{' ? *password != '\0' &&
		    digest_matches(hash, password) :
		    password_hash_matches(hash, password))
			return true;
		break;
	case PASSWORD_HASH_STRONG:
		if (password_hash_matches(hash, password))
			return true;
		break;
	case PASSWORD_HASH_INVALID:
		why = "the account is locked: its hash is not valid";
		break;
	}
	return refuse(reason, why);
}
