/*
 * proof.c - password through PAM, certificate through the greeter's TLS.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "pam/proof.h"

#include "common/settings/certificate_map.h"
#include "common/log/log.h"
#include "common/text.h"
#include "pam/account.h"

/* Before the proof, so an unknown name must not look different: it gets what
 * holds for everybody. */
static int
login_with(const struct monitor *m)
{
	struct user_settings settings;

	if (!account_settings_before_login(m->settings, m->given, &settings))
		return m->settings->user.login_with;
	return settings.login_with;
}

/* The account that the certificate names, by certificate_user. */
static bool
account_of_certificate(const struct monitor *m, char *account, size_t size,
	struct buffer *reason)
{
	const struct server_settings *s = &m->settings->server;
	const char *subject = m->control_tls.subject;
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
	buffer_add_text(reason, "the certificate's name is too long");
	return false;
}

static bool
certificate_is_right(const struct monitor *m, struct buffer *reason)
{
	char account[MESSAGE_USER_SIZE];

	if (!m->control_tls.has_certificate) {
		buffer_add_text(reason, "login_with: the client showed no "
			"certificate");
		return false;
	}
	if (!account_of_certificate(m, account, sizeof(account), reason))
		return false;
	if (strcmp(account, m->given) == 0)
		return true;
	buffer_addf(reason, "login_with: the certificate is of \"%s\"",
		account);
	return false;
}

static bool
password_is_right(struct monitor *m, const char *password,
	struct buffer *reason)
{
	if (*password == '\0') {
		buffer_add_text(reason, "the password is empty");
		return false;
	}
	if (pam_session_authenticate(&m->pam, m->given, password, reason))
		return true;
	/* Most stacks do not say so. */
	if (account_is_unknown(m->given))
		buffer_add_text(reason, "; there is no such account");
	return false;
}

bool
proof_holds(struct monitor *m, const char *password, struct buffer *reason)
{
	if (!account_name_is_sane(m->given)) {
		buffer_add_text(reason, "no account can have this name");
		return false;
	}
	int with = login_with(m);
	if (with != LOGIN_WITH_PASSWORD && !certificate_is_right(m, reason))
		return false;
	if (with == LOGIN_WITH_CERTIFICATE)
		return pam_session_assume(&m->pam, m->given, reason);
	return password_is_right(m, password, reason);
}
