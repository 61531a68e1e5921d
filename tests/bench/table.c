/*
 * table.c - a line of the table: medians, how far they can be trusted, and how
 * the first server compares with each of the others.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/buffer.h"
#include "common/io.h"

#define SAMPLES_MAX 100

struct result {
	int64_t median;
	int spread;	/* half the range, in percent of the median */
};

/* The number in this column of each line of NAME.numbers. */
static size_t
read_column(const char *name, int64_t column, int64_t *samples)
{
	char text[8192];
	BUFFER(path, 256);
	size_t n = 0;

	buffer_addf(&path, "%s.numbers", name);
	ssize_t len = io_read_file(buffer_text(&path), text, sizeof(text));
	if (len < 0)
		client_fail(buffer_text(&path));
	for (const char *line = text; *line != '\0' && n < SAMPLES_MAX; n++) {
		const char *at = line;
		for (int64_t i = 0; i < column; i++)
			samples[n] = client_number(&at);
		line = strchr(line, '\n');
		if (line++ == NULL)
			client_fail("half a line of numbers");
	}
	return n;
}

static struct result
result_of(const char *name, int64_t column)
{
	int64_t samples[SAMPLES_MAX];
	size_t n = read_column(name, column, samples);
	struct result r = { .spread = 0 };

	if (n == 0)
		client_fail("no numbers");
	r.median = samples_median(samples, n);
	if (r.median > 0)
		r.spread = (int)(50 * (samples[n - 1] - samples[0]) /
			r.median);
	return r;
}

void
table_title(const char *title, char **names, size_t count)
{
	printf("\n%-36s %-4s", title, "");
	for (size_t i = 0; i < count; i++)
		printf(" %14s", names[i]);
	for (size_t i = 1; i < count; i++)
		printf("  /%-9s", names[i]);
	printf("  better\n");
}

void
table_row(const struct table_row *row, char **names, size_t count)
{
	struct result first = result_of(names[0], row->column);

	printf("%-36s %-4s", row->label, row->unit);
	for (size_t i = 0; i < count; i++) {
		struct result r = result_of(names[i], row->column);
		printf(" %8" PRId64 " \302\261%3d%%", r.median, r.spread);
	}
	for (size_t i = 1; i < count; i++) {
		struct result r = result_of(names[i], row->column);
		if (r.median == 0)
			printf("  %10s", "-");
		else
			printf("  %10.2f", (double)first.median /
				(double)r.median);
	}
	printf("  %s\n", row->better);
}
