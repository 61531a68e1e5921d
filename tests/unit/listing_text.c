/*
 * listing_text.c - a whole listing as one text, for suites.
 */
#include "common/base.h"
#include "tests/unit/listing_text.h"

#include "common/settings/settings.h"
#include "tests/unit/unit.h"

#define TEXT_SIZE  (1 << 20)
#define MOST_LINES 4096

struct listing_request
listing_text_request(enum listing_format format, const char *path)
{
	static const struct user_settings settings;
	static struct tree tree = {
		.resolver = { .home = "/nonexistent" },
		.user = { .uid = 1, .permissions = UINT32_MAX },
		.settings = &settings,
	};
	static struct names *names;

	if (names == NULL)
		names = names_load("/nonexistent", "/nonexistent");
	return (struct listing_request){
		.format = format,
		.path = path,
		.gmt = true,
		.facts = FACT_TYPE,
		.tree = &tree,
		.names = names,
		.max_entries = 1000,
		.max_depth = 16,
	};
}

const char *
listing_text(const struct listing_request *request, size_t size,
	bool *cut)
{
	static char text[TEXT_SIZE];
	struct listing *listing;
	size_t len = 0, n;
	int r = listing_open(&listing, request);

	if (r == 0) {
		/* Exact storage, so that a sanitizer sees a byte too many. */
		char *piece = malloc(size);
		do {
			r = listing_fill(listing, piece, size, &n);
			CU_ASSERT_TRUE_FATAL(len + n < TEXT_SIZE);
			CU_ASSERT_TRUE(n == 0 || piece[n - 1] == '\n');
			memcpy(text + len, piece, n);
			len += n;
		} while (r > 0);
		free(piece);
		if (cut != NULL)
			*cut = listing_was_cut(listing);
		listing_close(listing);
	}
	text[len] = '\0';
	if (r < 0)
		snprintf(text, TEXT_SIZE, "(error %d)", -r);
	return text;
}

size_t
listing_text_lines(const char *text)
{
	size_t lines = 0;

	while ((text = strchr(text, '\n')) != NULL) {
		text++;
		lines++;
	}
	return lines;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *
listing_text_sorted(const struct listing_request *request)
{
	static char sorted[TEXT_SIZE];
	char *whole = strdup(listing_text(request, LISTING_LINE_MAX, NULL));
	const char *lines[MOST_LINES];
	size_t count = 0, len = 0;

	for (char *at = whole, *end; (end = strstr(at, "\r\n")) != NULL;
	     at = end + 2) {
		CU_ASSERT_TRUE_FATAL(count < MOST_LINES);
		*end = '\0';
		lines[count++] = at;
	}
	qsort(lines, count, sizeof(lines[0]), compare);
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(sorted + len, TEXT_SIZE - len, "%s|",
			lines[i]);
	if (count == 0)
		snprintf(sorted, TEXT_SIZE, "%s", whole);
	free(whole);
	return sorted;
}
