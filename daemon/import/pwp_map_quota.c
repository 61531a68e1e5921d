/*
 * pwp_map_quota.c - quotas.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

#include "common/text.h"

/* 0 and negative numbers mean no limit. */
void
pwp_map_quota(struct pwp_mapping *m)
{
	int64_t bytes = pwp_nonzero(m, m->option);

	pwp_set_number(m, "quota", "quota_bytes", bytes > 0 ? bytes : -1);
	pwp_set(m, "quota", "site_quota_wording", "pwp");
}

void
pwp_map_quota_cache(struct pwp_mapping *m)
{
	pwp_set_number(m, "quota", "quota_cache", pwp_nonzero(m, m->option));
	pwp_say(m, IMPORT_CHANGED, "quota_cache in [quota]; counts are exact "
		"at all times, so it only limits how long a session waits for "
		"a count");
}

void
pwp_map_quota_message(struct pwp_mapping *m)
{
	const char *text = pwp_is_true(m->text) ? m->text :
		pwp_table[m->option].default_text;

	pwp_set(m, "quota", "quota_exceeded_message", "%s", text);
}

/* What a variable of a file's name becomes. */
static bool
add_variable(struct buffer *b, const char *name, size_t len)
{
	if (text_same(name, len, "user", 4) ||
	    text_same(name, len, "username", 8))
		buffer_add_text(b, "%u");
	else if (text_same(name, len, "hostname", 8))
		buffer_add_text(b, pwp_host_name());
	else
		return false;
	return true;
}

static size_t
variable_length(const char *text)
{
	size_t len = 0;

	while (text_is_alpha(text[len]) || text_is_digit(text[len]) ||
	    text[len] == '_')
		len++;
	return len;
}

/* The name with tokens instead of variables; false for an unknown one. */
static bool
add_name(struct buffer *b, const char *text)
{
	while (*text != '\0') {
		size_t len = *text == '$' ? variable_length(text + 1) : 0;
		if (len > 0 && !add_variable(b, text + 1, len))
			return false;
		if (*text == '%')
			buffer_add_char(b, '%');
		if (len == 0)
			buffer_add_char(b, *text);
		text += len + 1;
	}
	return true;
}

/* The name is relative to the user's directory.  A file without the user in its
 * name would be shared by all whose directories have the same parent. */
void
pwp_map_quota_file(struct pwp_mapping *m)
{
	BUFFER(path, PATH_MAX);

	if (!pwp_is_true(m->text) || !m->is_set) {
		pwp_say(m, IMPORT_CHANGED, "the file ../pwpquota was shared by "
			"all accounts whose directories are in one; here each "
			"has its own below /var/lib/sureftpd/quota, and is "
			"counted at the first login");
		return;
	}
	if (*m->text != '/')
		buffer_add_text(&path, "%h/");
	if (!add_name(&path, m->text) || path.overflow) {
		pwp_say(m, IMPORT_REFUSED, "only $user and $hostname have "
			"equivalents; quota_file in [quota] keeps its default, "
			"and each account is counted at its first login");
		return;
	}
	pwp_set(m, "quota", "quota_file", "%s", buffer_text(&path));
	pwp_set(m, "quota", "quota_format", "ledger");
	if (strstr(m->text, "$username") != NULL)
		pwp_say(m, IMPORT_CHANGED, "quota_file in [quota]; $username "
			"was replaced by nothing, contrary to the manual, and "
			"is %%u, the user, here: rename the files");
	else
		pwp_say(m, IMPORT_CHANGED, "quota_file and quota_format = "
			"ledger in [quota]: the files stay in use; their "
			"directories must be writable by quota_user "
			"(_sureftpdquota), and not by the accounts");
}

void
pwp_map_quota_age(struct pwp_mapping *m)
{
	pwp_set_number(m, "quota", "quota_max_age", pwp_nonzero(m, m->option));
}

/* A negative number means no limit. */
void
pwp_map_quota_lines(struct pwp_mapping *m)
{
	int64_t lines = pwp_nonzero(m, m->option);

	pwp_set_number(m, "quota", "quota_max_changes", lines > 0 ? lines : 0);
	if (lines > 0)
		pwp_say(m, IMPORT_SAME, "quota_max_changes in [quota]; counts "
			"are exact without it, so 0, which never counts again "
			"for this reason, saves the work");
}
