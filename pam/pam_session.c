/*
 * pam_session.c - the calls to PAM, in their order.
 *
 * Runs in: monitor; the master keeps one idle handle.
 */
#include "common/base.h"
#include "pam/pam_session.h"

#include "common/log/log.h"
#include "common/settings/settings.h"
#include "common/text.h"

/* Replaces Linux-PAM's sleep after a failure; login.c delays the reply instead,
 * so that the channels are served meanwhile. */
static void
no_delay(int status UNUSED, unsigned microseconds UNUSED,
	void *context UNUSED)
{
}

static bool
set_items(struct pam_session *p)
{
	const void *delay = (const void *)(uintptr_t)no_delay;
	pam_handle_t *h = p->handle;

	return pam_set_item(h, PAM_FAIL_DELAY, delay) == PAM_SUCCESS &&
		pam_set_item(h, PAM_TTY, "ftp") == PAM_SUCCESS &&
		pam_set_item(h, PAM_USER_PROMPT, CONVERSATION_USER_PROMPT) ==
			PAM_SUCCESS;
}

static int
start_handle(struct pam_session *p)
{
	const struct pam_conv conv = {
		conversation_answer, &p->conversation };

	p->status = pam_start(p->service, NULL, &conv, &p->handle);
	if (p->status != PAM_SUCCESS) {
		p->handle = NULL;
		return -EIO;
	}
	if (set_items(p))
		return 0;
	pam_session_end(p);
	return -ENOMEM;
}

void
pam_session_start(struct pam_session *p, const char *service)
{
	*p = (struct pam_session){ .service = service };
	conversation_init(&p->conversation);
	/* Retried at the login, which reports the error. */
	(void)!start_handle(p);
}

void
pam_session_set_client(struct pam_session *p, const struct address *peer)
{
	address_text(peer, p->rhost);
}

void
pam_session_ask_by(struct pam_session *p, struct conversation_client client)
{
	p->conversation.client = client;
}

static bool
explain(struct pam_session *p, const char *call, struct buffer *reason)
{
	const struct buffer *said = &p->conversation.said;

	p->refusal = p->status;
	if (p->handle == NULL)
		buffer_addf(reason, "%s: the service \"%s\" cannot be loaded: "
			"a file may be missing; PAM has logged it to syslog",
			call, p->service);
	else
		buffer_addf(reason, "%s: %s", call,
			pam_strerror(p->handle, p->status));
	if (said->len > 0)
		buffer_addf(reason, " (%s)", buffer_text(said));
	return false;
}

/* The result of the last call.  If a question was not answered, the login fails
 * even if the module that asked it is optional. */
static bool
went_well(struct pam_session *p, const char *call, struct buffer *reason)
{
	if (p->status == PAM_SUCCESS && p->conversation.unanswered)
		p->status = PAM_CONV_ERR;
	return p->status == PAM_SUCCESS || explain(p, call, reason);
}

/* Start a handle without a user, for this client. */
static bool
fresh_handle(struct pam_session *p)
{
	const void *user = NULL;

	if (p->handle != NULL && (pam_get_item(p->handle, PAM_USER, &user) !=
	    PAM_SUCCESS || user != NULL))
		pam_session_end(p);
	if (p->handle == NULL && start_handle(p) < 0)
		return false;
	return pam_set_item(p->handle, PAM_RHOST, p->rhost) == PAM_SUCCESS;
}

bool
pam_session_authenticate(struct pam_session *p, const char *user,
	const char *password, int code_in_password, struct buffer *reason)
{
	conversation_begin(&p->conversation, user, password, code_in_password);
	if (!fresh_handle(p))
		return explain(p, "pam_start", reason);
	p->status = pam_set_item(p->handle, PAM_USER, user);
	if (p->status == PAM_SUCCESS)
		p->status = pam_authenticate(p->handle,
			PAM_DISALLOW_NULL_AUTHTOK);
	conversation_forget(&p->conversation);
	return went_well(p, "pam_authenticate", reason);
}

bool
pam_session_assume(struct pam_session *p, const char *user,
	struct buffer *reason)
{
	conversation_begin(&p->conversation, user, NULL, CODE_IN_PASSWORD_NO);
	if (!fresh_handle(p))
		return explain(p, "pam_start", reason);
	p->status = pam_set_item(p->handle, PAM_USER, user);
	conversation_forget(&p->conversation);
	return went_well(p, "PAM_USER", reason);
}

bool
pam_session_user(struct pam_session *p, char *user, size_t size,
	struct buffer *reason)
{
	const void *item = NULL;

	p->status = pam_get_item(p->handle, PAM_USER, &item);
	if (p->status == PAM_SUCCESS && item != NULL &&
	    text_copy(user, size, item) == 0)
		return true;
	buffer_add_text(reason, "PAM modules set no usable user name");
	return false;
}

bool
pam_session_account(struct pam_session *p, struct buffer *reason)
{
	p->status = pam_acct_mgmt(p->handle, PAM_DISALLOW_NULL_AUTHTOK);
	if (p->status == PAM_NEW_AUTHTOK_REQD)
		buffer_add_text(reason, "the password has expired; ");
	return went_well(p, "pam_acct_mgmt", reason);
}

static const char *
meaning(int status)
{
	switch (status) {
	case PAM_NEW_AUTHTOK_REQD:
	case PAM_AUTHTOK_EXPIRED:
		return "The password has expired and must be changed first.";
	case PAM_CRED_EXPIRED:
		return "The credentials have expired.";
	case PAM_ACCT_EXPIRED:
		return "The account has expired.";
	default:
		return "This account is not allowed to log in.";
	}
}

void
pam_session_explain(const struct pam_session *p, struct buffer *lines)
{
	const char *last = meaning(p->refusal);
	const char *said = pam_session_notices(p);

	while (*said != '\0') {
		size_t len = strcspn(said, "\n");
		if (len + strlen(last) + 2 > buffer_room(lines))
			break;
		buffer_add(lines, said, len);
		buffer_add_char(lines, '\n');
		said += len + (said[len] == '\n');
	}
	buffer_add_text(lines, last);
}

const char *
pam_session_notices(const struct pam_session *p)
{
	return buffer_text(&p->conversation.notices);
}

bool
pam_session_open(struct pam_session *p, struct buffer *reason)
{
	p->status = pam_setcred(p->handle, PAM_ESTABLISH_CRED);
	p->has_credentials = p->status == PAM_SUCCESS;
	if (!went_well(p, "pam_setcred", reason))
		return false;
	p->status = pam_open_session(p->handle, 0);
	p->is_open = p->status == PAM_SUCCESS;
	return went_well(p, "pam_open_session", reason);
}

static void
complain(struct pam_session *p, const char *call)
{
	if (p->status != PAM_SUCCESS)
		log_warning("%s: %s", call, pam_strerror(p->handle, p->status));
}

void
pam_session_close(struct pam_session *p)
{
	if (p->is_open) {
		p->status = pam_close_session(p->handle, 0);
		complain(p, "pam_close_session");
		p->is_open = false;
	}
	if (p->has_credentials) {
		p->status = pam_setcred(p->handle, PAM_DELETE_CRED);
		complain(p, "pam_setcred, deleting credentials");
		p->has_credentials = false;
	}
}

void
pam_session_forget(struct pam_session *p)
{
	conversation_begin(&p->conversation, NULL, NULL, CODE_IN_PASSWORD_NO);
	p->refusal = PAM_SUCCESS;
}

void
pam_session_end(struct pam_session *p)
{
	if (p->handle == NULL)
		return;
	pam_session_close(p);
	pam_end(p->handle, p->status);
	p->handle = NULL;
}
