/*
 * test_pam_session.c - the order of calls to PAM.
 *
 * The calls to PAM are answered here instead of by libpam: what counts is
 * which ones are made, in which order, and what becomes of their results.
 */
#include "common/base.h"
#include "pam/pam_session.h"

#include "common/settings/settings.h"
#include "pam/warm_up.h"
#include "tests/unit/unit.h"

#include <security/pam_modules.h>

const char *const unit_name = "pam_session";

/* What each call shall return, and what was done. */
static struct {
	int start, authenticate, account, setcred, open, close;
	const char *rewritten;	/* PAM_USER after authenticate, or NULL */
	int handles;		/* now open */
	char trace[256];
} fake;

struct pam_handle {
	struct pam_conv conv;
	char user[64], rhost[64], tty[16];
	bool has_user, has_delay;
};

static void
trace(const char *what)
{
	size_t len = strlen(fake.trace);

	(void)!snprintf(fake.trace + len, sizeof(fake.trace) - len, "%s ",
		what);
}

int
pam_start(const char *service, const char *user, const struct pam_conv *conv,
	pam_handle_t **handle)
{
	CU_ASSERT_STRING_EQUAL(service, "sureftpd");
	CU_ASSERT_PTR_NULL(user);
	trace("start");
	if (fake.start != PAM_SUCCESS)
		return fake.start;
	*handle = calloc(1, sizeof(**handle));
	(*handle)->conv = *conv;
	fake.handles++;
	return PAM_SUCCESS;
}

int
pam_end(pam_handle_t *handle, int status UNUSED)
{
	trace("end");
	free(handle);
	fake.handles--;
	return PAM_SUCCESS;
}

int
pam_set_item(pam_handle_t *h, int type, const void *item)
{
	if (type == PAM_RHOST)
		(void)!snprintf(h->rhost, sizeof(h->rhost), "%s",
			(const char *)item);
	if (type == PAM_TTY)
		(void)!snprintf(h->tty, sizeof(h->tty), "%s",
			(const char *)item);
	if (type == PAM_FAIL_DELAY)
		h->has_delay = item != NULL;
	if (type == PAM_USER) {
		(void)!snprintf(h->user, sizeof(h->user), "%s",
			(const char *)item);
		h->has_user = true;
	}
	return PAM_SUCCESS;
}

int
pam_get_item(const pam_handle_t *h, int type, const void **item)
{
	CU_ASSERT_EQUAL(type, PAM_USER);
	*item = h->has_user ? h->user : NULL;
	return PAM_SUCCESS;
}

/* Asks for the password as modules do; "secret" is right. */
int
pam_authenticate(pam_handle_t *h, int flags)
{
	const struct pam_message ask = { PAM_PROMPT_ECHO_OFF, "Password: " };
	const struct pam_message say = { PAM_TEXT_INFO, "hello" };
	const struct pam_message *messages[] = { &say, &ask };
	struct pam_response *answers = NULL;

	trace("authenticate");
	CU_ASSERT(flags & PAM_DISALLOW_NULL_AUTHTOK);
	CU_ASSERT(h->has_delay);
	CU_ASSERT_STRING_EQUAL(h->tty, "ftp");
	CU_ASSERT_STRING_EQUAL(h->rhost, "192.0.2.7");
	if (h->conv.conv(2, messages, &answers, h->conv.appdata_ptr) !=
	    PAM_SUCCESS)
		return PAM_CONV_ERR;
	bool right = strcmp(answers[1].resp, "secret") == 0;
	free(answers[1].resp);
	free(answers);
	if (fake.rewritten != NULL)
		pam_set_item(h, PAM_USER, fake.rewritten);
	return right ? fake.authenticate : PAM_AUTH_ERR;
}

int
pam_acct_mgmt(pam_handle_t *h UNUSED, int flags UNUSED)
{
	trace("account");
	return fake.account;
}

int
pam_setcred(pam_handle_t *h UNUSED, int flags)
{
	trace(flags == PAM_ESTABLISH_CRED ? "establish" :
		flags == PAM_DELETE_CRED ? "delete" : "?");
	return flags == PAM_ESTABLISH_CRED ? fake.setcred : PAM_SUCCESS;
}

int
pam_open_session(pam_handle_t *h UNUSED, int flags UNUSED)
{
	trace("open");
	return fake.open;
}

int
pam_close_session(pam_handle_t *h UNUSED, int flags UNUSED)
{
	trace("close");
	return fake.close;
}

const char *
pam_strerror(pam_handle_t *h UNUSED, int status)
{
	return status == PAM_AUTH_ERR ? "wrong" : "other";
}

static struct pam_session pam;
static char reason_storage[200];
static struct buffer reason;

static void
begin(void)
{
	struct address peer;

	memset(&fake, 0, sizeof(fake));
	buffer_init(&reason, reason_storage, sizeof(reason_storage));
	CU_ASSERT_EQUAL(address_parse(&peer, "192.0.2.7"), 0);
	pam_session_start(&pam, "sureftpd");
	pam_session_set_client(&pam, &peer);
}

static void
finish(const char *expected)
{
	pam_session_end(&pam);
	CU_ASSERT_EQUAL(fake.handles, 0);
	CU_ASSERT_STRING_EQUAL(fake.trace, expected);
}

static bool
try_password(const char *password)
{
	return pam_session_authenticate(&pam, "alice", password,
		CODE_IN_PASSWORD_NO, &reason);
}

