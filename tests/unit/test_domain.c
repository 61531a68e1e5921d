/*
 * test_domain.c - user names with a domain.
 */
#include "common/base.h"
#include "common/accounts/domain.h"

#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "domain";

static void
test_split(void)
{
	static const struct {
		const char *name, *user, *domain;
	} rows[] = {
		{ "anna", "anna", "" },
		{ "EXAMPLE\\anna", "anna", "EXAMPLE" },
		{ "anna@example.org", "anna", "example.org" },
		{ "a@b@example.org", "a@b", "example.org" },
		{ "EXAMPLE\\anna@x", "anna@x", "EXAMPLE" },
		{ "EXAMPLE\\a\\b", "a\\b", "EXAMPLE" },
		{ "\\anna", "\\anna", "" },
		{ "EXAMPLE\\", "EXAMPLE\\", "" },
		{ "@x", "@x", "" },
		{ "anna@", "anna@", "" },
		{ "", "", "" },
	};
	char user[IDENTITY_NAME_SIZE], domain[IDENTITY_NAME_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CU_ASSERT_EQUAL(domain_split(rows[i].name, user, domain),
		    rows[i].domain[0] != '\0');
		CU_ASSERT_STRING_EQUAL(user, rows[i].user);
		CU_ASSERT_STRING_EQUAL(domain, rows[i].domain);
	}
}

static void
test_resolve(void)
{
	static const struct {
		const char *strip, *add, *given, *name;
	} rows[] = {
		{ "", "", "anna", "anna" },
		{ "", "", "EXAMPLE\\anna", "EXAMPLE\\anna" },
		{ "EXAMPLE example.org", "", "example\\anna", "anna" },
		{ "EXAMPLE example.org", "", "anna@EXAMPLE.ORG", "anna" },
		{ "EXAMPLE example.org", "", "OTHER\\anna", "OTHER\\anna" },
		{ "EXAMPLE", "", "EXAMPL\\anna", "EXAMPL\\anna" },
		{ "", "EXAMPLE\\", "no-such", "EXAMPLE\\no-such" },
		{ "", "@example.org", "no-such", "no-such@example.org" },
		{ "", "@example.org", "no-such@x", "no-such@x" },
		/* what was stripped gets no other */
		{ "A", "@example.org", "A\\no-such", "no-such" },
	};
	char longest[IDENTITY_NAME_SIZE + 1];
	char name[IDENTITY_NAME_SIZE];
	BUFFER(reason, 200);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char strip[64], add[64];
		struct server_settings rules = { .strip_domain = strip,
			.default_domain = add };
		snprintf(strip, sizeof(strip), "%s", rows[i].strip);
		snprintf(add, sizeof(add), "%s", rows[i].add);
		CU_ASSERT(domain_resolve(&rules, rows[i].given, name,
		    &reason));
		if (domain_has_default(&rules, rows[i].given))
			CU_ASSERT(domain_add_default(&rules, name, &reason));
		CU_ASSERT_STRING_EQUAL(name, rows[i].name);
	}
	char strip[] = "", add[] = "@example.org";
	const struct server_settings rules = { .strip_domain = strip,
		.default_domain = add };
	memset(longest, 'a', sizeof(longest));
	longest[IDENTITY_NAME_SIZE] = '\0';
	CU_ASSERT(!domain_resolve(&rules, longest, name, &reason));
	static const char *const odd[] = { "A\\-x", "A\\..", "A\\.", "A\\a/b",
		"a:b", "..@A", "" };
	char stripped[] = "A";
	const struct server_settings strips = { .strip_domain = stripped,
		.default_domain = strip };
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		CU_ASSERT(!domain_resolve(&strips, odd[i], name, &reason));
	longest[IDENTITY_NAME_SIZE - 5] = '\0';
	CU_ASSERT(domain_resolve(&rules, longest, name, &reason));
	CU_ASSERT(!domain_add_default(&rules, name, &reason));
	CU_ASSERT_STRING_EQUAL(name, longest);
}

/* The user of an identity, and what becomes of the template. */
static void
test_home(void)
{
	static const struct {
		const char *template, *user, *home;	/* NULL: refused */
	} rows[] = {
		{ "", "EXAMPLE\\anna", "" },
		{ "/home/%d/%u", "anna", "" },
		{ "/home/%d/%u", "EXAMPLE\\anna", "/home/EXAMPLE/anna" },
		{ "/home/%d/%u", "anna@example.org",
			"/home/example.org/anna" },
		{ "%h/%%", "anna@x", "/h/%" },
		{ "/home/%d", "..\\anna", NULL },
		{ "/home/%u", "EXAMPLE\\..", NULL },
		{ "/home/%u", "EXAMPLE\\a/b", NULL },
		{ "/home/%g", "EXAMPLE\\anna", NULL },
	};
	char home[IDENTITY_PATH_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char template[64];
		struct server_settings rules = { .home_template = template };
		struct identity who = { .home = "/h" };
		BUFFER(reason, 200);
		snprintf(template, sizeof(template), "%s", rows[i].template);
		snprintf(who.user, sizeof(who.user), "%s", rows[i].user);
		CU_ASSERT_EQUAL(domain_home(&rules, &who, home, &reason),
		    rows[i].home != NULL);
		if (rows[i].home != NULL)
			CU_ASSERT_STRING_EQUAL(home, rows[i].home);
		CU_ASSERT_EQUAL(reason.len > 0, rows[i].home == NULL);
	}
}

static void
test_settings(void)
{
	static const char *const wrong[] = { "EXAMPLE", "@", "\\", "@x\\" };
	char text[128];

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(text, sizeof(text), "[auth]\ndefault_domain = %s\n",
		    wrong[i]);
		CU_ASSERT(with_refusal(text, "F:2: default_domain must be a "
		    "domain with a backslash after it or an @ before it\n"));
	}
	CU_ASSERT(with_refusal("[auth]\nstrip_domain = a.example "
	    "@b.example\n", "F:2: strip_domain must be domains without "
	    "\"@\" and backslash\n"));
	CU_ASSERT(with_refusal("[auth]\nhome_template = /home/%x\n",
	    "F:2: home_template must be an absolute path with tokens "
	    "such as %u, or empty, not \"/home/%x\"\n"));
}

CU_TestInfo unit_tests[] = {
	{ "names with and without a domain", test_split },
	{ "domains are stripped and added", test_resolve },
	{ "home directories by a template", test_home },
	{ "inconsistent settings", test_settings },
	CU_TEST_INFO_NULL
};
