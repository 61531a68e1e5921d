/*
 * log_line.c - formats log lines: escaped, and of limited length.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_line.h"

#include "common/digits.h"
#include "common/text.h"

/* Reserved for log_line_end(). */
static const char end_mark[] = "...\n";

void
log_line_begin(struct buffer *line, char *storage, size_t size)
{
	buffer_init(line, storage, size - (sizeof(end_mark) - 1));
}

void
log_line_end(struct buffer *line)
{
	bool cut = line->overflow;

	line->size += sizeof(end_mark) - 1;
	buffer_add_text(line, cut ? end_mark : "\n");
}

void
log_line_add(struct buffer *line, const char *text, const char *also)
{
	while (*text != '\0' && !line->overflow) {
		size_t len = strcspn(text, also);
		text_escape(line, text, len);
		text += len;
		if (*text != '\0' && !line->overflow)
			buffer_addf(line, "\\x%02X", (unsigned char)*text++);
	}
}

void
log_line_word(struct buffer *line, const char *text)
{
	log_line_add(line, text, " ");
}

void
log_line_quoted(struct buffer *line, const char *text)
{
	buffer_add_char(line, '"');
	log_line_add(line, text, "\"");
	buffer_add_char(line, '"');
}

/* The time in an event is untrusted and may be any number. */
static time_t
seconds_of(int64_t wall_ns)
{
	return wall_ns < 0 ? 0 : wall_ns / 1000000000;
}

/* "2026-11-21T02:25:41."  Most lines are of the same second as the one before.
 * Years have four digits: wall_ns ends in 2262. */
static const char *
second_text(time_t seconds)
{
	static char text[] = "1970-01-01T00:00:00.";
	static time_t of;
	struct tm tm;
	char *at = text;

	if (seconds == of)
		return text;
	gmtime_r(&seconds, &tm);
	const int numbers[] = { tm.tm_year / 100 + 19, tm.tm_year % 100,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec };
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		at = digits_put_two(at, (unsigned)numbers[i]);
		if (i > 0)
			at++;
	}
	of = seconds;
	return text;
}

void
log_line_utc(struct buffer *line, int64_t wall_ns)
{
	unsigned milli = wall_ns < 0 ? 0 : (unsigned)(wall_ns / 1000000 % 1000);
	char rest[] = { (char)('0' + milli / 100), 0, 0, 'Z', '\0' };

	digits_put_two(rest + 1, milli);
	buffer_add_text(line, second_text(seconds_of(wall_ns)));
	buffer_add_text(line, rest);
}

void
log_line_ctime(struct buffer *line, int64_t wall_ns)
{
	time_t seconds = seconds_of(wall_ns);
	char text[64];
	struct tm tm;

	localtime_r(&seconds, &tm);
	if (strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm) > 0)
		buffer_add_text(line, text);
}

void
log_line_syslog_time(struct buffer *line, int64_t wall_ns)
{
	BUFFER(whole, 64);

	log_line_ctime(&whole, wall_ns);
	buffer_add(line, whole.data + strlen("Sat "),
		strlen("Nov 21 02:25:41"));
}

static void
add_digits(struct buffer *line, uint64_t number)
{
	char text[DIGITS_MAX];

	buffer_add(line, text, (size_t)(digits_put(text, number) - text));
}

void
log_line_number(struct buffer *line, int64_t number)
{
	if (number < 0)
		buffer_add_char(line, '-');
	add_digits(line, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void
log_line_peer(struct buffer *line, const struct event *e)
{
	char text[ADDRESS_TEXT_SIZE];

	buffer_add_text(line, address_text(&e->peer, text));
}

void
log_line_who(struct buffer *line, const struct event *e)
{
	if (e->session != 0) {
		buffer_add_text(line, " session=");
		add_digits(line, e->session);
	}
	if (address_is_set(&e->peer)) {
		buffer_add_text(line, " peer=");
		log_line_peer(line, e);
	}
	if (*e->user != '\0') {
		buffer_add_text(line, " user=");
		log_line_word(line, e->user);
	}
}

/* The command with a secret argument that the line starts with, or NULL. */
static const char *
secret_verb(const char *text)
{
	static const char *const verbs[] = { "PASS", "ACCT" };

	while (*text != '\0' && !text_is_alpha(*text))
		text++;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (text_same(text, strnlen(text, 4), verbs[i], 4))
			return verbs[i];
	return NULL;
}

void
log_line_command(struct buffer *line, const char *text)
{
	const char *verb = secret_verb(text);

	if (verb == NULL)
		log_line_add(line, text, "");
	else
		buffer_addf(line, "%s ****", verb);
}

void
log_line_mask(struct buffer *b, const char *text)
{
	const char *verb = secret_verb(text);

	buffer_add_text(b, verb == NULL ? text : verb);
	if (verb != NULL)
		buffer_add_text(b, " ****");
}