static void
test_whole_session(void)
{
	char user[32];

	begin();
	CU_ASSERT(try_password("secret"));
	CU_ASSERT(pam_session_account(&pam, &reason));
	CU_ASSERT(pam_session_user(&pam, user, sizeof(user), &reason));
	CU_ASSERT_STRING_EQUAL(user, "alice");
	CU_ASSERT(pam_session_open(&pam, &reason));
	CU_ASSERT_EQUAL(reason.len, 0);
	pam_session_close(&pam);
	finish("start authenticate account establish open close delete end ");
}

static void
test_wrong_password(void)
{
	begin();
	CU_ASSERT(!try_password("guess"));
	CU_ASSERT_STRING_EQUAL(buffer_text(&reason),
		"pam_authenticate: wrong (hello)");
	/* The next try knows nothing of this one. */
	CU_ASSERT(try_password("secret"));
	finish("start authenticate end start authenticate end ");
}

static void
test_rewritten_user(void)
{
	char user[8], small[3];

	begin();
	fake.rewritten = "bob";
	CU_ASSERT(try_password("secret"));
	CU_ASSERT(pam_session_user(&pam, user, sizeof(user), &reason));
	CU_ASSERT_STRING_EQUAL(user, "bob");
	CU_ASSERT(!pam_session_user(&pam, small, sizeof(small), &reason));
	finish("start authenticate end ");
}

static void
test_account_refused(void)
{
	begin();
	CU_ASSERT(try_password("secret"));
	fake.account = PAM_ACCT_EXPIRED;
	CU_ASSERT(!pam_session_account(&pam, &reason));
	CU_ASSERT(reason.len > 0);
	buffer_clear(&reason);
	fake.account = PAM_NEW_AUTHTOK_REQD;
	CU_ASSERT(!pam_session_account(&pam, &reason));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&reason), "expired"));
	finish("start authenticate account account end ");
}

/* What the client may hear when its password was right. */
static void
test_explanations(void)
{
	static const struct {
		int status;
		const char *lines;
	} rows[] = {
		{ PAM_NEW_AUTHTOK_REQD, "hello\n"
			"The password has expired and must be changed first." },
		{ PAM_ACCT_EXPIRED, "hello\nThe account has expired." },
		{ PAM_PERM_DENIED, "hello\n"
			"This account is not allowed to log in." },
	};
	BUFFER(lines, 200);

	begin();
	CU_ASSERT(try_password("secret"));
	CU_ASSERT_STRING_EQUAL(pam_session_notices(&pam), "hello");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		fake.account = rows[i].status;
		CU_ASSERT(!pam_session_account(&pam, &reason));
		buffer_clear(&lines);
		pam_session_explain(&pam, &lines);
		CU_ASSERT_STRING_EQUAL(buffer_text(&lines), rows[i].lines);
	}
	/* The last line is the one that stays. */
	BUFFER(small, 41);
	pam_session_explain(&pam, &small);
	CU_ASSERT_STRING_EQUAL(buffer_text(&small),
		"This account is not allowed to log in.");
	/* Nothing of it is for the next login. */
	pam_session_forget(&pam);
	CU_ASSERT_STRING_EQUAL(pam_session_notices(&pam), "");
	buffer_clear(&lines);
	fake.account = PAM_ACCT_EXPIRED;
	CU_ASSERT(try_password("secret"));
	pam_session_explain(&pam, &lines);
	CU_ASSERT_STRING_EQUAL(buffer_text(&lines),
		"hello\nThis account is not allowed to log in.");
	finish("start authenticate account account account end "
		"start authenticate end ");
}

/* What succeeded is undone, and nothing else. */
static void
test_half_open(void)
{
	begin();
	CU_ASSERT(try_password("secret"));
	fake.setcred = PAM_CRED_ERR;
	CU_ASSERT(!pam_session_open(&pam, &reason));
	finish("start authenticate establish end ");

	begin();
	CU_ASSERT(try_password("secret"));
	fake.open = PAM_SESSION_ERR;
	CU_ASSERT(!pam_session_open(&pam, &reason));
	finish("start authenticate establish open delete end ");
}

static void
test_does_not_start(void)
{
	begin();
	pam_session_end(&pam);
	fake.start = PAM_SYSTEM_ERR;
	CU_ASSERT(!try_password("secret"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&reason), "pam_start"));
	/* It may have been repaired in the meantime. */
	fake.start = PAM_SUCCESS;
	CU_ASSERT(try_password("secret"));
	finish("start end start start authenticate end ");
}

static void
test_warm_up(void)
{
	memset(&fake, 0, sizeof(fake));
	warm_up_pam("sureftpd", true);
	CU_ASSERT_EQUAL(fake.handles, 1);
	/* After a reload: still one. */
	warm_up_pam("sureftpd", true);
	CU_ASSERT_EQUAL(fake.handles, 1);
}

CU_TestInfo unit_tests[] = {
	{ "a session from start to end", test_whole_session },
	{ "a wrong password leaves nothing behind", test_wrong_password },
	{ "modules can change the user", test_rewritten_user },
	{ "accounts that cannot log in", test_account_refused },
	{ "the reason of a denial, for the client", test_explanations },
	{ "a partially opened session is undone", test_half_open },
	{ "pam_start() fails", test_does_not_start },
	{ "the master's idle handle", test_warm_up },
	CU_TEST_INFO_NULL
};
