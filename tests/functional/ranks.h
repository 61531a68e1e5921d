/*
 * ranks.h - tests whether one kind of sample is smaller or larger than the
 * others.
 *
 * All samples are sorted.  If the kind makes no difference, the number of
 * samples of one kind among the first or last k has the hypergeometric
 * distribution.  This is true for any distribution of the values and any noise,
 * if the order in which the kinds were measured was random.
 */
#ifndef TESTS_FUNCTIONAL_RANKS_H
#define TESTS_FUNCTIONAL_RANKS_H

#include "common/base.h"

struct sample {
	double value;
	int kind;		/* from 0 */
};

/*
 * The probability of an order as one-sided as that of these samples, if the
 * kinds do not differ: the smallest probability of a count, over all kinds,
 * both ends and several depths, times the number of counts (Bonferroni).  So a
 * test that reports a difference below RANKS_ALARM has at most one false alarm
 * in 100,000 runs.  Sorts the samples; *which (unless NULL) is the kind that
 * stands out.
 */
#define RANKS_ALARM 1e-5
double ranks_chance(struct sample *samples, size_t n, int kinds, int *which);

/* The value below which this share of the samples of a kind (-1: of all) lies;
 * they must be sorted. */
double ranks_quantile(const struct sample *samples, size_t n, int kind,
	double share);

#endif
