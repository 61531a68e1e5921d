/*
 * pam_played.c - a PAM module whose arguments are what it does, in any of PAM's
 * phases, one after the other:
 *
 *   for=USER       the rest is for this user only
 *   ask=TEXT       a question with a secret answer; echo=TEXT: not secret
 *   is=TEXT        that answer must be this one, or the module says no
 *   info=TEXT      say something; error=TEXT: as an error
 *   with=TEXT      say it in the same breath as the next question
 *   user=NAME      the user is somebody else
 *   return=NUMBER  of PAM's results (PAM_SUCCESS is 0)
 *
 * Blanks are possible as in pam.conf(5): [ask=Your code:].  A backslash and an
 * n are a line's end.
 * Runs in: the daemon's monitor, in the world of a functional suite.
 */
#include "common/base.h"

#include <security/pam_ext.h>
#include <security/pam_modules.h>

struct play {
	pam_handle_t *handle;
	char *answer;		/* the last one */
	char with[4096];	/* to be said with the next question */
	int status;
	bool over;
};

static void
end(struct play *p, int status)
{
	p->status = status;
	p->over = true;
}

static int
number(const char *digits)
{
	int n = 0;

	for (; *digits >= '0' && *digits <= '9' && n < 1000; digits++)
		n = n * 10 + (*digits - '0');
	return n;
}

static void
forget_answer(struct play *p)
{
	if (p->answer != NULL)
		explicit_bzero(p->answer, strlen(p->answer));
	free(p->answer);
	p->answer = NULL;
}

/* With line ends. */
static const char *
unfold(const char *text)
{
	static char lines[4096];
	size_t n = 0;

	for (; *text != '\0' && n < sizeof(lines) - 1; text++) {
		bool end = text[0] == '\\' && text[1] == 'n';
		lines[n++] = end ? '\n' : *text;
		text += end;
	}
	lines[n] = '\0';
	return lines;
}

static void
ask(struct play *p, int style, const char *text)
{
	const void *item = NULL;
	struct pam_message say = { PAM_TEXT_INFO, p->with };
	struct pam_message question = { style, text };
	const struct pam_message *messages[] = { &say, &question };
	struct pam_response *answers = NULL;
	int first = p->with[0] == '\0';

	forget_answer(p);
	if (pam_get_item(p->handle, PAM_CONV, &item) != PAM_SUCCESS ||
	    item == NULL) {
		end(p, PAM_CONV_ERR);
		return;
	}
	const struct pam_conv *conv = item;
	int status = conv->conv(2 - first, messages + first, &answers,
		conv->appdata_ptr);
	if (status != PAM_SUCCESS) {
		end(p, status);
		return;
	}
	p->answer = answers[1 - first].resp;
	free(answers);
	p->with[0] = '\0';
}

static void
play_one(struct play *p, const char *what, const char *value)
{
	const void *user = NULL;

	if (strcmp(what, "ask") == 0)
		ask(p, PAM_PROMPT_ECHO_OFF, unfold(value));
	else if (strcmp(what, "echo") == 0)
		ask(p, PAM_PROMPT_ECHO_ON, unfold(value));
	else if (strcmp(what, "is") == 0 && (p->answer == NULL ||
	    strcmp(p->answer, value) != 0))
		end(p, PAM_AUTH_ERR);
	else if (strcmp(what, "info") == 0)
		pam_info(p->handle, "%s", unfold(value));
	else if (strcmp(what, "error") == 0)
		pam_error(p->handle, "%s", unfold(value));
	else if (strcmp(what, "with") == 0)
		(void)!snprintf(p->with, sizeof(p->with), "%s", unfold(value));
	else if (strcmp(what, "user") == 0)
		pam_set_item(p->handle, PAM_USER, value);
	else if (strcmp(what, "return") == 0)
		end(p, number(value));
	else if (strcmp(what, "for") == 0 &&
	    (pam_get_item(p->handle, PAM_USER, &user) != PAM_SUCCESS ||
	    user == NULL || strcmp(user, value) != 0))
		end(p, PAM_SUCCESS);
}

static int
play(pam_handle_t *handle, int argc, const char *const *argv)
{
	struct play p = { .handle = handle };

	for (int i = 0; i < argc && !p.over; i++) {
		const char *value = strchr(argv[i], '=');
		char what[16];

		if (value == NULL)
			return PAM_SERVICE_ERR;
		(void)!snprintf(what, sizeof(what), "%.*s",
			(int)(value - argv[i]), argv[i]);
		play_one(&p, what, value + 1);
	}
	forget_answer(&p);
	return p.status;
}

#define PHASE(name)                                                     \
	int                                                             \
	name(pam_handle_t *handle, int flags UNUSED, int argc,          \
		const char **argv)                                      \
	{                                                               \
		return play(handle, argc, argv);                        \
	}
PHASE(pam_sm_authenticate)
PHASE(pam_sm_acct_mgmt)
PHASE(pam_sm_open_session)

#define NOTHING(name)                                                   \
	int                                                             \
	name(pam_handle_t *handle UNUSED, int flags UNUSED,             \
		int argc UNUSED, const char **argv UNUSED)              \
	{                                                               \
		return PAM_SUCCESS;                                     \
	}
NOTHING(pam_sm_setcred)
NOTHING(pam_sm_close_session)
