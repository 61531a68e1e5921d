/*
 * settings_guests.c - the account of the host that a guest's sessions run as.
 *
 * Runs in: the master (checking), monitor, sureftpd --check.
 */
#include "common/base.h"
#include "common/settings/settings_guests.h"

#include "common/settings/settings_lines.h"
#include "common/text.h"

#define ROW(section, key) SETTINGS_ROW_##section##_##key

/* The two words of a line. */
struct pair {
	char guest[SETTINGS_GUEST_SIZE], account[SETTINGS_GUEST_SIZE];
};

static bool
split(const char *line, size_t len, struct pair *pair)
{
	char text[2 * SETTINGS_GUEST_SIZE];

	if (len >= sizeof(text))
		return false;
	memcpy(text, line, len);
	text[len] = '\0';
	size_t first = strcspn(text, " \t");
	const char *second = text + first + strspn(text + first, " \t");
	if (first == 0 || *second == '\0' || strpbrk(second, " \t") != NULL)
		return false;
	text[first] = '\0';
	return text_copy(pair->guest, sizeof(pair->guest), text) == 0 &&
	    text_copy(pair->account, sizeof(pair->account), second) == 0;
}

void
settings_guest_user(const struct server_settings *server, const char *guest,
	char *account)
{
	const char *lines = server->guest_user_for, *line;
	const char *found = server->guest_user;
	struct pair pair;
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL)
		if (split(line, len, &pair) && strcmp(pair.guest, guest) == 0) {
			found = pair.account;
			break;
		}
	if (text_copy(account, SETTINGS_GUEST_SIZE, found) < 0)
		*account = '\0';
}

void
settings_guests_check(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;
	int at = r->settings->origins[0].line[ROW(auth, guest_user_for)];
	const char *lines = s->guest_user_for, *line;
	struct pair pair;
	size_t len;

	while ((line = settings_lines_next(&lines, &len)) != NULL)
		if (!split(line, len, &pair))
			settings_report_at(r, at, "guest_user_for: \"%.*s\" "
			    "must be the name of a guest, followed by an "
			    "account of the host", (int)len, line);
	if (*s->guest_user_for != '\0' && *s->guest_user == '\0')
		settings_report_at(r, at, "guest_user_for needs guest_user, "
		    "without which there are no guests");
}
