/*
 * test_import_random.c - configurations of vsftpd at random: every line is
 * accounted for, and sureftpd accepts all that is written.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "tests/unit/imported.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

const char *const unit_name = "import_random";

#define CONFIGURATIONS 150
#define LINES 40

/* The same sequence in every run (Lehmer's generator). */
static unsigned
at_random(unsigned below)
{
	static uint64_t state = 20261130;

	state = state * 48271 % 2147483647;
	return (unsigned)(state % below);
}

static const char *const values[] = { "YES", "NO", "yes", "maybe", "", "0",
	"1", "022", "77", "4294967296", "-1", "x", "/etc/passwd", "list",
	"users", "{*.mp3,a b,/x/*}", "%h $USER", "192.0.2.7", "::1", "YES ",
	"YES\r", "\xff\xfe", "nobody" };

/* Add a line that sets something, whether or not vsftpd knows it. */
static void
add_line(struct buffer *b)
{
	static const char *const odd[] = { "no_such", " listen", "listen ",
		"\tlisten", "Listen", "\xef\xbb\xbflisten", " #", "-o" };
	unsigned n = at_random(VSFTPD_OPTIONS + ARRAY_SIZE(odd));
	const char *name = n < VSFTPD_OPTIONS ? vsftpd_table[n].name :
		odd[n - VSFTPD_OPTIONS];

	buffer_add_text(b, name);
	if (at_random(20) > 0)
		buffer_addf(b, "=%s", values[at_random(ARRAY_SIZE(values))]);
	buffer_add_char(b, '\n');
}

/* Lines that set nothing stand between them. */
static size_t
fill(struct buffer *b)
{
	static const char *const empty[] = { "\n", "# listen=YES\n", " \t \n",
		"\r\n" };
	size_t lines = at_random(LINES);

	buffer_clear(b);
	for (size_t n = 0; n < lines; n++) {
		if (at_random(4) == 0)
			buffer_add_text(b,
				empty[at_random(ARRAY_SIZE(empty))]);
		add_line(b);
	}
	return lines;
}

static void
test_accounting(void)
{
	BUFFER(text, 8000);
	BUFFER(user, 8000);
	struct scratch t;

	scratch_open(&t);
	scratch_directory("users");
	imported_write("list", "anna\nbert\n# x\n");
	for (int n = 0; n < CONFIGURATIONS; n++) {
		struct import i;
		size_t own = fill(&user);
		imported_write("users/anna", buffer_text(&user));
		size_t lines = fill(&text);
		imported(&i, buffer_text(&text));
		/* The user's file is read if the option ends as "users". */
		bool with_user = strcmp(i.vsftpd.values
			[OPTION_user_config_dir].text, "users") == 0;
		CU_ASSERT_EQUAL(i.vsftpd.count, lines);
		CU_ASSERT_EQUAL(i.report.read, lines + (with_user ? own : 0));
		CU_ASSERT_FALSE(text.overflow || user.overflow);
		import_free(&i);
	}
	scratch_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "every line is accounted for", test_accounting },
	CU_TEST_INFO_NULL,
};
