/*
 * credentials.c - checks a client's certificate, and passwords that PAM does
 * not check.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/credentials.h"

#include "common/accounts/anonymous.h"
#include "common/accounts/password.h"
#include "common/accounts/refuse.h"
#include "common/log/log.h"
#include "common/settings/certificate_map.h"
#include "common/settings/settings_hash.h"
#include "common/text.h"

/* The account named in the certificate, according to certificate_user. */
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
	return refuse(reason, "the name in the certificate is too long");
}

bool
credentials_certificate_names(const struct server_settings *s,
	const struct tls_facts *tls, const char *user, struct buffer *reason)
{
	char account[MESSAGE_USER_SIZE];

	if (!tls->has_certificate)
		return refuse(reason, "login_with: the client sent no "
			"certificate");
	if (!account_of_certificate(s, tls->subject, account,
	    sizeof(account), reason))
		return false;
	if (strcmp(account, user) == 0)
		return true;
	buffer_addf(reason, "login_with: the certificate belongs to \"%s\"",
		account);
	return false;
}

/* The password for FTP only, in [user NAME].  PAM's account phase follows as
 * usual. */
static bool
password_fits_hash(const struct settings *settings, const struct credentials *c,
	struct buffer *reason)
{
	char hash[PASSWORD_HASH_SIZE];
	int r = settings_hash_find(settings, c->user, hash);
	bool right = r == 0 && password_is_right(hash, c->password,
		settings->server.allow_legacy_hashes, reason);

	explicit_bzero(hash, sizeof(hash));
	if (r < 0)
		buffer_addf(reason, "cannot read password_hash in %s: %s",
			settings->path, log_errno(r));
	return right;
}

/* For a name that is not in the file, or has no password: takes as long as a
 * real check, and always fails. */
#define NOBODYS_HASH "$y$j9T$cDvF6uhQ1kP0aXnZWb3m4/$" \
	"wSfWWX1CnpHNrnoxSqfTv6t9tmyPBvnUDTnkq0BHGk1"

static bool
password_fits_file(const struct settings *settings, const struct credentials *c,
	struct buffer *reason)
{
	const struct file_account *file = &c->choice->file;
	bool has_hash = password_hash_kind(file->hash) !=
		PASSWORD_HASH_INVALID;
	bool right = password_is_right(has_hash ? file->hash : NOBODYS_HASH,
		c->password, settings->server.allow_legacy_hashes, reason);

	if (right && has_hash && c->choice->known)
		return true;
	buffer_clear(reason);
	return refuse(reason, !c->choice->known ? "no such account" :
		has_hash ? "wrong password" :
		"the account has no valid password_hash");
}

/* The RADIUS server must always be asked about accounts: without its answer,
 * after a certificate or password_hash alone, the account's attributes would be
 * unknown.  Anonymous users send anything as a password. */
static enum credentials_result
for_radius(const struct credentials *c, const struct user_settings *known,
	struct buffer *reason)
{
	if (known->login_with == LOGIN_WITH_CERTIFICATE)
		buffer_add_text(reason, "login_with: accounts of RADIUS need "
			"a password");
	else if (*c->password == '\0')
		buffer_add_text(reason, "empty password");
	else if (anonymous_is_name(c->user))
		buffer_add_text(reason, CREDENTIALS_NO_ANONYMOUS);
	else
		return CREDENTIALS_ASK_RADIUS;
	return CREDENTIALS_REFUSED;
}

enum credentials_result
credentials_check(const struct settings *settings, const struct credentials *c,
	struct user_settings *known, struct buffer *reason)
{
	bool file = c->choice->class == IDENTITY_FILE;

	/* An unknown name must not be distinguishable: the general settings
	 * apply to it. */
	if (!backends_settings_before_login(settings, c->choice, known)) {
		buffer_add_text(reason, "cannot look up the account");
		return CREDENTIALS_REFUSED;
	}
	if (c->choice->class == IDENTITY_ANONYMOUS)
		return anonymous_password_holds(&settings->server,
			c->password, reason) ? CREDENTIALS_GOOD :
			CREDENTIALS_REFUSED;
	if (known->login_with != LOGIN_WITH_PASSWORD &&
	    !credentials_certificate_names(&settings->server, c->tls, c->user,
		reason))
		return CREDENTIALS_REFUSED;
	if (c->choice->class == IDENTITY_RADIUS)
		return for_radius(c, known, reason);
	/* A name that no backend knows is refused by later rules. */
	if (known->login_with == LOGIN_WITH_CERTIFICATE)
		return CREDENTIALS_GOOD;
	if (*c->password == '\0') {
		buffer_add_text(reason, "empty password");
		return CREDENTIALS_REFUSED;
	}
	if (!file && *known->password_hash == '\0')
		return CREDENTIALS_ASK_PAM;
	return (file ? password_fits_file(settings, c, reason) :
		password_fits_hash(settings, c, reason)) ? CREDENTIALS_GOOD :
		CREDENTIALS_REFUSED;
}
