/*
 * radius_login.c - has a password checked by a RADIUS server.
 *
 * Runs in: monitor.  Never: reads what a server has sent, only the structs of
 * the process radius.
 */
#include "common/base.h"
#include "pam/radius_login.h"

#include "common/accounts/one_time_code.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/process/service_socket.h"
#include "common/text.h"

#include <sys/socket.h>

#define PATIENCE_MS 100		/* to wait if the queue of radius is full */

static enum radius_verdict
fail(struct buffer *reason, const char *why, int error)
{
	buffer_addf(reason, "RADIUS: %s%s%s", why, error < 0 ? ": " : "",
		error < 0 ? log_errno(error) : "");
	return RADIUS_FAILED;
}

/* Send the login; the monitor's end of the socket pair, or -errno. */
static int
send_login(const struct radius_login_case *c, size_t password_len)
{
	struct radius_login request = { .kind = RADIUS_REQUEST_LOGIN,
		.peer = *c->peer, .local = *c->local };
	int fds[2];

	if (password_len >= sizeof(request.password) ||
	    text_copy(request.user, sizeof(request.user), c->user) < 0)
		return -EMSGSIZE;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	memcpy(request.password, c->password, password_len);
	int error = service_socket_send(c->service, &request, sizeof(request),
		fds[1], PATIENCE_MS);
	secret_wipe(&request, sizeof(request));
	close(fds[1]);
	if (error == 0)
		return fds[0];
	close(fds[0]);
	return error;
}

static void
terminate(struct radius_answer *a)
{
	a->reason[sizeof(a->reason) - 1] = '\0';
	a->text[sizeof(a->text) - 1] = '\0';
	a->home[sizeof(a->home) - 1] = '\0';
	a->group[sizeof(a->group) - 1] = '\0';
}

/* 0 or -errno; -EPIPE if radius has ended. */
static int
receive(const struct radius_login_case *c, int fd, struct radius_answer *answer)
{
	int error = c->patience.wait(c->patience.context, fd);

	if (error < 0)
		return error;
	ssize_t n = recv(fd, answer, sizeof(*answer), MSG_DONTWAIT);
	/* The latter if it has not read our last message. */
	if (n < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	terminate(answer);
	return n == (ssize_t)sizeof(*answer) ? 0 : -EPIPE;
}

/* The code that was sent with the password, or what the client sends after a
 * 332 reply.  0 or -errno. */
static int
find_answer(const struct radius_login_case *c, const char *question,
	const char **code, char *answer, size_t size)
{
	BUFFER(text, MESSAGE_TEXT_SIZE);
	const char *sent = *code;

	*code = NULL;
	if (sent != NULL)
		return text_copy(answer, size, sent);
	if (c->client.ask == NULL)
		return -ENOTCONN;
	(void)text_escape_lines(&text, question, CONVERSATION_NOTICES,
		CONVERSATION_LINE_SIZE);
	return c->client.ask(c->client.context, buffer_text(&text), answer,
		size);
}

/* False if the client has not answered.  If radius has ended meanwhile, the
 * next receive() reports it. */
static bool
answer_challenge(const struct radius_login_case *c, int fd,
	const char *question, const char **code)
{
	struct radius_more more = { .answer = "" };
	bool answered = find_answer(c, question, code, more.answer,
		sizeof(more.answer)) == 0;

	if (answered)
		(void)!send(fd, &more, sizeof(more),
			MSG_DONTWAIT | MSG_NOSIGNAL);
	secret_wipe(&more, sizeof(more));
	return answered;
}

static enum radius_verdict
converse(const struct radius_login_case *c, int fd, const char *code,
	struct radius_answer *answer, struct buffer *reason)
{
	for (int questions = 0; ; questions++) {
		int error = receive(c, fd, answer);

		if (error == -EPIPE)
			return fail(reason, "the process radius has ended, "
				"see its log lines", 0);
		if (error < 0)
			return fail(reason, "no answer", error);
		if (answer->verdict != RADIUS_CHALLENGED)
			break;
		if (questions == CONVERSATION_QUESTIONS)
			return fail(reason, "too many challenges", 0);
		if (!answer_challenge(c, fd, answer->text, &code)) {
			buffer_addf(reason, "RADIUS: challenge not answered: "
				"%s", answer->text);
			return RADIUS_REJECTED;
		}
	}
	if (answer->verdict == RADIUS_ACCEPTED)
		return RADIUS_ACCEPTED;
	buffer_add_text(reason, answer->reason);
	return answer->verdict == RADIUS_REJECTED ? RADIUS_REJECTED :
		RADIUS_FAILED;
}

enum radius_verdict
radius_login(const struct radius_login_case *c, struct radius_answer *answer,
	struct buffer *reason)
{
	size_t len = strlen(c->password);
	const char *code = one_time_code_find(c->password,
		c->code_in_password, &len);

	*answer = (struct radius_answer){ .verdict = RADIUS_FAILED };
	if (c->service < 0)
		return fail(reason, "the process radius does not run", 0);
	int fd = send_login(c, len);
	if (fd < 0)
		return fail(reason, "cannot reach the process radius", fd);
	enum radius_verdict verdict = converse(c, fd, code, answer, reason);
	close(fd);
	return verdict;
}
