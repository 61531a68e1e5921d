/*
 * log_context.c - the identity of this process in the log.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/log/log_context.h"

static struct {
	struct log_context context;
	int fd;
	enum log_level level;
} state = {
	.context = { .role = "", .uid = EVENT_NO_UID },
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

/* Copy into to[size]; a truncated text ends in "...". */
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

void
log_set_uid(uint32_t uid, uint64_t run_pass)
{
	state.context.uid = uid;
	state.context.run_pass = run_pass;
}

void
log_set_root(const char *path)
{
	copy_cut(state.context.root, sizeof(state.context.root), path);
}

const struct log_context *
log_context(void)
{
	return &state.context;
}
