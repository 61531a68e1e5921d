/*
 * pwp_map_rules.c - what sessions may do.
 *
 * Rules are Perl expressions, which are never run.  Constants are converted;
 * where another rule decided, nothing is allowed until the administrator has
 * replaced it, so that no one gets a right that he did not have.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_map.h"

#include "common/text.h"

#define EVERY_ADDRESS "0.0.0.0/0 ::/0"

enum rule { RULE_ALLOWS, RULE_DENIES, RULE_IS_CODE };

static enum rule
rule_of(const char *text)
{
	if (strcmp(text, "1") == 0)
		return RULE_ALLOWS;
	return *text == '\0' || strcmp(text, "0") == 0 ? RULE_DENIES :
		RULE_IS_CODE;
}

void
pwp_map_access_rule(struct pwp_mapping *m)
{
	enum rule rule = rule_of(m->text);

	if (rule == RULE_ALLOWS)
		return;
	pwp_set(m, "listener", "deny_from", EVERY_ADDRESS);
	if (rule == RULE_DENIES)
		pwp_say(m, IMPORT_SAME, "deny_from in [listener] refuses every "
			"client");
	else
		pwp_say(m, IMPORT_REFUSED, "Perl code is not run; write the "
			"networks into allow_from or deny_from in [listener]. "
			"Until then deny_from refuses every client");
}

void
pwp_map_user_rule(struct pwp_mapping *m)
{
	enum rule rule = rule_of(m->text);

	if (rule == RULE_ALLOWS)
		return;
	pwp_set(m, "auth", "allowed_users", "-");
	if (rule == RULE_DENIES)
		pwp_say(m, IMPORT_SAME, "allowed_users in [auth] lets no user "
			"log in");
	else
		pwp_say(m, IMPORT_REFUSED, "Perl code is not run; use "
			"allowed_users and rejected_users in [auth], or "
			"allow_from in sections [user NAME]. Until then "
			"allowed_users lets no user log in");
}

static const struct {
	enum pwp_option rule;
	const char *letters;
} letters[] = {
	{ PWP_chdir_rule, "e" }, { PWP_list_rule, "l" },
	{ PWP_retrieve_rule, "r" }, { PWP_store_rule, "a" },
	{ PWP_delete_rule, "d" }, { PWP_rename_rule, "f" },
	{ PWP_mkdir_rule, "m" }, { PWP_store_rule, "w" },
};

/* There were no SITE CHMOD (M) and no command to change times (T). */
static void
set_permissions(struct pwp_mapping *m)
{
	BUFFER(allowed, 20);

	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (rule_of(pwp_text(m, letters[i].rule)) == RULE_ALLOWS)
			buffer_add_text(&allowed, letters[i].letters);
	pwp_set(m, "session", "permissions", "%s", buffer_text(&allowed));
	pwp_set(m, "session", "allow_mdtm_write", "no");
	if (!pwp_has_radius(m) && pwp_on(m, PWP_allow_anonymous))
		pwp_set(m, "anonymous", "permissions", "%s",
			buffer_text(&allowed));
}

void
pwp_map_rule(struct pwp_mapping *m)
{
	enum rule rule = rule_of(m->text);

	set_permissions(m);
	if (rule == RULE_IS_CODE)
		pwp_say(m, IMPORT_REFUSED, "Perl code is not run; give "
			"permissions in sections [directory PATH], or names "
			"in deny_names in [session]. Until then this is denied "
			"everywhere: %s", pwp_table[m->option].sentence);
}

/* There is one setting for both. */
void
pwp_map_overwrite(struct pwp_mapping *m)
{
	bool both = pwp_on(m, PWP_allow_rename_to_overwrite) &&
		pwp_on(m, PWP_allow_store_to_overwrite);
	bool neither = !pwp_on(m, PWP_allow_rename_to_overwrite) &&
		!pwp_on(m, PWP_allow_store_to_overwrite);

	pwp_set(m, "session", "overwrite", both ? "allow" : "deny");
	if (!both && !neither && pwp_is_true(m->text))
		pwp_say(m, IMPORT_CHANGED, "overwrite = deny in [session], "
			"which is about uploads and renames alike");
}

/* The command of "COMMAND" code, with _ for the blank in it, as in the
 * settings.  Returns the code, or NULL. */
static const char *
restricted_command(const char *text, struct buffer *command)
{
	const char *end = *text == '"' ? strchr(text + 1, '"') : NULL;

	if (end == NULL || end - text < 2)
		return NULL;
	for (const char *c = text + 1; c < end; c++) {
		if (!text_is_alpha(*c) && !text_is_digit(*c) && *c != ' ')
			return NULL;
		buffer_add_char(command, *c == ' ' ? '_' : text_upper(*c));
	}
	end++;
	return command->overflow ? NULL : end + strspn(end, " \t");
}

void
pwp_map_restrict(struct pwp_mapping *m)
{
	BUFFER(command, 40);
	const char *code = restricted_command(m->text, &command);

	if (!m->is_set)
		pwp_map_no_need(m);
	else if (code == NULL)
		pwp_say(m, IMPORT_REFUSED, "it does not begin with a command "
			"in quotes");
	else if (rule_of(code) == RULE_ALLOWS)
		pwp_say(m, IMPORT_NOT_NEEDED, "it allows the command");
	else {
		answer_add(&m->answer, "session", "commands_denied",
			buffer_text(&command));
		if (rule_of(code) == RULE_IS_CODE)
			pwp_say(m, IMPORT_REFUSED, "Perl code is not run; set "
				"commands_denied or commands_allowed in "
				"sections [user NAME] and [group NAME]. Until "
				"then %s is denied to all",
				buffer_text(&command));
	}
}

void
pwp_map_command_wait(struct pwp_mapping *m)
{
	int64_t wait = pwp_number(m->text);

	if (wait <= 0) {
		pwp_say(m, IMPORT_NOT_NEEDED, "off");
		return;
	}
	pwp_set(m, "limits", "max_command_rate", "1");
	if (wait > 1)
		pwp_say(m, IMPORT_CHANGED, "max_command_rate in [limits] is "
			"one command per second, the smallest rate there is");
}

void
pwp_map_site_version(struct pwp_mapping *m)
{
	m->answer.verdict = pwp_is_true(m->text) ? IMPORT_CHANGED :
		IMPORT_SAME;
}

void
pwp_map_archive(struct pwp_mapping *m)
{
	if (pwp_is_true(m->text))
		m->answer.verdict = IMPORT_CHANGED;
	else
		pwp_map_no_need(m);
}
