/*
 * test_settings_hash.c - password_hash: checked, not kept, found again.
 */
#include "common/base.h"
#include "common/settings/settings_hash.h"

#include "common/settings/settings_check.h"
#include "common/settings/settings_string.h"
#include "common/settings/settings_value.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_hash";

#define STRONG "$6$sureftpd$Qx"
#define LEGACY "$1$sureftpd$Qx"
#define RULE "password_hash must be a hash of crypt(5) such as $y$... or " \
	"$6$..., or empty\n"

static void
test_load(void)
{
	struct user_settings u;
	struct complaints c;
	struct settings *s = with_text("[user anna]\npassword_hash = " STRONG
	    "\n[user bert]\npassword_hash =\n", &c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_for_user(s, "anna", NULL, 0, &u);
	CU_ASSERT_STRING_EQUAL(u.password_hash, SETTINGS_HASH_STRONG);
	settings_for_user(s, "bert", NULL, 0, &u);
	CU_ASSERT_STRING_EQUAL(u.password_hash, "");
	settings_free(s);
	s = with_text("[auth]\nallow_legacy_hashes = yes\n[user anna]\n"
	    "password_hash = " LEGACY "\n", &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	settings_for_user(s, "anna", NULL, 0, &u);
	CU_ASSERT_STRING_EQUAL(u.password_hash, SETTINGS_HASH_LEGACY);
	settings_free(s);
}

static void
test_refused(void)
{
	/* No complaint shows what was written. */
	CU_ASSERT(with_refusal("[user anna]\npassword_hash = geheim\n",
	    "F:2: " RULE));
	CU_ASSERT(with_refusal("[user anna]\npassword_hash = !" STRONG "\n",
	    "F:2: " RULE));
	CU_ASSERT(with_refusal("[auth]\npassword_hash = " STRONG "\n"
	    "[group team]\npassword_hash = " STRONG "\n",
	    "F:2: password_hash can only be set in [user NAME]\n"
	    "F:4: password_hash can only be set in [user NAME]\n"));
	CU_ASSERT(with_refusal("[user anna]\npassword_hash = " LEGACY "\n",
	    "F:2: this kind of password_hash can be guessed fast; replace it, "
	    "or set allow_legacy_hashes\n"));
	CU_ASSERT(option_refused("user.anna.password_hash=" STRONG,
	    "-o: password_hash must be in the file: every user can read "
	    "command lines\n"));
}

/* What is found in a file of these bytes. */
static const char *
find(const char *text, const char *user, int *r)
{
	static char hash[PASSWORD_HASH_SIZE];
	struct settings s = { .path = with_path };

	hash[0] = '\0';
	CU_ASSERT(with_file(text, strlen(text)));
	*r = settings_hash_find(&s, user, hash);
	with_no_file();
	return hash;
}

static void
test_find(void)
{
	static const char text[] = "[user anna]\nidle_timeout = 1\n"
	    "password_hash = $6$one\n[group bert]\npassword_hash = $6$two\n"
	    "[user \"b c\"]\npassword_hash = $6$three\n[user bert]\n"
	    "password_hash =\n[auth]\npassword_hash = $6$four\n"
	    "[user \"anna\"]\npassword_hash = $6$five\nnonsense\n";
	int r;

	CU_ASSERT_STRING_EQUAL(find(text, "b c", &r), "$6$three");
	CU_ASSERT_EQUAL(r, 0);
	CU_ASSERT_STRING_EQUAL(find(text, "anna", &r), "$6$five");
	CU_ASSERT_EQUAL(r, 0);
	CU_ASSERT_STRING_EQUAL(find(text, "bert", &r), "");
	CU_ASSERT_EQUAL(r, -ENOENT);
	CU_ASSERT_STRING_EQUAL(find(text, "carl", &r), "");
	CU_ASSERT_EQUAL(r, -ENOENT);

	char hash[PASSWORD_HASH_SIZE];
	char missing[] = "/nonexistent/x";
	struct settings s = { .path = missing };
	CU_ASSERT_EQUAL(settings_hash_find(&s, "anna", hash), -ENOENT);
}

static void
test_warning(void)
{
	struct complaints c;

	for (mode_t mode = 0600; mode <= 0644; mode += 044) {
		CU_ASSERT(with_file("[user anna]\npassword_hash = " STRONG
		    "\n", strlen(STRONG) + 29));
		CU_ASSERT_EQUAL(chmod(with_path, mode), 0);
		with_no_complaints(&c);
		struct settings *s = settings_load(with_path, false, NULL, 0,
		    with_complaint, &c);
		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		settings_warn(s, with_complaint, &c);
		CU_ASSERT_EQUAL(strstr(buffer_text(&c.text), "F:2: "
		    "password_hash in a file that others can read; make its "
		    "mode 0600\n") != NULL, mode == 0644);
		settings_free(s);
		with_no_file();
	}
}

CU_TestInfo unit_tests[] = {
	{ "the presence of a hash is known", test_load },
	{ "invalid hashes, and sections without hashes", test_refused },
	{ "it is read from the file", test_find },
	{ "a file that others can read", test_warning },
	CU_TEST_INFO_NULL
};
