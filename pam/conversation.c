/*
 * conversation.c - answers PAM's modules.
 *
 * Runs in: monitor.
 * Never: gives the password twice, or to a question that is not secret.
 */
#include "common/base.h"
#include "pam/conversation.h"

#include "common/process/secret.h"

void
conversation_init(struct conversation *c)
{
	*c = (struct conversation){ 0 };
	buffer_init(&c->said, c->said_storage, sizeof(c->said_storage));
}

void
conversation_begin(struct conversation *c, const char *user,
	const char *password)
{
	buffer_clear(&c->said);
	c->user = user;
	c->password = password;
}

void
conversation_end(struct conversation *c)
{
	c->user = NULL;
	c->password = NULL;
}

static void
note(struct conversation *c, const char *prefix, const char *text)
{
	if (c->said.len > 0)
		buffer_add_text(&c->said, "; ");
	buffer_add_text(&c->said, prefix);
	buffer_add_text(&c->said, text);
}

static int
answer_with(struct pam_response *response, const char *text)
{
	response->resp = strdup(text);
	return response->resp == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static int
answer_one(struct conversation *c, const struct pam_message *message,
	struct pam_response *response)
{
	const char *text = message->msg != NULL ? message->msg : "";
	const char *password = c->password;

	switch (message->msg_style) {
	case PAM_PROMPT_ECHO_OFF:
		if (password == NULL)
			break;
		c->password = NULL;
		return answer_with(response, password);
	case PAM_PROMPT_ECHO_ON:
		if (c->user == NULL ||
		    strcmp(text, CONVERSATION_USER_PROMPT) != 0)
			break;
		return answer_with(response, c->user);
	case PAM_ERROR_MSG:
	case PAM_TEXT_INFO:
		note(c, "", text);
		return PAM_SUCCESS;
	default:
		break;
	}
	note(c, "PAM asks what FTP cannot answer: ", text);
	return PAM_CONV_ERR;
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
		status = answer_one(context, messages[i], &answers[i]);
	if (status != PAM_SUCCESS) {
		wipe_responses(answers, count);
		return status;
	}
	*responses = answers;
	return PAM_SUCCESS;
}
