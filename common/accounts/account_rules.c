/*
 * account_rules.c - the rules that an account has to meet.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/account_rules.h"

#include "common/accounts/account.h"
#include "common/accounts/refuse.h"
#include "common/text.h"

/* Is the account in the list?  Anonymous sessions match "ftp" and "anonymous",
 * in any letter case. */
static bool
is_in(const char *list, const struct identity *identity)
{
	return text_list_has(list, identity->user) ||
		(identity->class == IDENTITY_ANONYMOUS &&
		(text_list_has(list, "anonymous") ||
		text_list_has(list, "ftp")));
}

/* Not in allowed_users, and not rejected. */
static bool
groups_allow(const struct server_settings *rules,
	const struct identity *identity, struct buffer *reason)
{
	bool users = *rules->allowed_users != '\0', is_in;

	if (!users && *rules->allowed_groups == '\0')
		return true;
	if (!account_is_in_groups(identity, rules->allowed_groups, &is_in,
		reason))
		return false;
	if (is_in)
		return true;
	buffer_addf(reason, "the account is not in %s%s%s",
		users ? "allowed_users" : "",
		users && *rules->allowed_groups != '\0' ? " or " : "",
		*rules->allowed_groups != '\0' ? "allowed_groups" : "");
	return false;
}

bool
account_is_listed(const struct server_settings *rules,
	const struct identity *identity, const char *given,
	struct buffer *reason)
{
	bool rejected;

	if (is_in(rules->rejected_users, identity) ||
	    text_list_has(rules->rejected_users, given))
		return refuse(reason, "the account is in rejected_users");
	if (identity->uid == 0 && text_list_has(rules->rejected_users, "root"))
		return refuse(reason, "the account has uid 0, and root is in "
			"rejected_users");
	if (!account_is_in_groups(identity, rules->rejected_groups, &rejected,
		reason))
		return false;
	if (rejected)
		return refuse(reason, "the account is in rejected_groups");
	return is_in(rules->allowed_users, identity) ||
		groups_allow(rules, identity, reason);
}

/* The lists were checked when they were read; an invalid one still refuses. */
bool
account_may_come_from(const struct user_settings *rules,
	const struct address *peer, struct buffer *reason)
{
	if (address_in_networks(peer, rules->deny_from) != 0)
		return refuse(reason, "the client's address is in deny_from");
	if (*rules->allow_from != '\0' &&
	    address_in_networks(peer, rules->allow_from) != 1)
		return refuse(reason, "the client's address is not in "
			"allow_from");
	return true;
}

/* One line of /etc/shells: the path, up to a blank or a comment. */
static bool
line_names(const char *line, const char *shell)
{
	size_t len = strcspn(line, "# \t\r\n");

	return *line == '/' && strlen(shell) == len &&
		memcmp(line, shell, len) == 0;
}

bool
account_shell_is_valid(const char *shells, const char *shell,
	struct buffer *reason)
{
	FILE *file = fopen(shells, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (file == NULL && errno == ENOENT)
		return true;
	if (file == NULL) {
		buffer_addf(reason, "%s: %s", shells, strerror(errno));
		return false;
	}
	if (*shell == '\0')
		shell = "/bin/sh";
	while (!found && getline(&line, &size, file) >= 0)
		found = line_names(line + strspn(line, " \t"), shell);
	free(line);
	fclose(file);
	if (!found)
		buffer_addf(reason, "shell %s is not listed in %s", shell,
			shells);
	return found;
}
