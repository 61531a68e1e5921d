/*
 * log_line.c - formats log lines: escaped, and of limited length.
 *
 * Runs in: recorder.
 */
#include "common/base.h"
#include "daemon/recorder/log_line.h"

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

void
log_line_utc(struct buffer *line, int64_t wall_ns)
{
	time_t seconds = seconds_of(wall_ns);
	int milli = wall_ns < 0 ? 0 : (int)(wall_ns / 1000000 % 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	buffer_addf(line, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, milli);
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

void
log_line_peer(struct buffer *line, const struct event *e)
{
	char text[ADDRESS_TEXT_SIZE];

	buffer_add_text(line, address_text(&e->peer, text));
}

void
log_line_who(struct buffer *line, const struct event *e)
{
	if (e->session != 0)
		buffer_addf(line, " session=%" PRIu64, e->session);
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
