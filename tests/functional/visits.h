/*
 * visits.h - many clients that fail to log in, each from an address of its own,
 * and how long their answers take.
 */
#ifndef TESTS_FUNCTIONAL_VISITS_H
#define TESTS_FUNCTIONAL_VISITS_H

#include "common/base.h"
#include "tests/functional/ranks.h"

struct visitor {
	const char *name, *password;
	int kind;
};

/*
 * `total` visits, `rate` a second: the visitors take as many turns each, in
 * random order, connect, say USER and PASS once and leave.  user[] and pass[]
 * get the ms until 331 and 530.  How many visits there were; fewer than total,
 * and a message, when one was answered otherwise.
 */
size_t visits_run(const struct visitor *visitors, size_t n, size_t total,
	int rate, struct sample *user, struct sample *pass);

#endif
