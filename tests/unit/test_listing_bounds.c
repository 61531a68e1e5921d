/*
 * test_listing_bounds.c - LIST -R, and the limits of listings.
 */
#include "common/base.h"

#include "common/process/sandbox.h"
#include "tests/unit/child.h"
#include "tests/unit/listing_text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <sys/resource.h>

const char *const unit_name = "listing_bounds";

static struct scratch tree;

/* top/f, top/one/g, top/one/two/h */
static void
make_tree(void)
{
	scratch_open(&tree);
	scratch_directory("top");
	scratch_file("top/f", 0, 0);
	scratch_directory("top/one");
	scratch_file("top/one/g", 0, 0);
	scratch_directory("top/one/two");
	scratch_file("top/one/two/h", 0, 0);
}

static void
make_files(int count)
{
	char name[16];

	scratch_open(&tree);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "f%03d", i);
		scratch_file(name, i, i);
	}
}

static struct listing_request
recursive(enum listing_format format, const char *path)
{
	struct listing_request request = listing_text_request(format, path);

	request.recursive = true;
	return request;
}

/* The text of a LIST -R with only the last word of each entry's line. */
static const char *
list(const struct listing_request *request)
{
	static char brief[4096];
	char *text = strdup(listing_text(request, LISTING_LINE_MAX, NULL));
	size_t len = 0;

	for (char *at = text, *end; (end = strstr(at, "\r\n")) != NULL;
	     at = end + 2) {
		*end = '\0';
		bool entry = *at == '-' || *at == 'd' || *at == 'l';
		entry = entry && strstr(at, "   ") != NULL;
		len += (size_t)snprintf(brief + len, sizeof(brief) - len,
			"%s|", entry ? strrchr(at, ' ') + 1 : at);
	}
	brief[len] = '\0';
	free(text);
	return brief;
}

static void
test_list(void)
{
	struct listing_request request = recursive(LISTING_LONG, "top");

	make_tree();
	request.reverse = true;
	CU_ASSERT_STRING_EQUAL(list(&request), "top:|one|f||"
		"top/one:|two|g||top/one/two:|h|");
	request.path = "top/one/";
	CU_ASSERT_STRING_EQUAL(list(&request), "top/one:|two|g||"
		"top/one/two:|h|");
	CU_ASSERT_EQUAL(chdir("top/one"), 0);
	request.path = "";
	CU_ASSERT_STRING_EQUAL(list(&request), ".:|two|g||./two:|h|");
	scratch_close(&tree);
}

static void
test_names(void)
{
	struct listing_request request = recursive(LISTING_NAMES, "top");

	make_tree();
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), "top/f|top/one|"
		"top/one/g|top/one/two|top/one/two/h|");
	CU_ASSERT_EQUAL(chdir("top"), 0);
	request.path = "";
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request),
		"f|one|one/g|one/two|one/two/h|");
	scratch_close(&tree);
}

static void
test_not_for_files_patterns_facts(void)
{
	struct listing_request request = recursive(LISTING_NAMES, "top/f");

	make_tree();
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), "top/f|");
	request.path = "t*";
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request), "top|");
	request = recursive(LISTING_FACTS, "top/one/two");
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request),
		"type=cdir; .|type=file; h|type=pdir; ..|");
	scratch_close(&tree);
}

static void
test_no_link_is_entered(void)
{
	struct listing_request request = recursive(LISTING_NAMES, "");

	scratch_open(&tree);
	scratch_directory("d");
	scratch_link("..", "d/up");
	scratch_link(".", "here");
	CU_ASSERT_STRING_EQUAL(listing_text_sorted(&request),
		"d|d/up|here|");
	scratch_close(&tree);
}

static void
test_depth_is_told(void)
{
	struct listing_request request = recursive(LISTING_LONG, "top");

	make_tree();
	request.reverse = true;
	request.max_depth = 2;
	CU_ASSERT_STRING_EQUAL(list(&request), "top:|one|f||"
		"top/one:|two|g|# listing truncated at depth 2|");
	request.format = LISTING_NAMES;
	CU_ASSERT_PTR_NULL(strchr(listing_text_sorted(&request), '#'));
	scratch_close(&tree);
}

static void
test_entries_are_told(void)
{
	struct listing_request request = recursive(LISTING_LONG, "");
	const char *text;
	bool cut;

	make_files(150);
	request.max_entries = 150;
	text = listing_text(&request, 65536, &cut);
	CU_ASSERT_PTR_NULL(strchr(text, '#'));
	CU_ASSERT_FALSE(cut);

	request.max_entries = 100;
	text = listing_text(&request, 65536, &cut);
	CU_ASSERT_STRING_EQUAL(strchr(text, '#'),
		"# listing truncated after 100 entries\r\n");
	CU_ASSERT_TRUE(cut);
	scratch_close(&tree);
}

static void
test_entries_count_over_directories(void)
{
	struct listing_request request = recursive(LISTING_LONG, "top");

	make_tree();
	request.reverse = true;
	request.max_entries = 3;
	CU_ASSERT_STRING_EQUAL(list(&request), "top:|one|f||"
		"top/one:|two|# listing truncated after 3 entries|");
	request.max_entries = 2;
	CU_ASSERT_STRING_EQUAL(list(&request), "top:|one|f||"
		"top/one:|# listing truncated after 2 entries|");
	scratch_close(&tree);
}

