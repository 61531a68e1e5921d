/*
 * flood.c - limits the events of one process: a token bucket.
 *
 * Runs in: recorder, greeter, session.
 */
#include "common/base.h"
#include "common/log/flood.h"

#define EVENT_TOKENS 1000	/* so that each millisecond adds an integer */

static int64_t
capacity(const struct flood *f)
{
	return f->rate * f->burst * EVENT_TOKENS;
}

void
flood_init(struct flood *f, int64_t rate, int64_t burst, int64_t now)
{
	*f = (struct flood){ .rate = rate, .burst = burst, .filled = now };
	f->tokens = capacity(f);
}

static void
fill(struct flood *f, int64_t now)
{
	int64_t passed = now - f->filled;

	if (passed >= f->burst * 1000)
		f->tokens = capacity(f);
	else if (passed > 0)
		f->tokens += passed * f->rate;
	if (f->tokens > capacity(f))
		f->tokens = capacity(f);
	f->filled = now;
}

bool
flood_allows(struct flood *f, int64_t now)
{
	if (f->rate == 0)
		return true;
	fill(f, now);
	if (f->tokens < EVENT_TOKENS)
		return false;
	f->tokens -= EVENT_TOKENS;
	return true;
}

int64_t
flood_due(const struct flood *f, int64_t now)
{
	int64_t missing = EVENT_TOKENS - f->tokens;

	if (f->rate == 0 || missing <= 0)
		return now;
	return now + (missing + f->rate - 1) / f->rate;
}
