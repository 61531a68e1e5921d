/*
 * test_place.c - jail and start directory from settings and account, and what
 * tokens may hold.
 */
#include "common/base.h"
#include "common/accounts/place.h"

#include "common/settings/settings_format.h"
#include "common/settings/settings_value.h"
#include "common/tokens.h"
#include "tests/unit/unit.h"

const char *const unit_name = "place";

#define NO "(refused)"

static bool hidden;	/* hide_mount_point */

/* jail, client_home and start, or NO. */
static const char *
decide_for(const char *user, const char *home, const char *jail,
	const char *start_dir)
{
	static char text[3 * PATH_MAX];
	static struct identity identity;
	struct user_settings settings = { .hide_mount_point = hidden };
	char jail_text[PATH_MAX], start_text[PATH_MAX];
	BUFFER(reason, 200);

	snprintf(jail_text, sizeof(jail_text), "%s", jail);
	snprintf(start_text, sizeof(start_text), "%s", start_dir);
	settings.jail = jail_text;
	settings.start_dir = start_text;
	identity = (struct identity){ .gid = 0, .settings = &settings };
	snprintf(identity.user, sizeof(identity.user), "%s", user);
	snprintf(identity.home, sizeof(identity.home), "%s", home);
	if (!place_decide(&identity, &reason)) {
		CU_ASSERT(reason.len > 0);
		return NO;
	}
	CU_ASSERT_EQUAL(reason.len, 0);
	CU_ASSERT_STRING_EQUAL(identity.home, home);
	snprintf(text, sizeof(text), "%s %s %s", identity.jail,
		identity.client_home, identity.start);
	return text;
}

static const char *
decide(const char *home, const char *jail, const char *start_dir)
{
	return decide_for("anna", home, jail, start_dir);
}

