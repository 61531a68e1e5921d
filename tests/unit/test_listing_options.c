/*
 * test_listing_options.c - parsing of LIST's argument.
 */
#include "common/base.h"

#include "common/settings/settings.h"
#include "tests/unit/listing_text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "worker/tree/listing_request.h"

const char *const unit_name = "listing_options";

/* The letters that were understood, and the path behind them. */
static void
check(const char *argument, const char *letters, const char *path)
{
	struct listing_request r = { .format = LISTING_FACTS };
	char got[16];
	size_t n = 0;

	CU_ASSERT_STRING_EQUAL(listing_request_options(argument, &r), path);
	if (r.all)
		got[n++] = 'a';
	if (r.format == LISTING_LONG)
		got[n++] = 'l';
	if (r.by_time)
		got[n++] = 't';
	if (r.reverse)
		got[n++] = 'r';
	if (r.by_size)
		got[n++] = 'S';
	if (r.recursive)
		got[n++] = 'R';
	if (r.directory_itself)
		got[n++] = 'd';
	if (r.format == LISTING_NAMES)
		got[n++] = '1';
	if (r.almost_all)
		got[n++] = 'A';
	if (r.classify)
		got[n++] = 'F';
	if (r.owners == LIST_OWNERS_NUMBERS)
		got[n++] = 'n';
	if (r.targets)
		got[n++] = 'L';
	got[n] = '\0';
	CU_ASSERT_STRING_EQUAL(got, letters);
}

static void
test_no_letters(void)
{
	check("", "", "");
	check("file", "", "file");
	check("dir/file with blanks", "", "dir/file with blanks");
	check("a-b", "", "a-b");
	check("-", "", "-");
	check("- x", "", "- x");
}

static void
test_letters(void)
{
	check("-a", "a", "");
	check("-alt", "alt", "");
	check("-la foo", "al", "foo");
	check("-a -l -R dir", "alR", "dir");
	check("-trSd x y", "trSd", "x y");
	check("-a ", "a", "");
	check("-AF x", "AF", "x");
	check("-alL", "alL", "");
	check("-n", "ln", "");
}

static void
test_last_format_counts(void)
{
	check("-1", "1", "");
	check("-l1", "1", "");
	check("-1l", "l", "");
	check("-1 -l x", "l", "x");
}

static void
test_unknown_letters(void)
{
	check("-h", "", "");
	check("-hCL foo", "L", "foo");
	check("-aZx foo", "a", "foo");
	check("--color=auto -a foo", "a", "foo");
	check("--all", "", "");
	check("-\xff", "", "");
}

static void
test_end_of_letters(void)
{
	check("-- -a", "", "-a");
	check("-l -- -x y", "l", "-x y");
	check("--", "", "");
	check("-- ", "", "");
	check("-- --", "", "--");
}

/* As vsftpd: only after "--" may a path begin with blanks. */
static void
test_blanks(void)
{
	check("-l  name", "l", "name");
	check("  name", "", "name");
	check(" -l", "l", "");
	check("  -l   -a  x ", "al", "x ");
	check("-a x ", "a", "x ");
	check("--  name", "", " name");
	check("-l\tx", "l", "");
}

/* With the tree at hand. */
static void
check_in(struct tree *tree, const char *argument, bool all, const char *path)
{
	struct listing_request r = { .tree = tree };

	CU_ASSERT_STRING_EQUAL(listing_request_options(argument, &r), path);
	CU_ASSERT_EQUAL(r.all, all);
}

static void
test_names_with_dashes(void)
{
	struct listing_request r = listing_text_request(LISTING_LONG, "");
	struct scratch scratch;

	scratch_open(&scratch);
	scratch_file("-name", 0, 0);
	scratch_file("-la", 0, 0);
	scratch_file("--", 0, 0);
	scratch_file("--help me", 0, 0);
	check_in(r.tree, "-name", false, "-name");
	check_in(r.tree, "-a -name", true, "-name");
	check_in(r.tree, "-- -name", false, "-name");
	check_in(r.tree, "--help me", false, "--help me");
	check_in(r.tree, "--help", false, "");
	check_in(r.tree, "-mad", true, "");
	/* Nobody takes these away. */
	check_in(r.tree, "-la", true, "");
	check_in(r.tree, "--", false, "");
	scratch_close(&scratch);
}

CU_TestInfo unit_tests[] = {
	{ "a path alone stays as it is", test_no_letters },
	{ "letters are understood, alone and together", test_letters },
	{ "of -l and -1 the last applies", test_last_format_counts },
	{ "unknown options are ignored", test_unknown_letters },
	{ "-- ends the letters", test_end_of_letters },
	{ "an existing name that is not options is a name",
		test_names_with_dashes },
	{ "blanks before words and path are skipped", test_blanks },
	CU_TEST_INFO_NULL,
};
