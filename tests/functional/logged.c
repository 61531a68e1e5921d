/*
 * logged.c - reads the server's log line by line.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/logged.h"

#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"
#include "tests/functional/procs.h"

#include <signal.h>

#define PATIENCE_MS 5000
#define GATHER_MS 20
#define TAIL 900	/* bytes of the log that a failed check shows */
#define CONNECTED "info session=* peer=* connected to *"

/* A recorder sleeps only after it has written everything it has received. */
static bool
recorders_sleep(void *context UNUSED)
{
	struct proc list[4];
	size_t n = procs_list(PROCS_RECORDER, list, ARRAY_SIZE(list));

	for (size_t i = 0; i < n && i < ARRAY_SIZE(list); i++)
		if (list[i].state != 'S')
			return false;
	return true;
}

/* It also sleeps between two rounds, for a moment (GATHER_MS in recorder.c). */
static void
let_recorder_finish(void)
{
	bool rests = wait_until(recorders_sleep, NULL, PATIENCE_MS);

	wait_for_time(GATHER_MS);
	CHECK_SAYS(rests && wait_until(recorders_sleep, NULL, PATIENCE_MS),
		"the recorder does not come to rest");
}

size_t
logged_mark(void)
{
	let_recorder_finish();
	int64_t size = files_size(SERVER_ERRORS);
	return size < 0 ? 0 : (size_t)size;
}

/* Is the line exactly this, with any bytes for each `*`? */
static bool
matches(const char *line, size_t len, const char *pattern)
{
	size_t first = strcspn(pattern, "*");

	if (len < first || memcmp(line, pattern, first) != 0)
		return false;
	line += first;
	len -= first;
	pattern += first;
	while (*pattern == '*') {
		size_t part = strcspn(++pattern, "*");
		bool last = pattern[part] == '\0';
		if (len < part)
			return false;
		const char *at = last ? line + len - part
				      : memmem(line, len, pattern, part);
		if (at == NULL || memcmp(at, pattern, part) != 0)
			return false;
		len -= (size_t)(at - line) + part;
		line = at + part;
		pattern += part;
	}
	return len == 0;
}

/* The text after "2025-01-31T12:00:00.000Z sureftpd[123] "; lines written
 * before the recorder was started do not have it. */
static const char *
sentence(const char *line, size_t *len)
{
	static const char head[] = "0000-00-00T00:00:00.000Z sureftpd[";
	size_t i = 0;

	for (; i < sizeof(head) - 1 && i < *len; i++) {
		if (head[i] == '0' ? !text_is_digit(line[i])
				   : line[i] != head[i])
			return line;
	}
	while (i < *len && text_is_digit(line[i]))
		i++;
	if (*len - i < 2 || memcmp(line + i, "] ", 2) != 0)
		return line;
	*len -= i + 2;
	return line + i + 2;
}

/* The text after the mark. */
static const char *
log_after(size_t mark)
{
	const char *log = server_log();

	return strlen(log) < mark ? "" : log + mark;
}

/* The first such line in a text, or NULL; only lines that are complete. */
static const char *
find(const char *text, const char *pattern)
{
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		size_t len = (size_t)(end - text);
		const char *line = sentence(text, &len);
		if (matches(line, len, pattern))
			return line;
	}
	return NULL;
}

struct wanted {
	size_t mark;
	const char *pattern;
};

static bool
is_logged(const char *path UNUSED, void *context)
{
	const struct wanted *w = context;

	return find(log_after(w->mark), w->pattern) != NULL;
}

bool
logged_check(const char *file, int line, size_t mark, const char *format, ...)
{
	char pattern[4096];
	struct wanted w = { .mark = mark, .pattern = pattern };
	va_list ap;

	va_start(ap, format);
	vsnprintf(pattern, sizeof(pattern), format, ap);
	va_end(ap);
	bool found = files_wait_until(SERVER_ERRORS, is_logged, &w,
		PATIENCE_MS);
	const char *log = log_after(mark);
	size_t len = strlen(log);
	return check_at(file, line, found, "not logged: \"%.300s\"; the log "
		"ends with\n%.*s", pattern, TAIL,
		len > TAIL ? log + len - TAIL : log);
}

size_t
logged_times(size_t mark, const char *format, ...)
{
	char pattern[4096];
	size_t times = 0;
	va_list ap;

	let_recorder_finish();
	const char *log = log_after(mark);
	va_start(ap, format);
	vsnprintf(pattern, sizeof(pattern), format, ap);
	va_end(ap);
	for (; (log = find(log, pattern)) != NULL; log = strchr(log, '\n'))
		times++;
	return times;
}

uint64_t
logged_session(size_t mark)
{
	int64_t number = 0;

	if (!CHECK_LOGGED(mark, CONNECTED))
		return 0;
	const char *at = strchr(find(log_after(mark), CONNECTED), '=') + 1;
	CHECK(text_number(at, strcspn(at, " "), &number) == 0);
	return (uint64_t)number;
}

void
logged_reload(const struct server *s)
{
	size_t mark = logged_mark();

	CHECK(kill(s->pid, SIGHUP) == 0);
	CHECK_LOGGED(mark, "info configuration reloaded");
}
