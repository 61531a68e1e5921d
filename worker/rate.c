/*
 * rate.c - limits the rate of a session's transfers.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/rate.h"

#include "common/clock.h"
#include "common/process/page.h"

#define SECOND INT64_C(1000000000)
#define CATCH_UP (SECOND / 4)

#define PIECES_A_SECOND 50
#define PIECE_MAX ((int64_t)256 << 10)
/* Wait up to a tenth of a second in order to send whole segments. */
#define SEGMENT		  INT64_C(1448)
#define SEGMENTS_A_SECOND 10

/* Higher limits count as no limit. */
#define LIMIT_MAX (INT64_C(1) << 40)

void
rate_set(struct rate *r, int64_t limit)
{
	r->limit = limit <= 0 || limit > LIMIT_MAX ? 0 : limit;
}

void
rates_refresh(struct rates *r)
{
	uint32_t number = page_order_number();

	if (r->known && number == r->orders)
		return;
	struct page_order order = page_order();
	rate_set(&r->down, order.download_rate);
	rate_set(&r->up, order.upload_rate);
	r->orders = number;
	r->known = true;
}

static void
begin(struct rate *r, int64_t now)
{
	if (r->paid < now)
		r->paid = now;
}

void
rates_begin(struct rates *r)
{
	int64_t now = clock_ns();

	rates_refresh(r);
	begin(&r->down, now);
	begin(&r->up, now);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
piece(int64_t limit)
{
	int64_t even = least(limit / PIECES_A_SECOND, PIECE_MAX);
	int64_t small = least(limit / SEGMENTS_A_SECOND, SEGMENT);
	int64_t size = even > small ? even : small;

	return size > 0 ? size : 1;
}

size_t
rate_room(const struct rate *r, size_t most, int64_t now)
{
	int64_t late = least(now - r->paid, CATCH_UP);

	if (r->limit == 0)
		return most;
	if (late < 0)
		return 0;
	/* In microseconds, so that the product does not overflow. */
	int64_t earned = late / 1000 * r->limit / 1000000;
	int64_t room = piece(r->limit);

	if (room < earned)
		room = earned;
	return (uint64_t)room < most ? (size_t)room : most;
}

int64_t
rate_due(const struct rate *r)
{
	return r->paid / 1000000 + 1;
}

void
rate_moved(struct rate *r, size_t n, int64_t now)
{
	if (r->limit == 0)
		return;
	r->moved += (int64_t)n;
	if (r->paid < now - CATCH_UP)
		r->paid = now - CATCH_UP;
	/* `n` is at most the size of a buffer, so the product does not
	 * overflow. */
	r->paid += (int64_t)n * SECOND / r->limit;
}
