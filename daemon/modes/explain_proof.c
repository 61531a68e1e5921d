/*
 * explain_proof.c - what a client would have to present to log in.
 *
 * Runs in: sureftpd --explain-login.
 */
#include "common/base.h"
#include "daemon/modes/explain_proof.h"

#include "common/accounts/anonymous.h"
#include "common/accounts/credentials.h"
#include "common/password_hash.h"

static const char *
checked_by(const struct account_choice *choice,
	const struct user_settings *known)
{
	switch (choice->class) {
	case IDENTITY_ANONYMOUS:
		return ", by [anonymous] password";
	case IDENTITY_FILE:
		return choice->known ? ", by accounts_file" :
			"; no backend knows the account";
	case IDENTITY_RADIUS:
		return ", by the RADIUS servers";
	default:
		return *known->password_hash != '\0' ? ", by password_hash" :
			", by PAM";
	}
}

static bool
file_can_prove(const struct server_settings *s,
	const struct account_choice *choice, struct buffer *reason)
{
	enum password_hash_kind kind = password_hash_kind(choice->file.hash);

	if (kind == PASSWORD_HASH_INVALID)
		buffer_add_text(reason, "the account has no valid "
			"password_hash");
	else if (kind == PASSWORD_HASH_LEGACY && !s->allow_legacy_hashes)
		buffer_add_text(reason, "this kind of password_hash needs "
			"allow_legacy_hashes");
	return reason->len == 0;
}

/* Is there any way for this account to authenticate? */
static bool
can_prove(const struct settings *settings, const struct account_choice *choice,
	bool tls, const struct user_settings *known, struct buffer *reason)
{
	bool certificate = known->login_with == LOGIN_WITH_CERTIFICATE;

	if (known->login_with != LOGIN_WITH_PASSWORD && !tls)
		buffer_add_text(reason, "login_with: no certificate without "
			"TLS");
	else if (certificate && choice->class == IDENTITY_RADIUS)
		buffer_add_text(reason, "login_with: accounts of RADIUS need "
			"a password");
	else if (choice->class == IDENTITY_RADIUS &&
	    anonymous_is_name(choice->name))
		buffer_add_text(reason, CREDENTIALS_NO_ANONYMOUS);
	else if (!certificate && choice->class == IDENTITY_FILE &&
	    choice->known)
		return file_can_prove(&settings->server, choice,
			reason);
	return reason->len == 0;
}

enum explain_proof
explain_proof(const struct settings *settings,
	const struct account_choice *choice, bool tls, struct buffer *text)
{
	static const char *const with[] = { "password", "certificate",
		"certificate and password" };
	struct user_settings known;

	if (!backends_settings_before_login(settings, choice, &known))
		return EXPLAIN_PROOF_UNKNOWN;
	if (choice->class == IDENTITY_ANONYMOUS)
		known.login_with = LOGIN_WITH_PASSWORD;
	if (!can_prove(settings, choice, tls, &known, text))
		return EXPLAIN_PROOF_IMPOSSIBLE;
	buffer_add_text(text, with[known.login_with]);
	if (known.login_with != LOGIN_WITH_CERTIFICATE)
		buffer_add_text(text, checked_by(choice, &known));
	return EXPLAIN_PROOF_NEEDED;
}
