/*
 * conversation.c - answers PAM's modules, and asks the client for everything
 * except the password.
 *
 * Runs in: monitor. Never: sends the password twice, or in reply to a prompt
 * that echoes.
 */
#include "common/base.h"
#include "pam/conversation.h"

#include "common/accounts/one_time_code.h"
#include "common/process/message.h"
#include "common/process/secret.h"
#include "common/settings/settings.h"
#include "common/text.h"

_Static_assert(MESSAGE_PASSWORD_SIZE <= PAM_MAX_RESP_SIZE,
	"modules take no longer answers");
_Static_assert(CONVERSATION_QUESTIONS * MESSAGE_AUTH_TIMES <=
	MESSAGE_PROMPT_TIMES, "each login may ask");

void
conversation_init(struct conversation *c)
{
	*c = (struct conversation){ 0 };
	buffer_init(&c->said, c->said_storage, sizeof(c->said_storage));
	buffer_init(&c->notices, c->notices_storage,
		sizeof(c->notices_storage));
}

void
conversation_begin(struct conversation *c, const char *user,
	const char *password, int code_in_password)
{
	buffer_clear(&c->said);
	buffer_clear(&c->notices);
	c->notice_lines = 0;
	c->questions = 0;
	c->unanswered = false;
	c->user = user;
	c->password = password;
	c->code = NULL;
	if (password != NULL)
		c->code = one_time_code_find(password, code_in_password,
			&c->password_len);
}

void
conversation_forget(struct conversation *c)
{
	c->user = NULL;
	c->password = NULL;
	c->code = NULL;
}

/* Keep a message for the log, without the ends of line after it. */
static void
note(struct conversation *c, const char *prefix, const char *text)
{
	size_t len = strlen(text);

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (c->said.len > 0)
		buffer_add_text(&c->said, "; ");
	buffer_add_text(&c->said, prefix);
	buffer_add(&c->said, text, len);
}

/* Keep a message for the client. */
static void
add_notice(struct conversation *c, const char *text)
{
	c->notice_lines += text_escape_lines(&c->notices, text,
		CONVERSATION_NOTICES - c->notice_lines, CONVERSATION_LINE_SIZE);
}

static int
answer_with(struct pam_response *response, const char *text, size_t len)
{
	response->resp = strndup(text, len);
	return response->resp == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static bool
is_said(const struct pam_message *message)
{
	return message->msg != NULL && (message->msg_style == PAM_TEXT_INFO ||
		message->msg_style == PAM_ERROR_MSG);
}

/* The text of the 332 reply: the messages that came with the question, which
 * may take half of the space, then the question. */
static void
put_question(struct buffer *b, const struct pam_message *const *before,
	const struct pam_message *question)
{
	BUFFER(said, MESSAGE_TEXT_SIZE / 2);

	for (; *before != question; before++)
		if (is_said(*before))
			(void)text_escape_lines(&said, (*before)->msg,
				CONVERSATION_NOTICES, CONVERSATION_LINE_SIZE);
	buffer_add(b, said.data, said.len);
	if (question->msg != NULL)
		(void)text_escape_lines(b, question->msg,
			CONVERSATION_NOTICES, CONVERSATION_LINE_SIZE);
}

/* Answer with the code sent with the password, or ask the client. */
static int
ask_client(struct conversation *c, const struct pam_message *const *before,
	const struct pam_message *question, struct pam_response *response)
{
	BUFFER(text, MESSAGE_TEXT_SIZE);
	char answer[MESSAGE_PASSWORD_SIZE];
	const char *code = c->code;
	int status = PAM_CONV_ERR;

	if (code != NULL) {
		c->code = NULL;
		return answer_with(response, code, strlen(code));
	}
	put_question(&text, before, question);
	if (c->client.ask != NULL && !c->unanswered &&
	    c->questions++ < CONVERSATION_QUESTIONS &&
	    c->client.ask(c->client.context, buffer_text(&text), answer,
		sizeof(answer)) == 0)
		status = answer_with(response, answer, sizeof(answer));
	secret_wipe(answer, sizeof(answer));
	if (status == PAM_SUCCESS)
		return status;
	c->unanswered = true;
	note(c, "not answered: ", question->msg != NULL ? question->msg : "");
	return status;
}

/* `before`: the first message of this call, in which texts may precede the
 * question. */
static int
answer_one(struct conversation *c, const struct pam_message *const *before,
	const struct pam_message *message, struct pam_response *response)
{
	const char *text = message->msg != NULL ? message->msg : "";
	const char *password = c->password;

	switch (message->msg_style) {
	case PAM_PROMPT_ECHO_OFF:
		if (password == NULL)
			return ask_client(c, before, message, response);
		c->password = NULL;
		return answer_with(response, password, c->password_len);
	case PAM_PROMPT_ECHO_ON:
		if (c->user == NULL ||
		    strcmp(text, CONVERSATION_USER_PROMPT) != 0)
			return ask_client(c, before, message, response);
		return answer_with(response, c->user, strlen(c->user));
	case PAM_ERROR_MSG:
	case PAM_TEXT_INFO:
		note(c, "", text);
		add_notice(c, text);
		return PAM_SUCCESS;
	default:
		note(c, "PAM asked for something FTP cannot send: ", text);
		return PAM_CONV_ERR;
	}
}

static void
wipe_responses(struct pam_response *responses, int count)
{
	for (int i = 0; i < count; i++) {
		if (responses[i].resp == NULL)
			continue;
		secret_wipe(responses[i].resp, strlen(responses[i].resp));
		free(responses[i].resp);
	}
	free(responses);
}

int
conversation_answer(int count, const struct pam_message **messages,
	struct pam_response **responses, void *context)
{
	int status = PAM_SUCCESS;

	if (count <= 0 || count > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	struct pam_response *answers = calloc((size_t)count, sizeof(*answers));
	if (answers == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count && status == PAM_SUCCESS; i++)
		status = answer_one(context, messages, messages[i],
			&answers[i]);
	if (status != PAM_SUCCESS) {
		wipe_responses(answers, count);
		return status;
	}
	*responses = answers;
	return PAM_SUCCESS;
}
