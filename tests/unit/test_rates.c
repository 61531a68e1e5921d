/*
 * test_rates.c - limits that sessions share, from their report pages to their
 * orders.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "daemon/rates/rates.h"

const char *const unit_name = "rates";

#define LIMIT  1000000
#define ROUNDS 50
#define MS     100

struct session {
	size_t place;
	struct rate_member *member;
	int64_t wire;		/* bytes on its data connection */
	int times;		/* the file has so many for each of them */
};

static void
join(struct board *b, struct rates *r, struct session *s, int times)
{
	static const struct message_login login = { .account = "anna",
		.limits = { .user_download = LIMIT } };
	ssize_t place = board_take(b);

	CU_ASSERT_FATAL(place >= 0);
	*s = (struct session){ .place = (size_t)place, .times = times };
	s->member = rates_join(r, s->place, &login, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->member);
}

/* It downloads as fast as it may, for one round. */
static void
play(struct board *b, struct session *s)
{
	int64_t rate = board_order(b, s->place).download_rate;
	const struct page_files files = board_files(b);

	CU_ASSERT_EQUAL_FATAL(page_map(&files, s->place), 0);
	s->wire += rate * MS / 1000;
	if (page_own()->state != PAGE_DOWNLOAD)
		page_transfer(PAGE_DOWNLOAD, "/file", 0, PAGE_SIZE_UNKNOWN);
	page_moved(s->wire * s->times);
	page_limited(s->wire, 0);
	page_unmap();
}

/* What the network carries counts, not what it stands for in MODE Z. */
static void
share(int times)
{
	static const struct settings settings;
	struct session s[2];
	struct board *b;
	int64_t now = clock_ms();

	CU_ASSERT_EQUAL_FATAL(board_new(&b), 0);
	struct rates *r = rates_new(b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	rates_change(r, &settings);
	join(b, r, &s[0], 1);
	join(b, r, &s[1], times);
	for (int i = 0; i < ROUNDS; i++) {
		play(b, &s[0]);
		play(b, &s[1]);
		now += MS;
		rates_step(r, now > rates_due(r) ? now : rates_due(r));
	}
	for (int i = 0; i < 2; i++) {
		int64_t fair = (int64_t)LIMIT / 2 * ROUNDS * MS / 1000;
		CU_ASSERT(s[i].wire > fair - fair / 20);
		CU_ASSERT(s[i].wire < fair + fair / 20);
		rates_leave(r, s[i].member);
	}
	rates_free(r);
	board_free(b);
}

static void
test_equal(void)
{
	share(1);
}

static void
test_compressed(void)
{
	share(100);
}

/* After an upgrade, what an idle session has transferred before it is not
 * activity, so the other one gets more than half. */
static void
test_continued(void)
{
	static const struct settings settings;
	struct session idle, busy;
	struct board *b;

	CU_ASSERT_EQUAL_FATAL(board_new(&b), 0);
	struct rates *r = rates_new(b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	rates_change(r, &settings);
	join(b, r, &idle, 1);
	join(b, r, &busy, 1);
	const struct page_files files = board_files(b);
	CU_ASSERT_EQUAL_FATAL(page_map(&files, idle.place), 0);
	page_limited(100 * LIMIT, 0);	/* by listings: not in `down` */
	page_unmap();
	rates_continue(r, idle.member);
	play(b, &busy);
	rates_step(r, rates_due(r) + MS);
	CU_ASSERT(board_order(b, busy.place).download_rate > LIMIT * 3 / 4);
	rates_leave(r, idle.member);
	rates_leave(r, busy.member);
	rates_free(r);
	board_free(b);
}

CU_TestInfo unit_tests[] = {
	{ "two sessions get the same", test_equal },
	{ "also when one compresses", test_compressed },
	{ "an idle one from before an upgrade", test_continued },
	CU_TEST_INFO_NULL,
};
