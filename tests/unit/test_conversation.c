/*
 * test_conversation.c - questions of PAM modules.
 */
#include "common/base.h"
#include "pam/conversation.h"

#include "common/process/message.h"
#include "common/settings/settings.h"
#include "tests/unit/unit.h"

const char *const unit_name = "conversation";

static struct pam_response *answers;

static int
ask(struct conversation *c, int style, const char *text)
{
	const struct pam_message message = { style, text };
	const struct pam_message *messages[] = { &message };

	answers = NULL;
	return conversation_answer(1, messages, &answers, c);
}

static void
forget(int n)
{
	for (int i = 0; answers != NULL && i < n; i++)
		free(answers[i].resp);
	free(answers);
	answers = NULL;
}

static void
begin(struct conversation *c)
{
	conversation_init(c);
	conversation_begin(c, "alice", "secret", CODE_IN_PASSWORD_NO);
}

static void
test_password_once(void)
{
	struct conversation c;

	begin(&c);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "Password: "),
		PAM_SUCCESS);
	CU_ASSERT_STRING_EQUAL(answers[0].resp, "secret");
	CU_ASSERT_EQUAL(answers[0].resp_retcode, 0);
	forget(1);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "One-time code: "),
		PAM_CONV_ERR);
	CU_ASSERT_PTR_NULL(answers);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.said), "One-time code"));
}

static void
test_user_prompt(void)
{
	struct conversation c;

	begin(&c);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, CONVERSATION_USER_PROMPT),
		PAM_SUCCESS);
	CU_ASSERT_STRING_EQUAL(answers[0].resp, "alice");
	forget(1);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "Your room number: "),
		PAM_CONV_ERR);
	CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&c.said), "room number"));
	/* The password never goes to a question that is shown. */
	CU_ASSERT_PTR_NOT_NULL(c.password);
}

static void
test_texts_are_kept(void)
{
	struct conversation c;

	begin(&c);
	CU_ASSERT_EQUAL(ask(&c, PAM_TEXT_INFO, "one"), PAM_SUCCESS);
	CU_ASSERT_PTR_NULL(answers[0].resp);
	forget(1);
	CU_ASSERT_EQUAL(ask(&c, PAM_ERROR_MSG, "two\r\n\n"), PAM_SUCCESS);
	forget(1);
	CU_ASSERT_EQUAL(ask(&c, PAM_TEXT_INFO, NULL), PAM_SUCCESS);
	forget(1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.said), "one; two; ");
	conversation_begin(&c, "bob", "x", CODE_IN_PASSWORD_NO);
	CU_ASSERT_EQUAL(c.said.len, 0);
}

static void
test_texts_are_bounded(void)
{
	static char chatter[2000];
	struct conversation c;

	memset(chatter, 'a', sizeof(chatter) - 1);
	begin(&c);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(ask(&c, PAM_TEXT_INFO, chatter), PAM_SUCCESS);
		forget(1);
	}
	CU_ASSERT(c.said.overflow);
	CU_ASSERT(c.said.len < sizeof(c.said_storage));
}

static void
test_several_at_once(void)
{
	const struct pam_message info = { PAM_TEXT_INFO, "welcome" };
	const struct pam_message user = { PAM_PROMPT_ECHO_ON,
		CONVERSATION_USER_PROMPT };
	const struct pam_message secret = { PAM_PROMPT_ECHO_OFF, "Password" };
	const struct pam_message *good[] = { &info, &user, &secret };
	const struct pam_message *bad[] = { &secret, &secret };
	struct conversation c;

	begin(&c);
	CU_ASSERT_EQUAL(conversation_answer(3, good, &answers, &c),
		PAM_SUCCESS);
	CU_ASSERT_PTR_NULL(answers[0].resp);
	CU_ASSERT_STRING_EQUAL(answers[1].resp, "alice");
	CU_ASSERT_STRING_EQUAL(answers[2].resp, "secret");
	forget(3);

	begin(&c);
	CU_ASSERT_EQUAL(conversation_answer(2, bad, &answers, &c),
		PAM_CONV_ERR);
	CU_ASSERT_PTR_NULL(answers);
}

