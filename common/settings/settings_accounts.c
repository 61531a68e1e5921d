/*
 * settings_accounts.c - errors and warnings about settings for accounts.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_accounts.h"

#include "common/permissions.h"
#include "common/settings/settings_client.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_string.h"
#include "common/text.h"

#define ROW(section, key) SETTINGS_ROW_##section##_##key

/* A password must not be shared by several accounts. */
static void
check_no_hash(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	int line = origin->line[ROW(auth, password_hash)];

	if (line != SETTINGS_FROM_DEFAULT && *values->password_hash != '\0')
		settings_report_at(r, line, "password_hash can only be set in "
		    "[user NAME]");
}

static void
check_hash(struct settings_report *r, const struct settings_override *o)
{
	int line = o->origin.line[ROW(auth, password_hash)];

	if (line == SETTINGS_FROM_COMMAND_LINE)
		settings_report_at(r, line, "password_hash must be in the "
		    "file: every user can read command lines");
	else if (line != SETTINGS_FROM_DEFAULT &&
	    !r->settings->server.allow_legacy_hashes &&
	    strcmp(o->values.password_hash, SETTINGS_HASH_LEGACY) == 0)
		settings_report_at(r, line, "this kind of password_hash can "
		    "be guessed fast; replace it, or set "
		    "allow_legacy_hashes");
}

/* These are not permissions of an account. */
static void
check_client(struct settings_report *r, const struct settings_override *o)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (o->origin.line[i] != SETTINGS_FROM_DEFAULT &&
		    !settings_client_allows(i))
			settings_report_at(r, o->origin.line[i], "%s cannot "
			    "be set in [client NAME]", settings_table[i].key);
}

/* Each backend at most once, and radius last. */
static void
check_backends(struct settings_report *r)
{
	static const char *const allowed[] = { "pam", "file", "pam file",
	    "file pam", "radius", "pam radius", "file radius",
	    "pam file radius", "file pam radius" };
	const struct server_settings *s = &r->settings->server;

	if (*s->accounts_file == '\0')
		settings_report_row(r, ROW(auth, accounts_file),
			"accounts_file must be the path of a file");
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
		if (strcmp(s->backends, allowed[i]) == 0)
			return;
	settings_report_row(r, ROW(auth, backends), "backends must be pam, "
		"file and radius in the order of their use, each at most once "
		"and radius last");
}

static void
check_domain(struct settings_report *r)
{
	const char *domain = r->settings->server.default_domain;
	size_t len = strlen(domain);

	if (len > 0 && (len == 1 || (domain[0] == '@') ==
	    (domain[len - 1] == '\\')))
		settings_report_row(r, ROW(auth, default_domain),
			"default_domain must be a domain with a backslash "
			"after it or an @ before it");
	if (strpbrk(r->settings->server.strip_domain, "@\\") != NULL)
		settings_report_row(r, ROW(auth, strip_domain),
			"strip_domain must be domains without \"@\" and "
			"backslash");
}

static void
check_anonymous(struct settings_report *r)
{
	const struct settings *s = r->settings;

	check_no_hash(r, &s->anonymous.values, &s->anonymous.origin);
	if (s->server.password == ANONYMOUS_PASSWORD_LIST &&
	    *s->server.accepted_passwords == '\0')
		settings_report_row(r, ROW(anonymous, password), "password = "
			"list in [anonymous] needs accepted_passwords");
}

void
settings_accounts_check(struct settings_report *r)
{
	const struct settings *s = r->settings;

	check_backends(r);
	check_domain(r);
	check_anonymous(r);

	check_no_hash(r, &s->user, &s->origins[0]);
	for (size_t i = 0; i < s->override_count; i++) {
		const struct settings_override *o = &s->overrides[i];
		if (o->kind == OVERRIDE_USER)
			check_hash(r, o);
		else
			check_no_hash(r, &o->values, &o->origin);
		if (o->kind == OVERRIDE_CLIENT)
			check_client(r, o);
	}
}

static void
warn_accounts_file(struct settings_report *r)
{
	const struct server_settings *s = &r->settings->server;

	if (text_list_has(s->backends, "file") &&
	    settings_report_others_read(s->accounts_file))
		settings_report_row(r, ROW(auth, backends), "others can read "
			"%s, which holds password hashes; make its mode 0600",
			s->accounts_file);
}

#define TO_WRITE ~(uint32_t)(PERMISSION_enter | PERMISSION_list | \
	PERMISSION_retrieve)

/* If anonymous clients can write, others can use the server to store files. */
static void
warn_anonymous(struct settings_report *r)
{
	const struct settings *s = r->settings;
	int line = s->anonymous.origin.line[ROW(session, permissions)];

	if (s->server.enabled && line != SETTINGS_FROM_DEFAULT &&
	    (s->anonymous.values.permissions & TO_WRITE) != 0)
		settings_report_at(r, line, "anonymous clients can change "
		    "files as the account %s: permissions in [anonymous] has "
		    "letters other than e, l and r", s->server.user);
}

/* What a section does not set, [quota] does. */
static int64_t
limit_in(const struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin, size_t row)
{
	const struct user_settings *from = origin->line[row] !=
	    SETTINGS_FROM_DEFAULT ? values : &r->settings->user;

	return *(const int64_t *)(const void *)((const char *)from +
	    settings_table[row].offset);
}

