/*
 * log.c - who this process is, and its lines for the administrator.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/log/log.h"

#include "common/log/event.h"

static struct {
	struct log_context context;
	int fd;
	enum log_level level;
} state = {
	.context = { .role = "" },
	.fd = -1,
	.level = LOG_LEVEL_INFO,
};

void
log_connect(int recorder_fd)
{
	state.fd = recorder_fd;
}

int
log_descriptor(void)
{
	return state.fd;
}

void
log_set_level(enum log_level level)
{
	state.level = level;
}

bool
log_wants(enum log_level level)
{
	return level <= state.level;
}

const char *
log_level_name(enum log_level level)
{
	static const char *const names[] = {
		[LOG_LEVEL_ERROR] = "error",
		[LOG_LEVEL_WARNING] = "warning",
		[LOG_LEVEL_INFO] = "info",
		[LOG_LEVEL_DEBUG] = "debug",
	};

	return (unsigned)level < ARRAY_SIZE(names) ? names[level] : "unknown";
}

void
log_set_role(const char *role)
{
	state.context.role = role;
}

void
log_set_session(uint64_t number, const struct address *peer)
{
	state.context.session = number;
	state.context.peer = *peer;
}

/* Copy what fits into to[size]; "..." stands for the rest. */
static void
copy_cut(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len < size) {
		memcpy(to, from, len + 1);
		return;
	}
	memcpy(to, from, size - 4);
	memcpy(to + size - 4, "...", 4);
}

void
log_set_user(const char *user)
{
	copy_cut(state.context.user, sizeof(state.context.user), user);
}

const struct log_context *
log_context(void)
{
	return &state.context;
}

static void PRINTF_LIKE(2, 0)
say(enum log_level level, const char *format, va_list ap)
{
	char text[EVENT_TEXT_MAX];
	struct event e = event_new(EVENT_message);

	if (!log_wants(level))
		return;
	int len = vsnprintf(text, sizeof(text), format, ap);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(text))
		memcpy(text + sizeof(text) - 4, "...", 4);
	e.level = level;
	e.text = text;
	event_send(&e);
}

void
log_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(LOG_LEVEL_ERROR, format, ap);
	va_end(ap);
}

void
log_warning(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(LOG_LEVEL_WARNING, format, ap);
	va_end(ap);
}

void
log_info(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(LOG_LEVEL_INFO, format, ap);
	va_end(ap);
}

void
log_debug(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(LOG_LEVEL_DEBUG, format, ap);
	va_end(ap);
}

const char *
log_errno(int negative_errno)
{
	return strerror(negative_errno < 0 ? -negative_errno : negative_errno);
}

void
fatal(int status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(LOG_LEVEL_ERROR, format, ap);
	va_end(ap);
	_exit(status);
}

void
log_bug(const char *file, int line, const char *text)
{
	log_error("bug at %s:%d: %s", file, line, text);
	abort();
}
