/*
 * title.c - sets the command line that ps(1) shows for a process.
 *
 * Runs in: every process but the master, which only prepares.
 */
#include "common/base.h"
#include "common/process/title.h"

#include "common/buffer.h"
#include "common/text.h"

#define ROOM_MAX   1024	/* a terminal's line or more */
#define ENDING_MAX 8

static struct {
	char *start;		/* start of the space: the original argv[0] */
	size_t size;		/* its size */
	size_t fixed;		/* length of the fixed beginning */
	size_t len;		/* and of the whole title */
	bool on;
	char **copy;		/* of argv */
} title;

/* The end of consecutive strings that start at `end`. */
static char *
follow(char **list, char *end)
{
	for (; *list != NULL && *list == end; list++)
		end += strlen(end) + 1;
	return end;
}

/* The names for syslog(3) point into the space. */
static bool
keep_name(void)
{
	static bool kept;

	if (kept)
		return true;
	kept = true;
	program_invocation_name = strdup(program_invocation_name);
	program_invocation_short_name = strdup(program_invocation_short_name);
	return program_invocation_name != NULL &&
		program_invocation_short_name != NULL;
}

char **
title_prepare(int argc, char **argv)
{
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));
	bool failed = copy == NULL || !keep_name();

	for (int i = 0; i < argc && !failed; i++) {
		copy[i] = strdup(argv[i]);
		failed = copy[i] == NULL;
	}
	title.copy = copy;
	if (failed)
		return NULL;
	if (argc > 0) {
		title.start = argv[0];
		title.size = (size_t)(follow(environ,
			follow(argv, argv[0])) - argv[0]);
	}
	if (title.size > ROOM_MAX)
		title.size = ROOM_MAX;
	return copy;
}

void
title_enable(bool on)
{
	title.on = on && title.size > 0;
}

bool
title_enabled(void)
{
	return title.on;
}

/* Write text[len] at `at`.  The kernel shows the text up to the first NUL, or
 * all arguments if their last byte is a NUL. */
static void
put(size_t at, const char *text, size_t len)
{
	size_t most = title.size - 1;

	if (at > most)
		return;
	if (len > most - at)
		len = most - at;
	memcpy(title.start + at, text, len);
	if (title.len > at + len)
		memset(title.start + at + len, 0, title.len - (at + len));
	title.len = at + len;
}

void
title_begin(const char *format, ...)
{
	BUFFER(text, ROOM_MAX);
	BUFFER(shown, ROOM_MAX);
	va_list ap;

	if (!title.on)
		return;
	va_start(ap, format);
	buffer_addv(&text, format, ap);
	va_end(ap);
	buffer_add_text(&shown, "sureftpd: ");
	text_escape(&shown, text.data, text.len);
	/* Overwrite all arguments and the environment. */
	title.len = title.size - 1;
	put(0, shown.data, shown.len);
	title.fixed = title.len;
}

void
title_rest(const char *text)
{
	if (!title.on)
		return;
	put(title.fixed, " ", 1);
	put(title.len, text, strlen(text));
}

void
title_rest_of(const char *word, const char *text, const char *ending)
{
	BUFFER(shown, ROOM_MAX);
	BUFFER(escaped, ROOM_MAX);
	size_t end = strnlen(ending, ENDING_MAX);

	if (!title.on)
		return;
	text_escape(&escaped, text, strlen(text));
	buffer_addf(&shown, " %s ", word);
	/* As much of the text as leaves space for the ending. */
	size_t room = title.size - 1 - title.fixed;
	size_t used = shown.len + ENDING_MAX;
	if (room > used && escaped.len > room - used)
		escaped.len = room - used;
	buffer_add(&shown, escaped.data, escaped.len);
	buffer_add(&shown, ending, end);
	put(title.fixed, shown.data, shown.len);
}
