/*
 * table.c - a line of the table: medians, their spread, and how the first
 * server compares with the best of the others that give each session processes
 * of its own, and with pyftpdlib, which does not.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/buffer.h"
#include "common/io.h"

#define ROUNDS_MAX 100

/* What was measured of one server, round by round. */
struct numbers {
	double of[ROUNDS_MAX];
	size_t n;
};

/* The number in this column of a line; false for one that was not measured. */
static bool
read_number(const char *line, int64_t column, double *number)
{
	char *end;

	for (; column > 0; column--) {
		*number = strtod(line, &end);
		if (end == line)
			return false;
		line = end;
	}
	return true;
}

static struct numbers
read_column(const char *name, int64_t column)
{
	char text[8192];
	BUFFER(path, 256);
	struct numbers r = { .n = 0 };

	buffer_addf(&path, "%s.numbers", name);
	ssize_t len = io_read_file(buffer_text(&path), text, sizeof(text));
	if (len < 0)
		client_fail(buffer_text(&path));
	for (const char *line = text; *line != '\0' && r.n < ROUNDS_MAX;) {
		if (read_number(line, column, &r.of[r.n]))
			r.n++;
		line = strchr(line, '\n');
		if (line++ == NULL)
			client_fail("half a line of numbers");
	}
	return r;
}

static double
median(const struct numbers *r)
{
	struct numbers sorted = *r;

	return samples_median(sorted.of, sorted.n);
}

/* Half the range, in percent of the median. */
static int
spread(const struct numbers *r)
{
	struct numbers sorted = *r;
	double middle = samples_median(sorted.of, sorted.n);

	return middle <= 0 ? 0 : (int)(50 *
		(sorted.of[sorted.n - 1] - sorted.of[0]) / middle);
}

/* The median of the rounds' ratios: above 1 the first is better. */
static double
compare(const struct numbers *first, const struct numbers *other,
	const char *better)
{
	bool higher = strcmp(better, "higher") == 0;
	struct numbers ratios = { .n = 0 };

	for (size_t i = 0; i < first->n && i < other->n; i++) {
		double a = higher ? first->of[i] : other->of[i];
		double b = higher ? other->of[i] : first->of[i];
		ratios.of[ratios.n++] = b > 0 ? a / b : 0;
	}
	return median(&ratios);
}

void
table_title(const char *title, char **names, size_t count)
{
	printf("\n%-39s %-4s %14s", title, "", names[0]);
	for (size_t i = 1; i < count; i++)
		printf(" %10s", names[i]);
	printf(" %6s %6s  %s\n", "ratio", "target", "/pyftpdlib");
}

static void
print_number(double number, int width)
{
	printf(" %*.*f", width, number < 10 ? 2 : number < 100 ? 1 : 0,
		number);
}

static void
print_ratio(double ratio, int width)
{
	if (ratio > 0)
		printf(" %*.2f", width, ratio);
	else
		printf(" %*s", width, "-");
}

struct ratios {
	double best, alone;	/* 0: none */
};

/* One other server's number, and what comes of it. */
static void
add_server(const struct table_row *row, const struct numbers *first,
	const char *name, struct ratios *ratios)
{
	struct numbers other = read_column(name, row->column);

	if (other.n == 0) {
		printf(" %10s", "-");
		return;
	}
	print_number(median(&other), 10);
	double ratio = compare(first, &other, row->better);
	if (strcmp(name, "pyftpdlib") == 0)
		ratios->alone = ratio;
	else if (strcmp(name, "raw") != 0 &&
		(ratios->best <= 0 || ratio < ratios->best))
		ratios->best = ratio;
}

void
table_row(const struct table_row *row, char **names, size_t count)
{
	struct numbers first = read_column(names[0], row->column);
	struct ratios ratios = { 0, 0 };

	if (first.n == 0)
		client_fail("no numbers");
	printf("%-39s %-4s", row->label, row->unit);
	print_number(median(&first), 8);
	printf(" \302\261%3d%%", spread(&first));
	for (size_t i = 1; i < count; i++)
		add_server(row, &first, names[i], &ratios);
	print_ratio(ratios.best, 6);
	printf(" %6s", row->target);
	print_ratio(ratios.alone, 11);
	printf("%s\n", ratios.best > 0 && ratios.best <
		strtod(row->target, NULL) ? "  missed" : "");
	fflush(stdout);
}