/* Too many to be sorted are all there, as the directory has them. */
static void
test_sorting_is_bounded(void)
{
	struct listing_request request = listing_text_request(LISTING_NAMES,
		"");
	bool cut;

	make_files(150);
	char *unsorted = strdup(listing_text(&request, 65536, NULL));
	request.by_name = true;
	request.max_entries = 150;
	char *sorted = strdup(listing_text(&request, 65536, &cut));
	CU_ASSERT_FALSE(cut);
	CU_ASSERT_EQUAL(strncmp(sorted, "f000\r\nf001\r\n", 12), 0);
	CU_ASSERT_EQUAL(listing_text_lines(sorted), 150);
	request.max_entries = 149;
	CU_ASSERT_STRING_EQUAL(listing_text(&request, 65536, &cut), unsorted);
	CU_ASSERT_FALSE(cut);
	request.by_size = request.reverse = true;
	CU_ASSERT_STRING_EQUAL(listing_text(&request, 65536, &cut), unsorted);
	free(sorted);
	free(unsorted);
	scratch_close(&tree);
}

#define LONG_NAMES 4000

static void
list_with_little_memory(void)
{
	struct listing_request request = listing_text_request(LISTING_NAMES,
		"");
	struct rlimit limit;
	long pages;
	FILE *file = fopen("/proc/self/statm", "re");

	CHILD_CHECK(file != NULL && fscanf(file, "%ld", &pages) == 1);
	fclose(file);
	(void)listing_text(&request, 65536, NULL);
	/* Enough for the buffers, and not for the names. */
	limit.rlim_cur = limit.rlim_max =
		(rlim_t)(pages * sysconf(_SC_PAGESIZE) + (128 << 10));
	CHILD_CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	request.by_name = true;
	CHILD_CHECK(listing_text_lines(listing_text(&request, 65536, NULL)) ==
		LONG_NAMES);
}

static void
test_out_of_memory(void)
{
	char name[201];

#ifdef SANDBOX_SANITIZED
	printf("SKIP (sanitizer needs memory): out of memory\n");
	return;
#endif
	scratch_open(&tree);
	for (int i = 0; i < LONG_NAMES; i++) {
		snprintf(name, sizeof(name), "%0200d", i);
		scratch_file(name, 0, 0);
	}
	CU_ASSERT_EQUAL(child_run(list_with_little_memory), 0);
	scratch_close(&tree);
}

static void
test_plain_is_not_bounded(void)
{
	struct listing_request request = listing_text_request(LISTING_LONG,
		"");
	const char *text;

	make_files(150);
	request.max_entries = 10;
	text = listing_text(&request, 65536, NULL);
	CU_ASSERT_PTR_NULL(strchr(text, '#'));
	CU_ASSERT_EQUAL(listing_text_lines(text), 150);
	scratch_close(&tree);
}

/* A caller can ask whether a listing is whole, also where no line says so. */
static void
test_cut_can_be_asked(void)
{
	struct listing_request request = recursive(LISTING_NAMES, "");
	char text[LISTING_LINE_MAX];
	struct listing *listing;
	size_t len;

	make_files(20);
	for (request.max_entries = 19; request.max_entries <= 20;
	     request.max_entries++) {
		CU_ASSERT_EQUAL_FATAL(listing_open(&listing, &request), 0);
		CU_ASSERT_FALSE(listing_was_cut(listing));
		CU_ASSERT_EQUAL(listing_fill(listing, text, sizeof(text),
			&len), 0);
		CU_ASSERT_EQUAL(listing_was_cut(listing),
			request.max_entries == 19);
		listing_close(listing);
	}
	scratch_close(&tree);
}

static void
test_any_buffer(void)
{
	struct listing_request request = recursive(LISTING_LONG, "top");

	make_tree();
	request.max_depth = 2;
	char *whole = strdup(listing_text(&request, 65536, NULL));
	for (size_t size = 80; size < 500; size++)
		CU_ASSERT_STRING_EQUAL(listing_text(&request, size, NULL),
			whole);
	free(whole);
	scratch_close(&tree);
}

static void
test_nothing_stays_open(void)
{
	struct listing_request request = recursive(LISTING_LONG, "top");
	char text[LISTING_LINE_MAX];
	struct listing *listing;
	size_t len, before;

	make_tree();
	before = scratch_descriptors();
	CU_ASSERT_EQUAL_FATAL(listing_open(&listing, &request), 0);
	for (int i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(listing_fill(listing, text, 100, &len), 1);
		CU_ASSERT_TRUE(scratch_descriptors() > before);
	}
	listing_close(listing);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	request.path = "none";
	CU_ASSERT_EQUAL(listing_open(&listing, &request), -ENOENT);
	CU_ASSERT_PTR_NULL(listing);
	listing_close(NULL);
	CU_ASSERT_EQUAL(scratch_descriptors(), before);
	scratch_close(&tree);
}

CU_TestInfo unit_tests[] = {
	{ "LIST -R gives each directory under its path", test_list },
	{ "NLST -R gives every path", test_names },
	{ "-R means nothing for files, patterns, MLSD",
		test_not_for_files_patterns_facts },
	{ "-R enters no link", test_no_link_is_entered },
	{ "-R says when it was too deep", test_depth_is_told },
	{ "-R says when there were too many", test_entries_are_told },
	{ "entries count over all directories",
		test_entries_count_over_directories },
	{ "above max_list_entries: unsorted but complete",
		test_sorting_is_bounded },
	{ "out of memory: unsorted but complete", test_out_of_memory },
	{ "a plain listing has no bound", test_plain_is_not_bounded },
	{ "listing_was_cut()", test_cut_can_be_asked },
	{ "any buffer gives the same lines", test_any_buffer },
	{ "nothing stays open", test_nothing_stays_open },
	CU_TEST_INFO_NULL,
};
