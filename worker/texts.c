/*
 * texts.c - sends the administrator's texts as replies.
 *
 * Runs in: greeter, session.
 * Never: expands tokens in what a client sent.
 */
#include "common/base.h"

#include "worker/texts.h"

#include "common/buffer.h"
#include "common/settings/settings_messages.h"

#include <time.h>

#define TEXT_MAX 24576	/* maximum bytes of a reply's text */

static void
add_address(struct buffer *b, const struct address *a)
{
	char text[ADDRESS_TEXT_SIZE];

	buffer_add_text(b, address_text(a, text));
}

static void
add_time(struct buffer *b)
{
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm) != NULL)
		buffer_addf(b, "%04d-%02d-%02d %02d:%02d:%02d UTC",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
add_working_directory(const struct session *s, struct buffer *b)
{
	char text[PATH_MAX];

	if (s->identity != NULL)
		buffer_add_text(b, target_working_directory(text,
			sizeof(text)));
}

/* False for anything that is not a token. */
static bool
add_token(const struct session *s, struct buffer *b, char token)
{
	switch (token) {
	case 'u':
		if (s->identity != NULL)
			buffer_add_text(b, s->identity->user);
		return true;
	case 'a':
		add_address(b, &s->client.peer);
		return true;
	case 's':
		add_address(b, &s->client.local);
		return true;
	case 't':
		add_time(b);
		return true;
	case 'w':
		add_working_directory(s, b);
		return true;
	case 'v':
		buffer_add_text(b, PACKAGE_VERSION);
		return true;
	case '%':
		buffer_add_char(b, '%');
		return true;
	default:
		return false;
	}
}

/* Copy the tokens first, so that their values are not expanded again. */
static void
add_text(const struct session *s, struct buffer *b, const char *text,
	bool is_setting)
{
	for (; *text != '\0'; text++) {
		if (*text == '%' && text[1] != '\0' &&
			add_token(s, b, text[1]))
			text++;
		else if (is_setting && text[0] == '\\' &&
		    (text[1] == 'n' || text[1] == '\\')) {
			buffer_add_char(b, text[1] == 'n' ? '\n' : '\\');
			text++;
		} else {
			buffer_add_char(b, *text);
		}
	}
}

/* Remove the final line end; the reply adds one. */
static void
add_file(const struct session *s, struct buffer *b, const char *text)
{
	size_t before = b->len;

	add_text(s, b, text, false);
	while (b->len > before && (b->data[b->len - 1] == '\n' ||
		b->data[b->len - 1] == '\r'))
		b->data[--b->len] = '\0';
}

static void
add(const struct session *s, struct buffer *b, const char *text,
	const char *file)
{
	const char *content = settings_messages_text(s->settings, file);

	if (content != NULL)
		add_file(s, b, content);
	else
		add_text(s, b, text, true);
}

/* Most texts contain no token. */
static bool
is_plain(const char *text, const char *file)
{
	return *file == '\0' && strpbrk(text, "%\\") == NULL;
}

/* Lines and a message file, each of which may be empty, and the text. */
NOINLINE static void
send_parts(struct session *s, const char *lines, const char *message,
	int code, const char *text, const char *file)
{
	char storage[TEXT_MAX] UNINITIALIZED;
	struct buffer b;

	buffer_init(&b, storage, sizeof(storage));
	if (*lines != '\0')
		buffer_addf(&b, "%s\n", lines);
	if (*message != '\0') {
		add_file(s, &b, message);
		buffer_add_char(&b, '\n');
	}
	add(s, &b, text, file);
	reply_text(&s->reply, code, buffer_text(&b));
}

void
texts_send(struct session *s, int code, const char *text, const char *file)
{
	if (is_plain(text, file))
		reply_text(&s->reply, code, text);
	else
		send_parts(s, "", "", code, text, file);
}

/* With lines and the message file of the working directory before the text. */
static void
send_after(struct session *s, const char *lines, int code, const char *text,
	const char *file)
{
	char message[DIRECTORY_MESSAGE_SIZE + 1] UNINITIALIZED;

	if (directory_message_read(&s->tree, &s->messages_shown, message) == 0)
		message[0] = '\0';
	if (*message == '\0' && *lines == '\0')
		texts_send(s, code, text, file);
	else
		send_parts(s, lines, message, code, text, file);
}

void
texts_send_with_message(struct session *s, int code, const char *text)
{
	send_after(s, "", code, text, "");
}

void
texts_send_welcome(struct session *s, const char *lines)
{
	send_after(s, lines, 230, s->limits->msg_login,
		s->limits->msg_login_file);
}
