/*
 * proof.c - password through PAM, certificate through the greeter's TLS.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/proof.h"

#include "common/accounts/account.h"
#include "common/log/log.h"
#include "common/settings/certificate_map.h"
#include "common/text.h"

/* Before the proof, so an unknown name must not look different: it gets what
 * applies to all accounts. */
static int
login_with(const struct settings *settings, const char *user)
{
	struct user_settings known;

	if (!account_settings_before_login(settings, user, &known))
		return settings->user.login_with;
	return known.login_with;
}

/* The account that the certificate names, by certificate_user. */
static bool
account_of_certificate(const struct server_settings *s, const char *subject,
	char *account, size_t size, struct buffer *reason)
{
	char *at;
	int found;

	switch (s->certificate_user) {
	case CERTIFICATE_USER_MAP:
		found = certificate_map_find(s->certificate_map, subject,
			account, size);
		if (found < 0)
			buffer_addf(reason, "certificate_map: %s",
				log_errno(found));
		else if (found == 0)
			buffer_addf(reason, "certificate_map has no line for "
				"%s", subject);
		return found == 1;
	case CERTIFICATE_USER_EMAIL:
		if (text_copy(account, size, subject) < 0)
			break;
		at = strchr(account, '@');
		if (at != NULL)
			*at = '\0';
		return true;
	default:
		if (text_copy(account, size, subject) == 0)
			return true;
	}
	buffer_add_text(reason, "the name in the certificate is too long");
	return false;
}

static bool
certificate_is_right(const struct server_settings *s,
	const struct proof *proof, struct buffer *reason)
{
	char account[MESSAGE_USER_SIZE];

	if (!proof->tls->has_certificate) {
		buffer_add_text(reason, "login_with: the client sent no "
			"certificate");
		return false;
	}
	if (!account_of_certificate(s, proof->tls->subject, account,
	    sizeof(account), reason))
		return false;
	if (strcmp(account, proof->user) == 0)
		return true;
	buffer_addf(reason, "login_with: the certificate belongs to \"%s\"",
		account);
	return false;
}

static bool
password_is_right(struct pam_session *pam, const struct proof *proof,
	struct buffer *reason)
{
	if (*proof->password == '\0') {
		buffer_add_text(reason, "empty password");
		return false;
	}
	if (pam_session_authenticate(pam, proof->user, proof->password,
	    reason))
		return true;
	/* Most PAM modules do not say so. */
	if (account_is_unknown(proof->user))
		buffer_add_text(reason, "; no such account");
	return false;
}

bool
proof_holds(const struct settings *settings, struct pam_session *pam,
	const struct proof *proof, struct buffer *reason)
{
	if (!account_name_is_sane(proof->user)) {
		buffer_add_text(reason, "invalid account name");
		return false;
	}
	int with = login_with(settings, proof->user);
	if (with != LOGIN_WITH_PASSWORD &&
	    !certificate_is_right(&settings->server, proof, reason))
		return false;
	if (with == LOGIN_WITH_CERTIFICATE)
		return pam_session_assume(pam, proof->user, reason);
	return password_is_right(pam, proof, reason);
}
