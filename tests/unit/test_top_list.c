/*
 * test_top_list.c - sureftpctl top without a terminal: rates, order, filter,
 * progress.
 */
#include "common/base.h"
#include "daemon/control/top_list.h"
#include "tests/unit/unit.h"

const char *const unit_name = "top_list";

static struct top_list list;

/* A scoreboard of n sessions, numbered from 1 and all downloading. */
static struct ctl_board
board_of(uint32_t n)
{
	struct ctl_board b = { .head.sessions = n };

	b.listeners = calloc(1, sizeof(*b.listeners));
	b.sessions = calloc(n + 1, sizeof(*b.sessions));
	CU_ASSERT_FATAL(b.listeners != NULL && b.sessions != NULL);
	for (uint32_t i = 0; i < n; i++) {
		struct scoreboard_session *s = &b.sessions[i];

		s->session = i + 1;
		s->logged_in = s->known = true;
		s->doing = PAGE_DOWNLOAD;
		s->size = 1000;
		CU_ASSERT_EQUAL(address_parse(&s->peer, "192.0.2.1"), 0);
	}
	return b;
}

static void
take(struct ctl_board b, int64_t now)
{
	CU_ASSERT_EQUAL_FATAL(top_list_take(&list, &b, now), 0);
}

static void
test_rates(void)
{
	struct ctl_board b = board_of(2);

	list = (struct top_list){ 0 };
	b.sessions[0].down = b.sessions[0].moved = 100;
	take(b, 1000);
	CU_ASSERT_EQUAL(list.down, 0);
	CU_ASSERT_EQUAL(list.shown[0]->rate, 0);
	CU_ASSERT_EQUAL(list.downloads, 2);
	/* Number 1 has left, 2 goes on, 3 is new. */
	b = board_of(3);
	b.sessions[0].session = 2;
	b.sessions[1].session = 3;
	b.head.sessions = 2;
	b.sessions[0].down = b.sessions[0].moved = 400;
	b.sessions[1].down = 9999;
	take(b, 3000);
	CU_ASSERT_EQUAL(list.down, 200);
	CU_ASSERT_EQUAL(list.rows[0].rate, 200);
	CU_ASSERT_EQUAL(list.rows[1].rate, 0);
	CU_ASSERT_EQUAL(top_list_left(&list.rows[0]), 4);
	CU_ASSERT_EQUAL(top_list_left(&list.rows[1]), -1);
	/* A number that goes backwards is no rate, and the old one fades. */
	b = board_of(2);
	b.sessions[1].session = 3;
	b.sessions[0].session = 2;
	take(b, 4000);
	CU_ASSERT_EQUAL(list.down, 0);
	CU_ASSERT_EQUAL(list.rows[0].rate, 100);
	/* Nor is one in no time. */
	b = board_of(2);
	b.sessions[0].down = INT64_MAX;
	take(b, 4000);
	CU_ASSERT_EQUAL(list.down, 0);
	top_list_clear(&list);
}

static void
name(struct scoreboard_session *s, const char *user, const char *peer,
	const char *path)
{
	(void)!snprintf(s->user, sizeof(s->user), "%s", user);
	(void)!snprintf(s->path, sizeof(s->path), "%s", path);
	CU_ASSERT_EQUAL(address_parse(&s->peer, peer), 0);
}

static uint64_t
shown(size_t i)
{
	return i < list.count ? list.shown[i]->session->session : 0;
}

static void
test_order(void)
{
	struct ctl_board b = board_of(3);

	list = (struct top_list){ .sort = TOP_BY_USER };
	name(&b.sessions[0], "carl", "192.0.2.1", "/a");
	name(&b.sessions[1], "anna", "192.0.2.9", "/b");
	name(&b.sessions[2], "bert", "192.0.2.5", "/needle");
	b.sessions[1].doing_ms = 5;
	take(b, 1000);
	CU_ASSERT_TRUE(shown(0) == 2 && shown(1) == 3 && shown(2) == 1);
	list.sort = TOP_BY_ADDRESS;
	top_list_arrange(&list);
	CU_ASSERT_TRUE(shown(0) == 1 && shown(1) == 3 && shown(2) == 2);
	list.sort = TOP_BY_TIME;
	top_list_arrange(&list);
	CU_ASSERT_TRUE(shown(0) == 2 && shown(1) == 1 && shown(2) == 3);
	CU_ASSERT_EQUAL(top_list_find(&list, 3), 2);
	CU_ASSERT_EQUAL(top_list_find(&list, 77), 0);
	list.sort = TOP_BY_NUMBER;
	memcpy(list.filter, "needle", 7);
	top_list_arrange(&list);
	CU_ASSERT_TRUE(shown(0) == 3 && list.count == 1);
	memcpy(list.filter, "2.9", 4);
	top_list_arrange(&list);
	CU_ASSERT_TRUE(shown(0) == 2 && list.count == 1);
	memcpy(list.filter, "carl", 5);
	top_list_arrange(&list);
	CU_ASSERT_TRUE(shown(0) == 1 && list.count == 1);
	memcpy(list.filter, "zzz", 4);
	top_list_arrange(&list);
	CU_ASSERT_EQUAL(list.count, 0);
	top_list_clear(&list);
	CU_ASSERT_EQUAL(list.sort, TOP_BY_NUMBER);
}

static void
test_progress(void)
{
	static const struct {
		int64_t offset, moved, size;
		const char *text;
	} rows[] = {
		{ 0, 0, 100, "[..........]   0%" },
		{ 0, 55, 100, "[######....]  55%" },
		{ 50, 50, 100, "[##########] 100%" },
		{ 0, INT64_MAX / 4, 1, "[##########] 100%" },
		{ 0, 1536, PAGE_SIZE_UNKNOWN, "1.5k" },
		{ 0, 7, 0, "7" },
	};
	struct scoreboard_session s = { .known = true,
		.doing = PAGE_UPLOAD };
	struct top_row row = { .session = &s };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(b, 64);
		s.offset = rows[i].offset;
		s.moved = rows[i].moved;
		s.size = rows[i].size;
		top_list_add_progress(&b, &row, 17);
		CU_ASSERT_STRING_EQUAL(buffer_text(&b), rows[i].text);
	}
	BUFFER(none, 64);
	s.doing = PAGE_IDLE;
	top_list_add_progress(&none, &row, 17);
	CU_ASSERT_STRING_EQUAL(buffer_text(&none), "");
}

CU_TestInfo unit_tests[] = {
	{ "rates between two scoreboards", test_rates },
	{ "order and filter", test_order },
	{ "progress", test_progress },
	CU_TEST_INFO_NULL,
};
