/*
 * ranks.c - the hypergeometric distribution of ranks.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/ranks.h"

/* The depths in samples per 1000, at each end. */
static const size_t depths[] = { 5, 10, 20, 30, 50, 70, 100, 200, 500 };

static int
by_value(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* The weight of x + 1 hits for that of x hits: `drawn` of `all` samples, of
 * which `marked` count as hits. */
static double
step_up(double x, double all, double marked, double drawn)
{
	return (marked - x) * (drawn - x) /
		((x + 1) * (all - marked - drawn + x + 1));
}

/* The two-sided probability of a number of hits at least as extreme as this
 * one.  Weights are relative to that of the mode. */
static double
two_sided(size_t all, size_t marked, size_t drawn, size_t hits)
{
	size_t unmarked = all - marked;
	size_t least = drawn > unmarked ? drawn - unmarked : 0;
	size_t most = drawn < marked ? drawn : marked;
	size_t usual = drawn * marked / all;
	double sum = 0, low = 0, high = 0, weight = 1;

	usual = usual < least ? least : usual;
	for (size_t x = usual; x <= most; x++) {
		sum += weight;
		low += x <= hits ? weight : 0;
		high += x >= hits ? weight : 0;
		weight *= step_up((double)x, (double)all, (double)marked,
			(double)drawn);
	}
	weight = 1;
	for (size_t x = usual; x-- > least;) {
		weight /= step_up((double)x, (double)all, (double)marked,
			(double)drawn);
		sum += weight;
		low += x <= hits ? weight : 0;
		high += x >= hits ? weight : 0;
	}
	return 2 * (low < high ? low : high) / sum;
}

static size_t
count(const struct sample *samples, size_t n, int kind)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += samples[i].kind == kind;
	return found;
}

/* The smallest probability of a count for one kind. */
static double
least_likely(const struct sample *samples, size_t n, int kind)
{
	size_t marked = count(samples, n, kind);
	double least = 1;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(depths); i++) {
		size_t drawn = n * depths[i / 2] / 1000;
		size_t from = i % 2 == 0 ? 0 : n - drawn;
		double p = two_sided(n, marked, drawn,
			count(samples + from, drawn, kind));
		least = p < least ? p : least;
	}
	return least;
}

double
ranks_chance(struct sample *samples, size_t n, int kinds, int *which)
{
	double least = 1;

	qsort(samples, n, sizeof(*samples), by_value);
	for (int kind = 0; kind < kinds; kind++) {
		double p = least_likely(samples, n, kind);
		if (p > least)
			continue;
		least = p;
		if (which != NULL)
			*which = kind;
	}
	return least * kinds * 2 * (double)ARRAY_SIZE(depths);
}

double
ranks_quantile(const struct sample *samples, size_t n, int kind, double share)
{
	size_t all = kind < 0 ? n : count(samples, n, kind);
	size_t left = (size_t)(share * (double)(all - 1));

	for (size_t i = 0; i < n; i++) {
		if (kind >= 0 && samples[i].kind != kind)
			continue;
		if (left-- == 0)
			return samples[i].value;
	}
	return -1;
}
