/*
 * visits.h - many clients with failing logins, each from its own address, and
 * the times of the replies.
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
 * `total` visits, `rate` a second: the visitors have equally many visits, in
 * random order; in each they connect, send USER and PASS once, and disconnect.
 * user[] and pass[] get the ms until 331 and 530.  Returns the number of
 * visits; fewer than total, with a message, if a reply was unexpected.
 */
size_t visits_run(const struct visitor *visitors, size_t n, size_t total,
	int rate, struct sample *user, struct sample *pass);

#endif