static void
warn_quota(struct settings_report *r, const struct user_settings *values,
	const struct settings_origin *origin)
{
	static const size_t rows[][2] = {
		{ ROW(quota, quota_soft_bytes), ROW(quota, quota_bytes) },
		{ ROW(quota, quota_soft_files), ROW(quota, quota_files) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t soft = rows[i][0], hard = rows[i][1];
		int line = origin->line[soft] != SETTINGS_FROM_DEFAULT ?
		    origin->line[soft] : origin->line[hard];
		int64_t limit = limit_in(r, values, origin, hard);

		if (line != SETTINGS_FROM_DEFAULT && limit > 0 &&
		    limit_in(r, values, origin, soft) > limit)
			settings_report_at(r, line, "%s is larger than %s: "
			    "nobody is ever warned", settings_table[soft].key,
			    settings_table[hard].key);
	}
}

/* The quota_root of all accounts, or a template for it, or "". */
static const char *
quota_root_of_all(const struct user_settings *u)
{
	bool jail = strcmp(u->quota_root, "jail") == 0;
	const char *root = jail ? u->jail : u->quota_root;

	return *root == '/' ? root : u->home;
}

bool
settings_accounts_limited(const struct user_settings *s)
{
	return s->quota_bytes > 0 || s->quota_files > 0 ||
	    s->quota_soft_bytes > 0 || s->quota_soft_files > 0;
}

/* Only the anonymous account has a limit; other backends can set some. */
static bool
only_anonymous_limited(const struct settings *s)
{
	for (size_t i = 0; i < s->override_count; i++)
		if (settings_accounts_limited(&s->overrides[i].values))
			return false;
	return settings_accounts_limited(&s->anonymous.values) &&
	    !settings_accounts_limited(&s->user) &&
	    strcmp(s->server.backends, "pam") == 0;
}

/* Each directory needs a count of its own. */
static void
warn_quota_file(struct settings_report *r)
{
	const struct user_settings *u = &r->settings->user;
	const char *root = quota_root_of_all(u);

	if (only_anonymous_limited(r->settings))
		return;
	if (*u->quota_file != '\0' && strchr(u->quota_file, '%') == NULL &&
	    (*root == '\0' || strchr(root, '%') != NULL))
		settings_report_row(r, ROW(quota, quota_file), "quota_file is "
		    "one file for all accounts, whose quota_root differs: "
		    "their counts would be mixed; add %%u to its name");
}

static void
warn_quotas(struct settings_report *r)
{
	const struct settings *s = r->settings;

	warn_quota_file(r);
	warn_quota(r, &s->user, &s->origins[0]);
	warn_quota(r, &s->anonymous.values, &s->anonymous.origin);
	for (size_t i = 0; i < s->override_count; i++)
		warn_quota(r, &s->overrides[i].values,
		    &s->overrides[i].origin);
}

/* A list or a pattern, as other servers have them. */
static bool
is_no_name(const struct settings_override *o)
{
	return o->kind != OVERRIDE_CLIENT && (*o->name == '@' ||
	    strpbrk(o->name, "*?,%") != NULL);
}

static void
warn_names(struct settings_report *r)
{
	const struct settings *s = r->settings;

	for (size_t i = 0; i < s->override_count; i++) {
		const struct settings_override *o = &s->overrides[i];
		int line = SETTINGS_FROM_DEFAULT;
		for (size_t row = 0; row < SETTINGS_ROWS &&
		    line == SETTINGS_FROM_DEFAULT; row++)
			line = o->origin.line[row];
		if (is_no_name(o))
			settings_report_at(r, line, "[%s \"%s\"]: patterns "
			    "and lists of names are not supported",
			    settings_override_words[o->kind], o->name);
	}
}

/* vsftpd's userlist_file is the path of a file. */
static void
warn_lists(struct settings_report *r)
{
	static const size_t rows[] = { ROW(auth, allowed_users),
		ROW(auth, rejected_users), ROW(auth, allowed_groups),
		ROW(auth, rejected_groups) };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct settings_row *row = &settings_table[rows[i]];
		const char *words = *(const char *const *)settings_table_value(
		    row, &r->settings->server);
		const char *word;
		size_t len;
		while ((word = text_word(&words, &len)) != NULL)
			if (*word == '/')
				settings_report_row(r, rows[i], "%s: %.*s is "
				    "not a name; files of names are not read",
				    row->key, (int)len, word);
	}
}

void
settings_accounts_warn(struct settings_report *r)
{
	const struct settings *s = r->settings;

	warn_names(r);
	warn_lists(r);
	warn_anonymous(r);
	warn_accounts_file(r);
	warn_quotas(r);
	for (size_t i = 0; i < s->override_count; i++) {
		int line = s->overrides[i].origin.line[
		    ROW(auth, password_hash)];
		if (line == SETTINGS_FROM_DEFAULT ||
		    !settings_report_others_read(s->path))
			continue;
		settings_report_at(r, line, "password_hash in a file that "
		    "others can read; make its mode 0600");
		return;
	}
}