static void
test_jails(void)
{
	static const struct {
		const char *home, *jail, *start_dir, *expected;
	} rows[] = {
		{ "/h/a", "no", "", " /h/a /h/a" },
		{ "/h/./a", "no", "", " /h/./a /h/./a" },
		{ "/h/a", "home", "", "/h/a / /" },
		{ "/h/./a", "home", "", "/h /a /a" },
		{ "/h/./a/./b", "home", "", "/h /a/./b /a/./b" },
		{ "/./a", "home", "", "/ /a /a" },
		{ "/h/a/./", "home", "", "/h/a / /" },
		{ "/", "home", "", "/ / /" },
		{ "/h/a", "/h", "", "/h /a /a" },
		{ "/h/a", "/h/", "", "/h/ /a /a" },
		{ "/h/a", "/h/a", "", "/h/a / /" },
		{ "/h/ab", "/h/a", "", "/h/a / /" },
		{ "/h/a", "/", "", "/ /h/a /h/a" },
		{ "/h/a", "/srv/%u", "", "/srv/anna / /" },
		{ "/h/a", "%h/%%%u%%", "", "/h/a/%anna% / /" },
		{ "/h/a", "/srv/%g", "", "/srv/root / /" },
		{ "/h/a", "no", "x y", " /h/a /h/a/x y" },
		{ "/h/a", "no", "/srv/%u", " /h/a /srv/anna" },
		{ "/h/a", "home", "x", "/h/a / /x" },
		{ "/h/./a", "home", "x", "/h /a /a/x" },
		{ "/h/./a", "home", "/x", "/h /a /x" },
		{ "/h/a", "/srv/%d", "", NO },
		{ "h/a", "home", "", NO },
		{ "", "home", "", NO },
		{ "h/a", "%h/x", "", NO },
		{ "/h/../a", "%h/x", "", NO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_STRING_EQUAL(decide(rows[i].home, rows[i].jail,
			rows[i].start_dir), rows[i].expected);
}

/* P23: like jail = home, unless there is another jail. */
static void
test_hidden(void)
{
	static const struct {
		const char *home, *jail, *expected;
	} rows[] = {
		{ "/h/a", "no", "/h/a / /" },
		{ "/h/./a", "no", "/h /a /a" },
		{ "/h/a", "home", "/h/a / /" },
		{ "/h/a", "/h", "/h /a /a" },
		{ "h/a", "no", NO },
	};

	hidden = true;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_STRING_EQUAL(decide(rows[i].home, rows[i].jail, ""),
			rows[i].expected);
	hidden = false;
}

static void
test_anonymous(void)
{
	static char no[] = "no", none[] = "";
	const struct user_settings settings = { .jail = no, .start_dir = none };
	static struct identity identity = { .class = IDENTITY_ANONYMOUS,
		.home = "/srv/ftp" };
	BUFFER(reason, 200);

	identity.settings = &settings;
	CU_ASSERT(place_decide(&identity, &reason));
	CU_ASSERT_STRING_EQUAL(identity.jail, "/srv/ftp");
	CU_ASSERT_STRING_EQUAL(identity.start, "/");
}

static void
test_too_long(void)
{
	char home[IDENTITY_PATH_SIZE];

	memset(home, 'x', sizeof(home));
	home[0] = '/';
	home[sizeof(home) - 1] = '\0';
	CU_ASSERT_STRING_NOT_EQUAL(decide(home, "home", ""), NO);
	CU_ASSERT_STRING_EQUAL(decide(home, "%h/x", ""), NO);
	CU_ASSERT_STRING_EQUAL(decide(home, "no", "x"), NO);
}

/* What may stand in a path for a name. */
static void
test_values(void)
{
	static const char *const good[] = { "a", "a.b", "...", "..a", "a b",
		"DOM\\a", "a@b", "%u", "\xff" };
	static const char *const bad[] = { "", ".", "..", "/", "a/b", "/a",
		"../a", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct tokens values = { .user = good[i] };
		BUFFER(b, 64);
		BUFFER(reason, 200);
		CU_ASSERT(tokens_expand(&b, "/x/%u/%%u", &values, &reason));
		CU_ASSERT_STRING_EQUAL(buffer_text(&b) + b.len - 3, "/%u");
		CU_ASSERT_NSTRING_EQUAL(buffer_text(&b) + 3, good[i],
			strlen(good[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct tokens values = {
			.user = bad[i], .name = bad[i], .group = bad[i],
			.domain = bad[i] };
		BUFFER(b, 64);
		BUFFER(reason, 200);
		CU_ASSERT(!tokens_expand(&b, "/x/%u", &values, &reason));
		CU_ASSERT(!tokens_expand(&b, "/x/%n", &values, &reason));
		CU_ASSERT(!tokens_expand(&b, "/x/%g", &values, &reason));
		CU_ASSERT(!tokens_expand(&b, "/x/%d", &values, &reason));
		CU_ASSERT(reason.len > 0);
	}
}

static void
test_tokens(void)
{
	static const char *const good[] = { "", "/x", "%u%n%h%g%d%%", "100%%" };
	static const char *const bad[] = { "%", "/%x", "%%%", "%u%" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		CU_ASSERT_EQUAL(tokens_check(good[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CU_ASSERT_EQUAL(tokens_check(bad[i]), -EINVAL);
	CU_ASSERT(tokens_has("/%u/%g", 'g'));
	CU_ASSERT(!tokens_has("/%u/%%g", 'g'));
}

/* By name, by the account's own group, and by one of the others. */
static void
test_directories(void)
{
	static char paths[6][8] = { "/all", "/user", "/other", "/own", "/more",
		"/none" };
	static char nobody[] = "", users[] = "bert anna", other[] = "anna.m",
		own[] = "nosuchgroup root", more[] = "daemon",
		none[] = "bin";
	struct settings_directory directories[6] = {
		{ .path = paths[0], .values = { 1, true, nobody, nobody } },
		{ .path = paths[1], .values = { 2, false, users, nobody } },
		{ .path = paths[2], .values = { 3, false, other, nobody } },
		{ .path = paths[3], .values = { 4, false, nobody, own } },
		{ .path = paths[4], .values = { 5, false, other, more } },
		{ .path = paths[5], .values = { 6, false, nobody, none } },
	};
	struct settings settings = {
		.directories = directories, .directory_count = 6 };
	gid_t groups[] = { 1 };
	struct identity identity = { .user = "anna", .gid = 0,
		.groups = groups, .ngroups = 1 };
	BUFFER(reason, 200);

	CU_ASSERT(place_directories(&settings, &identity, &reason));
	CU_ASSERT_EQUAL_FATAL(identity.ndirectories, 4);
	CU_ASSERT_STRING_EQUAL(identity.directories[0].path, "/all");
	CU_ASSERT_TRUE(identity.directories[0].recursive);
	CU_ASSERT_STRING_EQUAL(identity.directories[1].path, "/user");
	CU_ASSERT_EQUAL(identity.directories[1].permissions, 2);
	CU_ASSERT_STRING_EQUAL(identity.directories[2].path, "/own");
	CU_ASSERT_STRING_EQUAL(identity.directories[3].path, "/more");
	/* again, without any */
	settings.directory_count = 0;
	CU_ASSERT(place_directories(&settings, &identity, &reason));
	CU_ASSERT_EQUAL(identity.ndirectories, 0);
	free(identity.directories);
}

/* The field after this text; NO when it was refused. */
static const char *
parsed(const struct settings_row *row, const char *text)
{
	static char copy[PATH_MAX];
	char *field = NULL;
	int r = settings_value_parse(row, text, &field);

	CU_ASSERT(r == 0 || r == -EINVAL);
	snprintf(copy, sizeof(copy), "%s", r == 0 ? field : NO);
	free(field);
	return copy;
}

static void
test_settings(void)
{
	static const struct settings_row jail = {
		.kind = SETTINGS_TEMPLATE, .min = 1, .unit = "no|home",
	}, start = { .kind = SETTINGS_TEMPLATE, .unit = "" };
	static const char *const good[] = { "no", "home", "/srv", "%h/x",
		"/srv/%u/%n/%g/%d/%%" };
	static const char *const bad[] = { "", "srv", "%u/x", "/srv/%x",
		"/srv/%", "no|home", "%%h" };
	char longest[PATH_MAX + 1];
	BUFFER(rule, SETTINGS_FORMAT_SIZE);

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		CU_ASSERT_STRING_EQUAL(parsed(&jail, good[i]), good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CU_ASSERT_STRING_EQUAL(parsed(&jail, bad[i]), NO);
	CU_ASSERT_STRING_EQUAL(parsed(&jail, "HOME"), "home");
	CU_ASSERT_STRING_EQUAL(parsed(&start, ""), "");
	CU_ASSERT_STRING_EQUAL(parsed(&start, "a b/%u"), "a b/%u");
	CU_ASSERT_STRING_EQUAL(parsed(&start, "%s"), NO);
	memset(longest, '/', PATH_MAX);
	longest[PATH_MAX] = '\0';
	CU_ASSERT_STRING_EQUAL(parsed(&jail, longest), NO);
	settings_format_rule(&jail, &rule);
	CU_ASSERT_STRING_EQUAL(buffer_text(&rule), "no, home or an absolute "
		"path with tokens (%u %n %h %g %d %%)");
	buffer_clear(&rule);
	settings_format_rule(&start, &rule);
	CU_ASSERT_STRING_EQUAL(buffer_text(&rule), "a path with tokens "
		"(%u %n %h %g %d %%), or empty");
}

/* As in home_template: %u is the name without its domain. */
static void
test_domains(void)
{
	CU_ASSERT_STRING_EQUAL(decide_for("anna@example.org", "/h",
		"/srv/%d/%u", ""), "/srv/example.org/anna / /");
	CU_ASSERT_STRING_EQUAL(decide_for("CORP\\anna", "/h", "no", "/%d/%u"),
		" /h /CORP/anna");
	CU_ASSERT_STRING_EQUAL(decide_for("anna", "/h", "/srv/%d/%u", ""), NO);
	CU_ASSERT_STRING_EQUAL(decide_for("anna@example.org", "/h", "/srv/%n",
		""), "/srv/anna@example.org / /");
	CU_ASSERT_STRING_EQUAL(decide_for("anna", "/h", "/srv/%n", ""),
		"/srv/anna / /");
	CU_ASSERT_STRING_EQUAL(decide_for("anna@..", "/h", "/srv/%d/%u", ""),
		NO);
}

CU_TestInfo unit_tests[] = {
	{ "jails and start directories", test_jails },
	{ "hide_mount_point", test_hidden },
	{ "anonymous sessions are always in a jail", test_anonymous },
	{ "paths that are too long", test_too_long },
	{ "values that are allowed in a path", test_values },
	{ "tokens that exist", test_tokens },
	{ "sections for directories", test_directories },
	{ "valid and invalid settings", test_settings },
	{ "domains", test_domains },
	CU_TEST_INFO_NULL,
};