static void
test_nonsense(void)
{
	const struct pam_message *none[] = { NULL };
	struct conversation c;

	begin(&c);
	CU_ASSERT_EQUAL(conversation_answer(0, none, &answers, &c),
		PAM_CONV_ERR);
	CU_ASSERT_EQUAL(conversation_answer(-1, none, &answers, &c),
		PAM_CONV_ERR);
	CU_ASSERT_EQUAL(conversation_answer(PAM_MAX_NUM_MSG + 1, none,
		&answers, &c), PAM_CONV_ERR);
	CU_ASSERT_EQUAL(ask(&c, 99, "?"), PAM_CONV_ERR);
}

/* Name and password are for the authentication only. */
static void
test_forgotten(void)
{
	struct conversation c;

	begin(&c);
	conversation_forget(&c);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "Password: "),
		PAM_CONV_ERR);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, CONVERSATION_USER_PROMPT),
		PAM_CONV_ERR);
	CU_ASSERT_EQUAL(ask(&c, PAM_TEXT_INFO, "quota"), PAM_SUCCESS);
	forget(1);
}

/* --- a client that can be asked */
static char asked[MESSAGE_TEXT_SIZE];
static const char *client_says;		/* NULL: nothing */
static int times_asked;

static int
ask_client(void *context UNUSED, const char *text, char *answer, size_t size)
{
	(void)!snprintf(asked, sizeof(asked), "%s", text);
	times_asked++;
	if (client_says == NULL)
		return -ECANCELED;
	(void)!snprintf(answer, size, "%s", client_says);
	return 0;
}

static void
begin_with_client(struct conversation *c, const char *says)
{
	begin(c);
	c->client.ask = ask_client;
	client_says = says;
	times_asked = 0;
}

static void
test_client_is_asked(void)
{
	struct conversation c;

	begin_with_client(&c, "123456");
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "Password: "),
		PAM_SUCCESS);
	forget(1);
	CU_ASSERT_EQUAL(times_asked, 0);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "Code: \r\n"),
		PAM_SUCCESS);
	CU_ASSERT_STRING_EQUAL(answers[0].resp, "123456");
	forget(1);
	CU_ASSERT_STRING_EQUAL(asked, "Code:");
	conversation_forget(&c);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "one\n\n\x1b[2J\ntwo"),
		PAM_SUCCESS);
	forget(1);
	CU_ASSERT_STRING_EQUAL(asked, "one\n\\x1B[2J\ntwo");
	CU_ASSERT_FALSE(c.unanswered);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, NULL), PAM_SUCCESS);
	forget(1);
	CU_ASSERT_STRING_EQUAL(asked, "");
}

/* Once a question was not answered, no more are put. */
static void
test_unanswered(void)
{
	struct conversation c;

	begin_with_client(&c, NULL);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "Code: "), PAM_CONV_ERR);
	CU_ASSERT(c.unanswered);
	client_says = "x";
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "Code: "), PAM_CONV_ERR);
	CU_ASSERT_EQUAL(times_asked, 1);
	/* Until the next login. */
	conversation_begin(&c, "alice", "secret", CODE_IN_PASSWORD_NO);
	for (int i = 0; i < CONVERSATION_QUESTIONS; i++) {
		CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "Code: "),
			PAM_SUCCESS);
		forget(1);
	}
	CU_ASSERT_FALSE(c.unanswered);
	CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "Code: "), PAM_CONV_ERR);
	CU_ASSERT(c.unanswered);
	CU_ASSERT_EQUAL(times_asked, 1 + CONVERSATION_QUESTIONS);
}

