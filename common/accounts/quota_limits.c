/*
 * quota_limits.c - the quotas that the settings give an account.
 *
 * Runs in: master, monitor.
 */
#include "common/base.h"
#include "common/accounts/quota_limits.h"

#include "common/io.h"
#include "common/process/secret.h"
#include "common/settings/settings_accounts.h"
#include "common/settings/settings_radius.h"
#include "common/text.h"

#include <fcntl.h>

static int64_t
limit_of(int64_t setting)
{
	return setting > 0 ? setting : -1;
}

struct quota_limits
quota_limits_of(const struct user_settings *s)
{
	if (s->quota_engine == QUOTA_ENGINE_KERNEL)
		return (struct quota_limits){ -1, -1, -1, -1, 0 };
	return (struct quota_limits){
		.bytes = limit_of(s->quota_bytes),
		.files = limit_of(s->quota_files),
		.soft_bytes = limit_of(s->quota_soft_bytes),
		.soft_files = limit_of(s->quota_soft_files),
		.grace = s->quota_grace,
	};
}

bool
quota_is_limited(const struct quota_limits *limits)
{
	return limits->bytes > 0 || limits->files > 0 ||
	    limits->soft_bytes > 0 || limits->soft_files > 0;
}

/* Does any line of the file contain this word?  A false positive, in a comment
 * or a value, only starts a bookkeeper that is not needed.  No password hash of
 * the file may stay in the memory that later processes inherit. */
static bool
file_mentions(const char *path, const char *word)
{
	char data[4096] UNINITIALIZED;
	size_t kept = 0, overlap = strlen(word) - 1;
	bool found = false;
	/* O_NONBLOCK: the master must not wait for a named pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = 0;

	while (fd >= 0 && !found &&
	    (n = read(fd, data + kept, sizeof(data) - kept)) > 0) {
		size_t len = kept + (size_t)n;

		found = memmem(data, len, word, overlap + 1) != NULL;
		kept = len < overlap ? len : overlap;
		memmove(data, data + len - kept, kept);
	}
	secret_wipe(data, sizeof(data));
	io_close(&fd);
	return found;
}

bool
quota_is_configured(const struct settings *settings)
{
	for (size_t i = 0; i < settings->override_count; i++)
		if (settings_accounts_limited(&settings->overrides[i].values))
			return true;
	/* A RADIUS server can set a quota for any account. */
	return settings_accounts_limited(&settings->user) ||
	    settings_accounts_limited(&settings->anonymous.values) ||
	    (settings_radius_used(&settings->server) &&
	    *settings->server.quota_attribute != '\0') ||
	    (text_list_has(settings->server.backends, "file") &&
	    file_mentions(settings->server.accounts_file, "quota_"));
}