/* What a module says with a question never pushes the question out. */
static void
test_long_question(void)
{
	static char chatter[4000], words[300];
	const struct pam_message say = { PAM_TEXT_INFO, chatter };
	const struct pam_message question = { PAM_PROMPT_ECHO_ON, words };
	const struct pam_message *both[] = { &say, &say, &question };
	struct conversation c;

	memset(chatter, '\n', sizeof(chatter) - 1);
	for (size_t i = 0; i < sizeof(chatter) - 2; i += 20)
		memset(chatter + i, 'a', 19);
	memset(words, 'q', sizeof(words) - 1);
	begin_with_client(&c, "x");
	CU_ASSERT_EQUAL(conversation_answer(3, both, &answers, &c),
		PAM_SUCCESS);
	forget(3);
	CU_ASSERT_EQUAL(strncmp(asked, "aaaaaaaaaaaaaaaaaaa\naaa", 23), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(asked, "\nqqqqqqqqqqqqqqqqqqqqqqqqqq"));
	/* And what is kept for the client is bounded. */
	CU_ASSERT_EQUAL(c.notice_lines, CONVERSATION_NOTICES);
	CU_ASSERT(c.notices.len <= 20 * CONVERSATION_NOTICES);
}

/* code_in_password, what the client sent, and the answers to "Password" and
 * "Code"; NULL: that is asked. */
static void
test_code_in_password(void)
{
	static const struct {
		int where;
		const char *sent, *password, *code;
	} rows[] = {
		{ CODE_IN_PASSWORD_NO, "secret,123456", "secret,123456", NULL },
		{ CODE_IN_PASSWORD_COMMA, "secret,123456", "secret", "123456" },
		{ CODE_IN_PASSWORD_COMMA, "a,b,cccccb", "a,b", "cccccb" },
		{ CODE_IN_PASSWORD_COMMA, "secret", "secret", NULL },
		{ CODE_IN_PASSWORD_COMMA, "secret,", "secret,", NULL },
		{ CODE_IN_PASSWORD_COMMA, ",123456", ",123456", NULL },
		{ CODE_IN_PASSWORD_APPEND, "secret123456", "secret", "123456" },
		{ CODE_IN_PASSWORD_APPEND, "1234567", "1", "234567" },
		{ CODE_IN_PASSWORD_APPEND, "123456", "123456", NULL },
		{ CODE_IN_PASSWORD_APPEND, "secret12345", "secret12345", NULL },
		{ CODE_IN_PASSWORD_APPEND, "12345x", "12345x", NULL },
		{ CODE_IN_PASSWORD_APPEND, "", "", NULL },
	};
	struct conversation c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		begin_with_client(&c, "asked");
		conversation_begin(&c, "alice", rows[i].sent, rows[i].where);
		CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "Password"),
			PAM_SUCCESS);
		CU_ASSERT_STRING_EQUAL(answers[0].resp, rows[i].password);
		forget(1);
		CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_ON, "Code"),
			PAM_SUCCESS);
		CU_ASSERT_STRING_EQUAL(answers[0].resp, rows[i].code != NULL ?
			rows[i].code : "asked");
		forget(1);
		/* Once. */
		CU_ASSERT_EQUAL(ask(&c, PAM_PROMPT_ECHO_OFF, "Code"),
			PAM_SUCCESS);
		CU_ASSERT_STRING_EQUAL(answers[0].resp, "asked");
		forget(1);
	}
}

CU_TestInfo unit_tests[] = {
	{ "the password is given once", test_password_once },
	{ "the user name goes to its own question", test_user_prompt },
	{ "messages of modules are stored", test_texts_are_kept },
	{ "the number of messages is limited", test_texts_are_bounded },
	{ "several questions at once", test_several_at_once },
	{ "messages that are not questions", test_nonsense },
	{ "no password after the authentication", test_forgotten },
	{ "the client is asked", test_client_is_asked },
	{ "after an unanswered question no more are asked", test_unanswered },
	{ "long questions", test_long_question },
	{ "a code sent with the password", test_code_in_password },
	CU_TEST_INFO_NULL
};
